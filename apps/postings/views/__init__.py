from apps.postings.views.attachments import (
    AttachmentRemove,
    PostingAttach,
    attachment_download,
)
from apps.postings.views.sheet import PostingCreate, SheetView
from apps.postings.views.verbs import (
    PostingEdit,
    PostingHold,
    PostingList,
    PostingPublish,
    PostingRelease,
    PostingRenew,
    PostingWithdraw,
)

__all__ = [
    "AttachmentRemove",
    "PostingAttach",
    "PostingCreate",
    "PostingEdit",
    "PostingHold",
    "PostingList",
    "PostingPublish",
    "PostingRelease",
    "PostingRenew",
    "PostingWithdraw",
    "SheetView",
    "attachment_download",
]
