from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.conf import LazySettings
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db.models import Q, Sum

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cities.models import City, Liaison
from apps.cities.officers import city_in_conflict, city_of
from apps.cities.states import LiaisonState
from apps.core.errors import DomainError
from apps.ledger.models import LedgerEntry, Party
from apps.ledger.totals import totals
from apps.postings.models import Item, Posting, Urgency
from apps.postings.services import expire_posting
from apps.postings.states import PostingState
from apps.seeding.demo import DEMO_PASSWORD, Demo, load_demo
from apps.seeding.sync import Tally

LEFT_OUT = ["d060", "d061", "d067", "d068", "d073", "d084", "d085", "d086", "d087", "d088"]
SHANGHAI = "demo:offer:cn-sh-shanghai:respirator_n95"


def of(source: str) -> Posting:
    return Posting.objects.select_related("city", "item").get(source=source)


def test_load_demo_when_facts_are_there(demo: Demo) -> None:
    postings = Posting.objects.all()

    assert [demo.people.created, demo.postings.created, demo.left_out] == [20, 156, LEFT_OUT]
    assert Counter(postings.values_list("kind", flat=True)) == {"need": 87, "offer": 69}
    assert postings.values("city").distinct().count() == 83
    assert set(postings.values_list("is_demo", "state", "posted_by")) == {(True, "open", None)}
    assert postings.filter(city__acts=False).count() == 0


def test_load_demo_when_facts_are_missing(db: None, now: datetime) -> None:
    with pytest.raises(DomainError):
        load_demo(now)

    assert [User.objects.count(), Posting.objects.count()] == [0, 0]


def test_load_demo_when_run_twice(demo: Demo, now: datetime) -> None:
    trail = AuditEntry.objects.count()

    again = load_demo(now)

    assert [again.people, again.postings] == [
        Tally("demo_people.json", unchanged=20),
        Tally("demo postings", unchanged=156),
    ]
    assert [User.objects.count(), Liaison.objects.count(), AuditEntry.objects.count()] == [
        20,
        17,
        trail,
    ]


def test_demo_postings_when_derived_from_the_report(demo: Demo) -> None:
    expected = {
        SHANGHAI: 31_800,  # half of rows 1 to 3
        "demo:need:us-il-chicago:respirator_n95": 21_200,  # rows 1 to 3, whole
        "demo:need:us-ut:mask_surgical": 170_000,  # rows 22 and 29
        "demo:offer:cn-fj:mask_unspecified": 1_000_000,  # a foundation, for its province
        "demo:need:us-ok:mask_surgical": 10_000,  # a university, for its state
        "demo:offer:cn-js-xinwu:mask_surgical": 10_000,  # an association, in its own district
        "demo:need:us-dc-washington:mask_unspecified": 5_000,
        "demo:offer:cn-js-wuxi:mask_unspecified": 30_000,  # the pledge
        "demo:need:us-tx-san-antonio:mask_unspecified": 30_000,
        "demo:offer:us-oh:disinfectant_wipes": 8_100,
        "demo:need:cn-hb:respirator_n95": 1_000,
        "demo:offer:cn-ah:expert_exchange": 1,
        "demo:need:cn-ah:expert_exchange": 1,
        "demo:offer:us-md:expert_exchange": 1,
        "demo:need:us-md:expert_exchange": 1,
    }

    found = Posting.objects.filter(source__in=expected)

    assert dict(found.values_list("source", "quantity")) == expected
    made = "Reconstructed for the demo from the report of 2020; no city posted this."
    half = "Half of what the report names is offered here, so that something lacks in the demo."
    assert set(found.values_list("details", "language")) == {
        (made, "en"),
        (f"{made} {half}", "en"),
    }
    assert of(SHANGHAI).details == f"{made} {half}"


def test_demo_offers_when_half_is_posted(demo: Demo) -> None:
    sums = {
        code: [needed, offered]
        for code, needed, offered in Posting.objects.values_list("item__code").annotate(
            needed=Sum("quantity", filter=Q(kind="need")),
            offered=Sum("quantity", filter=Q(kind="offer")),
        )
    }

    assert {code: both for code, both in sums.items() if both[0] != both[1]} == {
        "respirator_n95": [178_756, 89_378],
        "coverall": [27_602, 13_801],
        "goggles": [30_220, 15_110],
        "glove_pair": [136_000, 68_000],
    }
    assert sums["mask_surgical"] == [1_325_400, 1_325_400]


def test_demo_needs_when_loaded(demo: Demo) -> None:
    critical, urgent, soon = date(2026, 3, 23), date(2026, 4, 1), date(2026, 4, 16)
    expected = {
        "demo:need:us-wi:respirator_n95": (Urgency.CRITICAL, critical),
        "demo:need:us-in-indianapolis:respirator_ffp2": (Urgency.CRITICAL, critical),
        "demo:need:us-wi:coverall": (Urgency.CRITICAL, critical),
        "demo:need:us-or:mask_surgical": (Urgency.URGENT, urgent),
        "demo:need:us-oh:mask_unspecified": (Urgency.URGENT, urgent),
        "demo:need:us-oh:goggles": (Urgency.URGENT, urgent),
        "demo:need:us-oh:shoe_cover": (Urgency.SOON, soon),
    }

    needs = Posting.objects.filter(source__in=expected)

    assert {need.source: (need.urgency, need.needed_by) for need in needs} == expected
    assert set(needs.values_list("expires_on", "available_from", "available_until")) == {
        (date(2026, 5, 1), None, None)
    }


def test_demo_offers_when_loaded(demo: Demo, now: datetime) -> None:
    offer = of(SHANGHAI)

    assert [offer.urgency, offer.needed_by] == [None, None]
    assert [offer.available_from, offer.available_until, offer.expires_on] == [
        date(2026, 1, 31),
        date(2026, 5, 1),
        date(2026, 5, 1),
    ]
    assert [offer.opened_at, offer.state_since] == [now - timedelta(days=30)] * 2


def test_totals_when_the_demo_is_loaded(facts: list[Tally], now: datetime) -> None:
    before = totals(LedgerEntry.objects.all())
    parties = Party.objects.count()

    load_demo(now)

    assert totals(LedgerEntry.objects.all()) == before
    assert [LedgerEntry.objects.count(), Party.objects.count()] == [159, parties]


def test_demo_people_when_they_sign_in(demo: Demo) -> None:
    wuxi = User.objects.get(email="officer.wuxi@demo.example")
    addresses = EmailAddress.objects.filter(verified=True, primary=True, user__is_demo=True)

    assert authenticate(email=wuxi.email, password=DEMO_PASSWORD) == wuxi
    assert set(addresses.values_list("email", flat=True)) == set(
        User.objects.values_list("email", flat=True)
    )
    assert Counter(User.objects.values_list("role", flat=True)) == {
        "member": 17,
        "coordinator": 2,
        "administrator": 1,
    }
    assert [wuxi.language, wuxi.time_zone, city_of(wuxi).code] == [
        "zh-hans",
        "Asia/Shanghai",
        "cn-js-wuxi",
    ]


def test_demo_coordinators_when_they_decide_for_san_antonio(demo: Demo, now: datetime) -> None:
    san_antonio = City.objects.get(code="us-tx-san-antonio")
    gao, lee = User.objects.filter(role="coordinator").order_by("email")

    assert Liaison.objects.get(user=gao).state == LiaisonState.REMOVED
    assert city_in_conflict(gao, [san_antonio], now=now) == san_antonio
    assert city_in_conflict(lee, [san_antonio], now=now) is None


def test_load_demo_when_an_address_belongs_to_somebody(facts: list[Tally], now: datetime) -> None:
    User.objects.create_user("administrator@demo.example", "their own", name="Somebody")

    with pytest.raises(DomainError):
        load_demo(now)

    assert User.objects.get().role == User.Role.MEMBER
    assert Posting.objects.count() == 0


def test_load_demo_when_a_person_changed_their_language(demo: Demo, now: datetime) -> None:
    User.objects.filter(email="officer.wuxi@demo.example").update(language="en")

    load_demo(now)

    assert User.objects.get(email="officer.wuxi@demo.example").language == "en"


def test_load_demo_when_an_officer_was_removed(demo: Demo, now: datetime) -> None:
    Liaison.objects.filter(city__code="cn-js-wuxi").update(state=LiaisonState.REMOVED)

    load_demo(now)

    assert Liaison.objects.get(city__code="cn-js-wuxi").state == LiaisonState.REMOVED


def test_load_demo_when_run_ten_days_later(demo: Demo, now: datetime) -> None:
    later = now + timedelta(days=10)

    again = load_demo(later)

    offer, need = of(SHANGHAI), of("demo:need:us-or:mask_surgical")
    assert again.postings == Tally("demo postings", updated=156)
    assert [offer.available_from, offer.expires_on] == [date(2026, 2, 10), date(2026, 5, 11)]
    assert [need.needed_by, need.expires_on] == [date(2026, 4, 11), date(2026, 5, 11)]
    assert [need.opened_at, need.state_since] == [later, now - timedelta(days=30)]


def test_load_demo_when_postings_have_expired(demo: Demo, now: datetime) -> None:
    later = now + timedelta(days=90)
    for posting in Posting.objects.all():
        expire_posting(posting, now=later)

    again = load_demo(later)

    offer = of(SHANGHAI)
    trail = AuditEntry.objects.filter(verb="renew_posting", subject_id=str(offer.pk))
    assert again.postings == Tally("demo postings", updated=156)
    assert set(Posting.objects.values_list("state", flat=True)) == {"open"}
    assert [offer.expires_on, offer.state_since, offer.opened_at] == [
        date(2026, 7, 30),
        later,
        later,
    ]
    assert [trail.get().before, trail.get().after] == ["expired", "open"]


CLOSED = [state for state in PostingState if state not in (PostingState.OPEN, PostingState.EXPIRED)]


def test_load_demo_when_postings_are_closed_held_in_use_or_edited(
    demo: Demo, now: datetime
) -> None:
    changes: list[dict[str, object]] = [
        *({"state": state} for state in CLOSED),
        {"state": PostingState.OPEN, "allocated": 2},  # and past, by the later day
        {"state": PostingState.EXPIRED, "allocated": 2},
        {"state": PostingState.OPEN, "version": 2},
        {"state": PostingState.EXPIRED, "version": 2},
    ]
    sources = list(Posting.objects.offers().filter(quantity__gt=1).values_list("source", flat=True))
    touched = Posting.objects.filter(source__in=sources[: len(changes)])
    for source, change in zip(sources, changes, strict=False):
        Posting.objects.filter(source=source).update(**change)
    before = list(touched.order_by("pk").values())

    again = load_demo(now + timedelta(days=90))

    assert len(before) == 8
    assert again.postings == Tally("demo postings", updated=148, unchanged=8)
    assert list(touched.order_by("pk").values()) == before


def test_load_demo_when_an_allocated_posting_is_not_past(demo: Demo, now: datetime) -> None:
    Posting.objects.filter(source=SHANGHAI).update(allocated=400)

    load_demo(now + timedelta(days=10))

    assert [of(SHANGHAI).allocated, of(SHANGHAI).expires_on] == [400, date(2026, 5, 11)]


def test_load_demo_when_a_person_posted(demo: Demo, now: datetime) -> None:
    officer = User.objects.get(email="officer.wuxi@demo.example")
    own = Posting.objects.create(
        kind="offer",
        city=City.objects.get(code="cn-js-wuxi"),
        item=Item.objects.get(code="mask_surgical"),
        quantity=500,
        state=PostingState.OPEN,
        expires_on=date(2026, 3, 20),
        posted_by=officer,
        is_demo=True,
    )
    before = Posting.objects.filter(pk=own.pk).values().get()

    load_demo(now + timedelta(days=10))

    assert Posting.objects.filter(pk=own.pk).values().get() == before


def test_load_demo_command_when_run(facts: list[Tally]) -> None:
    out = StringIO()

    call_command("load_demo", stdout=out)

    said = out.getvalue()
    assert "demo_people.json: 20 created, 0 updated, 0 unchanged\n" in said
    assert "demo postings: 156 created, 0 updated, 0 unchanged\n" in said
    assert f"10 donations left out, a place is not known: {', '.join(LEFT_OUT)}\n" in said
    assert f"Sign in with the password {DEMO_PASSWORD} as:\n" in said
    assert "demo_story.json: 157 steps taken, 0 left out\n" in said
    assert "officer.wuxi@demo.example            officer of Wuxi\n" in said
    assert "coordinator.gao@demo.example         coordinator\n" in said


def test_load_demo_command_when_only_checking(db: None) -> None:
    out = StringIO()

    call_command("load_demo", "--check", stdout=out)

    assert out.getvalue() == (
        "demo_people.json: 20 rows, all good\ndemo_story.json: 149 rows, all good\n"
    )
    assert User.objects.count() == 0


def test_load_demo_command_when_facts_are_missing(db: None) -> None:
    with pytest.raises(CommandError, match=r"^The demo is made from the facts"):
        call_command("load_demo", stdout=StringIO())


def test_load_demo_command_when_the_file_is_bad(
    facts: list[Tally], folder: object, edit: Callable[..., int]
) -> None:
    edit("demo_people.json", "officer.wuxi@demo.example", time_zone="Asia/Nowhere")

    with pytest.raises(CommandError, match="time_zone"):
        call_command("load_demo", folder=folder, stdout=StringIO())

    assert User.objects.count() == 0


def test_load_demo_command_when_the_server_is_public(
    facts: list[Tally], settings: LazySettings
) -> None:
    settings.SECURE_HSTS_SECONDS = 1

    with pytest.raises(CommandError, match=r"^This server is public"):
        call_command("load_demo", stdout=StringIO())
    assert User.objects.count() == 0

    call_command("load_demo", password="chosen by its operator", stdout=StringIO())
    assert User.objects.first().check_password("chosen by its operator") is True
