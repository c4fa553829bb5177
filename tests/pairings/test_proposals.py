import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.notifications.models import Notification
from apps.pairings.forms import ProposeForm
from apps.pairings.models import Pairing
from apps.pairings.services import propose_pairing
from apps.pairings.states import PairingState
from tests import factories
from tests.database import by_sql
from tests.personas import DECIDERS, OFFICERS, OTHERS
from tests.unchanged import nothing_changes


def test_a_proposal_waits_for_a_coordinator_when_an_officer_makes_it(
    wuxi, san_antonio, people, now
):
    made = propose_pairing(
        wuxi, san_antonio, by=people["left officer"], now=now, note="we have known each other"
    )

    entry = AuditEntry.objects.get(subject_kind="pairings.pairing")
    assert (made.state, made.proposed_by, made.is_demo) == (
        "proposed",
        people["left officer"],
        False,
    )
    assert (made.cities, made.note) == ([wuxi, san_antonio], "we have known each other")
    assert (entry.verb, entry.before, entry.after) == ("propose_pairing", "", "proposed")
    assert set(Notification.objects.values_list("kind", "recipient__email")) == {
        ("pairing_proposed", people[who].email) for who in ("coordinator", "administrator")
    }


def test_nobody_is_told_when_a_round_proposes(wuxi, san_antonio, coordinator, now):
    made = propose_pairing(wuxi, san_antonio, by=None, now=now, is_demo=True)

    assert (made.proposed_by, made.is_demo) == (None, True)
    assert not Notification.objects.exists()


def test_a_proposal_is_a_demonstration_when_a_demo_person_makes_it(wuxi, san_antonio, people, now):
    by_sql(people["left officer"], is_demo=True)
    people["left officer"].refresh_from_db()

    assert propose_pairing(wuxi, san_antonio, by=people["left officer"], now=now).is_demo


@pytest.mark.parametrize("who", sorted(OFFICERS | DECIDERS))
def test_a_pairing_is_proposed_when_the_person_speaks_for_a_city_or_decides(
    wuxi, san_antonio, people, now, who
):
    assert propose_pairing(wuxi, san_antonio, by=people[who], now=now).proposed_by == people[who]


@pytest.mark.parametrize("who", sorted(OTHERS))
def test_a_proposal_is_denied_when_the_person_speaks_for_neither(
    wuxi, san_antonio, people, now, who
):
    with nothing_changes(), pytest.raises(PermissionDenied):
        propose_pairing(wuxi, san_antonio, by=people[who], now=now)


def unfit(how, wuxi):
    return {
        "itself": lambda: wuxi,
        "a state": factories.StateFactory,
        "no acting place": lambda: factories.CityFactory(acts=False),
    }[how]()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("itself", "A city cannot be its own counterpart."),
        (
            "a state",
            "Cities pair with cities, and provinces or states with provinces or states.",
        ),
        ("no acting place", "{other} does not pair."),
    ],
)
@pytest.mark.parametrize("is_round", [True, False])
def test_a_proposal_is_refused_when_the_two_do_not_fit(
    wuxi, coordinator, now, how, words, is_round
):
    other = unfit(how, wuxi)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        propose_pairing(wuxi, other, by=None if is_round else coordinator, now=now)

    assert (str(refusal.value), refusal.value.field) == (words.format(other=other), "right")
    assert refusal.value.field in ProposeForm().fields


def test_states_pair_with_states_when_both_act(coordinator, now, db):
    one, other = factories.StateFactory(country="CN"), factories.StateFactory()

    assert propose_pairing(one, other, by=coordinator, now=now).cities == [one, other]


def test_countries_do_not_pair_when_somebody_tries(coordinator, now, db):
    china, usa = (factories.CityFactory(level="country", acts=False) for __ in range(2))

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        propose_pairing(china, usa, by=coordinator, now=now)

    assert str(refusal.value) == f"{china} does not pair."


TOGETHER = ["proposed", "approved", "active", "suspended"]


@pytest.mark.parametrize("is_reverse", [False, True])
@pytest.mark.parametrize("state", TOGETHER)
def test_a_proposal_is_refused_when_the_two_are_together_already(
    pairing, wuxi, san_antonio, coordinator, now, state, is_reverse
):
    first = pairing(state)
    two = (san_antonio, wuxi) if is_reverse else (wuxi, san_antonio)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        propose_pairing(*two, by=coordinator, now=now)

    assert str(refusal.value) == (
        f"This pairing exists: {first} (number {first.pk}, {first.get_state_display()})."
    )
    assert refusal.value.field == "right"


@pytest.mark.parametrize("state", [state for state in PairingState if state not in TOGETHER])
def test_a_pairing_is_proposed_again_when_an_earlier_one_is_over(
    pairing, wuxi, san_antonio, coordinator, now, state
):
    pairing(state)

    propose_pairing(wuxi, san_antonio, by=coordinator, now=now)

    assert Pairing.objects.count() == 2


def test_several_proposals_wait_when_they_want_the_same_city(pairing, wuxi, coordinator, now):
    pairing()

    propose_pairing(wuxi, factories.CityFactory(), by=coordinator, now=now)

    assert Pairing.objects.filter(state="proposed").count() == 2
