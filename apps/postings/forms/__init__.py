from apps.postings.forms.attach import AttachForm
from apps.postings.forms.catalogue import Catalogue, ItemField, listed_items
from apps.postings.forms.edit import EditForm, NeedEditForm, OfferEditForm
from apps.postings.forms.sheet import PostingSheet

__all__ = [
    "AttachForm",
    "Catalogue",
    "EditForm",
    "ItemField",
    "NeedEditForm",
    "OfferEditForm",
    "PostingSheet",
    "listed_items",
]
