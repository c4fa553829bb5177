"""What another choice would cost the network, or bring it, exactly: worked out when somebody asks."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.matching.engine import Alternatives, Gain, Loss
from apps.matching.models import PairingProposal
from apps.matching.names import DatabaseNames
from apps.matching.services.comparing import pairing_result_of
from apps.matching.snapshot import Snapshot
from apps.matching.words import percent


@dataclass(frozen=True)
class Alternative:
    """One of the two cities with another partner, `score` in percent, or with none: it left, or a
    second one like it came."""

    city: str
    partner: str
    score: int | None
    effect: str


def alternatives_to(proposal: PairingProposal) -> Iterator[Alternative]:
    """The next-best partners that the round named for both cities, the network without each of the
    two and, on two sides, with a second city like it: all with their exact effect. Nothing for a
    pinned pair, which stands anyhow.
    """
    if any(reason["code"] == "pinned" for reason in proposal.reasons):
        return
    named = [reason for reason in proposal.reasons if reason["code"] == "next_best"]
    snapshot = Snapshot.from_text(proposal.round.snapshot)
    network = Alternatives(snapshot.pairing, pairing_result_of(proposal.round))
    names = DatabaseNames(named)
    for reason in named:
        yield Alternative(
            city=names.city(reason["city"]),
            partner=names.city(reason["partner"]),
            score=percent(reason["score"]),
            effect=in_words(network.pin(reason["city"], reason["partner"])),
        )
    for city in proposal.pairing.cities:
        nobody = _("nobody: if it took no part")
        yield Alternative(str(city), nobody, None, in_words(network.without(city.code)))
        if snapshot.pairing.sides == "two":
            another = _("if there were a second city like it")
            gain = gain_in_words(network.second(city.code))
            yield Alternative(str(city), another, None, gain)


def in_words(loss: Loss) -> str:
    if loss.lowers_benefit:
        return _("It lowers the benefit of the worst off.")
    if loss.worth:
        return _(
            "It leaves more cities without a counterpart (%(worth)d, a critical one counts twice)."
        ) % {"worth": loss.worth}
    if not loss.score:
        return _("It costs the network nothing.")
    return _("It costs the network %(points).2f points.") % {"points": loss.score / 10_000}


def gain_in_words(gain: Gain) -> str:
    if gain.worth:
        return _(
            "It lets more cities have a counterpart (%(worth)d, a critical one counts twice)."
        ) % {"worth": gain.worth}
    if not gain.score:
        return _("It brings the network nothing.")
    return _("It brings the network %(points).2f points.") % {"points": gain.score / 10_000}
