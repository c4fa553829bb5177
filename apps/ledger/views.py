from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import DetailView, ListView

from apps.cities.models import SisterTie
from apps.cities.pages import OfficerForm
from apps.core.forms import ReasonForm
from apps.core.views import FilteredList, VerbView
from apps.ledger import chain, exports, services
from apps.ledger.filters import LedgerFilter
from apps.ledger.forms import GiftConfirmForm, GiftForm
from apps.ledger.models import Gift, LedgerEntry
from apps.ledger.totals import totals

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SOURCES = {"delivery": _("delivery"), "gift": _("gift"), "match": _("match")}


class LedgerList(FilteredList):
    queryset = (
        LedgerEntry.objects.with_confirmation()
        .select_related("giver", "receiver", "item")
        .latest_first()
    )
    filterset_class = LedgerFilter
    template_name = "ledger/ledgerentry_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = LedgerEntry.objects.filter(pk__in=context["filter"].qs.order_by().values("pk"))
        return {**context, "totals": totals(entries)}


@require_safe
def download(request: HttpRequest, form: str) -> HttpResponseBase:
    """The entries of the same filter as a file; too many of them are refused with a page."""
    found = LedgerFilter(request.GET, LedgerEntry.objects.visible_to(request.user)).qs
    largest = exports.LARGEST[form]
    if found.count() > largest:
        context = {"largest": largest, "query": request.GET.urlencode()}
        return render(request, "ledger/too_many.html", context, status=422)
    name = f"counterpart-ledger-{timezone.now().date()}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if form == "csv":
        lines = exports.csv_lines(found)
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
    return HttpResponse(exports.xlsx_file(found), content_type=WORKBOOK, headers=headers)


class EntryDetail(DetailView):
    template_name = "ledger/ledgerentry_detail.html"
    slug_field = slug_url_kwarg = "number"

    def get_queryset(self) -> models.QuerySet[LedgerEntry]:
        return (
            LedgerEntry.objects.visible_to(self.request.user)
            .with_confirmation()
            .select_related(
                "giver__city",
                "receiver__city",
                "intermediary",
                "item",
                "reverses",
                "reversed_by",
                "purchased_with",
            )
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            has_tie=tie_between(self.object),
            purchases=self.object.purchases.order_by("number"),
            source=SOURCES.get(self.object.source_kind, self.object.source_kind),
            **kwargs,
        )


def tie_between(entry: LedgerEntry) -> bool | None:
    """Whether a sister tie joins the two places; None if one of them is no place."""
    places = [entry.giver.city_id, entry.receiver.city_id]
    if None in places:
        return None
    return SisterTie.objects.filter(city_a=min(places), city_b=max(places)).exists()


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "ledger/verify.html", {"verification": chain.verify()})


class GiftList(ListView):
    template_name = "ledger/gift_list.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Gift]:
        return (
            Gift.objects.visible_to(self.request.user)
            .select_related("giver", "receiver", "item")
            .order_by("-created_at", "-pk")
        )


class GiftDetail(DetailView):
    template_name = "ledger/gift_detail.html"

    def get_queryset(self) -> models.QuerySet[Gift]:
        return Gift.objects.visible_to(self.request.user).select_related(
            "giver__city", "receiver__city", "item", "recorded_by", "confirmed_by", "purchased_with"
        )


class GiftCreate(OfficerForm):
    form_class = GiftForm
    heading = _("Record a gift")
    lead = _(
        "For help your city gave outside any match. The receiving city confirms it; until then it is"
        " shown as recorded by one side only."
    )
    button = _("Record")
    success_message = _("Recorded: %(subject)s. The receiving city has been asked to confirm it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "city": self.city}

    def call(self, data: dict[str, Any]) -> models.Model:
        receiver = services.party_of(data.pop("receiver"))
        giver = services.party_of(self.city)
        return services.record_gift(
            giver=giver, receiver=receiver, by=self.request.user, now=timezone.now(), **data
        )


class GiftConfirm(VerbView):
    model = Gift
    permission = "ledger.confirm_gift"
    service = services.confirm_gift
    form_class = GiftConfirmForm
    heading = _("Confirm this gift")
    button = _("Confirm")
    success_message = _("Confirmed: %(subject)s.")

    def get_initial(self) -> dict[str, Any]:
        return {"quantity": self.object.quantity}


class GiftWithdraw(VerbView):
    model = Gift
    permission = "ledger.withdraw_gift"
    service = services.withdraw_gift
    form_class = ReasonForm
    heading = _("Withdraw this gift")
    lead = _("For a gift recorded by mistake. Its line in the ledger is reversed by a further one.")
    button = _("Withdraw")
    hurts = True
    success_message = _("Withdrawn: %(subject)s.")
    success_url = reverse_lazy("ledger:gift_list")
