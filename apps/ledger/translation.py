from modeltranslation.translator import TranslationOptions, register

from apps.ledger.models import Party


@register(Party)
class PartyTranslation(TranslationOptions):
    fields = ("name",)
