"""What the style guide shows: rows that are in no database, one for each state of a component."""

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message as Notice
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.cities.models import City
from apps.core.states import Stateful
from apps.dashboard.agenda import Group, Task, Verb, grouped
from apps.dashboard.decision import Cover, labelled
from apps.dashboard.map import Place
from apps.dashboard.stakes import Waiting
from apps.matching import words
from apps.matching.words.rounds import PHASES
from apps.pairings.models import Message
from apps.postings.models import Item, Urgency

LONG = "Prince George's County Emergency Management Office, Upper Marlboro, Maryland"
SCORE = (
    ("coverage", 800_000, 400_000),
    ("tie", 1_000_000, 250_000),
    ("topics", 333_333, 150_000),
    ("working_day", 0, 100_000),
    ("scale", 910_000, 100_000),
)


class Sample(str):
    """A row that is none: its name, and what else a component asks of it."""

    def __new__(cls, name: str, **facts: Any) -> "Sample":
        return super().__new__(cls, name)

    def __init__(self, name: str, **facts: Any) -> None:
        self.__dict__.update(
            {"name": name, "is_demo": False, "open_needs": 0, "open_offers": 0, "code": ""} | facts
        )

    def get_absolute_url(self) -> str:
        return "#content"


def states_of(model: Any) -> list[Stateful]:
    return [model(state=value) for value, __ in model._meta.get_field("state").flatchoices]


def pairs() -> list[tuple[Sample, Sample]]:
    return [
        (Sample("Wuxi"), Sample("San Antonio")),
        (Sample("无锡市"), Sample("圣安东尼奥")),
        (Sample(LONG * 2), Sample("长" * 40)),
    ]


def mask() -> Item:
    return Item(name_en="N95 respirator", name_zh_hans="N95口罩", unit="piece")


def tasks(today: date) -> list[Group]:
    """One that is overdue, one for this week, one for later; short and long."""
    item = mask()
    answer = (Verb(_("Accept"), "#tasks"), Verb(_("Decline"), "#tasks"))
    confirm = (Verb(_("Confirm what arrived"), "#tasks"),)
    said = f"{item.amount(5_000)}, {item}"
    found = (
        (_("Answer the match: you receive"), said, "Wuxi", -1, Urgency.CRITICAL, answer),
        (_("Confirm what arrived"), said, LONG, 5, Urgency.URGENT, confirm),
        (_("Answer the pairing"), "", "无锡市", 20, Urgency.PLANNED, answer),
    )
    rows = [
        Task(
            what,
            Sample(what),
            about,
            today,
            Sample(partner),
            today + timedelta(days),
            urgency,
            verbs,
        )
        for what, about, partner, days, urgency, verbs in found
    ]
    return grouped(rows, today)


def thread(now: datetime) -> tuple[City, City, list[Message]]:
    """The two cities of a room, and what was written: with a translation, long, by a coordinator."""
    left, right = City(pk=1, name_en="Wuxi", name_zh_hans="无锡市"), City(pk=2, name="San Antonio")
    written = (
        ("李华", left, "口罩已经在路上。", "zh-hans", "The masks are on their way."),
        ("Ana Garza", right, f"Thank you! {LONG}. " * 3, "en", ""),
        ("Mei Tan", None, "Both sides: please note the day of arrival.", "en", ""),
    )
    return (
        left,
        right,
        [
            Message(
                pk=pk,
                author=User(name=name),
                city=city,
                text=text,
                language=language,
                translation=translation,
                at=now,
            )
            for pk, (name, city, text, language, translation) in enumerate(written)
        ],
    )


def queue() -> list[Waiting]:
    """A pairing, a match that the reader may not decide, and an officer of a city with a long name."""
    score, tacoma = _("score %(score)d %%") % {"score": 71}, Sample("Tacoma")
    rows: list[tuple[Any, ...]] = [
        ("pairing", "Wuxi – San Antonio", Urgency.CRITICAL, 3, score, None),
        ("match", "Wuxi → Tacoma", Urgency.URGENT, 1, mask().amount(5_000), tacoma),
        ("liaison", f"Ana Garza – {LONG}", None, 0, LONG, None),
    ]
    return [
        Waiting(kind, Sample(name, pk=pk, cities=name.split(" – ")), name, *rest)
        for pk, (kind, name, *rest) in enumerate(rows)
    ]


def decision() -> dict[str, Any]:
    """As the panel of the queue shows it: the score, how much of the need, and why."""
    item = mask()
    parts = [
        {"code": code, "value": value, "weight": weight, "points": value * weight // 1_000_000}
        for code, value, weight in SCORE
    ]
    why: list[words.Reason] = [
        {"code": "pinned"},
        {"code": "tier", "tier": 1},
        {"code": "still_open", "uncovered": 900},
    ]
    return {
        "parts": words.parts(parts),
        "cover": Cover(needed=10_000, reserved=2_500, this=4_000, others=2_600),
        "reasons": labelled(why, item),
        "item": item,
    }


def rounds() -> list[dict[str, Any]]:
    """One that waits for the worker, and one that runs."""
    running = Sample("", pk=0, state="running", progress=42)
    return [
        {"object": Sample("", pk=0, state="open", progress=0), "phase": ""},
        {"object": running, "phase": PHASES["reasons"]},
    ]


def places() -> list[Place]:
    """On the map: a pair, a city without a counterpart, and one whose position is not known."""
    left: Any = Sample(
        "Wuxi", code="a", country="CN", latitude=31.57, longitude=120.29, open_offers=2
    )
    right: Any = Sample(
        "San Antonio", code="b", country="US", latitude=29.42, longitude=-98.49, open_needs=3
    )
    alone: Any = Sample("Tacoma", country="US", latitude=47.25, longitude=-122.44)
    nowhere: Any = Sample(LONG, country="US", latitude=None, longitude=None)
    pair: Any = Sample("Wuxi – San Antonio", is_demo=True)
    return [Place(left, pair, right), Place(right, pair, left), Place(alone), Place(nowhere)]


def notices() -> list[Notice]:
    """What is told after a deed: with seconds to undo it, with a long list, and what did not work."""
    told = _(
        "Approved: %(subject)s. Both cities are asked in a few seconds; until then you can undo it."
    )
    return [
        Notice(constants.SUCCESS, told % {"subject": "Wuxi → Tacoma"}, extra_tags="undo:match-0"),
        Notice(constants.SUCCESS, told % {"subject": "; ".join([LONG] * 4)}),
        Notice(constants.WARNING, _("It is not yours to decide.")),
        Notice(constants.ERROR, _("Nothing was chosen that waits for this.")),
    ]
