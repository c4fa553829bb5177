from apps.postings.services.attachments import attach_file, remove_attachment
from apps.postings.services.library import count_opening, share_resource
from apps.postings.services.life import (
    draft_posting,
    edit_posting,
    expire_posting,
    hold_posting,
    publish_posting,
    release_posting,
    renew_posting,
    withdraw_posting,
)
from apps.postings.services.lines import LineRefused, draft_postings, publish_postings
from apps.postings.services.quantities import fulfil, give_back, reserve

__all__ = [
    "LineRefused",
    "attach_file",
    "count_opening",
    "draft_posting",
    "draft_postings",
    "edit_posting",
    "expire_posting",
    "fulfil",
    "give_back",
    "hold_posting",
    "publish_posting",
    "publish_postings",
    "release_posting",
    "remove_attachment",
    "renew_posting",
    "reserve",
    "share_resource",
    "withdraw_posting",
]
