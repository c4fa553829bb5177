from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.notifications.kinds import GROUPS
from apps.notifications.models import Cadence


class PreferencesForm(forms.Form):
    """The groups about which mails come."""

    groups = forms.MultipleChoiceField(
        label=_("Mails about"),
        required=False,
        choices=[(group.code, group.label) for group in GROUPS.values()],
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        off = user.preferences.filter(cadence=Cadence.OFF).values_list("group", flat=True)
        wanted = [group.code for group in GROUPS.values() if group.code not in set(off)]
        super().__init__(*args, **{**kwargs, "initial": {"groups": wanted}})
