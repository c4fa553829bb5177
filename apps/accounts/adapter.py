from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import translation

from apps.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stores the language the page was in; account mails are in the person's language."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        user.organisation = form.cleaned_data.get("organisation", "")
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)
