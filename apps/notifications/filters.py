import django_filters
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.notifications.kinds import GROUPS
from apps.notifications.models import Notification


class NotificationFilter(django_filters.FilterSet):
    about = django_filters.ChoiceFilter(
        label=_("About"),
        choices=[(group.code, group.label) for group in GROUPS.values()],
        empty_label=_("everything"),
        method="of_group",
    )
    unread = django_filters.ChoiceFilter(
        label=_("Show"),
        choices=[("1", _("unread only"))],
        empty_label=_("all"),
        method="only_unread",
    )

    class Meta:
        model = Notification
        fields: list[str] = []

    def of_group(self, rows: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return rows.of_group(value)

    def only_unread(self, rows: models.QuerySet, name: str, value: str) -> models.QuerySet:
        return rows.unread()
