from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.dashboard.queue import Filter
from apps.dashboard.stakes import KINDS
from apps.postings.models import Item, Urgency


class KeysForm(forms.Form):
    """Matches and pairings by their keys: "match-12,pairing-3"."""

    keys = forms.CharField(widget=forms.HiddenInput)

    def clean_keys(self) -> list[str]:
        return self.cleaned_data["keys"].split(",")


class QueueForm(forms.Form):
    """The filter of the queue; what is not understood filters nothing."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=lambda: [("", _("all")), *((code, capfirst(name)) for code, name in KINDS.items())],
        required=False,
    )
    urgency = forms.TypedChoiceField(
        label=_("Urgency"),
        choices=[("", _("all")), *Urgency.choices],
        coerce=int,
        empty_value=None,
        required=False,
    )
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    item = forms.ModelChoiceField(
        Item.objects.none(), label=_("Item"), empty_label=_("all"), required=False
    )
    mine = forms.BooleanField(label=_("Only what I may decide"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = Item.objects.filter(is_listed=True).order_by("name")

    def to_filter(self) -> Filter:
        self.is_valid()
        return Filter(**{name: self.cleaned_data[name] for name in self.cleaned_data})
