import uuid
from collections.abc import Iterator
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, QuantityField, RowsField, refuse_too_large
from apps.postings.models import Item, Kind, Pack, Posting, Urgency


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
    """What the lines of needs and of offers share; `submission` makes sending one twice harmless."""

    kind: ClassVar[Kind]
    heading: ClassVar[Any]
    item = ItemField(Item.objects.none(), label=_("Item"), empty_label=_("choose"))
    quantity = QuantityField(label=_("Quantity"))
    confirm_quantity = forms.BooleanField(label=_("The large quantity is right"), required=False)
    pack = PackField(
        Pack.objects.none(),
        label=_("Counted in"),
        required=False,
        empty_label=_("the item's own unit"),
        help_text=_("Choose a pack if the quantity counts packs; it is converted."),
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
    smallest_lot = QuantityField(
        label=_("Smallest useful quantity"),
        required=False,
        help_text=_("Smaller parts are not proposed. Counted like the quantity."),
    )
    expires_on = DateField(
        label=_("Show until"), required=False, help_text=_("30 days from today if left empty.")
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)
    field_order = (
        *("item", "quantity", "confirm_quantity", "pack", "urgency", "needed_by"),
        *("available_from", "available_until", "details"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_unusual = False
        self.initial.setdefault("submission", uuid.uuid4())
        self.fields["item"].queryset = listed_items()
        self.fields["pack"].queryset = Pack.objects.select_related("item").order_by(
            "item__name", "units"
        )

    def usual_fields(self) -> list[forms.BoundField]:
        """Those that every posting asks for; the box that confirms, once there is a doubt."""
        hidden = RARE if self.is_unusual else (*RARE, "confirm_quantity")
        return [self[name] for name in self.fields if name not in hidden]

    def rare_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in RARE if name in self.fields]

    def uses_rare_fields(self) -> bool:
        return any(field.errors or field.value() for field in self.rare_fields())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("item") and data.get("quantity"):
            self.convert(data, data["item"], data["quantity"])
        data.pop("confirm_quantity", None)
        if not data.get("expires_on"):
            data.pop("expires_on", None)
        return data

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
        self.is_unusual = bool(usual and data["quantity"] > usual)
        if self.is_unusual and not data.get("confirm_quantity"):
            sentence = _(
                "%(quantity)s is far more than usual for this item (up to %(usual)s). If it is right,"
                " tick “The large quantity is right” below."
            )
            numbers = {"quantity": f"{data['quantity']:,}", "usual": f"{usual:,}"}
            self.add_error("quantity", ValidationError(sentence, params=numbers))


class NeedForm(PostingForm):
    kind = Kind.NEED
    heading = _("Post a need")
    urgency = forms.TypedChoiceField(
        label=_("Urgency"),
        choices=[
            (Urgency.CRITICAL, _("critical: lives depend on it within days")),
            (Urgency.URGENT, _("urgent: stocks end within two weeks")),
            (Urgency.SOON, _("soon: stocks end within two months")),
            (Urgency.PLANNED, _("planned: for later")),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how urgent the need is.")},
    )
    needed_by = DateField(label=_("Needed by"), required=False)
    substitutes = RowsField(
        Item.objects.none(),
        label=_("Also accepted instead"),
        required=False,
        widget=forms.SelectMultiple({"size": 4}),
        help_text=_("Items counted in the same unit that would serve as well."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitutes"].queryset = listed_items()


class OfferForm(PostingForm):
    kind = Kind.OFFER
    heading = _("Post an offer")
    available_from = DateField(label=_("Available from"), required=False)
    available_until = DateField(label=_("Available until"), required=False)


FORMS: dict[str | None, type[PostingForm]] = {form.kind: form for form in (NeedForm, OfferForm)}


class EditForm(PostingForm):
    """The same line, of a posting that exists: kind and city stay, `version` guards others' edits."""

    heading = _("Change this posting")
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
        super().__init__(*args, **kwargs)
        if posting.quantity is None:
            for name in COUNTED:
                del self.fields[name]
        self.fields["item"].queryset = in_catalogue_order(
            Item.objects.filter(Q(is_listed=True) | Q(pk=posting.item_id))
        )


class NeedEditForm(EditForm, NeedForm):
    pass


class OfferEditForm(EditForm, OfferForm):
    pass


RARE = ("smallest_lot", "substitutes", "expires_on")
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
