"""What pages of officers share."""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from apps.cities.officers import city_of
from apps.core.views import ServiceForm


class OfficerPage(LoginRequiredMixin):
    """A page that acts in the name of the city the person speaks for, `self.city`."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        city = city_of(request.user)
        if city is None:
            raise PermissionDenied
        self.city = city
        return super().dispatch(request, *args, **kwargs)


class OfficerForm(OfficerPage, ServiceForm):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(city=self.city, **kwargs)
