from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.core.admin import RecordAdmin
from apps.deliveries.models import Delivery, Distribution


@admin.register(Delivery)
class DeliveryAdmin(RecordAdmin):
    list_display = [
        "match",
        "quantity",
        "state",
        "dispatched_on",
        "received_quantity",
        "received_on",
        "difference",
    ]
    list_filter = ["state", "difference"]
    ordering = ["-pk"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).described()


@admin.register(Distribution)
class DistributionAdmin(RecordAdmin):
    list_display = ["recipient", "quantity", "given_on", "delivery", "entered_by"]
    list_select_related = [
        "recipient",
        "entered_by",
        "delivery__match__need__city",
        "delivery__match__need__item",
        "delivery__match__offer__city",
    ]
    ordering = ["-pk"]
