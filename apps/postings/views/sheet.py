"""The page on which a city posts several lines at once; every button works without scripts."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic.base import TemplateResponseMixin, View

from apps.cities.pages import OfficerPage
from apps.core.page_cache import fragment_key
from apps.postings import services
from apps.postings.dates import today_in
from apps.postings.forms import AttachForm, PostingSheet
from apps.postings.forms.edit import as_entered, as_shared
from apps.postings.forms.sheet import numbers_in
from apps.postings.models import Kind, Posting
from apps.postings.pasting import add_pasted


class SheetView(OfficerPage, TemplateResponseMixin, View):
    """Reads the sheet that an officer sent in the name of `self.city`, and shows it again."""

    template_name = "postings/posting_form.html"

    @property
    def kind(self) -> Kind:
        asked = (self.request.POST or self.request.GET).get("kind")
        return Kind.OFFER if asked == Kind.OFFER else Kind.NEED

    def sheet(self, data: QueryDict | None = None, **kwargs: Any) -> PostingSheet:
        return PostingSheet(self.kind, data, language=self.request.LANGUAGE_CODE, **kwargs)

    def show(self, sheet: PostingSheet, status: int = 200, **context: Any) -> HttpResponse:
        drafts = Posting.objects.drafts().filter(city=self.city, posted_by=self.request.user)
        context = {
            "problem": "",
            "pasted": "",
            **context,
            "form": sheet,
            "fragment": fragment_key(self.kind, self.request.LANGUAGE_CODE),
            "city": self.city,
            "drafts": drafts.described().order_by("-pk")[:10],
        }
        return self.render_to_response(context, status=status)

    def keep(self, sheet: PostingSheet, service: Any) -> list[Posting]:
        """What the service makes of the lines; nothing, and a sheet with its faults, if it refuses."""
        if not sheet.is_valid():
            return []
        try:
            return service(
                self.city, self.kind, sheet.rows(), by=self.request.user, now=timezone.now()
            )
        except services.LineRefused as error:
            sheet.refuse(error, error.number)
        return []


class PostingCreate(SheetView):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = today_in(self.city, timezone.now())
        head: dict[str, Any] = {"expires_on": today + timedelta(days=settings.POSTING_DAYS)}
        lines: list[dict[str, Any]] = [{}]
        if earlier := self.copied():
            shared = {n: v for n, v in as_shared(earlier).items() if not is_over(v, today)}
            head, lines = {**head, **shared}, [as_entered(earlier)]
        return self.show(self.sheet(head=head, lines=lines))

    def copied(self) -> Posting | None:
        """An earlier posting of the same kind that the officer may see."""
        number = self.request.GET.get("copy", "")
        if not (number.isdecimal() and len(number) < 16):
            return None
        visible = Posting.objects.visible_to(self.request.user).filter(kind=self.kind)
        return visible.select_related("pack").filter(pk=number).first()

    def post(self, request: HttpRequest) -> HttpResponse:
        for step in (self.add, self.remove, self.paste, self.change):
            if step.__name__ in request.POST:
                return step(request.POST.copy())
        sheet = self.sheet(request.POST)
        if "draft" in request.POST:
            return self.draft(sheet)
        return self.publish(sheet)

    def publish(self, sheet: PostingSheet) -> HttpResponse:
        paper = AttachForm(files=self.request.FILES)
        if self.request.FILES and not paper.is_valid():
            messages.error(self.request, paper.errors["file"][0])
            return self.show(sheet, 422)
        with transaction.atomic():
            published = self.keep(sheet, services.publish_postings)
            for posting in published if self.request.FILES else ():
                services.attach_file(
                    posting, by=self.request.user, now=timezone.now(), **paper.cleaned_data
                )
        return self.lead_on(published) if published else self.show(sheet, 422)

    def add(self, data: QueryDict) -> HttpResponse:
        data[f"line-{max(numbers_in(data)) + 1}-item"] = ""
        return self.show(self.sheet(data, checked=()))

    def remove(self, data: QueryDict) -> HttpResponse:
        gone = f"line-{data['remove']}-"
        for name in [name for name in data if name.startswith(gone)]:
            del data[name]
        return self.show(self.sheet(data, checked=()))

    def paste(self, data: QueryDict) -> HttpResponse:
        """Rows of a spreadsheet become lines; what cannot be read is named at its own line."""
        problem = add_pasted(data, self.kind)
        sheet = self.sheet(data, checked=() if problem else ("lines",))
        status = 422 if problem or sheet.errors else 200
        return self.show(sheet, status, problem=problem, pasted=data["pasted"] if problem else "")

    def change(self, data: QueryDict) -> HttpResponse:
        return self.show(self.sheet(data, checked=()))

    def draft(self, sheet: PostingSheet) -> HttpResponse:
        """Kept without leaving the page; the page's script asks with `draft=auto` and shows the time."""
        is_script = self.request.POST["draft"] == "auto"
        kept = self.keep(sheet, services.draft_postings)
        if is_script:
            return JsonResponse({"kept": bool(kept)})
        if not kept:
            return self.show(sheet, 422)
        messages.success(self.request, _("Saved as a draft. You can go on."))
        return self.show(self.sheet(self.request.POST, checked=()))

    def lead_on(self, published: list[Posting]) -> HttpResponse:
        if len(published) == 1:
            messages.success(self.request, _("Published: %(subject)s.") % {"subject": published[0]})
            return HttpResponseRedirect(published[0].get_absolute_url())
        count = len(published)
        sentence = ngettext("%(count)d posting published.", "%(count)d postings published.", count)
        messages.success(self.request, sentence % {"count": count})
        return HttpResponseRedirect(reverse("dashboard:my_city"))


def is_over(value: Any, today: date) -> bool:
    """Whether it is a day that lies behind: a copy of an earlier posting does not keep it."""
    return isinstance(value, date) and value < today
