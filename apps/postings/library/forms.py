from typing import Any

from django import forms
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from apps.core.files import UploadField
from apps.postings.forms import ItemField, listed_items
from apps.postings.models import Item, Resource


class ShareForm(forms.ModelForm):
    """A manual, course or recording for the public library."""

    item = ItemField(Item.objects.none(), label=_("What is it?"), empty_label=_("choose"))
    details = forms.CharField(
        label=_("Details"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    url = forms.URLField(
        label=_("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    upload = UploadField(
        label=_("Or a file"), required=False, help_text=_("PDF, JPEG or PNG, up to 10 MB.")
    )

    class Meta:
        model = Resource
        fields = ["title", "url", "language", "licence"]

    field_order = ["item", "title", "url", "upload", "language", "licence", "details"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = listed_items().filter(is_knowledge=True)

    def _post_clean(self) -> None:
        """The service builds the row: nothing of the model is touched here."""
