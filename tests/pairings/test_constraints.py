import pytest

from apps.pairings.models import (
    CounterpartSupport,
    Exchange,
    Message,
    Pairing,
    PairingRule,
    PairingSide,
)
from tests import factories
from tests.database import by_sql, names_of, refused_by
from tests.unchanged import nothing_changes


def test_the_database_refuses_a_pairing_when_its_state_is_not_known(pairing):
    with nothing_changes(), refused_by(Pairing, "pairings_pairing_state_known"):
        by_sql(pairing(), state="engaged")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("pairings_side_position_once", {"position": 0}),
        ("pairings_side_city_once", {"city": "left"}),
        ("pairings_side_left_or_right", {"position": 2}),
    ],
)
def test_the_database_refuses_a_side_when_it_breaks(pairing, wuxi, name, values):
    right = pairing().sides.get(position=1)

    with nothing_changes(), refused_by(PairingSide, name):
        by_sql(right, **{key: wuxi if value == "left" else value for key, value in values.items()})


def test_the_database_refuses_a_historic_support_when_it_stands_already(wuxi):
    row = {"province": factories.StateFactory(), "city": wuxi, "announced_on": "2020-02-10"}
    CounterpartSupport.objects.create(**row, verification="verified", source="a")

    with nothing_changes(), refused_by(CounterpartSupport, "pairings_counterpartsupport_once"):
        CounterpartSupport.objects.create(**row, verification="partly", source="b")


def test_every_constraint_is_tested_when_a_model_has_a_new_one():
    tested = {
        "pairings_pairing_state_known",
        "pairings_side_position_once",
        "pairings_side_city_once",
        "pairings_side_left_or_right",
        "pairings_counterpartsupport_once",
        "pairings_side_one_live_per_city",  # test_slots.py
        "pairings_rule_smaller_id_first",  # test_rules.py
        "pairings_rule_one_in_force_per_pair",
        "pairings_exchange_state_known",  # test_exchanges.py
        "pairings_exchange_link_is_https",
        "pairings_pairing_reviewed_within_its_term",  # test_reviews.py
    }

    models = (Pairing, PairingSide, PairingRule, Exchange, Message, CounterpartSupport)
    assert names_of(*models) == tested
