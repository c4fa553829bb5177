from apps.postings.models.catalogue import Category, Item, Pack, Synonym, Unit
from apps.postings.models.posting import Kind, Posting, Urgency
from apps.postings.models.resource import Resource, ResourceFile

__all__ = [
    "Category",
    "Item",
    "Kind",
    "Pack",
    "Posting",
    "Resource",
    "ResourceFile",
    "Synonym",
    "Unit",
    "Urgency",
]
