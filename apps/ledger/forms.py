import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.forms import DateField, QuantityField, VisitorForm
from apps.core.lookups import LookupField
from apps.ledger.models import LedgerEntry, PartyKind
from apps.postings.forms import ItemField, listed_items
from apps.postings.models import Item


class GiftForm(forms.Form):
    """Help given outside a match, by the city that the person speaks for."""

    receiver = LookupField(
        City.objects.acting(),
        suggests="cities:city_lookup",
        label=_("Given to"),
        help_text=_("Type a part of its name, in English or Chinese."),
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
        self.fields["receiver"].queryset = City.objects.acting().exclude(pk=city.pk)
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


class QuestionForm(VisitorForm):
    text = forms.CharField(
        label=_("Your question"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Public once it is answered: no names of persons, no telephone numbers."),
    )
    name = forms.CharField(
        label=_("Your name"), max_length=120, required=False, help_text=_("Not published.")
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        required=False,
        help_text=_("Not published. Only for a coordinator who wants to ask back."),
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Answer"),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Public, on the entry's page. An entry is never changed: say what is right."),
    )


class OutsideOfferForm(VisitorForm):
    kind = forms.ChoiceField(
        label=_("Who gives?"),
        choices=[
            (kind, kind.label)
            for kind in (PartyKind.COMPANY, PartyKind.ASSOCIATION, PartyKind.PERSON)
        ],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label=_("Name"), max_length=200)
    may_be_named = forms.BooleanField(
        label=_("The public ledger may name the giver"), required=False
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("Seen by the city's officers and coordinators only."),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        help_text=_("Seen by the city's officers and coordinators only."),
    )
    city = LookupField(
        City.objects.acting(),
        suggests="cities:city_lookup",
        label=_("Through which city?"),
        help_text=_("Where the giver is at home. Type a part of its name, in English or Chinese."),
    )
    item = ItemField(Item.objects.none(), label=_("What can be given?"), empty_label=_("choose"))
    quantity = QuantityField(
        label=_("Quantity"),
        required=False,
        help_text=_("In the item's own unit. May stay empty for knowledge only."),
    )
    details = forms.CharField(
        label=_("Details"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Standard, certificates, from when, where it lies."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = listed_items()
