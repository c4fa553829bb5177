from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from modeltranslation.admin import TranslationAdmin, TranslationTabularInline
from simple_history.admin import SimpleHistoryAdmin

from apps.core.admin import BaseAdmin, VerbAdmin
from apps.postings import views
from apps.postings.models import Category, Item, Pack, Posting, Synonym


@admin.register(Category)
class CategoryAdmin(BaseAdmin, TranslationAdmin):
    list_display = ["name", "code", "is_material", "rank"]
    ordering = ["rank"]


class SynonymInline(admin.TabularInline):
    model = Synonym
    extra = 0

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    has_add_permission = has_change_permission = has_delete_permission = has_view_permission


class PackInline(TranslationTabularInline):
    model = Pack
    extra = 0

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Item)
class ItemAdmin(BaseAdmin, SimpleHistoryAdmin, TranslationAdmin):
    list_display = ["name", "code", "category", "unit", "is_knowledge", "hs2017", "is_listed"]
    list_filter = ["category", "unit", "is_knowledge", "is_listed"]
    list_select_related = ["category"]
    search_fields = ["name_en", "name_zh_hans", "code", "synonyms__text"]
    autocomplete_fields = ["substitutes"]
    inlines = [SynonymInline, PackInline]
    ordering = ["category__rank", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """The chain of the ledger covers codes, too."""
        if obj is None:
            return []
        return ["code"] if request.user.has_perm("postings.change_unit", obj) else ["code", "unit"]


@admin.register(Posting)
class PostingAdmin(VerbAdmin):
    list_display = [
        "city",
        "kind",
        "item",
        "quantity",
        "allocated",
        "fulfilled",
        "urgency",
        "state",
        "is_demo",
    ]
    list_filter = ["kind", "state", "urgency", "is_demo", "item__category"]
    list_select_related = ["city", "item"]
    search_fields = ["city__name_en", "city__name_zh_hans", "item__name_en", "item__name_zh_hans"]
    ordering = ["-pk"]
    verbs = {
        "hold": (views.PostingHold, ("open",)),
        "release": (views.PostingRelease, ("held",)),
        "withdraw": (views.PostingWithdraw, ("draft", "open", "held")),
        "renew": (views.PostingRenew, ("open", "expired")),
    }
