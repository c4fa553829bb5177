"""The one door for states, walked through for every model, from every state to every state."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.translation import get_language

from apps.audit import services
from apps.audit.models import AuditEntry
from apps.audit.services import transition, transition_many
from apps.core.states import InvalidTransition, Stateful
from tests import factories
from tests.unchanged import fingerprint, nothing_changes

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Callable[..., Stateful]] = {
    "cities.Liaison": factories.LiaisonFactory,
    "deliveries.Delivery": factories.DeliveryFactory,
    "ledger.Gift": factories.GiftFactory,
    "ledger.OutsideOffer": factories.OutsideOfferFactory,
    "ledger.Question": factories.QuestionFactory,
    "matching.Match": factories.MatchFactory,
    "matching.Replay": factories.ReplayFactory,
    "matching.Round": factories.RoundFactory,
    "pairings.Exchange": factories.ExchangeFactory,
    "pairings.Pairing": factories.PairingFactory,
    "postings.Posting": factories.NeedFactory,
}
WITH: dict[tuple[str, str], Callable[[], dict[str, Any]]] = {
    ("deliveries.Delivery", "received"): lambda: {"received_quantity": 100},
    ("ledger.Question", "answered"): lambda: {"answer": "It is."},
    ("ledger.OutsideOffer", "adopted"): lambda: {
        "posting_id": factories.OfferFactory().pk,
        "party_id": factories.PartyFactory().pk,
    },
}
STATES = {
    model._meta.label: list(model.MOVES)
    for model in apps.get_models()
    if issubclass(model, Stateful)
}
STARTS = [(label, state) for label, states in STATES.items() for state in states]
MOVES = [
    (label, old, new) for label, old in STARTS for new in sorted(apps.get_model(label).MOVES[old])
]


def test_every_model_has_a_maker_when_states_are_walked_through():
    assert MAKERS.keys() == STATES.keys()


@pytest.mark.parametrize(("label", "old", "new"), MOVES)
def test_row_moves_with_one_audit_row_when_the_table_allows_it(label, old, new, coordinator, now):
    row = MAKERS[label](state=old)
    fields = WITH.get((label, new), dict)()
    before = fingerprint()

    transition(row, new, verb="move", by=coordinator, now=now, reason="because", **fields)

    after = fingerprint()
    columns = {"state": new, "state_since": now, "state_reason": "because", **fields}
    assert after[label] == [
        values | (columns if values["id"] == row.pk else {}) for values in before[label]
    ]
    assert after["audit.AuditEntry"] == [
        {
            "id": AuditEntry.objects.get().pk,
            "at": now,
            "actor_id": coordinator.pk,
            "verb": "move",
            "subject_kind": label.lower(),
            "subject_id": str(row.pk),
            "subject_label": str(row),
            "before": old,
            "after": new,
            "reason": "because",
        }
    ]
    assert {name for name in after if after[name] != before[name]} == {label, "audit.AuditEntry"}
    assert (row.state, row.state_since, row.state_reason) == (new, now, "because")


@pytest.mark.parametrize(("label", "old"), STARTS)
def test_row_stays_when_the_table_does_not_allow_the_move(label, old, coordinator, now):
    row = MAKERS[label](state=old)
    refusals = [state for state in STATES[label] if state not in row.MOVES[old]]
    said = []

    with nothing_changes():
        for new in refusals:
            with pytest.raises(InvalidTransition) as refused:
                transition(row, new, verb="move", by=coordinator, now=now)
            said.append(str(refused.value))

    assert row.state == old
    assert said == [
        f"{row} is {row.get_state_display()} and cannot become {row.state_label(new)}."
        for new in refusals
    ]


def test_second_of_two_copies_loses_when_both_move_the_row(coordinator, administrator, now):
    first = factories.LiaisonFactory(state="requested")
    second = type(first).objects.get(pk=first.pk)
    transition(first, "confirmed", verb="confirm", by=coordinator, now=now)

    with nothing_changes(), pytest.raises(InvalidTransition) as refused:
        transition(second, "refused", verb="refuse", by=administrator, now=now)

    assert str(refused.value) == f"{first} is confirmed and cannot become refused."
    assert second.state == "confirmed"
    assert AuditEntry.objects.count() == 1


def test_second_copy_loses_when_both_make_the_same_move(coordinator, now):
    first = factories.NeedFactory(state="open")
    second = type(first).objects.get(pk=first.pk)
    transition(first, "held", verb="hold", by=coordinator, now=now, reason="first")

    with nothing_changes(), pytest.raises(InvalidTransition):
        transition(second, "held", verb="hold", by=coordinator, now=now, reason="second")


def test_reason_of_the_last_state_is_gone_when_the_next_move_has_none(coordinator, now):
    row = factories.NeedFactory(state="held", state_reason="a question")

    transition(row, "open", verb="release", by=coordinator, now=now)

    row.refresh_from_db()
    assert (row.state, row.state_reason) == ("open", "")


def test_move_is_the_systems_when_nobody_did_it(now):
    row = factories.NeedFactory(state="open")

    transition(row, "expired", verb="expire_posting", by=None, now=now)

    assert AuditEntry.objects.get().actor is None


def test_all_rows_move_by_two_statements_when_moved_together(
    coordinator, now, django_assert_num_queries
):
    rows = [factories.RoundFactory(state="finished") for _ in range(3)]
    matches = [factories.MatchFactory(state="proposed", round=rows[0]) for _ in range(3)]
    other = factories.MatchFactory(state="proposed")
    chosen = type(other).objects.described().filter(round=rows[0])
    names = {str(match.pk): str(match) for match in matches}

    with django_assert_num_queries(4):  # one to lock, one for the names
        moved = transition_many(
            chosen, "expired", verb="expire_match", by=None, now=now, reason="superseded"
        )

    other.refresh_from_db()
    assert moved == 3
    assert other.state == "proposed"
    stored = chosen.order_by("pk").values_list("state", "state_since", "state_reason")
    assert list(stored) == [("expired", now, "superseded")] * 3
    entries = AuditEntry.objects.values_list(
        "subject_id", "subject_label", "before", "after", "reason", "at"
    )
    assert sorted(entries) == sorted(
        (pk, name, "proposed", "expired", "superseded", now) for pk, name in names.items()
    )


def test_all_rows_move_when_they_are_more_than_one_statement_names(now, monkeypatch):
    monkeypatch.setattr(services, "TOGETHER", 2)
    rows = type(factories.MatchFactory(state="proposed")).objects.all()
    factories.MatchFactory(state="proposed")
    factories.MatchFactory(state="proposed")

    moved = transition_many(rows, "expired", verb="expire_match", by=None, now=now)

    assert moved == 3
    assert set(rows.values_list("state", flat=True)) == {"expired"}
    assert AuditEntry.objects.count() == 3


def test_rows_are_named_in_english_as_the_caller_says_when_moved_together(now):
    match = factories.MatchFactory(state="proposed")

    with translation.override("zh-hans"):
        transition_many(
            type(match).objects.all(),
            "expired",
            verb="expire_match",
            by=None,
            now=now,
            labels=lambda rows: {row.pk: f"{row.pk} {get_language()}" for row in rows},
        )

    assert AuditEntry.objects.get().subject_label == f"{match.pk} en"


def test_no_row_moves_when_one_of_them_may_not(coordinator, now):
    one = factories.MatchFactory(state="proposed")
    other = factories.MatchFactory(state="rejected")

    with nothing_changes(), pytest.raises(InvalidTransition) as refused:
        transition_many(
            type(one).objects.order_by("pk"), "expired", verb="expire", by=None, now=now
        )

    assert str(refused.value) == f"{other} is rejected and cannot become expired."


def test_nothing_is_written_when_there_is_no_row_to_move(now):
    rows = apps.get_model("matching.Match").objects.all()

    with nothing_changes():
        moved = transition_many(rows, "expired", verb="expire", by=None, now=now)

    assert moved == 0


def test_move_never_goes_unnoticed_when_it_is_dated(coordinator, now):
    row = factories.NeedFactory(state="open")
    earlier = now - timedelta(days=400)

    transition(row, "held", verb="hold", by=coordinator, now=earlier)

    assert AuditEntry.objects.get().at == earlier
    assert row.state_since == earlier
