"""Every kind of message, rendered about a real subject in both languages."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import rules
from django.apps import apps
from django.db import models
from django.template.loader import get_template
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.notifications.delivery import render
from apps.notifications.kinds import CATALOGUE, GROUPS, KINDS, Kind
from apps.notifications.models import Notification
from tests import factories

ALL = pytest.mark.parametrize("kind", CATALOGUE, ids=lambda kind: kind.code)
LATIN, CHINESE = re.compile("[A-Za-z]{2,}"), re.compile("[\u4e00-\u9fff]")


def places() -> dict[str, object]:
    return {
        "city": factories.CityFactory(name_en="San Antonio", name_zh_hans="圣安东尼奥"),
        "item": factories.ItemFactory(name_en="Masks", name_zh_hans="口罩"),
    }


def two_cities() -> list[models.Model]:
    names = (("San Antonio", "圣安东尼奥"), ("Wuxi", "无锡"))
    return [factories.CityFactory(name_en=en, name_zh_hans=zh) for en, zh in names]


def pairing() -> models.Model:
    left, right = two_cities()
    return factories.PairingFactory(left=left, right=right, state="active")


def match() -> models.Model:
    giver, receiver = two_cities()
    item = places()["item"]
    return factories.MatchFactory(
        need=factories.NeedFactory(city=receiver, item=item),
        offer=factories.OfferFactory(city=giver, item=item),
        state_reason="!",
        decision_reason="!",
    )


def delivery() -> models.Model:
    return factories.DeliveryFactory(
        match=match(),
        received_quantity=90,
        received_on=date(2026, 3, 1),
        difference="damaged",
        difference_note="!",
        state_reason="!",
    )


def exchange() -> models.Model:
    subject = factories.ExchangeFactory(subject="!", starts_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    subject.cities.set(two_cities())
    return subject


def message() -> models.Model:
    subject = pairing()
    city = subject.cities[0]
    return factories.MessageFactory(pairing=subject, city=city, text="!", author__name="?")


SUBJECTS: dict[str, Callable[[], models.Model]] = {
    "cities.liaison": lambda: factories.LiaisonFactory(user__name="!", city=places()["city"]),
    "postings.posting": lambda: factories.NeedFactory(**places()),
    "ledger.gift": lambda: factories.GiftFactory(
        giver__name="!", receiver__name="?", item=places()["item"]
    ),
    "pairings.exchange": exchange,
    "pairings.message": message,
    "ledger.question": lambda: factories.QuestionFactory(text="!", state="answered", answer="!"),
    "ledger.outsideoffer": lambda: factories.OutsideOfferFactory(name="!", **places()),
    "pairings.pairing": pairing,
    "matching.round": lambda: factories.RoundFactory(summary={"pairings": 3, "matches": 5}),
    "matching.match": match,
    "deliveries.delivery": delivery,
}


def words(kind: Kind, language: str) -> tuple[str, str, str]:
    subject = SUBJECTS[kind.model]()
    cause = AuditEntry(subject_id=str(subject.pk), reason="!")
    notification = Notification(recipient=User(name="!"), kind=kind.code, cause=cause)
    with translation.override(language):
        text = render(notification, subject)
    return text.title, text.body, text.path


def test_kinds_have_codes_of_their_own_when_they_are_looked_up():
    assert len(KINDS) == len(CATALOGUE)
    assert all(len(code) <= 32 for code in KINDS)


@ALL
def test_kind_names_a_model_and_a_rule_that_exist_when_it_is_sent(kind):
    assert apps.get_model(kind.model)._meta.label_lower == kind.model
    assert rules.perm_exists(kind.permission)
    assert get_template(f"notifications/email/{kind.code}.txt", using="text")


def test_every_kind_belongs_to_a_group_with_an_icon_when_listed(settings):
    drawings = (settings.ROOT / "static/img/icons.svg").read_text()

    assert {kind.model for kind in CATALOGUE} == set(GROUPS)
    assert len({group.code for group in GROUPS.values()}) == len(GROUPS)
    assert [group for group in GROUPS.values() if f'id="{group.icon}"' not in drawings] == []


@ALL
def test_kind_has_a_label_in_both_languages_when_listed(kind):
    with translation.override("en"):
        english = str(kind.label)
    with translation.override("zh-hans"):
        chinese = str(kind.label)

    assert not CHINESE.search(english)
    assert not LATIN.search(chinese)


@ALL
@pytest.mark.django_db
def test_kind_is_said_in_english_when_the_reader_reads_it(kind):
    title, body, path = words(kind, "en")

    assert LATIN.search(title)
    assert "\n" not in title
    assert not CHINESE.search(title + body)
    assert not re.search(r"[{}]|%\(|None|&#", title + body)
    assert path.startswith("/en/")


@ALL
@pytest.mark.django_db
def test_kind_is_said_in_chinese_when_the_reader_reads_that(kind):
    title, body, path = words(kind, "zh-hans")

    assert CHINESE.search(title)
    assert not LATIN.search(title + body)
    assert path.startswith("/zh-hans/")


def test_every_template_belongs_to_a_kind_when_they_are_listed(settings):
    folder = settings.ROOT / "templates/notifications/email"
    codes = {path.stem for path in folder.glob("*.txt") if not path.stem.startswith("_")}

    assert codes == set(KINDS)


@ALL
def test_kind_belongs_to_a_group_that_readers_filter_by(kind):
    assert kind.group in GROUPS.values()
