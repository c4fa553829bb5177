from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.validators import slug_re
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import DetailView

from apps.cities.models import City
from apps.cities.pages import OfficerForm
from apps.core.forms import ReasonForm
from apps.core.views import FilteredList, VerbView
from apps.core.zones import zone_of
from apps.pairings import services
from apps.pairings.filters import ExchangeFilter
from apps.pairings.forms import ExchangeForm
from apps.pairings.invitation import invitation
from apps.pairings.models import Exchange


class ExchangeList(FilteredList):
    queryset = (
        Exchange.objects.select_related("pairing")
        .prefetch_related("cities")
        .order_by("-takes_place_on", "-pk")
    )
    filterset_class = ExchangeFilter
    template_name = "pairings/exchange_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        decides = user.is_authenticated and user.decides
        return super().get_context_data(with_cancelled=decides, **kwargs)


class ExchangeDetail(DetailView):
    template_name = "pairings/exchange_detail.html"

    def get_queryset(self) -> models.QuerySet[Exchange]:
        return Exchange.objects.visible_to(self.request.user).prefetch_related("cities", "parties")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(local_times=local_times(self.object), **kwargs)


def local_times(exchange: Exchange) -> list[tuple[City, datetime]]:
    """When it begins for each of its cities; empty if no time is stated."""
    if exchange.starts_at is None:
        return []
    cities = exchange.cities.all()
    return [(city, exchange.starts_at.astimezone(zone_of(city.time_zone))) for city in cities]


class ExchangeCreate(OfficerForm):
    form_class = ExchangeForm
    heading = _("Enter an exchange")
    lead = _("A letter, call, conference, visit or session that is planned.")
    button = _("Enter")
    success_message = _("Entered: %(subject)s. The other side has been told.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "city": self.city}

    def get_initial(self) -> dict[str, Any]:
        """`?with=cn-js-wuxi` presets the other city, as from the room of a pairing."""
        codes = filter(slug_re.fullmatch, self.request.GET.getlist("with"))
        return {"cities": City.objects.filter(code__in=list(codes))}

    def call(self, data: dict[str, Any]) -> models.Model:
        cities = [self.city, *data.pop("cities")]
        return services.plan_exchange(cities, by=self.request.user, now=timezone.now(), **data)


@login_required
@require_safe
def exchange_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """The exchange as a file for calendars, for those who take part."""
    visible = Exchange.objects.visible_to(request.user).described()
    exchange = get_object_or_404(visible, pk=pk)
    if not request.user.has_perm("pairings.edit_exchange", exchange):
        raise PermissionDenied
    if exchange.takes_place_on is None:
        raise Http404
    text = invitation(exchange, host=request.get_host())
    headers = {"Content-Disposition": f'attachment; filename="exchange-{exchange.pk}.ics"'}
    return HttpResponse(text, content_type="text/calendar; charset=utf-8", headers=headers)


class ExchangeHold(VerbView):
    model = Exchange
    permission = "pairings.edit_exchange"
    service = services.hold_exchange
    heading = _("This exchange took place")
    button = _("It took place")
    success_message = _("Recorded: %(subject)s.")


class ExchangeCancel(VerbView):
    model = Exchange
    permission = "pairings.edit_exchange"
    service = services.cancel_exchange
    form_class = ReasonForm
    heading = _("Cancel this exchange")
    button = _("Cancel the exchange")
    hurts = True
    success_message = _("Cancelled: %(subject)s.")
    success_url = reverse_lazy("pairings:exchange_list")
