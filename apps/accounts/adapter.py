"""Our words and rules in allauth: roles, languages, mails."""

from pathlib import PurePath
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import filter_users_by_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts import words
from apps.accounts.models import User
from apps.core.zones import zone_of


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stores the language the page was in; account mails come in the person's language."""

    error_messages = {**DefaultAccountAdapter.error_messages, **words.ERRORS}

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

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        described = {
            "reauthenticate": _("Use your password"),
            "mfa_reauthenticate": _("Use the authenticator app or a recovery code"),
            "mfa_reauthenticate:webauthn": _("Use a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": described[method["id"]]} for method in methods]

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """The sentence of that name; allauth names its template."""
        if message_template:
            message = words.MESSAGES[PurePath(message_template).stem] % (message_context or {})
        if message:
            messages.add_message(request, level, message, extra_tags=extra_tags)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        people = filter_users_by_email(email)
        person = people[0] if people else None
        language = person.language if person else translation.get_language()
        zone = zone_of(person.time_zone if person else "UTC")
        with translation.override(language), timezone.override(zone):
            values = {"person": person, "zone": zone.key, **context}
            super().send_mail(template_prefix, email, values)

    def render_mail(
        self,
        template_prefix: str,
        email: Any,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A plain text in the frame of account mails: the template's first line is the subject."""
        values = {**context, "site": settings.BASE_URL}
        name = f"accounts/email/{PurePath(template_prefix).name}.txt"
        title, _newline, text = render_to_string(name, values, using="text").strip().partition("\n")
        values |= {"title": title.strip(), "text": text.strip()}
        body = render_to_string("accounts/email/_mail.txt", values, using="text")
        return EmailMessage(values["title"], body, self.get_from_email(), [email], headers=headers)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {**DefaultMFAAdapter.error_messages, **words.SECOND_FACTOR_ERRORS}

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def _get_site_name(self) -> str:
        """Under which a passkey and the codes of an app are kept."""
        return str(settings.SITE_NAME)
