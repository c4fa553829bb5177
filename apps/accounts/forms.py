from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp.forms import ActivateTOTPForm as BaseActivateTOTPForm
from allauth.mfa.webauthn import forms as passkeys
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.accounts.words import FIELDS, PASSWORD_RULES
from apps.core.forms import guard_texts, refuse_hidden_signs, say_what_is_missing
from apps.core.zones import zone_choices


class OwnWords(forms.Form):
    """allauth's form with our labels; no text in a field that vanishes as one types."""

    helps: ClassVar[dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in FIELDS:
                field.label, field.error_messages["required"] = FIELDS[name]
            if name in self.helps:
                field.help_text = self.helps[name]
        say_what_is_missing(self)


class LoginForm(OwnWords, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["remember"].label = _("Keep me signed in")
        self.fields["remember"].help_text = _(
            "For 12 hours on this device. Otherwise until you close the browser."
        )


class SignupForm(OwnWords, account.SignupForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[refuse_hidden_signs],
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        validators=[refuse_hidden_signs],
        widget=forms.TextInput({"autocomplete": "organization"}),
        help_text=_("Optional. For example the foreign affairs office, or a committee."),
    )
    field_order = ["name", "organisation", "email", "password1", "password2"]
    helps = {
        "email": _("We send a code to this address."),
        "password1": PASSWORD_RULES,
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, missing in (
            ("password1", _("Password"), _("Enter a password.")),
            ("password2", _("Password, once more"), _("Enter the password once more.")),
        ):
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = missing


class AddEmailForm(OwnWords, account.AddEmailForm):
    helps = {"email": _("We send a code to this address.")}


class ChangeEmailForm(OwnWords, account.ChangeEmailForm):
    pass


class ChangePasswordForm(OwnWords, account.ChangePasswordForm):
    helps = {"password1": PASSWORD_RULES}


class SetPasswordForm(OwnWords, account.SetPasswordForm):
    helps = {"password1": PASSWORD_RULES}


class ResetPasswordForm(OwnWords, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(OwnWords, account.ResetPasswordKeyForm):
    helps = {"password1": PASSWORD_RULES}


class ConfirmEmailForm(OwnWords, account.ConfirmEmailVerificationCodeForm):
    pass


class ReauthenticateForm(OwnWords, account.ReauthenticateForm):
    pass


CODE_HELP = _("The six digits that your app shows, or one of your recovery codes.")


class SecondFactorForm(OwnWords, second_factor.AuthenticateForm):
    helps = {"code": CODE_HELP}


class SecondFactorAgainForm(OwnWords, second_factor.ReauthenticateForm):
    helps = {"code": CODE_HELP}


class ActivateTOTPForm(OwnWords, BaseActivateTOTPForm):
    helps = {"code": _("The six digits that your app now shows.")}


NAME_HELP = _("To tell it from others, for example “phone”.")


class AddPasskeyForm(OwnWords, passkeys.AddWebAuthnForm):
    helps = {
        "name": NAME_HELP,
        "passwordless": _(
            "It must then recognise you itself, by fingerprint, face or PIN. Otherwise it is a second factor after the password."
        ),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(refuse_hidden_signs)
        self.fields["name"].label = _("Name")
        self.fields["passwordless"].label = _("Sign in with it alone, without the password")
        self.fields["passwordless"].initial = True


class EditPasskeyForm(OwnWords, passkeys.EditWebAuthnForm):
    helps = {"name": NAME_HELP}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].validators.append(refuse_hidden_signs)
        self.fields["name"].label = _("Name")


class ProfileForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        error_messages={"invalid_choice": _("“%(value)s” is not a known time zone.")},
        help_text=_("Pages show times in it while you are signed in."),
    )

    class Meta:
        model = User
        fields = ["name", "organisation", "language", "time_zone"]
        error_messages = {"name": {"required": _("Enter your name.")}}
        help_texts = {
            "language": _("Of the pages after you sign in, and of the mails."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["time_zone"].choices = zone_choices(self.instance.time_zone)
        guard_texts(self)
        say_what_is_missing(self)
