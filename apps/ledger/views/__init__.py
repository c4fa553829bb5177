from apps.ledger.views.entries import LedgerList, download, verify
from apps.ledger.views.gifts import GiftConfirm, GiftCreate, GiftDetail, GiftList, GiftWithdraw
from apps.ledger.views.offers import (
    OutsideOfferAdopt,
    OutsideOfferCreate,
    OutsideOfferDecline,
    OutsideOfferDetail,
    OutsideOfferList,
)
from apps.ledger.views.questions import (
    QuestionAnswer,
    QuestionAsk,
    QuestionDetail,
    QuestionList,
    QuestionRefuse,
)

__all__ = [
    "GiftConfirm",
    "GiftCreate",
    "GiftDetail",
    "GiftList",
    "GiftWithdraw",
    "LedgerList",
    "OutsideOfferAdopt",
    "OutsideOfferCreate",
    "OutsideOfferDecline",
    "OutsideOfferDetail",
    "OutsideOfferList",
    "QuestionAnswer",
    "QuestionAsk",
    "QuestionDetail",
    "QuestionList",
    "QuestionRefuse",
    "download",
    "verify",
]
