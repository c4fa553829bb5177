"""What an officer sees before publishing: the lines as they would stand, and what others say to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView

from apps.cities.pages import OfficerPage
from apps.dashboard.hints import hints_for
from apps.postings import services
from apps.postings.models import Item, Kind, Posting
from apps.postings.views import SheetView

SIMILAR = 3
BUTTONS = ("csrfmiddlewaretoken", "pasted", "preview", "draft", "add", "remove", "paste", "change")


@dataclass(frozen=True)
class Line:
    """A posting as it would stand, what else would do, what others say of its item, and open ones
    of the same city that it may repeat.
    """

    posting: Posting
    substitutes: list[Item]
    hints: list[str]
    similar: list[Posting]


class PostingPreview(SheetView):
    def get(self, request: HttpRequest) -> HttpResponse:
        """Where a sign-in in between, or a reload, leads back to."""
        return HttpResponseRedirect(reverse("postings:posting_create"))

    def post(self, request: HttpRequest) -> HttpResponse:
        sheet = self.sheet(request.POST)
        with transaction.atomic():
            postings = self.keep(sheet, services.draft_postings)
            transaction.set_rollback(True)
        if not postings:
            return self.show(sheet, 422)
        substitutes = [row.get("substitutes", []) for row in sheet.rows().values()]
        context = {
            "city": self.city,
            "heading": sheet.heading,
            "shared": postings[0],
            "lines": self.lines(postings, substitutes),
            "sent": list(self.sent()),
        }
        return render(request, "dashboard/posting_preview.html", context)

    def lines(self, postings: list[Posting], substitutes: list[list[Item]]) -> list[Line]:
        items = {posting.item for posting in postings}
        hints = hints_for(self.city, self.kind, items)
        similar = Posting.objects.similar(self.city, self.kind, items).described()
        latest = similar.order_by("-opened_at")
        return [
            Line(
                posting,
                others,
                hints[posting.item_id],
                [one for one in latest if one.item_id == posting.item_id][:SIMILAR],
            )
            for posting, others in zip(postings, substitutes, strict=True)
        ]

    def sent(self) -> Iterator[tuple[str, str]]:
        """The sheet as it was sent, to go with every button of the preview."""
        for name, values in self.request.POST.lists():
            if name not in BUTTONS:
                yield from ((name, value) for value in values)


@method_decorator(require_safe, name="dispatch")
class PostingHints(OfficerPage, TemplateView):
    """The hints of one item, asked for by the page's script when it is chosen."""

    template_name = "dashboard/_hints.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET.get("item", "")
        item = Item.objects.filter(pk=asked).first() if asked.isdecimal() else None
        if item is None:
            raise Http404
        kind = Kind.OFFER if self.request.GET.get("kind") == Kind.OFFER else Kind.NEED
        return super().get_context_data(hints=hints_for(self.city, kind, [item])[item.pk], **kwargs)
