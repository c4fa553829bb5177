from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.states import moves


class PostingState(models.TextChoices):
    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    HELD = "held", _("on hold")
    FULFILLED = "fulfilled", _("fulfilled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


POSTING_MOVES = moves(
    PostingState,
    {
        PostingState.DRAFT: [PostingState.OPEN, PostingState.WITHDRAWN],
        PostingState.OPEN: [
            PostingState.HELD,
            PostingState.FULFILLED,
            PostingState.WITHDRAWN,
            PostingState.EXPIRED,
        ],
        PostingState.HELD: [
            PostingState.OPEN,
            PostingState.FULFILLED,
            PostingState.WITHDRAWN,
            PostingState.EXPIRED,
        ],
        PostingState.EXPIRED: [PostingState.OPEN, PostingState.FULFILLED],
    },
)
