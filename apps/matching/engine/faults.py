"""Every fault of a bad problem, gathered before anything is solved."""

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .problem import LAST_DAY

FAULT_CODES = {
    "wrong_type": "the value is not of the kind the field holds",
    "out_of_range": "the number is too small or too large, the day too far off",
    "unknown_choice": "the value is not one of the field's choices",
    "unknown_field": "the row has a field that does not exist",
    "missing_field": "the row lacks a field",
    "not_json": "the text cannot be read as JSON",
    "not_utf8": "the text is not in UTF-8",
    "not_csv": "the table cannot be read as CSV",
    "row_too_long": "the row has more cells than the header",
    "duplicate": "the same key stands twice",
    "duplicate_name": "the same name stands twice in one object or header",
    "unknown_city": "no such city in the problem",
    "unknown_item": "no such item in the problem",
    "same_city": "both ends are one city",
    "side_missing": "two sides are asked for, the city has none",
    "same_side": "a pinned pair stands on one side",
    "across_levels": "a city is set against a state",
    "pinned_twice": "a city is pinned to two partners",
    "pinned_and_forbidden": "a pair is pinned and forbidden",
    "paired_twice": "a city has two counterparts",
    "weights_sum": "the weights do not add up to one whole",
    "total_too_large": "the quantities together are more than the engine can add",
    "dates_reversed": "an offer ends before it begins",
    "substitute_of_itself": "a need accepts its own item as a substitute",
    "remote_with_transport": "remote help takes no transport days",
}
"""The closed list of faults; whoever shows them translates the code."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, where (`needs[3].quantity`), and the value found there."""

    path: str
    code: str
    value: str


class ProblemError(ValueError):
    """The problem cannot be solved as it stands; `faults` lists everything wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        words = (f"{f.path}: {FAULT_CODES[f.code]} ({f.value})" for f in self.faults)
        super().__init__("; ".join(words))


class Faults:
    """Collects faults; every check says whether the value may be used further."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def add(self, path: str, code: str, value: object) -> None:
        self.found.append(Fault(path, code, ascii(value)[:80]))

    def raise_if_any(self) -> None:
        if self.found:
            raise ProblemError(self.found)

    def text(self, path: str, value: object) -> bool:
        good = isinstance(value, str) and value != "" and not _has_surrogate(value)
        if not good:
            self.add(path, "wrong_type", value)
        return good

    def texts(self, path: str, values: object) -> None:
        if not isinstance(values, tuple):
            self.add(path, "wrong_type", values)
            return
        for i, value in enumerate(values):
            self.text(f"{path}[{i}]", value)

    def integer(self, path: str, value: object, low: int, high: int) -> bool:
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(path, "wrong_type", value)
            return False
        if not low <= value <= high:
            self.add(path, "out_of_range", value)
            return False
        return True

    def day(self, path: str, value: object) -> bool:
        if not isinstance(value, date) or isinstance(value, datetime):
            self.add(path, "wrong_type", value)
            return False
        if value > LAST_DAY:
            self.add(path, "out_of_range", value.isoformat())
            return False
        return True

    def choice(self, path: str, value: object, choices: Collection[object]) -> bool:
        good = isinstance(value, Hashable) and value in choices
        if not good:
            self.add(path, "unknown_choice", value)
        return good

    def flag(self, path: str, value: object) -> bool:
        return self.is_a(path, value, bool)

    def sequence(self, path: str, value: object) -> bool:
        return self.is_a(path, value, tuple)

    def is_a(self, path: str, value: object, kind: type) -> bool:
        good = isinstance(value, kind)
        if not good:
            self.add(path, "wrong_type", value)
        return good

    def rows(self, path: str, values: object, kind: type) -> bool:
        if not isinstance(values, tuple):
            self.add(path, "wrong_type", values)
            return False
        good = [self.is_a(f"{path}[{i}]", value, kind) for i, value in enumerate(values)]
        return all(good)


def _has_surrogate(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)
