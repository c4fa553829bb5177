from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin import RecordInline, VerbAdmin
from apps.matching import views
from apps.matching.models import Match, MatchSide, Replay, Round


class ReplayInline(RecordInline):
    model = Replay
    fields = ["created_at", "asked_by", "state", "state_since", "state_reason", "engine_version"]
    ordering = ["-pk"]


@admin.register(Round)
class RoundAdmin(VerbAdmin):
    """“Add” runs a round, or tries one as a dry run."""

    list_display = [
        "__str__",
        "state",
        "is_dry_run",
        "opened_by",
        "started_at",
        "finished_at",
        "retry_of",
    ]
    list_filter = ["state", "is_dry_run"]
    list_select_related = ["opened_by", "retry_of"]
    exclude = ["snapshot", "result"]
    ordering = ["-pk"]
    inlines = [ReplayInline]
    opening = views.RoundOpen
    verbs = {
        "cancel": (views.RoundCancel, ("open", "running")),
        "retry": (views.RoundRetry, ("failed", "cancelled")),
        "replay": (views.RoundReplay, ("finished",)),
    }

    def get_queryset(self, request: HttpRequest) -> Any:
        rounds = super().get_queryset(request).described()
        return rounds.defer("retry_of__snapshot", "retry_of__result")


class SideInline(RecordInline):
    model = MatchSide
    fields = ["role", "city", "answer", "answered_by", "answered_at"]


@admin.register(Match)
class MatchAdmin(VerbAdmin):
    list_display = ["__str__", "quantity", "state", "state_since", "via", "decided_by", "is_demo"]
    list_filter = ["state", "via", "is_demo"]
    search_fields = ["need__city__name_en", "offer__city__name_en", "need__item__name_en"]
    ordering = ["-pk"]
    inlines = [SideInline]
    verbs = {
        "approve": (views.MatchApprove, ("proposed",)),
        "reject": (views.MatchReject, ("proposed",)),
        "cancel": (views.MatchCancel, ("approved", "accepted")),
    }

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).described()
