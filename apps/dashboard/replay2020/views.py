from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from apps.dashboard.replay2020.facts import read_facts
from apps.dashboard.replay2020.page import context_of
from apps.dashboard.replay2020.replay import replay_of
from apps.dashboard.replay2020.rows import write_csv


class Replay2020(TemplateView):
    template_name = "dashboard/replay_2020.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = read_facts()
        found = context_of(replay_of(facts.table), facts) if facts else {"facts": None}
        return super().get_context_data(**found, **kwargs)


@require_safe
def replay_2020_csv(request: HttpRequest) -> HttpResponse:
    """With a byte order mark, without which spreadsheets garble Chinese names."""
    facts = read_facts()
    if facts is None:
        raise Http404(_("The report's table is not loaded."))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="replay-2020.csv"'
    write_csv(response, replay_of(facts.table), facts)
    return response
