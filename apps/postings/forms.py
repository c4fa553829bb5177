import uuid
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, QuantityField, RowsField, refuse_too_large
from apps.postings.models import Item, Kind, Pack, Posting, Resource, Urgency


class ItemsByCategory(forms.models.ModelChoiceIterator):
    """Items under their category's name, so that a long list can be read."""

    def __iter__(self) -> Iterator[Any]:
        yield ("", self.field.empty_label)
        for category, items in groupby(self.queryset, key=lambda item: item.category):
            yield (str(category), [self.choice(item) for item in items])


class ItemField(forms.ModelChoiceField):
    iterator = ItemsByCategory

    def label_from_instance(self, item: Any) -> str:
        return f"{item} ({item.get_unit_display()})"


class PackField(forms.ModelChoiceField):
    def label_from_instance(self, pack: Any) -> str:
        return f"{pack.item}: {pack} ({pack.units} {pack.item.get_unit_display()})"


def in_catalogue_order(items: Any) -> Any:
    return items.select_related("category").order_by("category__rank", "category_id", "name")


def listed_items() -> Any:
    return in_catalogue_order(Item.objects.filter(is_listed=True))


class PostingForm(forms.Form):
    """One line of a need or an offer; `submission` makes sending it twice harmless."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=Kind.choices, widget=forms.RadioSelect)
    item = ItemField(Item.objects.none(), label=_("Item"), empty_label=_("choose"))
    quantity = QuantityField(label=_("Quantity"))
    pack = PackField(
        Pack.objects.none(),
        label=_("Counted in"),
        required=False,
        empty_label=_("the item's own unit"),
        help_text=_("Choose a pack if the quantity counts packs; it is converted."),
    )
    confirm_quantity = forms.BooleanField(label=_("The large quantity is right"), required=False)
    urgency = forms.TypedChoiceField(
        label=_("How urgent (needs)"),
        choices=[
            ("", _("not for offers")),
            (Urgency.CRITICAL, _("critical: lives depend on it within days")),
            (Urgency.URGENT, _("urgent: stocks end within two weeks")),
            (Urgency.SOON, _("soon: stocks end within two months")),
            (Urgency.PLANNED, _("planned: for later")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    needed_by = DateField(label=_("Needed by (needs)"), required=False)
    available_from = DateField(label=_("Available from (offers)"), required=False)
    available_until = DateField(label=_("Available until (offers)"), required=False)
    smallest_lot = QuantityField(
        label=_("Smallest useful quantity"),
        required=False,
        help_text=_("Smaller parts are not proposed. Counted like the quantity."),
    )
    substitutes = RowsField(
        Item.objects.none(),
        label=_("Also accepted instead (needs)"),
        required=False,
        widget=forms.SelectMultiple({"size": 4}),
    )
    expires_on = DateField(
        label=_("Show until"), required=False, help_text=_("30 days from today if left empty.")
    )
    details = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_(
            "For whom, which standard, which papers. Public: no names, no telephone numbers."
        ),
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())
        self.fields["item"].queryset = listed_items()
        self.fields["substitutes"].queryset = listed_items()
        self.fields["pack"].queryset = Pack.objects.select_related("item").order_by(
            "item__name", "units"
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("item") and data.get("quantity"):
            self.convert(data, data["item"], data["quantity"])
        self.check_kind(data, self.kind_of(data))
        data.pop("confirm_quantity", None)
        if not data.get("expires_on"):
            data.pop("expires_on", None)
        return data

    def kind_of(self, data: dict[str, Any]) -> str | None:
        return data.get("kind")

    def convert(self, data: dict[str, Any], item: Item, entered: int) -> None:
        """From packs to base units; what was typed is kept beside."""
        pack: Pack | None = data.get("pack")
        if pack and pack.item_id != item.pk:
            self.add_error("pack", _("This pack belongs to another item."))
            return
        units = pack.units if pack else 1
        try:
            data["entered_quantity"], data["quantity"] = entered, refuse_too_large(entered * units)
        except ValidationError as error:
            self.add_error("quantity", error)
            return
        data["smallest_lot"] = (data.get("smallest_lot") or 1) * units
        if data["smallest_lot"] > data["quantity"]:
            self.add_error("smallest_lot", _("This is more than the quantity."))
        usual = item.usual_quantity
        if usual and data["quantity"] > usual and not data.get("confirm_quantity"):
            sentence = _(
                "%(quantity)s is far more than usual for this item (up to %(usual)s). If it is right,"
                " tick “The large quantity is right” below."
            )
            numbers = {"quantity": f"{data['quantity']:,}", "usual": f"{usual:,}"}
            self.add_error("quantity", ValidationError(sentence, params=numbers))

    def check_kind(self, data: dict[str, Any], kind: str | None) -> None:
        """A need says how urgent it is; what belongs to the other kind is left out."""
        if kind == Kind.NEED:
            if not data.get("urgency") and "urgency" not in self.errors:
                self.add_error("urgency", _("Say how urgent the need is."))
            data["available_from"] = data["available_until"] = None
        else:
            data["urgency"] = data["needed_by"] = None
            data["substitutes"] = Item.objects.none()


class EditForm(PostingForm):
    """The same line, of a posting that exists: kind and city stay, `version` guards others' edits."""

    kind = None  # type: ignore[assignment]
    submission = None  # type: ignore[assignment]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, posting: Posting, **kwargs: Any) -> None:
        units = posting.pack.units if posting.pack else 1
        kwargs["initial"] = {
            **{name: getattr(posting, name) for name in COPIED},
            "quantity": posting.entered_quantity or posting.quantity,
            "smallest_lot": posting.smallest_lot // units,
            "substitutes": posting.substitutes.all(),
            "version": posting.version,
        }
        self.posting_kind = posting.kind
        super().__init__(*args, **kwargs)
        if posting.quantity is None:
            for name in COUNTED:
                del self.fields[name]
        self.fields["item"].queryset = in_catalogue_order(
            Item.objects.filter(Q(is_listed=True) | Q(pk=posting.item_id))
        )

    def kind_of(self, data: dict[str, Any]) -> str | None:
        return self.posting_kind


COUNTED = ("quantity", "pack", "confirm_quantity", "smallest_lot")
COPIED = (
    "item",
    "pack",
    "urgency",
    "needed_by",
    "available_from",
    "available_until",
    "expires_on",
    "details",
)


class ShareForm(forms.ModelForm):
    """A manual, course or recording for the public library."""

    item = ItemField(Item.objects.none(), label=_("What is it?"), empty_label=_("choose"))
    details = forms.CharField(
        label=_("Details"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    url = forms.URLField(
        label=_("Link"),
        max_length=500,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    class Meta:
        model = Resource
        fields = ["title", "url", "language", "licence"]

    field_order = ["item", "title", "url", "language", "licence", "details"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = listed_items().filter(is_knowledge=True)

    def _post_clean(self) -> None:
        """The service builds the row: nothing of the model is touched here."""
