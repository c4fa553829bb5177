from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from apps.core.admin import BaseAdmin, VerbAdmin
from apps.core.forms import ReasonForm
from apps.core.views import VerbView
from apps.ledger import services, views
from apps.ledger.models import Gift, LedgerEntry, OutsideOffer, Party, Question


class EntryReverse(VerbView):
    model = LedgerEntry
    permission = "ledger.reverse_entry"
    service = services.reverse_entry
    form_class = ReasonForm
    heading = _("Reverse this entry")
    lead = _("A further entry with the negated quantity; nothing is changed or removed.")
    button = _("Reverse")
    hurts = True
    success_message = _("Reversed by entry %(subject)s.")


@admin.register(Party)
class PartyAdmin(BaseAdmin, TranslationAdmin):
    list_display = ["name", "kind", "city", "country", "may_be_named"]
    list_filter = ["kind", ("country", admin.AllValuesFieldListFilter), "may_be_named"]
    list_select_related = ["city"]
    search_fields = ["name_en", "name_zh_hans", "code"]
    autocomplete_fields = ["city"]
    ordering = ["code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The chain of the ledger covers the codes of its parties."""
        return ["code"] if obj else []


@admin.register(LedgerEntry)
class LedgerEntryAdmin(VerbAdmin):
    list_display = [
        "number",
        "kind",
        "giver",
        "receiver",
        "item",
        "quantity",
        "occurred_on",
        "is_demo",
    ]
    list_filter = ["kind", "source_kind", "is_demo", "is_ambiguous"]
    list_select_related = ["giver", "receiver", "item"]
    search_fields = ["giver__name_en", "receiver__name_en", "source_id"]
    ordering = ["-number"]
    verbs = {"reverse": (EntryReverse, ())}

    def verbs_of(self, row: Any) -> list[Any]:
        is_closed = row.reverses_id or LedgerEntry.objects.filter(reverses=row).exists()
        return [] if is_closed else super().verbs_of(row)


@admin.register(Gift)
class GiftAdmin(VerbAdmin):
    list_display = ["giver", "receiver", "item", "quantity", "state", "recorded_by", "is_demo"]
    list_filter = ["state", "is_demo"]
    list_select_related = ["giver", "receiver", "item", "recorded_by"]
    ordering = ["-pk"]
    verbs = {
        "confirm": (views.GiftConfirm, ("recorded",)),
        "withdraw": (views.GiftWithdraw, ("recorded",)),
    }


@admin.register(Question)
class QuestionAdmin(VerbAdmin):
    list_display = ["entry", "text", "name", "state", "created_at", "decided_by"]
    list_filter = ["state", "language"]
    list_select_related = ["entry__giver", "entry__receiver", "decided_by"]
    search_fields = ["text", "answer", "name", "email"]
    ordering = ["-pk"]
    verbs = {
        "answer": (views.QuestionAnswer, ("asked",)),
        "refuse": (views.QuestionRefuse, ("asked",)),
    }


@admin.register(OutsideOffer)
class OutsideOfferAdmin(VerbAdmin):
    list_display = ["name", "kind", "city", "item", "quantity", "state", "created_at"]
    list_filter = ["state", "kind", "language"]
    list_select_related = ["city", "item"]
    search_fields = ["name", "email", "details", "city__name_en", "city__name_zh_hans"]
    ordering = ["-pk"]
    verbs = {
        "adopt": (views.OutsideOfferAdopt, ("offered",)),
        "decline": (views.OutsideOfferDecline, ("offered",)),
    }
