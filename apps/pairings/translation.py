from modeltranslation.translator import TranslationOptions, register

from apps.pairings.models import Exchange


@register(Exchange)
class ExchangeTranslation(TranslationOptions):
    """Who enters one writes in their own language; the other stays empty and falls back."""

    fields = ("subject", "participants", "date_note")
