"""Every kind of message: what it is about, and who may still receive it when it is sent.

A subject is named by model and id, so that this floor knows nothing of those above. The words stand
in templates/notifications/email/<code>.txt, the first line being the title.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Kind:
    code: str
    label: Any
    model: str
    permission: str

    @property
    def group(self) -> "Group":
        return GROUPS[self.model]


@dataclass(frozen=True)
class Group:
    """The kinds about one thing: what a reader filters by, and chooses mails by."""

    code: str
    label: Any
    icon: str


GROUPS = {
    "cities.liaison": Group("officers", _("Officers"), "person"),
    "postings.posting": Group("postings", _("Needs and offers"), "journal-text"),
    "ledger.gift": Group("gifts", _("Gifts"), "gift"),
    "ledger.question": Group("questions", _("Questions about the ledger"), "question-circle"),
    "ledger.outsideoffer": Group("outside_offers", _("Offers from outside"), "gift"),
    "pairings.pairing": Group("pairings", _("Pairings"), "arrow-left-right"),
    "pairings.message": Group("messages", _("Messages"), "chat-left-text"),
    "pairings.exchange": Group("exchanges", _("Exchanges"), "calendar-event"),
    "matching.round": Group("rounds", _("Rounds"), "arrow-repeat"),
    "matching.match": Group("matches", _("Matches"), "link-45deg"),
    "deliveries.delivery": Group("deliveries", _("Consignments"), "truck"),
}


CATALOGUE = (
    Kind(
        "officer_requested",
        _("Officer waits for confirmation"),
        "cities.liaison",
        "cities.confirm_liaison",
    ),
    Kind("officer_confirmed", _("Officer confirmed"), "cities.liaison", "cities.view_liaison"),
    Kind("officer_refused", _("Officer refused"), "cities.liaison", "cities.view_liaison"),
    Kind("officer_removed", _("Officer removed"), "cities.liaison", "cities.view_liaison"),
    Kind("posting_held", _("Posting on hold"), "postings.posting", "postings.edit_posting"),
    Kind("posting_released", _("Posting released"), "postings.posting", "postings.edit_posting"),
    Kind("posting_expired", _("Posting expired"), "postings.posting", "postings.edit_posting"),
    Kind("gift_to_confirm", _("Gift to confirm"), "ledger.gift", "ledger.confirm_gift"),
    Kind("gift_confirmed", _("Gift confirmed"), "ledger.gift", "ledger.view_gift"),
    Kind("question_asked", _("Entry questioned"), "ledger.question", "ledger.answer_question"),
    Kind("question_answered", _("Question answered"), "ledger.question", "ledger.view_question"),
    Kind("question_refused", _("Question refused"), "ledger.question", "ledger.view_question"),
    Kind(
        "outside_offer_made",
        _("Offer from outside"),
        "ledger.outsideoffer",
        "ledger.decline_outside_offer",
    ),
    Kind(
        "outside_offer_adopted",
        _("Your offer adopted"),
        "ledger.outsideoffer",
        "ledger.view_outside_offer",
    ),
    Kind(
        "outside_offer_declined",
        _("Your offer declined"),
        "ledger.outsideoffer",
        "ledger.view_outside_offer",
    ),
    Kind("pairing_proposed", _("Pairing proposed"), "pairings.pairing", "pairings.approve_pairing"),
    Kind(
        "pairing_approved",
        _("Pairing waits for your city"),
        "pairings.pairing",
        "pairings.answer_pairing",
    ),
    Kind("pairing_declined", _("Pairing declined"), "pairings.pairing", "pairings.follow_pairing"),
    Kind("pairing_active", _("Pairing active"), "pairings.pairing", "pairings.follow_pairing"),
    Kind(
        "pairing_suspended", _("Pairing suspended"), "pairings.pairing", "pairings.follow_pairing"
    ),
    Kind("pairing_resumed", _("Pairing resumed"), "pairings.pairing", "pairings.follow_pairing"),
    Kind("pairing_ended", _("Pairing ended"), "pairings.pairing", "pairings.follow_pairing"),
    Kind(
        "pairing_expired",
        _("Pairing expired unanswered"),
        "pairings.pairing",
        "pairings.follow_pairing",
    ),
    Kind(
        "pairing_cancelled", _("Pairing cancelled"), "pairings.pairing", "pairings.follow_pairing"
    ),
    Kind(
        "message_written",
        _("Message in the pairing's room"),
        "pairings.message",
        "pairings.view_message",
    ),
    Kind(
        "exchange_planned",
        _("Exchange planned"),
        "pairings.exchange",
        "pairings.edit_exchange",
    ),
    Kind("round_finished", _("Round finished"), "matching.round", "matching.view_round"),
    Kind("round_failed", _("Round failed"), "matching.round", "matching.view_round"),
    Kind(
        "match_approved", _("Match waits for your city"), "matching.match", "matching.answer_match"
    ),
    Kind("match_accepted", _("Match accepted"), "matching.match", "matching.follow_match"),
    Kind("match_declined", _("Match declined"), "matching.match", "matching.follow_match"),
    Kind("match_expired", _("Match expired unanswered"), "matching.match", "matching.follow_match"),
    Kind("match_cancelled", _("Match cancelled"), "matching.match", "matching.follow_match"),
    Kind(
        "delivery_dispatched",
        _("Consignment dispatched"),
        "deliveries.delivery",
        "deliveries.view_delivery",
    ),
    Kind("delivery_held", _("Consignment held"), "deliveries.delivery", "deliveries.view_delivery"),
    Kind(
        "delivery_released",
        _("Consignment released"),
        "deliveries.delivery",
        "deliveries.view_delivery",
    ),
    Kind(
        "delivery_received",
        _("Consignment received"),
        "deliveries.delivery",
        "deliveries.view_delivery",
    ),
    Kind("delivery_lost", _("Consignment lost"), "deliveries.delivery", "deliveries.view_delivery"),
)
KINDS = {kind.code: kind for kind in CATALOGUE}


def kinds_of(group: str) -> list[str]:
    return [kind.code for kind in CATALOGUE if kind.group.code == group]
