import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from apps.cities.states import LiaisonState
from apps.core.states import InvalidTransition, Stateful, moves
from tests import factories

STATEFUL = [model for model in apps.get_models() if issubclass(model, Stateful)]


class Light(models.TextChoices):
    RED = "red", "red"
    GREEN = "green", "green"
    OFF = "off", "off"


def test_moves_have_every_state_as_a_key_when_some_have_no_way_out():
    table = moves(Light, {Light.RED: [Light.GREEN, Light.OFF], Light.GREEN: [Light.RED]})

    assert table == {
        "red": frozenset({"green", "off"}),
        "green": frozenset({"red"}),
        "off": frozenset(),
    }


def test_every_model_with_states_is_known_when_they_are_counted():
    assert {model._meta.label for model in STATEFUL} == {
        "cities.Liaison",
        "deliveries.Delivery",
        "ledger.Gift",
        "ledger.OutsideOffer",
        "ledger.Question",
        "matching.Match",
        "matching.Replay",
        "matching.Round",
        "pairings.Exchange",
        "pairings.Pairing",
        "postings.Posting",
    }


@pytest.mark.parametrize("model", STATEFUL, ids=lambda model: model._meta.label)
def test_moves_name_the_choices_and_nothing_else_when_a_model_has_states(model):
    states = [value for value, _ in model._meta.get_field("state").flatchoices]
    reached = {to for targets in model.MOVES.values() for to in targets}

    assert list(model.MOVES) == states
    assert reached <= set(states)
    assert all(state not in targets for state, targets in model.MOVES.items())
    assert reached | {model._meta.get_field("state").default} == set(states)


def test_liaison_may_become_what_the_table_says_when_it_is_asked():
    liaison = factories.LiaisonFactory.build(state="requested")

    may = [state for state in LiaisonState.values if liaison.may_become(state)]

    assert may == ["confirmed", "refused"]


def test_invalid_transition_says_who_is_what_when_it_is_raised():
    liaison = factories.LiaisonFactory.build(
        user__name="Ana", city__name_en="Wuxi", state="removed"
    )

    error = InvalidTransition(liaison, "confirmed")

    assert str(error) == "Ana – Wuxi is removed and cannot become confirmed."
    assert error.field == ""


def test_invalid_transition_speaks_chinese_when_the_page_does():
    city = factories.CityFactory.build(name_en="Wuxi", name_zh_hans="无锡")
    liaison = factories.LiaisonFactory.build(user__name="Ana", city=city, state="removed")

    with translation.override("zh-hans"):
        words = str(InvalidTransition(liaison, "confirmed"))

    assert "Ana – 无锡" in words
    assert "已确认" in words
    assert "cannot" not in words
