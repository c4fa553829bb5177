"""What the demo looks like once it has lived: told through the services, seen by nobody's mail."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cities.officers import city_of
from apps.core.files import PDF
from apps.dashboard.agenda import tasks_of
from apps.dashboard.gap import gaps
from apps.dashboard.invariants import check_invariants
from apps.dashboard.queue import Filter, waiting
from apps.dashboard.replay2020.facts import read_facts
from apps.dashboard.stakes import describe
from apps.deliveries.models import Delivery, Distribution
from apps.ledger.chain import verify
from apps.ledger.models import Gift, LedgerEntry
from apps.ledger.totals import totals
from apps.matching.models import Match
from apps.notifications.models import Notification, OutboxMessage
from apps.pairings.models import Agreement, Exchange, Message, Pairing, PairingSide
from apps.postings.models import Posting, Resource
from apps.seeding.demo import load_demo, open_first_round
from apps.seeding.files import FIXTURES, FixtureError
from apps.seeding.story import SCRIPT, Told, read_script, renew_story, tell_story
from apps.seeding.sync import Tally

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("lived")]

ANSWER_PAIRING, RECEIVE = "Answer the pairing", "Confirm what arrived"
GIVE, TAKE = "Answer the match: you give", "Answer the match: you receive"
DISPATCH, CONFIRM, RENEW = "Dispatch", "Confirm the gift", "Renew, or let it end"
DISTRIBUTE, CALL = "Note where it went", "Planned: call"
READ = "Read what they wrote"
TASKS = {
    "wuxi": [GIVE, DISPATCH, CONFIRM, CALL],
    "san-antonio": [TAKE, RECEIVE, DISTRIBUTE, CALL, READ],
    "shanghai": [DISPATCH, CONFIRM, RENEW],
    "chicago": [RECEIVE, DISTRIBUTE, RENEW],
    "chongqing": [DISPATCH, RENEW, READ],
    "seattle": [TAKE, RECEIVE, DISTRIBUTE, RENEW],
    "guangzhou": [DISPATCH, CONFIRM],
    "los-angeles": [TAKE, RECEIVE],
    "fuzhou": [GIVE, DISPATCH, RENEW],
    "tacoma": [ANSWER_PAIRING, TAKE, CONFIRM, RENEW],
}


def officer(name: str) -> User:
    return User.objects.get(email=f"officer.{name}@demo.example")


def tasks(name: str, now: datetime) -> list[str]:
    city = city_of(officer(name))
    pairing = Pairing.objects.live().of(city).described().first()
    return [task.what for task in tasks_of(officer(name), city, pairing=pairing, now=now)]


def pairs(state: str) -> set[tuple[str, ...]]:
    found = Pairing.objects.filter(state=state).described()
    return {tuple(city.code for city in pairing.cities) for pairing in found}


def test_story_when_told(lived: Told) -> None:
    assert [lived.steps, lived.left_out] == [157, []]
    assert check_invariants() == []
    assert verify().holds


def test_pairings_when_the_story_is_told() -> None:
    waiting = Pairing.objects.get(state="approved")

    assert pairs("active") == {
        ("cn-js-wuxi", "us-tx-san-antonio"),
        ("cn-sh-shanghai", "us-il-chicago"),
        ("cn-cq-chongqing", "us-wa-seattle"),
        ("cn-gd-guangzhou", "us-ca-los-angeles"),
        ("cn-hb", "us-oh"),
        ("cn-ah", "us-md"),
        ("cn-fj", "us-or"),
    }
    assert list(waiting.sides.order_by("position").values_list("city__code", "answer")) == [
        ("cn-fj-fuzhou", "accepted"),
        ("us-wa-tacoma", ""),
    ]
    assert len(pairs("proposed")) == 26
    assert pairs("rejected") == {("cn-hl-harbin", "us-ak-anchorage")}


def test_matches_and_deliveries_when_the_story_is_told() -> None:
    matches = Counter(Match.objects.values_list("state", flat=True))
    deliveries = Counter(Delivery.objects.values_list("state", flat=True))
    short = Delivery.objects.exclude(difference="").order_by("difference")

    assert {state: n for state, n in matches.items() if state not in ("proposed", "expired")} == {
        "approved": 5,
        "accepted": 6,
        "completed": 6,
        "declined": 1,
        "rejected": 1,
    }
    assert deliveries == {"received": 8, "dispatched": 3, "held": 1}
    assert list(short.values_list("difference", "quantity", "received_quantity")) == [
        ("damaged", 12_000, 11_950),
        ("refused", 50_000, 49_000),
        ("short", 1_500, 1_480),
    ]
    assert Distribution.objects.count() == 7


def test_gifts_exchanges_and_library_when_the_story_is_told() -> None:
    told = Exchange.objects.filter(is_demo=True)

    assert Counter(Gift.objects.values_list("state", flat=True)) == {"recorded": 4, "confirmed": 1}
    assert Counter(told.values_list("state", flat=True)) == {"held": 2, "planned": 2}
    assert told.exclude(pairing=None).count() == 4
    assert Resource.objects.filter(posting__state="open").count() == 2


@pytest.mark.parametrize("name", TASKS)
def test_officer_has_several_things_to_do_when_the_story_is_told(name: str, now: datetime) -> None:
    assert sorted(tasks(name, now)) == sorted(TASKS[name])


def test_coordinators_have_every_kind_of_decision_when_the_story_is_told(now: datetime) -> None:
    gao, lee = User.objects.filter(role="coordinator").order_by("email")
    rows = {
        user.email: describe(waiting(Filter(), user, now=now), user, now=now) for user in (gao, lee)
    }
    kinds = Counter(row.kind for row in rows[gao.email])
    barred = {who: Counter(row.kind for row in found if row.barred) for who, found in rows.items()}
    antonio = list(waiting(Filter(kind="match", city="us-tx-san-antonio"), gao, now=now))

    assert [kinds["liaison"], kinds["posting"], kinds["pairing"]] == [1, 1, 26]
    assert kinds["match"] > 50
    assert barred == {gao.email: {"match": 2, "pairing": 1}, lee.email: {}}
    assert len(antonio) == 1


def test_cities_have_written_to_each_other_when_the_story_is_told(now: datetime) -> None:
    wuxi = Pairing.objects.of(city_of(officer("wuxi"))).get(state="active")
    ohio = Pairing.objects.of(city_of(officer("ohio"))).get(state="active")
    written = list(wuxi.messages.order_by("pk").values_list("city__code", "language", "at"))
    told = Notification.objects.filter(kind="message_written", recipient=officer("wuxi"))
    unread = [side.city.code for side in sides() if Message.objects.unread_by(side).exists()]

    assert Counter(code for code, __, __ in written) == {"cn-js-wuxi": 4, "us-tx-san-antonio": 3}
    assert {language for __, language, __ in written} == {"en", "zh-hans"}
    assert [written[0][2], written[-1][2]] == [
        now - timedelta(days=26.3),
        now - timedelta(days=3.1),
    ]
    assert told.count() == 3
    assert ohio.messages.filter(city=None).count() == 1
    assert unread == ["cn-cq-chongqing", "us-tx-san-antonio"]


def sides() -> list[PairingSide]:
    return list(PairingSide.objects.filter(live=True).order_by("city__code"))


def test_agreement_can_be_read_when_the_story_is_told(now: datetime) -> None:
    agreement = Agreement.objects.get()
    content = agreement.file.read()

    assert [agreement.kind, agreement.size] == [PDF, len(content)]
    assert [agreement.added_at, agreement.signed_on] == [
        now - timedelta(days=25.9),
        date(2026, 2, 4),
    ]
    assert "合作备忘录".encode("utf-16-be").hex().encode() in content
    assert content[places(content)[-1] :].startswith(b"8 0 obj\n<</Length ")
    assert len(content) < 20_000


def places(content: bytes) -> list[int]:
    """Where the table at its end says that the objects of a PDF begin, in bytes."""
    table = content[int(content.split()[-2]) :]
    return [int(line.split()[0]) for line in table.splitlines() if line.endswith(b" n ")]


def test_some_items_lack_when_the_story_is_told() -> None:
    found = {gap.item.code: gap.uncovered for gap in gaps()}

    assert {code: lacking for code, lacking in found.items() if lacking} == {
        "respirator_n95": 89_378,
        "coverall": 13_821,
        "goggles": 15_110,
        "glove_pair": 68_000,
        "isolation_gown": 3_000,
        "mask_surgical": 3_000,
        "pulse_oximeter": 400,
    }
    assert [found["mask_unspecified"], found["shoe_cover"], found["respirator_ffp2"]] == [0, 0, 0]


def test_public_totals_and_the_replay_when_the_story_is_told() -> None:
    entries = LedgerEntry.objects.all()
    replay = read_facts()

    assert Counter(entries.values_list("is_demo", flat=True)) == {False: 159, True: 38}
    assert totals(entries) == totals(entries.filter(source_kind="report"))
    assert replay is not None
    assert [len(replay.used), {entry.source_kind for entry in replay.used}] == [87, {"report"}]


def test_everything_is_marked_as_a_demo_when_the_story_is_told() -> None:
    own = Exchange.objects.exclude(planned_by=None)

    for rows in (Posting.objects.all(), Pairing.objects.all(), Match.objects.all(), own):
        assert set(rows.values_list("is_demo", flat=True)) == {True}
    assert set(Gift.objects.values_list("is_demo", flat=True)) == {True}


TEXTS = (
    "note",
    "details",
    "reason",
    "statement",
    "subject",
    "difference_note",
    "recipient",
    "text",
    "translation",
)


def test_every_invented_text_says_so() -> None:
    rows = json.loads((FIXTURES / SCRIPT).read_text(encoding="utf-8"))
    codes = {"customs", "weather"}
    texts = [row[name] for row in rows for name in TEXTS if row.get(name, "customs") not in codes]

    assert len(texts) > 90
    assert [text for text in texts if "demo" not in text and "演示" not in text] == []


def test_nobody_is_mailed_when_the_story_is_told(now: datetime) -> None:
    unread = Notification.objects.filter(read_at=None)

    assert set(OutboxMessage.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Notification.objects.filter(recipient=officer("wuxi")).count() == 11
    assert 15 < unread.count() < 40
    assert unread.filter(created_at__lt=now - timedelta(days=5)).count() == 0


def test_rows_are_as_old_as_what_they_tell(now: datetime) -> None:
    proposed = Match.objects.filter(state="proposed").first()
    wuxi = Pairing.objects.of(city_of(officer("wuxi"))).get(state="active")

    assert proposed.created_at == proposed.state_since == now - timedelta(days=1.9)
    assert [wuxi.created_at, wuxi.active_since] == [
        now - timedelta(days=29),
        now - timedelta(days=26.5),
    ]
    assert AuditEntry.objects.filter(at__gt=now).count() == 0


def test_nothing_changes_when_it_is_loaded_again_the_same_day(now: datetime) -> None:
    later = now + timedelta(hours=1)
    trail = AuditEntry.objects.count()

    again = load_demo(later)

    assert [again.people.unchanged, again.postings.unchanged] == [20, 156]
    assert tell_story(read_script(), now=later) is None
    assert renew_story(later) == Tally("demo deadlines")
    assert open_first_round(later) is False
    assert AuditEntry.objects.count() == trail


def test_deadlines_move_when_it_is_loaded_days_later(now: datetime) -> None:
    later = now + timedelta(days=6)
    ends = {posting.pk: posting.expires_on for posting in Posting.objects.all()}

    renewed = renew_story(later)

    waiting = {
        row.expires_at
        for model in (Match, Pairing)
        for row in model.objects.filter(state="approved")
    }
    moved = {p.source for p in Posting.objects.all() if p.expires_on != ends[p.pk]}
    assert waiting == {later + timedelta(days=7)}
    assert moved == {
        "demo:story:chicago-face-shields",
        "demo:story:chongqing-thermometers",
        "demo:story:fuzhou-oximeters",
        "demo:story:tacoma-gowns",
    }
    assert renewed.updated == 10
    assert {ANSWER_PAIRING, TAKE, CONFIRM} <= set(tasks("tacoma", later))
    assert renew_story(later).updated == 0
    assert check_invariants() == []


def test_answers_of_others_keep_their_day_when_the_demo_is_renewed(now: datetime) -> None:
    Match.objects.filter(state="approved").update(is_demo=False)
    before = list(Match.objects.filter(state="approved").order_by("pk").values())

    renew_story(now + timedelta(days=6))

    assert list(Match.objects.filter(state="approved").order_by("pk").values()) == before


def test_script_is_refused_when_a_step_is_not_known(folder: Path) -> None:
    (folder / SCRIPT).write_text('[{"days_ago": 1, "by": [], "does": "fly"}]')

    with pytest.raises(FixtureError) as refused:
        read_script(folder)

    assert refused.value.faults == ["demo_story.json, row 1: there is no step 'fly'."]
