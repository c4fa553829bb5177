from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from apps.cities.models import City, Liaison
from apps.core.lookups import LookupField


class LiaisonForm(forms.ModelForm):
    city = LookupField(
        City.objects.acting(),
        suggests="cities:city_lookup",
        label=_("City you speak for"),
        help_text=_("Type a part of its name, in English or Chinese."),
    )

    class Meta:
        model = Liaison
        fields = ["city", "office", "office_email", "office_phone", "statement"]
        widgets = {"statement": forms.Textarea({"rows": 3})}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].validators.append(MaxLengthValidator(2000))

    def _post_clean(self) -> None:
        """The service builds the row: nothing of the model is touched here."""
