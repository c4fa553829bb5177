"""Which columns stand in both languages. History starts here, after the translated columns exist."""

import simple_history
from modeltranslation.translator import TranslationOptions, register

from apps.cities.models import City


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name", "about")
    required_languages = {"en": ("name",)}


simple_history.register(City, excluded_fields=["search_text"])
