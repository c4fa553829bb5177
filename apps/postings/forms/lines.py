from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, QuantityField, refuse_too_large
from apps.postings.forms.catalogue import Catalogue, ItemChoice, ItemsChoice, PackChoice
from apps.postings.models import Item, Pack, Urgency

URGENCIES = [
    (Urgency.CRITICAL, _("critical: lives depend on it within days")),
    (Urgency.URGENT, _("urgent: stocks end within two weeks")),
    (Urgency.SOON, _("soon: stocks end within two months")),
    (Urgency.PLANNED, _("planned: for later")),
]


class LineForm(forms.Form):
    """One thing and how much of it; packs become base units, and what was typed is kept beside."""

    rare: ClassVar[tuple[str, ...]] = ("smallest_lot",)

    item = ItemChoice(label=_("Item"))
    quantity = QuantityField(label=_("Quantity"))
    confirm_quantity = forms.BooleanField(label=_("The large quantity is right"), required=False)
    pack = PackChoice(label=_("Counted in"), required=False)
    smallest_lot = QuantityField(
        label=_("Smallest useful quantity"),
        required=False,
        help_text=_("Smaller parts are not proposed. Counted like the quantity."),
    )

    def __init__(self, *args: Any, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_unusual = False
        self.fields["item"].offer(catalogue)
        if "pack" in self.fields:
            self.fields["pack"].offer(catalogue, str(self["item"].value() or ""))

    def rare_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.rare if name in self.fields]

    def uses_rare_fields(self) -> bool:
        return any(field.errors or field.value() for field in self.rare_fields())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("item") and data.get("quantity"):
            self.convert(data, data["item"], data["quantity"])
        data.pop("confirm_quantity", None)
        return data

    def convert(self, data: dict[str, Any], item: Item, entered: int) -> None:
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
        self.doubt(data["quantity"], item.usual_quantity, confirmed=data.get("confirm_quantity"))

    def doubt(self, quantity: int, usual: int | None, *, confirmed: bool | None) -> None:
        """Ask back once about what is far more than usual."""
        self.is_unusual = bool(usual and quantity > usual)
        if self.is_unusual and not confirmed:
            sentence = _(
                "%(quantity)s is far more than usual for this item (up to %(usual)s). If it is right,"
                " tick “The large quantity is right” below."
            )
            numbers = {"quantity": f"{quantity:,}", "usual": f"{usual:,}"}
            self.add_error("quantity", ValidationError(sentence, params=numbers))


class NeedLine(LineForm):
    rare = ("urgency", "needed_by", "smallest_lot", "substitutes")

    urgency = forms.TypedChoiceField(
        label=_("Urgency of this line"),
        choices=[("", _("as for all lines")), *URGENCIES],
        coerce=int,
        empty_value=None,
        required=False,
    )
    needed_by = DateField(label=_("This line is needed by"), required=False)
    substitutes = ItemsChoice(
        label=_("Also accepted instead"),
        required=False,
        widget=forms.SelectMultiple({"size": 4}),
        help_text=_("Items counted in the same unit that would serve as well."),
    )

    def __init__(self, *args: Any, catalogue: Catalogue, **kwargs: Any) -> None:
        super().__init__(*args, catalogue=catalogue, **kwargs)
        self.fields["substitutes"].offer(catalogue)


class OfferLine(LineForm):
    rare = ("available_from", "available_until", "smallest_lot")

    available_from = DateField(label=_("This line is available from"), required=False)
    available_until = DateField(label=_("This line is available until"), required=False)
