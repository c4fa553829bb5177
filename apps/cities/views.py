from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.db import models
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import DetailView

from apps.cities import services
from apps.cities.filters import TieFilter
from apps.cities.forms import LiaisonForm
from apps.cities.models import City, Liaison, SisterTie
from apps.core.forms import OptionalReasonForm, ReasonForm
from apps.core.lookups import suggestions
from apps.core.views import FilteredList, ServiceForm, VerbView


@require_safe
def city_lookup(request: HttpRequest) -> JsonResponse:
    """Suggestions for a field that asks for a city."""
    return suggestions(request, City.objects.acting().select_related("parent").by_name())


class TieList(FilteredList):
    queryset = SisterTie.objects.select_related("city_a", "city_b").order_by("city_a__name", "pk")
    filterset_class = TieFilter
    template_name = "cities/sistertie_list.html"


class LiaisonRequest(ServiceForm):
    form_class = LiaisonForm
    heading = _("Speak for a city")
    lead = _(
        "Tell us which city you speak for and how to check it. A coordinator confirms you; until then"
        " you see what every visitor sees."
    )
    button = _("Ask for confirmation")
    success_message = _("Your request is with the coordinators. You will get a mail.")

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.request_liaison(by=self.request.user, now=timezone.now(), **data)


class LiaisonDetail(LoginRequiredMixin, DetailView):
    template_name = "cities/liaison_detail.html"

    def get_queryset(self) -> models.QuerySet[Liaison]:
        return Liaison.objects.visible_to(self.request.user).select_related(
            "user", "city", "decided_by"
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """`then`: both verbs lead back to where the reader came from."""
        back = self.request.GET.get("next")
        then = f"?{urlencode({'next': back})}" if back else ""
        return super().get_context_data(refuse=ReasonForm(), then=then, **kwargs)


class LiaisonConfirm(VerbView):
    model = Liaison
    permission = "cities.confirm_liaison"
    service = services.confirm_liaison
    heading = _("Confirm this officer")
    button = _("Confirm")
    success_message = _("%(subject)s is confirmed and has been told.")


class LiaisonRefuse(VerbView):
    model = Liaison
    permission = "cities.confirm_liaison"
    service = services.refuse_liaison
    form_class = ReasonForm
    heading = _("Refuse this request")
    button = _("Refuse")
    hurts = True
    success_message = _("The request was refused and the person has been told why.")


class LiaisonRemove(VerbView):
    model = Liaison
    permission = "cities.remove_liaison"
    service = services.remove_liaison
    form_class = OptionalReasonForm
    heading = _("No longer speak for this city")
    button = _("Remove")
    hurts = True
    success_message = _("%(subject)s: removed. From now on nothing can be done in the city's name.")
