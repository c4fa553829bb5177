"""Pages for visitors, kept as long as they are true."""

from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeAlias, cast

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils import timezone
from django.utils.cache import get_conditional_response, set_response_etag

from apps.core.changes import data_version

PRIVATE_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}
LONGEST_ADDRESS = 500

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]
Kept: TypeAlias = tuple[dict[str, str], bytes]


class PageCache:
    """Answers a visitor from the pages this process has rendered since the data last changed.

    A page is kept under its address, the version of the data as it was before the page was
    rendered, and the day, since some pages count from today: what is found is never older than the
    question. It stands before the sessions, which it makes no use of, and keeps pages compressed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.compress = GZipMiddleware(get_response).process_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not may_be_answered(request):
            return self.get_response(request)
        key = key_of(request)
        kept: Kept | None = caches["pages"].get(key)
        if kept is None:
            response = self.get_response(request)
            if not may_be_kept(request, response):
                return response
            self.compress(request, set_response_etag(response))
            caches["pages"].set(key, (dict(response.items()), response.content))
        else:
            headers, content = kept
            response = HttpResponse(content, headers=headers)
        unchanged = get_conditional_response(request, etag=response["ETag"], response=response)
        return cast(HttpResponse, unchanged)


def may_be_answered(request: HttpRequest) -> bool:
    return (
        bool(settings.CACHED_PAGES)
        and request.method in ("GET", "HEAD")
        and PRIVATE_COOKIES.isdisjoint(request.COOKIES)
        and "HTTP_HX_REQUEST" not in request.META
        and len(request.get_full_path()) <= LONGEST_ADDRESS
    )


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """A page of the public ones that was not made for anybody: a CSRF token would set a cookie."""
    found = request.resolver_match
    return (
        request.method == "GET"
        and response.status_code == 200
        and found is not None
        and found.view_name in settings.CACHED_PAGES
        and not response.streaming
        and not response.cookies
    )


def key_of(request: HttpRequest) -> str:
    return fragment_key(
        request.get_host(),  # refused here, if it is not ours
        request.get_full_path(),
        bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))),
    )


def fragment_key(*parts: Any) -> str:
    """Of what depends on these parts, the reader's time zone, the day and the data."""
    zone = timezone.get_current_timezone_name()
    whole = (*parts, zone, timezone.now().date(), data_version())
    return blake2b(repr(whole).encode(), digest_size=16).hexdigest()
