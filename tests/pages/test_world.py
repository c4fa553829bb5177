from apps.dashboard.invariants import check_invariants
from apps.deliveries.states import DeliveryState
from apps.ledger.states import GiftState
from apps.matching.states import MatchState, RoundState
from apps.pairings.states import ExchangeState, PairingState
from apps.postings.states import PostingState

STATES = {
    "need": PostingState,
    "offer": PostingState,
    "pairing": PairingState,
    "match": MatchState,
    "round": RoundState,
    "delivery": DeliveryState,
    "gift": GiftState,
    "exchange": ExchangeState,
}


def test_world_is_lawful_when_it_is_made(db, world):
    assert check_invariants() == []


def test_world_holds_every_state_of_everything(db, world):
    wanted = {f"{noun}.{state}": str(state) for noun, states in STATES.items() for state in states}

    found = {key: world[key].state for key in wanted}

    assert found == wanted
