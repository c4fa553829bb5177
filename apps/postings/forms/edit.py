from typing import Any, ClassVar

from django import forms

from apps.postings.forms.catalogue import Catalogue
from apps.postings.forms.head import NeedHead, OfferHead
from apps.postings.forms.lines import NeedLine, OfferLine
from apps.postings.models import Posting

COUNTED = ("quantity", "pack", "confirm_quantity", "smallest_lot")
OF_ALL_LINES = (
    *("urgency", "needed_by", "available_from", "available_until", "expires_on"),
    *("details", "language", "details_translation", "translation_language"),
)


def as_entered(posting: Posting) -> dict[str, Any]:
    """What its line of the form held."""
    units = posting.pack.units if posting.pack else 1
    lot = posting.smallest_lot // units
    return {
        "item": posting.item_id,
        "quantity": posting.entered_quantity or posting.quantity,
        "pack": posting.pack_id,
        "smallest_lot": lot if lot > 1 else None,
        "substitutes": [item.pk for item in posting.substitutes.all()],
    }


def as_shared(posting: Posting) -> dict[str, Any]:
    """What the head of the form held."""
    found = {name: getattr(posting, name) for name in OF_ALL_LINES}
    if not posting.translation_language:
        del found["translation_language"]
    return found


class EditForm(forms.Form):
    """Head and line of a posting that exists: kind and city stay, `version` guards others' edits."""

    rare: ClassVar[tuple[str, ...]] = ("smallest_lot",)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, posting: Posting, **kwargs: Any) -> None:
        kwargs["initial"] = {
            **as_shared(posting),
            **as_entered(posting),
            "version": posting.version,
        }
        self.catalogue = Catalogue(also=posting.item_id)
        super().__init__(*args, language=posting.language, catalogue=self.catalogue, **kwargs)
        if posting.quantity is None:
            for name in COUNTED:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("expires_on"):
            data.pop("expires_on", None)
        return data


class NeedEditForm(EditForm, NeedHead, NeedLine):
    rare = ("smallest_lot", "substitutes")


class OfferEditForm(EditForm, OfferHead, OfferLine):
    pass
