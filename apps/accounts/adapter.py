from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils import translation

from apps.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stores the language the page was in; account mails come in the person's language."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        user.organisation = form.cleaned_data.get("organisation", "")
        user.language = translation.get_language() or "en"
        return super().save_user(request, user, form, commit)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where the person's work is, in their language; an address asked for goes before it."""
        person: Any = request.user
        own = (
            settings.DECIDERS_LOGIN_REDIRECT_URL if person.decides else settings.LOGIN_REDIRECT_URL
        )
        with translation.override(person.language):
            return resolve_url(own)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """The greeting stands on the page that follows, so it is in the same language."""
        with translation.override(user.language):
            return super().post_login(request, user, **kwargs)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        people = filter_users_by_email(email)
        language = people[0].language if people else translation.get_language()
        site = {"name": settings.SITE_NAME, "domain": settings.BASE_URL.partition("//")[2]}
        with translation.override(language):
            super().send_mail(template_prefix, email, {"current_site": site, **context})
