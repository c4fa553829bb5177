from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.files import UploadField


class AttachForm(forms.Form):
    file = UploadField(
        label=_("File"), help_text=_("A PDF, JPEG or PNG, for example a letter or a packing list.")
    )
