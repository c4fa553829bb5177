from apps.postings.models.attachment import Attachment
from apps.postings.models.catalogue import Category, Item, Pack, Synonym, Unit
from apps.postings.models.posting import Kind, Posting, Resource, Urgency

__all__ = [
    "Attachment",
    "Category",
    "Item",
    "Kind",
    "Pack",
    "Posting",
    "Resource",
    "Synonym",
    "Unit",
    "Urgency",
]
