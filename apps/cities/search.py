"""How a place is found, however its name is typed."""

import re
import unicodedata
from typing import Any

from django.db import models

BETWEEN = re.compile(r"[\s\-–'’.·,]")
ENDINGS = {  # what people add to a name, by the kind of the place and by its level
    "province": ("Province", "省"),
    "state": ("State", "州"),
    "municipality": ("Municipality", "City", "市"),
    "prefecture": ("Prefecture", "City", "市"),
    "county": ("County", "县"),
    "county-level": ("County", "City", "县", "市"),
    "district": ("District", "区"),
    "city": ("City", "市"),
}


def plain(text: str) -> str:
    """Without case, marks, spaces and signs between words: "San José" and "sanjose" are the same."""
    signs = unicodedata.normalize("NFKD", BETWEEN.sub("", text).casefold())
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def search_text(city: Any) -> str:
    """All that a place is called, one plain name a line: both names with and without endings, and its code."""
    endings = ENDINGS.get(city.kind) or ENDINGS.get(city.level, ())
    names = [city.name_en or "", city.name_zh_hans or ""]
    ended = [name + ending for name in names if name for ending in endings if fits(name, ending)]
    return "\n".join(dict.fromkeys(map(plain, [*names, *ended, city.code])))


def fits(name: str, ending: str) -> bool:
    """An ending in the script of the name that is not there already."""
    return is_chinese(name) == is_chinese(ending) and not name.endswith(ending)


def is_chinese(name: str) -> bool:
    return "CJK" in unicodedata.name(name[-1], "")


class SearchText(models.TextField):
    """Worked out from the place's other columns whenever the place is saved."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"editable": False, "default": "", **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        text = search_text(model_instance)
        setattr(model_instance, self.attname, text)
        return text
