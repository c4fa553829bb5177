from typing import Any

from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db import models
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, ListView

from apps.core.forms import ReasonForm
from apps.core.views import VerbView, VisitorView
from apps.ledger import services
from apps.ledger.forms import AnswerForm, QuestionForm
from apps.ledger.models import LedgerEntry, Question


class QuestionAsk(VisitorView):
    template_name = "ledger/question_ask.html"
    form_class = QuestionForm
    heading = _("Question this entry")
    lead = _(
        "Does something look wrong? A coordinator reads your question. Question and answer then stand"
        " on the entry's page, without your name."
    )
    button = _("Send the question")
    done_message = _("Thank you. A coordinator will read your question.")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        entries = LedgerEntry.objects.select_related("giver", "receiver")
        self.object = get_object_or_404(entries, number=kwargs["number"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(object=self.object, **kwargs)

    def call(self, data: dict[str, Any]) -> models.Model:
        return services.ask_question(
            self.object,
            by=self.sender,
            now=timezone.now(),
            language=self.request.LANGUAGE_CODE,
            **data,
        )


class QuestionList(PermissionRequiredMixin, ListView):
    """Those that wait for an answer."""

    permission_required = "ledger.answer_question"
    template_name = "ledger/question_list.html"
    paginate_by = 25

    def get_queryset(self) -> models.QuerySet[Question]:
        return Question.objects.waiting().described()


class QuestionDetail(DetailView):
    template_name = "ledger/question_detail.html"

    def get_queryset(self) -> models.QuerySet[Question]:
        return Question.objects.visible_to(self.request.user).described()


class QuestionAnswer(VerbView):
    model = Question
    permission = "ledger.answer_question"
    service = services.answer_question
    form_class = AnswerForm
    template_name = "ledger/question_verb.html"
    heading = _("Answer in public")
    button = _("Publish the answer")
    success_message = _("Answered: %(subject)s.")


class QuestionRefuse(VerbView):
    model = Question
    permission = "ledger.answer_question"
    service = services.refuse_question
    form_class = ReasonForm
    template_name = "ledger/question_verb.html"
    heading = _("Refuse this question")
    lead = _("For what is no question about the entry. It never becomes public.")
    button = _("Refuse")
    hurts = True
    success_message = _("Refused: %(subject)s.")
