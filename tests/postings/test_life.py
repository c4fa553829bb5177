import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.notifications.models import Notification
from apps.postings.models import Posting
from apps.postings.services import (
    draft_posting,
    edit_posting,
    expire_posting,
    hold_posting,
    publish_posting,
    release_posting,
    renew_posting,
    withdraw_posting,
)
from apps.postings.states import PostingState
from tests import factories
from tests.unchanged import nothing_changes

TODAY = date(2026, 3, 2)
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


def audited(posting: Posting) -> tuple[str, User | None, str, str, str]:
    entry = AuditEntry.objects.filter(
        subject_kind="postings.posting", subject_id=str(posting.pk)
    ).latest("pk")
    return entry.verb, entry.actor, entry.before, entry.after, entry.reason


def told() -> list[tuple[str, int]]:
    return sorted(Notification.objects.values_list("kind", "recipient_id"))


# Drafts


def test_draft_holds_what_was_entered_when_an_officer_posts(city, officer, masks, now):
    visors = factories.ItemFactory()
    pack = factories.PackFactory(item=masks, units=50)
    token = uuid.uuid4()

    posting = draft_posting(
        city,
        "need",
        by=officer,
        now=now,
        item=masks,
        quantity=20_000,
        entered_quantity=400,
        pack=pack,
        smallest_lot=500,
        urgency=1,
        needed_by=date(2026, 5, 1),
        expires_on=date(2026, 4, 20),
        details="For three county hospitals.",
        language="en",
        substitutes=[visors],
        submission=token,
    )

    stored = Posting.objects.get()
    assert stored == posting
    assert (stored.city, stored.kind, stored.item, stored.state) == (city, "need", masks, "draft")
    assert (stored.quantity, stored.entered_quantity, stored.pack) == (20_000, 400, pack)
    assert (stored.allocated, stored.fulfilled, stored.free) == (0, 0, 20_000)
    assert (stored.smallest_lot, stored.urgency, stored.version) == (500, 1, 1)
    assert (stored.needed_by, stored.expires_on) == (date(2026, 5, 1), date(2026, 4, 20))
    assert (stored.details, stored.language) == ("For three county hospitals.", "en")
    assert list(stored.substitutes.all()) == [visors]
    assert (stored.posted_by, stored.submission, stored.is_demo) == (officer, token, False)
    assert (stored.state_since, stored.opened_at) == (now, None)
    assert audited(posting) == ("draft_posting", officer, "", "draft", "")


def test_draft_expires_after_thirty_days_when_no_day_is_given(city, officer, masks, now):
    posting = draft_posting(city, "offer", by=officer, now=now, item=masks, quantity=5)

    assert posting.expires_on == TODAY + timedelta(30)


def test_draft_counts_its_days_in_the_zone_of_the_city_when_it_is_late(masks):
    shanghai = factories.CityFactory(chinese=True)
    person = factories.LiaisonFactory(city=shanghai).user
    evening = datetime(2026, 3, 1, 16, 30, tzinfo=UTC)  # half past midnight of 2 March there

    posting = draft_posting(shanghai, "offer", by=person, now=evening, item=masks, quantity=5)

    assert posting.expires_on == TODAY + timedelta(30)


def test_draft_is_demo_when_its_officer_is(city, masks, now):
    person = factories.LiaisonFactory(city=city, user__is_demo=True).user

    posting = draft_posting(city, "offer", by=person, now=now, item=masks, quantity=5)

    assert posting.is_demo


def test_posting_is_made_once_when_the_form_is_sent_twice(city, officer, masks, now):
    fields = {"item": masks, "quantity": 5, "submission": uuid.uuid4()}
    first = draft_posting(city, "offer", by=officer, now=now, **fields)

    with nothing_changes():
        second = draft_posting(city, "offer", by=officer, now=now, **fields)

    assert second == first


def test_posting_of_another_city_is_not_shown_when_its_form_is_sent_again(
    city, officer, masks, now
):
    token = uuid.uuid4()
    other = factories.OfferFactory(submission=token)

    with nothing_changes(), pytest.raises(PermissionDenied):
        draft_posting(city, "offer", by=officer, now=now, item=masks, quantity=5, submission=token)
    assert other.city != city


def test_two_postings_are_made_when_two_forms_say_the_same(city, officer, masks, now):
    for _ in range(2):
        draft_posting(
            city,
            "offer",
            by=officer,
            now=now,
            item=masks,
            quantity=5,
            submission=uuid.uuid4(),
        )

    assert Posting.objects.count() == 2


def test_administrator_posts_for_any_city_when_needed(city, administrator, masks, now):
    posting = draft_posting(city, "offer", by=administrator, now=now, item=masks, quantity=5)

    assert posting.posted_by == administrator


def test_draft_is_refused_when_the_person_does_not_speak_for_the_city(
    city, coordinator, masks, now
):
    strangers = [
        coordinator,
        factories.LiaisonFactory().user,
        factories.LiaisonFactory(city=city, state="requested").user,
        factories.LiaisonFactory(city=city, user__is_active=False).user,
        factories.UserFactory(administrator=True, is_active=False),
    ]

    with nothing_changes():
        for person in strangers:
            with pytest.raises(PermissionDenied):
                draft_posting(city, "offer", by=person, now=now, item=masks, quantity=5)


def test_draft_is_refused_when_the_place_does_not_act(masks, now):
    place = factories.StateFactory(name_en="Shanghai (province)", acts=False)
    person = factories.LiaisonFactory(city=place).user

    with nothing_changes(), pytest.raises(DomainError) as refused:
        draft_posting(place, "offer", by=person, now=now, item=masks, quantity=5)

    assert (refused.value.message, refused.value.field) == (
        "Shanghai (province) does not post.",
        "city",
    )


def test_offer_without_a_quantity_is_refused_when_it_is_no_knowledge(city, officer, masks, now):
    with nothing_changes(), pytest.raises(DomainError) as refused:
        draft_posting(city, "offer", by=officer, now=now, item=masks)

    assert (refused.value.message, refused.value.field) == (
        "Masks cannot be shared without a quantity.",
        "item",
    )


def test_substitute_is_refused_when_it_is_counted_in_another_unit(city, officer, masks, now):
    money = factories.ItemFactory(name_en="Cash", unit="cny")

    with nothing_changes(), pytest.raises(DomainError) as refused:
        draft_posting(
            city,
            "need",
            by=officer,
            now=now,
            item=masks,
            quantity=5,
            urgency=1,
            substitutes=[money],
        )

    assert (refused.value.message, refused.value.field) == (
        "Cash is counted in another unit.",
        "substitutes",
    )


# Dates, on the day of the city


@pytest.mark.parametrize(
    ("zone", "hour", "today"),
    [
        ("Asia/Shanghai", datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("Asia/Shanghai", datetime(2026, 3, 1, 16, 0, 0, tzinfo=UTC), date(2026, 3, 2)),
        ("America/Chicago", datetime(2026, 3, 2, 5, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("America/Chicago", datetime(2026, 3, 2, 6, 0, 0, tzinfo=UTC), date(2026, 3, 2)),
        # the clocks go forward on 8 March, 2 o'clock
        ("America/Chicago", datetime(2026, 3, 9, 4, 59, 59, tzinfo=UTC), date(2026, 3, 8)),
        ("America/Chicago", datetime(2026, 3, 9, 5, 0, 0, tzinfo=UTC), date(2026, 3, 9)),
        ("", datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("Mars/Olympus", datetime(2026, 3, 2, 0, 0, 0, tzinfo=UTC), date(2026, 3, 2)),
    ],
)
@pytest.mark.parametrize("field", ["needed_by", "available_until", "expires_on"])
def test_date_is_refused_when_it_is_past_in_the_city(masks, field, zone, hour, today):
    city = factories.CityFactory(time_zone=zone)
    person = factories.LiaisonFactory(city=city).user
    kind = "need" if field == "needed_by" else "offer"
    fields = {"item": masks, "quantity": 5, "urgency": 1 if kind == "need" else None}
    yesterday = today - timedelta(1)

    draft_posting(city, kind, by=person, now=hour, **fields, **{field: today})
    with nothing_changes(), pytest.raises(DomainError) as refused:
        draft_posting(city, kind, by=person, now=hour, **fields, **{field: yesterday})

    assert refused.value.message == f"The date {yesterday} is in the past."
    assert refused.value.field == field


def test_date_is_refused_when_the_end_lies_before_the_start(city, officer, masks, now):
    with nothing_changes(), pytest.raises(DomainError) as refused:
        draft_posting(
            city,
            "offer",
            by=officer,
            now=now,
            item=masks,
            quantity=5,
            available_from=date(2026, 4, 2),
            available_until=date(2026, 4, 1),
        )

    assert (refused.value.message, refused.value.field) == (
        "The end lies before the start.",
        "available_until",
    )


def test_offer_may_be_available_for_one_day_and_since_long_when_posted(city, officer, masks, now):
    for start, end in ((TODAY, TODAY), (date(2020, 1, 1), TODAY)):
        draft_posting(
            city,
            "offer",
            by=officer,
            now=now,
            item=masks,
            quantity=5,
            available_from=start,
            available_until=end,
        )

    assert Posting.objects.count() == 2


# Publishing


def test_draft_is_open_when_published(officer, city, now):
    posting = factories.OfferFactory(city=city, state="draft", opened_at=None)

    published = publish_posting(posting, by=officer, now=now)

    published.refresh_from_db()
    assert (published.state, published.opened_at, published.state_since) == ("open", now, now)
    assert audited(posting) == ("publish_posting", officer, "draft", "open", "")


def test_nothing_happens_when_an_open_posting_is_published_again(officer, city, now):
    posting = factories.OfferFactory(city=city, state="open")

    with nothing_changes():
        again = publish_posting(posting, by=officer, now=now)

    assert again == posting


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        *((publish_posting, s) for s in PostingState if s not in ("draft", "open")),
        *((renew_posting, s) for s in ("draft", "held", "fulfilled", "withdrawn")),
    ],
)
def test_posting_is_not_opened_when_the_verb_is_not_the_way(officer, city, verb, state, now):
    posting = factories.OfferFactory(city=city, state=state, item__name_en="Masks")

    with nothing_changes(), pytest.raises(InvalidTransition) as refused:
        verb(posting, by=officer, now=now)

    word = PostingState(state).label
    assert str(refused.value) == f"San Antonio: Masks is {word} and cannot become open."


@pytest.mark.parametrize("field", ["needed_by", "expires_on"])
def test_draft_stays_a_draft_when_its_date_has_passed_meanwhile(officer, city, field, now):
    posting = factories.NeedFactory(city=city, state="draft", **{field: YESTERDAY})

    with nothing_changes(), pytest.raises(DomainError) as refused:
        publish_posting(posting, by=officer, now=now)

    assert (refused.value.message, refused.value.field) == (
        "The date 2026-03-01 is in the past.",
        field,
    )


# Editing


@pytest.mark.parametrize("state", ["draft", "open", "expired"])
def test_posting_has_a_new_version_when_edited(officer, city, masks, state, now):
    posting = factories.NeedFactory(city=city, item=masks, quantity=1000, state=state)
    visors = factories.ItemFactory()

    edited = edit_posting(
        posting,
        by=officer,
        now=now,
        version=1,
        quantity=800,
        details="For two hospitals.",
        substitutes=[visors],
    )

    edited.refresh_from_db()
    assert (edited.quantity, edited.details, edited.version) == (800, "For two hospitals.", 2)
    assert (edited.state, list(edited.substitutes.all())) == (state, [visors])
    assert audited(posting) == (
        "edit_posting",
        officer,
        "version 1",
        "version 2",
        "quantity: 1000 → 800; details:  → For two hospitals.",
    )


def test_substitutes_stay_when_an_edit_does_not_name_them(officer, city, now):
    posting = factories.NeedFactory(city=city)
    visors = factories.ItemFactory()
    posting.substitutes.add(visors)

    edit_posting(posting, by=officer, now=now, version=1, quantity=10)

    assert list(posting.substitutes.all()) == [visors]


def test_audit_takes_all_of_it_when_the_text_is_long(officer, city, now):
    posting = factories.NeedFactory(city=city, details="a" * 2000)

    edit_posting(posting, by=officer, now=now, version=1, details="b" * 2000)

    assert audited(posting)[4] == f"details: {'a' * 2000} → {'b' * 2000}"


def test_edit_is_refused_when_somebody_was_faster(officer, city, now):
    posting = factories.NeedFactory(city=city)
    edit_posting(posting, by=officer, now=now, version=1, quantity=900)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, quantity=800)

    assert refused.value.message == (
        "Somebody has changed this posting meanwhile. Compare, then try again."
    )


@pytest.mark.parametrize(
    "state", [PostingState.HELD, PostingState.FULFILLED, PostingState.WITHDRAWN]
)
def test_edit_is_refused_when_the_posting_is_closed_or_held(officer, city, state, now):
    posting = factories.NeedFactory(city=city, state=state)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, quantity=800)

    assert (
        refused.value.message == f"A posting that is {PostingState(state).label} cannot be edited."
    )


@pytest.mark.parametrize(("quantity", "allowed"), [(88, True), (87, False), (50, False)])
def test_quantity_is_never_edited_below_what_is_allocated_when_reduced(
    officer, city, quantity, allowed, now
):
    posting = factories.NeedFactory(city=city, quantity=100, allocated=88)

    if allowed:
        edit_posting(posting, by=officer, now=now, version=1, quantity=quantity)
        posting.refresh_from_db()
        assert (posting.quantity, posting.free) == (88, 0)
        return
    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, quantity=quantity)

    assert (refused.value.message, refused.value.field) == (
        f"88 are already allocated; the quantity cannot be {quantity}.",
        "quantity",
    )


def test_item_is_not_changed_when_part_of_it_is_matched(officer, city, masks, now):
    posting = factories.NeedFactory(city=city, allocated=1)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, item=masks)

    assert (refused.value.message, refused.value.field) == (
        "Part of it is matched already: the item can no longer change.",
        "item",
    )


def test_item_is_changed_when_nothing_is_matched(officer, city, masks, now):
    posting = factories.NeedFactory(city=city)

    edit_posting(posting, by=officer, now=now, version=1, item=masks)

    posting.refresh_from_db()
    assert posting.item == masks


def test_posting_is_fulfilled_when_its_quantity_is_reduced_to_what_has_come(officer, city, now):
    posting = factories.NeedFactory(city=city, quantity=100, allocated=60, fulfilled=60)

    edited = edit_posting(posting, by=officer, now=now, version=1, quantity=60)

    edited.refresh_from_db()
    assert (edited.state, edited.quantity, edited.free) == ("fulfilled", 60, 0)
    assert audited(posting) == ("fulfil_posting", None, "open", "fulfilled", "")


def test_knowledge_never_becomes_goods_without_a_limit_when_edited(
    officer, city, masks, manual, now
):
    posting = factories.OfferFactory(city=city, item=manual, quantity=None)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, item=masks)

    assert (refused.value.message, refused.value.field) == (
        "Masks cannot be shared without a quantity.",
        "item",
    )


@pytest.mark.parametrize(("before", "after"), [(None, 5), (5, None)])
def test_posting_keeps_its_quantity_or_has_none_when_edited(
    officer, city, manual, before, after, now
):
    posting = factories.OfferFactory(city=city, item=manual, quantity=before)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, quantity=after)

    assert (refused.value.message, refused.value.field) == (
        "A posting keeps its quantity, and one without a quantity gets none.",
        "quantity",
    )


@pytest.mark.parametrize("field", ["allocated", "state", "city", "version_2"])
def test_edit_is_a_mistake_when_it_names_what_is_not_for_editing(officer, city, field, now):
    posting = factories.NeedFactory(city=city)

    with nothing_changes(), pytest.raises(TypeError, match=field):
        edit_posting(posting, by=officer, now=now, version=1, **{field: 1})


def test_edit_is_refused_when_a_date_is_past(officer, city, now):
    posting = factories.NeedFactory(city=city)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, needed_by=YESTERDAY)

    assert refused.value.field == "needed_by"


def test_substitute_is_refused_when_an_edit_adds_one_in_another_unit(officer, city, masks, now):
    posting = factories.NeedFactory(city=city, item=masks)
    money = factories.ItemFactory(name_en="Cash", unit="cny")

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, substitutes=[money])

    assert refused.value.field == "substitutes"


def test_item_is_refused_when_its_substitutes_are_counted_otherwise(officer, city, masks, now):
    posting = factories.NeedFactory(city=city, item=masks)
    posting.substitutes.add(factories.ItemFactory(name_en="Visors"))
    money = factories.ItemFactory(unit="cny")

    with nothing_changes(), pytest.raises(DomainError) as refused:
        edit_posting(posting, by=officer, now=now, version=1, item=money)

    assert (refused.value.message, refused.value.field) == (
        "Visors is counted in another unit.",
        "substitutes",
    )


# Rights


@pytest.mark.parametrize(
    ("verb", "state", "extra", "without_right"),
    [
        (publish_posting, "draft", {}, ["stranger", "gone", "coordinator"]),
        (edit_posting, "open", {"version": 1}, ["stranger", "gone", "coordinator"]),
        (renew_posting, "open", {}, ["stranger", "gone", "coordinator"]),
        (withdraw_posting, "open", {"reason": "x"}, ["stranger", "gone"]),
        (hold_posting, "open", {"reason": "x"}, ["stranger", "gone", "officer"]),
        (release_posting, "held", {}, ["stranger", "gone", "officer"]),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_posting_stays_when_the_person_has_no_right(
    city, officer, coordinator, verb, state, extra, without_right, now
):
    posting = factories.OfferFactory(city=city, state=state)
    people = {
        "officer": officer,
        "coordinator": coordinator,
        "stranger": factories.LiaisonFactory().user,
        "gone": factories.LiaisonFactory(city=city, state="removed").user,
    }

    with nothing_changes():
        for who in without_right:
            with pytest.raises(PermissionDenied):
                verb(posting, by=people[who], now=now, **extra)


# Withdrawing


@pytest.mark.parametrize("state", ["draft", "open", "held"])
def test_posting_is_withdrawn_with_its_reason_when_the_city_wants(officer, city, state, now):
    posting = factories.NeedFactory(city=city, state=state)

    withdrawn = withdraw_posting(posting, by=officer, now=now, reason="Bought elsewhere.")

    withdrawn.refresh_from_db()
    assert (withdrawn.state, withdrawn.state_reason) == ("withdrawn", "Bought elsewhere.")
    assert audited(posting) == (
        "withdraw_posting",
        officer,
        state,
        "withdrawn",
        "Bought elsewhere.",
    )


def test_approved_match_stands_when_its_posting_is_withdrawn(officer, city, now):
    posting = factories.NeedFactory(city=city, quantity=1000, allocated=100)
    match = factories.MatchFactory(need=posting, state="approved", quantity=100)

    withdrawn = withdraw_posting(posting, by=officer, now=now, reason="Bought elsewhere.")

    match.refresh_from_db()
    assert (match.state, match.quantity) == ("approved", 100)
    assert (withdrawn.allocated, withdrawn.quantity) == (100, 1000)


@pytest.mark.parametrize("state", ["fulfilled", "withdrawn", "expired"])
def test_posting_is_not_withdrawn_when_it_is_closed(officer, city, state, now):
    posting = factories.NeedFactory(city=city, state=state)

    with nothing_changes(), pytest.raises(InvalidTransition):
        withdraw_posting(posting, by=officer, now=now, reason="Bought elsewhere.")


# Renewing


@pytest.mark.parametrize("state", ["open", "expired"])
def test_posting_is_open_for_thirty_days_more_when_renewed(officer, city, state, now):
    posting = factories.OfferFactory(city=city, state=state, expires_on=YESTERDAY)

    renewed = renew_posting(posting, by=officer, now=now)

    renewed.refresh_from_db()
    assert (renewed.state, renewed.expires_on, renewed.opened_at) == (
        "open",
        TODAY + timedelta(30),
        now,
    )
    assert audited(posting)[:2] == ("renew_posting", officer)
    assert renewed.version == 1


def test_posting_is_not_shortened_when_it_runs_longer_than_thirty_days(officer, city, now):
    last = TODAY + timedelta(60)
    posting = factories.OfferFactory(city=city, expires_on=last)

    renewed = renew_posting(posting, by=officer, now=now)

    assert (renewed.expires_on, renewed.opened_at) == (last, now)


def test_posting_runs_to_the_given_day_when_it_is_named(officer, city, now):
    posting = factories.OfferFactory(city=city, state="expired", expires_on=YESTERDAY)

    renewed = renew_posting(posting, by=officer, now=now, expires_on=TOMORROW)

    assert (renewed.state, renewed.expires_on) == ("open", TOMORROW)


@pytest.mark.parametrize("state", ["open", "expired"])
@pytest.mark.parametrize(
    ("kind", "field", "word"),
    [("need", "needed_by", "needed by"), ("offer", "available_until", "available until")],
)
def test_posting_is_not_renewed_when_its_own_day_is_over(
    officer, city, state, kind, field, word, now
):
    make = {"need": factories.NeedFactory, "offer": factories.OfferFactory}[kind]
    posting = make(city=city, state=state, expires_on=YESTERDAY, **{field: YESTERDAY})

    with nothing_changes(), pytest.raises(DomainError) as refused:
        renew_posting(posting, by=officer, now=now)

    assert (refused.value.message, refused.value.field) == (
        f"It was {word} 2026-03-01: change that date first.",
        field,
    )


def test_expired_need_is_renewed_when_its_date_was_changed_first(officer, city, now):
    posting = factories.NeedFactory(
        city=city, state="expired", expires_on=YESTERDAY, needed_by=YESTERDAY
    )
    edit_posting(posting, by=officer, now=now, version=1, needed_by=TOMORROW, expires_on=TOMORROW)

    renewed = renew_posting(posting, by=officer, now=now)

    assert (renewed.state, renewed.needed_by, renewed.expires_on) == (
        "open",
        TOMORROW,
        TODAY + timedelta(30),
    )


# Holding and releasing


def test_posting_is_held_and_its_officers_are_told_when_there_is_a_question(
    officer, city, coordinator, now
):
    colleague = factories.LiaisonFactory(city=city).user
    factories.LiaisonFactory(city=city, user__is_active=False)
    factories.LiaisonFactory()
    posting = factories.NeedFactory(city=city)

    held = hold_posting(posting, by=coordinator, now=now, reason="Really 20,000?")

    held.refresh_from_db()
    assert (held.state, held.state_reason) == ("held", "Really 20,000?")
    assert audited(posting) == ("hold_posting", coordinator, "open", "held", "Really 20,000?")
    assert told() == sorted([("posting_held", officer.pk), ("posting_held", colleague.pk)])


def test_posting_is_open_and_its_officers_are_told_when_released(officer, city, coordinator, now):
    posting = factories.NeedFactory(city=city, state="held", state_reason="Really 20,000?")

    released = release_posting(posting, by=coordinator, now=now, reason="Yes.")

    released.refresh_from_db()
    assert (released.state, released.state_reason) == ("open", "Yes.")
    assert told() == [("posting_released", officer.pk)]


def test_each_hold_is_told_when_a_posting_is_held_twice(officer, city, coordinator, now):
    posting = factories.NeedFactory(city=city)
    for minutes in (0, 10):
        then = now + timedelta(minutes=minutes)
        hold_posting(posting, by=coordinator, now=then, reason="A question.")
        release_posting(posting, by=coordinator, now=then)

    assert [kind for kind, _ in told()] == ["posting_held"] * 2 + ["posting_released"] * 2


@pytest.mark.parametrize("state", [state for state in PostingState if state != PostingState.OPEN])
def test_posting_is_not_held_when_it_is_not_open(city, coordinator, state, now):
    posting = factories.NeedFactory(city=city, state=state)

    with nothing_changes(), pytest.raises(InvalidTransition):
        hold_posting(posting, by=coordinator, now=now, reason="A question.")


@pytest.mark.parametrize("state", [state for state in PostingState if state != PostingState.HELD])
def test_posting_is_not_released_when_it_is_not_held(city, coordinator, state, now):
    posting = factories.NeedFactory(city=city, state=state)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        release_posting(posting, by=coordinator, now=now)

    assert refused.value.message == "Only a posting on hold can be released."


# Expiring


@pytest.mark.parametrize("state", ["open", "held"])
def test_posting_expires_and_its_officers_are_told_when_its_last_day_is_over(
    officer, city, state, now
):
    posting = factories.NeedFactory(city=city, state=state, expires_on=YESTERDAY)

    expired = expire_posting(posting, now=now)

    expired.refresh_from_db()
    assert (expired.state, expired.state_since) == ("expired", now)
    assert audited(posting) == ("expire_posting", None, state, "expired", "")
    assert told() == [("posting_expired", officer.pk)]


def test_posting_stays_open_when_its_last_day_is_today(officer, city, now):
    posting = factories.NeedFactory(city=city, expires_on=TODAY)

    with nothing_changes():
        still = expire_posting(posting, now=now)

    assert still.state == "open"


@pytest.mark.parametrize(
    "state",
    [state for state in PostingState if state not in (PostingState.OPEN, PostingState.HELD)],
)
def test_posting_stays_as_it_is_when_it_cannot_expire(city, state, now):
    posting = factories.NeedFactory(city=city, state=state, expires_on=YESTERDAY)

    with nothing_changes():
        expire_posting(posting, now=now)


def test_allocated_units_stay_allocated_when_a_posting_expires(city, now):
    posting = factories.NeedFactory(
        city=city, expires_on=YESTERDAY, quantity=100, allocated=40, fulfilled=10
    )

    expired = expire_posting(posting, now=now)

    assert (expired.allocated, expired.fulfilled) == (40, 10)
