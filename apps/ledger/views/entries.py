from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_safe

from apps.core.views import FilteredList
from apps.ledger import chain, exports
from apps.ledger.filters import LedgerFilter
from apps.ledger.models import LedgerEntry
from apps.ledger.totals import totals

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class LedgerList(FilteredList):
    queryset = (
        LedgerEntry.objects.with_confirmation()
        .select_related("giver", "receiver", "item")
        .latest_first()
    )
    filterset_class = LedgerFilter
    template_name = "ledger/entry_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = LedgerEntry.objects.filter(pk__in=context["filter"].qs.order_by().values("pk"))
        return {**context, "totals": SimpleLazyObject(lambda: totals(entries))}


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


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    return render(request, "ledger/verify.html", {"verification": chain.verify()})
