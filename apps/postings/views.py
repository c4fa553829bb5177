from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.cities.pages import OfficerForm
from apps.core.forms import OptionalReasonForm, ReasonForm
from apps.core.views import FilteredList, VerbView
from apps.postings import services
from apps.postings.filters import PostingFilter
from apps.postings.forms import (
    FORMS,
    EditForm,
    NeedEditForm,
    NeedForm,
    OfferEditForm,
    PostingForm,
)
from apps.postings.models import Posting


class PostingList(FilteredList):
    queryset = Posting.objects.open().select_related("city", "item").order_by("-opened_at", "-pk")
    filterset_class = PostingFilter
    template_name = "postings/posting_list.html"


class PostingCreate(OfficerForm):
    template_name = "postings/posting_form.html"
    button = _("Publish")
    success_message = _("Published: %(subject)s.")

    def get_form_class(self) -> type[PostingForm]:
        asked = self.request.POST or self.request.GET
        return FORMS.get(asked.get("kind"), NeedForm)

    def call(self, data: dict[str, Any]) -> models.Model:
        person, now = self.request.user, timezone.now()
        language = self.request.LANGUAGE_CODE
        posting = services.draft_posting(
            self.city, self.get_form_class().kind, by=person, now=now, language=language, **data
        )
        if "draft" in self.request.POST:
            return posting
        return services.publish_posting(posting, by=person, now=now)


class PostingEdit(VerbView):
    model = Posting
    permission = "postings.edit_posting"
    template_name = "postings/posting_form.html"
    button = _("Save")
    success_message = _("Saved: %(subject)s.")

    def get_form_class(self) -> type[EditForm]:
        return NeedEditForm if self.object.is_need else OfferEditForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "posting": self.object}

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.edit_posting(self.object, by=self.request.user, now=timezone.now(), **data)


class PostingPublish(VerbView):
    model = Posting
    permission = "postings.edit_posting"
    service = services.publish_posting
    heading = _("Publish this draft")
    button = _("Publish")
    success_message = _("Published: %(subject)s.")


class PostingWithdraw(VerbView):
    model = Posting
    permission = "postings.withdraw_posting"
    service = services.withdraw_posting
    form_class = ReasonForm
    heading = _("Withdraw this posting")
    lead = _("What is still free is taken back. Approved matches stand until they are cancelled.")
    button = _("Withdraw")
    hurts = True
    success_message = _("Withdrawn: %(subject)s.")


class PostingRenew(VerbView):
    model = Posting
    permission = "postings.edit_posting"
    service = services.renew_posting
    heading = _("Renew this posting")
    lead = _("It stays open for another 30 days and comes up in the lists again.")
    button = _("Renew")
    success_message = _("Renewed: %(subject)s.")


class PostingHold(VerbView):
    model = Posting
    permission = "postings.hold_posting"
    service = services.hold_posting
    form_class = ReasonForm
    heading = _("Hold this posting")
    lead = _("It disappears from the public pages and from rounds until you release it.")
    button = _("Hold")
    hurts = True
    success_message = _("Held: %(subject)s. The city has been told why.")


class PostingRelease(VerbView):
    model = Posting
    permission = "postings.hold_posting"
    service = services.release_posting
    form_class = OptionalReasonForm
    heading = _("Release this posting")
    button = _("Release")
    success_message = _("Released: %(subject)s.")
