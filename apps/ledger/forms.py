import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.forms import DateField, QuantityField
from apps.ledger.models import LedgerEntry
from apps.postings.forms import ItemField, listed_items
from apps.postings.models import Item


class GiftForm(forms.Form):
    """Help given outside a match, by the city that the person speaks for."""

    receiver = forms.ModelChoiceField(
        City.objects.none(), label=_("Given to"), empty_label=_("choose")
    )
    item = ItemField(Item.objects.none(), label=_("Item"), empty_label=_("choose"))
    quantity = QuantityField(
        label=_("Quantity"),
        required=False,
        help_text=_("Leave empty if it is not known; it is then shown as not stated."),
    )
    given_on = DateField(label=_("Given on"), required=False)
    purchased_with = forms.ModelChoiceField(
        LedgerEntry.objects.none(),
        label=_("Bought with an earlier gift of money"),
        required=False,
        empty_label=_("no"),
        help_text=_("So that totals count it once."),
    )
    note = forms.CharField(
        label=_("Note"), required=False, max_length=600, widget=forms.Textarea({"rows": 2})
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, city: City, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())
        others = City.objects.acting().exclude(pk=city.pk)
        self.fields["receiver"].queryset = others.order_by("country", "name_en")
        self.fields["item"].queryset = listed_items()
        self.fields["purchased_with"].queryset = LedgerEntry.objects.filter(
            giver__city=city, item__category__code="funds", reverses=None, reversed_by=None
        ).select_related("giver", "receiver")


class GiftConfirmForm(forms.Form):
    quantity = QuantityField(label=_("Quantity received"), required=False)
    note = forms.CharField(
        label=_("If it differs, why?"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
    )
