import simple_history
from modeltranslation.translator import TranslationOptions, register

from apps.postings.models import Category, Item, Pack


@register(Category)
class CategoryTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("en", "zh-hans")


@register(Item)
class ItemTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("en", "zh-hans")


@register(Pack)
class PackTranslation(TranslationOptions):
    fields = ("name",)


simple_history.register(Item)
