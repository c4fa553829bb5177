"""What the pages of the account say: allauth's own sentences in the words of the rest."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PASSWORD_RULES = _(
    "At least 8 characters. Not a common word, and nothing like your name or address."
)

# Of each field: its label, and what is said when it is empty.
FIELDS: dict[str, tuple[Any, Any]] = {
    "login": (_("E-mail address"), _("Enter your e-mail address.")),
    "email": (_("E-mail address"), _("Enter an e-mail address.")),
    "password": (_("Password"), _("Enter your password.")),
    "oldpassword": (_("Current password"), _("Enter your current password.")),
    "password1": (_("New password"), _("Enter a new password.")),
    "password2": (_("New password, once more"), _("Enter the new password once more.")),
    "code": (_("Code"), _("Enter the code.")),
}

ERRORS: dict[str, Any] = {
    "account_inactive": _("This account may no longer sign in."),
    "cannot_remove_primary_email": _("Mails go to this address: choose another one first."),
    "duplicate_email": _("This address is already yours."),
    "email_password_mismatch": _("E-mail address or password are not right."),
    "enter_current_password": _("This is not your current password."),
    "incorrect_code": _("This code is not right."),
    "incorrect_password": _("This password is not right."),
    "max_email_addresses": _("You cannot have more than %d addresses."),
    "rate_limited": _("Too many tries. Wait a few minutes."),
    "same_as_current": _("This is the address you have already."),
    "too_many_login_attempts": _("Too many failed tries. Wait a few minutes."),
    "unverified_primary_email": _("Confirm this address first."),
}

SECOND_FACTOR_ERRORS: dict[str, Any] = {
    "add_email_blocked": _("Turn the second factor off before you add an address."),
    "cannot_delete_authenticator": _("The second factor cannot be turned off."),
    "cannot_generate_recovery_codes": _("Turn on a second factor first."),
    "incorrect_code": _("This code is not right."),
    "unverified_email": _("Confirm all your e-mail addresses first."),
}

MESSAGES: dict[str, Any] = {
    "cannot_delete_primary_email": _("Mails go to %(email)s: choose another address first."),
    "email_confirmation_failed": _("%(email)s belongs to another account."),
    "email_confirmation_sent": _("We have sent a code to %(email)s."),
    "email_confirmed": _("%(email)s is confirmed."),
    "email_deleted": _("%(email)s is removed."),
    "logged_in": _("You are signed in as %(user)s."),
    "logged_out": _("You are signed out."),
    "password_changed": _("The password is changed."),
    "password_set": _("The password is set."),
    "primary_email_set": _("Mails now go to this address."),
    "recovery_codes_generated": _("You have new recovery codes."),
    "sessions_logged_out": _("You are signed out everywhere else."),
    "totp_activated": _("The authenticator app is on."),
    "totp_deactivated": _("The authenticator app is off."),
    "unverified_primary_email": _("Confirm the address first."),
    "webauthn_added": _("The passkey is added."),
    "webauthn_removed": _("The passkey is removed."),
}
