from allauth.account.forms import SignupForm as BaseSignupForm
from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.forms import guard_texts, refuse_hidden_signs, say_what_is_missing


class SignupForm(BaseSignupForm):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[refuse_hidden_signs],
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        max_length=200,
        required=False,
        validators=[refuse_hidden_signs],
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    field_order = ["name", "organisation", "email", "password1", "password2"]


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "organisation", "language", "time_zone"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        guard_texts(self)
        say_what_is_missing(self)
