from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cities.models import City, Liaison
from apps.cities.services import (
    confirm_liaison,
    refuse_liaison,
    remove_liaison,
    request_liaison,
)
from apps.cities.states import LiaisonState
from apps.core.errors import DomainError
from apps.core.states import InvalidTransition
from apps.ledger.services import party_of
from apps.notifications.models import Notification
from apps.postings.services import draft_posting, edit_posting, renew_posting, withdraw_posting
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


def told() -> set[tuple[str, int]]:
    return set(Notification.objects.values_list("kind", "recipient_id"))


def audited(liaison: Liaison) -> tuple[str, User | None, str, str, str]:
    entry = AuditEntry.objects.filter(
        subject_kind="cities.liaison", subject_id=str(liaison.pk)
    ).latest("pk")
    return entry.verb, entry.actor, entry.before, entry.after, entry.reason


def test_request_waits_and_those_who_decide_are_told_when_a_person_asks(
    coordinator, administrator, now
):
    factories.UserFactory(coordinator=True, is_active=False)
    city, person = factories.CityFactory(), factories.UserFactory()

    liaison = request_liaison(
        city,
        by=person,
        now=now,
        office="Foreign Affairs Office, section chief",
        office_email="fao@city.example",
        office_phone="+86 510 1",
        statement="See the city's page.",
    )

    stored = Liaison.objects.get()
    assert stored == liaison
    assert (stored.user, stored.city, stored.state) == (person, city, "requested")
    assert (stored.office, stored.office_email, stored.office_phone, stored.statement) == (
        "Foreign Affairs Office, section chief",
        "fao@city.example",
        "+86 510 1",
        "See the city's page.",
    )
    assert (stored.state_since, stored.decided_by, stored.is_lead) == (now, None, False)
    assert audited(liaison) == ("request_liaison", person, "", "requested", "")
    assert told() == {
        ("officer_requested", coordinator.pk),
        ("officer_requested", administrator.pk),
    }


def test_request_of_a_coordinator_is_told_to_the_others_when_they_ask(
    coordinator, administrator, now
):
    request_liaison(factories.CityFactory(), by=coordinator, now=now, office="Mayor's office")

    assert told() == {("officer_requested", administrator.pk)}


@pytest.mark.parametrize("level", ["city", "state", "country"])
def test_request_is_refused_when_the_place_does_not_act(level, now):
    place = factories.CityFactory(name_en="Shanghai (province)", level=level, acts=False)
    person = factories.UserFactory()

    with nothing_changes(), pytest.raises(DomainError) as refused:
        request_liaison(place, by=person, now=now, office="Office")

    assert refused.value.message == (
        "Shanghai (province) does not post or pair; choose a city or a province."
    )
    assert refused.value.field == "city"


@pytest.mark.parametrize("state", [LiaisonState.REQUESTED, LiaisonState.CONFIRMED])
@pytest.mark.parametrize("same_city", [True, False])
def test_request_is_refused_when_the_person_has_a_city(state, same_city, now):
    earlier = factories.LiaisonFactory(state=state, city__name_en="Wuxi")
    city = earlier.city if same_city else factories.CityFactory()

    with nothing_changes(), pytest.raises(DomainError) as refused:
        request_liaison(city, by=earlier.user, now=now, office="Office")

    assert refused.value.message == "You already speak for Wuxi, or have asked to."
    assert refused.value.field == "city"


@pytest.mark.parametrize("state", [LiaisonState.REFUSED, LiaisonState.REMOVED])
def test_request_is_taken_when_the_earlier_one_is_over(state, now):
    earlier = factories.LiaisonFactory(state=state)

    liaison = request_liaison(earlier.city, by=earlier.user, now=now, office="Office")

    assert (liaison.state, Liaison.objects.count()) == ("requested", 2)


def test_city_may_have_several_officers_when_they_ask(now):
    city = factories.LiaisonFactory().city

    liaison = request_liaison(city, by=factories.UserFactory(), now=now, office="Office")

    assert liaison.city == city


def test_request_is_refused_when_the_person_may_not_sign_in(now):
    person, city = factories.UserFactory(is_active=False), factories.CityFactory()

    with nothing_changes(), pytest.raises(PermissionDenied):
        request_liaison(city, by=person, now=now, office="Office")


@pytest.mark.parametrize("role", [User.Role.COORDINATOR, User.Role.ADMINISTRATOR])
def test_person_speaks_for_the_city_when_somebody_confirms(role, now):
    liaison = factories.LiaisonFactory(state="requested")
    decider = factories.UserFactory(role=role)

    confirm_liaison(liaison, by=decider, now=now)

    liaison.refresh_from_db()
    assert (liaison.state, liaison.state_since, liaison.decided_by) == ("confirmed", now, decider)
    assert audited(liaison) == ("confirm_liaison", decider, "requested", "confirmed", "")
    assert told() == {("officer_confirmed", liaison.user_id)}


def test_person_learns_why_when_the_request_is_refused(coordinator, now):
    liaison = factories.LiaisonFactory(state="requested")

    refuse_liaison(liaison, by=coordinator, now=now, reason="The city does not know you.")

    liaison.refresh_from_db()
    assert (liaison.state, liaison.state_reason) == ("refused", "The city does not know you.")
    assert liaison.decided_by == coordinator
    assert audited(liaison)[3:] == ("refused", "The city does not know you.")
    assert told() == {("officer_refused", liaison.user_id)}


VERBS: dict[str, Callable[..., Liaison]] = {
    "confirm": lambda liaison, **who: confirm_liaison(liaison, **who),
    "refuse": lambda liaison, **who: refuse_liaison(liaison, reason="no", **who),
}


@pytest.mark.parametrize("verb", VERBS)
def test_request_stays_when_somebody_without_the_right_decides(verb, coordinator, now):
    liaison = factories.LiaisonFactory(state="requested")
    colleague = factories.LiaisonFactory(city=liaison.city).user
    gone = factories.UserFactory(coordinator=True, is_active=False)
    own = factories.LiaisonFactory(state="requested", user=coordinator)

    with nothing_changes():
        for person, request in (
            (liaison.user, liaison),
            (colleague, liaison),
            (gone, liaison),
            (coordinator, own),
        ):
            with pytest.raises(PermissionDenied):
                VERBS[verb](request, by=person, now=now)


def test_administrator_does_not_confirm_when_the_request_is_their_own(administrator, now):
    own = factories.LiaisonFactory(state="requested", user=administrator)

    with nothing_changes(), pytest.raises(PermissionDenied):
        confirm_liaison(own, by=administrator, now=now)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "state", [state for state in LiaisonState if state != LiaisonState.REQUESTED]
)
def test_request_is_decided_once_when_it_is_decided_again(verb, state, coordinator, now):
    liaison = factories.LiaisonFactory(state=state)

    with nothing_changes(), pytest.raises(InvalidTransition):
        VERBS[verb](liaison, by=coordinator, now=now)


def test_second_coordinator_hears_of_the_first_when_both_decide(coordinator, administrator, now):
    liaison = factories.LiaisonFactory(state="requested", user__name="Ana", city__name_en="Wuxi")
    confirm_liaison(liaison, by=coordinator, now=now)

    with nothing_changes(), pytest.raises(InvalidTransition) as refused:
        refuse_liaison(liaison, by=administrator, now=now, reason="too late")

    assert str(refused.value) == "Ana – Wuxi is confirmed and cannot become refused."


@pytest.mark.parametrize("who", ["the officer", "an administrator"])
def test_officer_no_longer_speaks_when_removed(who, administrator, now):
    liaison = factories.LiaisonFactory()
    person = liaison.user if who == "the officer" else administrator

    remove_liaison(liaison, by=person, now=now, reason="New post.")

    liaison.refresh_from_db()
    assert (liaison.state, liaison.state_since, liaison.state_reason) == (
        "removed",
        now,
        "New post.",
    )
    assert audited(liaison) == ("remove_liaison", person, "confirmed", "removed", "New post.")
    assert told() == {("officer_removed", liaison.user_id)}


def test_officer_stays_when_somebody_without_the_right_removes(coordinator, now):
    liaison = factories.LiaisonFactory()
    colleague = factories.LiaisonFactory(city=liaison.city).user
    gone = factories.LiaisonFactory(user__is_active=False)

    with nothing_changes():
        for person, subject in ((coordinator, liaison), (colleague, liaison), (gone.user, gone)):
            with pytest.raises(PermissionDenied):
                remove_liaison(subject, by=person, now=now, reason="Out.")


@pytest.mark.parametrize(
    "state", [state for state in LiaisonState if state != LiaisonState.CONFIRMED]
)
def test_only_an_officer_is_removed_when_somebody_tries(state, administrator, now):
    liaison = factories.LiaisonFactory(state=state)

    with nothing_changes(), pytest.raises(InvalidTransition):
        remove_liaison(liaison, by=administrator, now=now, reason="Out.")


def subjects(city: City) -> dict[str, object]:
    """Every rule that speaking for a city answers, with a subject of that city."""
    need = factories.NeedFactory(city=city)
    match = factories.MatchFactory(need=need, state="accepted")
    pairing = factories.PairingFactory(left=city, state="active")
    exchange = factories.ExchangeFactory()
    exchange.cities.add(city)
    delivery = factories.DeliveryFactory(match=match)
    party = party_of(city)
    return {
        "postings.create_posting": city,
        "postings.edit_posting": need,
        "postings.withdraw_posting": need,
        "postings.view_private_posting": need,
        "ledger.record_gift": party,
        "ledger.confirm_gift": factories.GiftFactory(receiver=party),
        "pairings.propose_pairing": [city],
        "pairings.answer_pairing": pairing,
        "pairings.follow_pairing": pairing,
        "pairings.plan_exchange": [city],
        "pairings.edit_exchange": exchange,
        "matching.answer_match": match,
        "matching.follow_match": match,
        "matching.complete_match": match,
        "matching.view_contacts": match,
        "deliveries.view_delivery": delivery,
        "deliveries.hold_delivery": delivery,
        "deliveries.receive_delivery": delivery,
        "deliveries.distribute_delivery": delivery,
    }


@pytest.mark.parametrize("how", ["removed", "may not sign in"])
def test_officer_may_do_nothing_any_more_when_out(how, administrator, now):
    liaison = factories.LiaisonFactory()
    person, rules = liaison.user, subjects(liaison.city)
    before = {name for name, subject in rules.items() if person.has_perm(name, subject)}

    if how == "removed":
        remove_liaison(liaison, by=administrator, now=now, reason="New post.")
    else:
        person.is_active = False
        person.save()

    after = {name for name, subject in rules.items() if person.has_perm(name, subject)}
    assert before == set(rules)
    assert after == set()


def test_officer_changes_nothing_any_more_when_removed(administrator, now):
    liaison = factories.LiaisonFactory()
    person, city = liaison.user, liaison.city
    draft = draft_posting(
        city, "offer", by=person, now=now, item=factories.ItemFactory(), quantity=5
    )
    open_one = factories.OfferFactory(city=city)
    remove_liaison(liaison, by=administrator, now=now, reason="New post.")

    attempts: list[Callable[[], object]] = [
        lambda: draft_posting(city, "offer", by=person, now=now, item=draft.item, quantity=5),
        lambda: edit_posting(draft, by=person, now=now, version=1, quantity=6),
        lambda: renew_posting(open_one, by=person, now=now),
        lambda: withdraw_posting(open_one, by=person, now=now, reason="mine"),
    ]
    with nothing_changes():
        for attempt in attempts:
            with pytest.raises(PermissionDenied):
                attempt()
    assert type(draft).objects.visible_to(person).filter(pk=draft.pk).count() == 0
