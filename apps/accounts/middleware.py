from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language_from_path

from apps.core.zones import zone_of

GetResponse = Callable[[HttpRequest], HttpResponse]


class PersonLanguage:
    """An address that names no language leads a signed-in person to the page in their own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not get_language_from_path(request.path_info) and request.user.is_authenticated:
            translation.activate(request.user.language)
        return self.get_response(request)


class PersonTimeZone:
    """Times are shown in the signed-in person's time zone; visitors see UTC."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        zone = request.user.time_zone if request.user.is_authenticated else "UTC"
        with timezone.override(zone_of(zone)):
            return self.get_response(request)


class PrivatePages:
    """What a signed-in person sees is theirs alone: no cache may keep it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response
