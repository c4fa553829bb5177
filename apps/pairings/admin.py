from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City
from apps.core.admin import RecordAdmin, RecordInline, VerbAdmin
from apps.core.forms import OptionalReasonForm, ReasonForm
from apps.core.views import ServiceForm, VerbView
from apps.pairings import services, views
from apps.pairings.forms import acting_cities
from apps.pairings.models import (
    CounterpartSupport,
    Exchange,
    Pairing,
    PairingRule,
    PairingSide,
    RuleKind,
)


class PairingSuspend(VerbView):
    model = Pairing
    permission = "pairings.manage_pairing"
    service = services.suspend_pairing
    form_class = ReasonForm
    heading = _("Suspend this pairing")
    lead = _("Both cities keep their places; rounds no longer put the pair first.")
    button = _("Suspend")
    hurts = True
    success_message = _("Suspended: %(subject)s.")


class PairingResume(VerbView):
    model = Pairing
    permission = "pairings.manage_pairing"
    service = services.resume_pairing
    form_class = OptionalReasonForm
    heading = _("Resume this pairing")
    button = _("Resume")
    success_message = _("Resumed: %(subject)s.")


class PairingEnd(VerbView):
    model = Pairing
    permission = "pairings.manage_pairing"
    service = services.end_pairing
    form_class = ReasonForm
    heading = _("End this pairing")
    lead = _("For good. Its history stays; both cities are free for another pairing.")
    button = _("End")
    hurts = True
    success_message = _("Ended: %(subject)s.")


class RuleForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=RuleKind.choices)
    city = forms.ModelChoiceField(City.objects.none(), label=_("City"))
    city_b = forms.ModelChoiceField(City.objects.none(), label=_("Other city"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["city"].queryset = self.fields["city_b"].queryset = acting_cities()


class RuleSet(ServiceForm):
    form_class = RuleForm
    heading = _("Pin or forbid a pair")
    lead = _("A pinned pair must be proposed by the next round; a forbidden one never is.")
    button = _("Set")
    success_message = _("Set: %(subject)s.")

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.set_rule(
            data["kind"],
            data["city"],
            data["city_b"],
            by=self.request.user,
            now=timezone.now(),
            reason=data["reason"],
        )


class RuleLift(VerbView):
    model = PairingRule
    permission = "pairings.set_rule"
    service = services.lift_rule
    form_class = OptionalReasonForm
    heading = _("Lift this pin or forbid")
    button = _("Lift")
    success_message = _("Lifted: %(subject)s.")


class SideInline(RecordInline):
    model = PairingSide
    fields = ["position", "city", "live", "answer", "answered_by", "answered_at"]


@admin.register(Pairing)
class PairingAdmin(VerbAdmin):
    list_display = ["__str__", "state", "state_since", "proposed_by", "decided_by", "is_demo"]
    list_filter = ["state", "is_demo"]
    list_select_related = ["proposed_by", "decided_by"]
    search_fields = ["sides__city__name_en", "sides__city__name_zh_hans", "sides__city__code"]
    ordering = ["-pk"]
    inlines = [SideInline]
    opening = views.PairingPropose
    verbs = {
        "approve": (views.PairingApprove, ("proposed",)),
        "reject": (views.PairingReject, ("proposed",)),
        "cancel": (views.PairingCancel, ("approved",)),
        "suspend": (PairingSuspend, ("active",)),
        "resume": (PairingResume, ("suspended",)),
        "end": (PairingEnd, ("active", "suspended")),
    }

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).described()


@admin.register(PairingRule)
class PairingRuleAdmin(VerbAdmin):
    list_display = ["city_a", "city_b", "kind", "reason", "set_by", "created_at", "lifted_at"]
    list_filter = ["kind", ("lifted_at", admin.EmptyFieldListFilter)]
    list_select_related = ["city_a", "city_b", "set_by"]
    ordering = ["-pk"]
    opening = RuleSet
    verbs = {"lift": (RuleLift, ())}

    def verbs_of(self, row: Any) -> list[Any]:
        return [] if row.lifted_at else super().verbs_of(row)


@admin.register(Exchange)
class ExchangeAdmin(VerbAdmin):
    list_display = ["subject", "kind", "state", "takes_place_on", "count", "source", "is_demo"]
    list_filter = ["kind", "state", "is_demo"]
    search_fields = ["subject", "participants"]
    ordering = ["-pk"]
    verbs = {
        "hold": (views.ExchangeHold, ("planned",)),
        "cancel": (views.ExchangeCancel, ("planned",)),
    }


@admin.register(CounterpartSupport)
class CounterpartSupportAdmin(RecordAdmin):
    list_display = ["province", "city", "announced_on", "verification", "source"]
    list_filter = ["verification"]
    list_select_related = ["province", "city"]
    ordering = ["city", "province"]
