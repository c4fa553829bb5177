"""Pins and forbids: an administrator's word to the engine."""

import pytest
from django.core.exceptions import PermissionDenied

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.pairings.admin import RuleForm
from apps.pairings.models import PairingRule
from apps.pairings.services import lift_rule, set_rule
from tests import factories
from tests.database import refused_by
from tests.unchanged import nothing_changes


@pytest.fixture
def pin(wuxi, san_antonio, administrator, now):
    return set_rule("pin", wuxi, san_antonio, by=administrator, now=now, reason="twins since 2011")


@pytest.mark.parametrize("kind", ["pin", "forbid"])
@pytest.mark.parametrize("is_reverse", [False, True])
def test_a_rule_stands_with_the_smaller_id_first_when_it_is_set(
    wuxi, san_antonio, administrator, now, kind, is_reverse
):
    two = (san_antonio, wuxi) if is_reverse else (wuxi, san_antonio)

    rule = set_rule(kind, *two, by=administrator, now=now, reason="twins since 2011")

    entry = AuditEntry.objects.get(subject_kind="pairings.pairingrule")
    assert (rule.kind, rule.city_a, rule.city_b) == (kind, wuxi, san_antonio)
    assert (rule.reason, rule.set_by, rule.lifted_at) == ("twins since 2011", administrator, None)
    assert (entry.actor, entry.verb, entry.after, entry.reason) == (
        administrator,
        f"{kind}_pair",
        kind,
        "twins since 2011",
    )


@pytest.mark.parametrize("kind", ["pin", "forbid"])
@pytest.mark.parametrize("is_reverse", [False, True])
def test_a_second_rule_is_refused_when_the_pair_has_one(
    pin, wuxi, san_antonio, administrator, now, kind, is_reverse
):
    two = (san_antonio, wuxi) if is_reverse else (wuxi, san_antonio)

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        set_rule(kind, *two, by=administrator, now=now, reason="again")

    assert (str(refusal.value), refusal.value.field) == (f"Lift this first: {pin}.", "city_b")


@pytest.mark.parametrize("position", [0, 1])
def test_a_second_pin_is_refused_when_a_city_has_one(
    pin, wuxi, san_antonio, administrator, now, position
):
    pinned, other = (wuxi, san_antonio)[position], factories.CityFactory()

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        set_rule("pin", other, pinned, by=administrator, now=now, reason="x")

    assert str(refusal.value) == f"{pinned} is pinned already: {pin}."
    assert refusal.value.field == "city_b"


def test_a_city_may_be_forbidden_several_when_it_has_a_pin(pin, wuxi, administrator, now, db):
    for __ in range(2):
        set_rule("forbid", wuxi, factories.CityFactory(), by=administrator, now=now, reason="x")

    assert PairingRule.objects.filter(kind="forbid").count() == 2


def test_a_new_rule_is_set_when_the_old_one_was_lifted(pin, wuxi, san_antonio, administrator, now):
    lifted = lift_rule(pin, by=administrator, now=now, reason="they asked")

    second = set_rule("forbid", wuxi, san_antonio, by=administrator, now=now, reason="quarrel")
    third = set_rule(
        "pin", wuxi, factories.CityFactory(), by=administrator, now=now, reason="new twins"
    )

    assert lifted.lifted_at == now
    assert list(PairingRule.objects.filter(lifted_at=None).order_by("pk")) == [second, third]
    entry = AuditEntry.objects.get(verb="lift_rule")
    assert (entry.actor, entry.before, entry.reason) == (administrator, "pin", "they asked")


def test_a_rule_stays_as_it_is_when_it_is_lifted_again(pin, administrator, now):
    lift_rule(pin, by=administrator, now=now)

    with nothing_changes():
        lift_rule(pin, by=administrator, now=now)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ("itself", "A city cannot be its own counterpart."),
        (
            "a state",
            "Cities pair with cities, and provinces or states with provinces or states.",
        ),
        ("no acting place", "{city} does not pair."),
    ],
)
@pytest.mark.parametrize("kind", ["pin", "forbid"])
def test_a_rule_is_refused_when_the_two_can_never_pair(
    wuxi, administrator, now, kind, other, words
):
    city = {
        "itself": lambda: wuxi,
        "a state": factories.StateFactory,
        "no acting place": lambda: factories.CityFactory(acts=False),
    }[other]()

    with nothing_changes(), pytest.raises(DomainError) as refusal:
        set_rule(kind, wuxi, city, by=administrator, now=now, reason="x")

    assert (str(refusal.value), refusal.value.field) == (words.format(city=city), "city_b")
    assert refusal.value.field in RuleForm().fields


@pytest.mark.parametrize("who", ["coordinator", "left officer", "member"])
def test_rules_are_denied_when_the_person_is_no_administrator(pin, people, wuxi, now, who):
    other = factories.CityFactory()

    with nothing_changes():
        with pytest.raises(PermissionDenied):
            set_rule("pin", wuxi, other, by=people[who], now=now, reason="x")
        with pytest.raises(PermissionDenied):
            lift_rule(pin, by=people[who], now=now)


def test_the_database_refuses_a_rule_when_it_has_the_larger_id_first(
    wuxi, san_antonio, administrator
):
    with nothing_changes(), refused_by(PairingRule, "pairings_rule_smaller_id_first"):
        PairingRule.objects.create(
            kind="pin", city_a=san_antonio, city_b=wuxi, set_by=administrator
        )


def test_the_database_refuses_a_rule_when_one_is_in_force(pin, wuxi, san_antonio, administrator):
    with nothing_changes(), refused_by(PairingRule, "pairings_rule_one_in_force_per_pair"):
        PairingRule.objects.create(
            kind="forbid", city_a=wuxi, city_b=san_antonio, set_by=administrator
        )
