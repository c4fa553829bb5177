import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField, QuantityField
from apps.deliveries.models import DifferenceReason, HoldReason
from apps.ledger.models import Party, PartyKind

NOT_A_PLACE = [
    choice for choice in PartyKind.choices if choice[0] not in ("city", "state", "person", "group")
]


class DispatchForm(forms.Form):
    quantity = QuantityField(label=_("Quantity sent"))
    dispatched_on = DateField(label=_("Sent on"))
    carrier = forms.CharField(label=_("Carrier"), max_length=120, required=False)
    tracking = forms.CharField(label=_("Tracking number"), max_length=120, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    giver_name = forms.CharField(
        label=_("Given by, if not the city itself"),
        max_length=300,
        required=False,
        help_text=_("The company, foundation or association behind it. Public: no persons."),
    )
    giver_kind = forms.ChoiceField(
        label=_("Which is a"), choices=[("", "–"), *NOT_A_PLACE], required=False
    )
    submission = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, remembered: Party | None = None, **kwargs: Any) -> None:
        """`remembered` is the party that the city adopted the offer from, if any."""
        super().__init__(*args, **kwargs)
        self.initial.setdefault("submission", uuid.uuid4())
        if remembered:
            self.fields["giver"] = forms.ModelChoiceField(
                Party.objects.filter(pk=remembered.pk),
                label=_("Given by"),
                required=False,
                initial=remembered,
                empty_label=_("the city itself, or who is named below"),
            )
            self.order_fields(["quantity", "dispatched_on", "giver", "giver_name", "giver_kind"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("giver_name") and not data.get("giver_kind"):
            self.add_error("giver_kind", _("Choose what kind of giver this is."))
        return data


class HoldForm(forms.Form):
    reason = forms.ChoiceField(label=_("Held by"), choices=HoldReason.choices)
    since = DateField(label=_("Since"))
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class ReleaseForm(forms.Form):
    until = DateField(label=_("Released on"))


class ReceiveForm(forms.Form):
    quantity = QuantityField(label=_("Quantity received"), may_be_zero=True)
    received_on = DateField(label=_("Received on"))
    difference = forms.ChoiceField(
        label=_("If it differs from what was sent, why?"),
        choices=DifferenceReason.choices,
        required=False,
    )
    difference_note = forms.CharField(
        label=_("About the difference"), max_length=300, required=False
    )


class DistributeForm(forms.Form):
    recipient = forms.CharField(
        label=_("Where it went"), max_length=300, help_text=_("For example the name of a hospital.")
    )
    kind = forms.ChoiceField(label=_("Which is a"), choices=NOT_A_PLACE, initial="hospital")
    quantity = QuantityField(label=_("Quantity"))
    given_on = DateField(label=_("Date"), required=False)
