from django.contrib import admin
from modeltranslation.admin import TranslationAdmin
from simple_history.admin import SimpleHistoryAdmin

from apps.cities import views
from apps.cities.models import City, Liaison, SisterTie
from apps.core.admin import BaseAdmin, VerbAdmin


@admin.register(City)
class CityAdmin(BaseAdmin, SimpleHistoryAdmin, TranslationAdmin):
    list_display = ["name", "code", "country", "level", "parent", "acts", "population"]
    list_filter = [("country", admin.AllValuesFieldListFilter), "level", "acts"]
    list_select_related = ["parent"]
    search_fields = ["name_en", "name_zh_hans", "code"]
    autocomplete_fields = ["parent"]
    ordering = ["code"]


@admin.register(SisterTie)
class SisterTieAdmin(BaseAdmin):
    list_display = ["city_a", "city_b", "status", "confidence", "year", "source"]
    list_filter = ["status", "confidence"]
    list_select_related = ["city_a", "city_b"]
    search_fields = [
        "city_a__name_en",
        "city_b__name_en",
        "city_a__name_zh_hans",
        "city_b__name_zh_hans",
    ]
    autocomplete_fields = ["city_a", "city_b"]
    ordering = ["code"]


@admin.register(Liaison)
class LiaisonAdmin(VerbAdmin):
    list_display = ["user", "city", "office", "state", "state_since", "decided_by"]
    list_filter = ["state"]
    list_select_related = ["user", "city", "decided_by"]
    search_fields = ["user__name", "user__email", "city__name_en", "city__name_zh_hans"]
    ordering = ["-pk"]
    verbs = {
        "confirm": (views.LiaisonConfirm, ("requested",)),
        "refuse": (views.LiaisonRefuse, ("requested",)),
        "remove": (views.LiaisonRemove, ("confirmed",)),
    }
