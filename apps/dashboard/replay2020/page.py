"""The replay as people read it: rows of tables, and charts drawn from the same rows."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.cities.models import City
from apps.core import charts
from apps.dashboard.replay2020.facts import LEFT_OUT, Facts
from apps.dashboard.replay2020.replay import Allocation, Replay
from apps.postings.models import Item

NAMES: dict[str, Any] = {
    "given": gettext_lazy("Really given"),
    "pair_first": gettext_lazy("Engine, counterparts first"),
    "urgency_first": gettext_lazy("Engine, urgency first"),
}
MEASURES: dict[str, Any] = {
    "coverage": gettext_lazy("Estimated need that is met"),
    "worst": gettext_lazy("Filled share of the worst-off place"),
    "gini": gettext_lazy("Gini coefficient of the filled shares"),
    "needs_without": gettext_lazy("Needs that got nothing"),
    "receivers_without": gettext_lazy("Receiving places that got nothing"),
    "tied": gettext_lazy("Units between tied places"),
}
DRAWN = ("coverage", "worst", "gini", "needs_without", "tied")


@dataclass(frozen=True)
class Cells:
    """One figure per allocation."""

    cells: tuple[str, ...]

    @property
    def named(self) -> list[tuple[str, str]]:
        """(allocation, figure)."""
        return [(str(name), cell) for name, cell in zip(NAMES.values(), self.cells, strict=True)]


@dataclass(frozen=True)
class Line(Cells):
    """A row of the table of measures."""

    label: str


@dataclass(frozen=True)
class ItemLine(Cells):
    """`units` were given, and as many are needed."""

    item: Item
    units: int


@dataclass(frozen=True)
class PlaceLine(Cells):
    """`need` and `got` add up units of all items; `shares` are the filled shares, per allocation."""

    city: City
    need: int
    got: int
    shares: tuple[Fraction, ...]


def context_of(replay: Replay, facts: Facts) -> dict[str, Any]:
    """Everything that the page shows, in the reader's language."""
    places = place_lines(replay, facts)
    return {
        "facts": facts,
        "replay": replay,
        "series": [(letter, NAMES[a.name]) for letter, a in lettered(replay)],
        "measures": measure_lines(replay),
        "measures_chart": measures_chart(replay),
        "measures_text": measures_text(replay),
        "items": item_lines(replay, facts),
        "places": places,
        "places_chart": places_chart(places),
        "places_text": places_text(places),
        "nested": sum(line.city.parent_id in {p.city.pk for p in places} for line in places),
        "counterparts": [(facts.cities[a], facts.cities[b]) for a, b in replay.counterparts],
        "left_out": [(LEFT_OUT[why], rows) for why, rows in facts.left_out.items() if rows],
        "ambiguous": sum(entry.is_ambiguous for entry in facts.used),
    }


def lettered(replay: Replay) -> list[tuple[str, Allocation]]:
    return list(zip(charts.LETTERS, replay.allocations, strict=True))


def percent(share: Fraction) -> str:
    """With one decimal, unless it is all or nothing."""
    return f"{int(100 * share)} %" if share in (0, 1) else f"{float(100 * share):.1f} %"


def figure(name: str, allocation: Allocation) -> str:
    """A measure as it is written: a Gini coefficient is a number, all others are shares."""
    value = getattr(allocation.measures, name)
    return f"{float(value):.2f}" if name == "gini" else percent(value)


def measure_lines(replay: Replay) -> list[Line]:
    """The measures, and what they cost: how many sendings there are."""
    lines = [
        Line(tuple(figure(name, a) for a in replay.allocations), str(label))
        for name, label in MEASURES.items()
    ]
    sendings = tuple(intcomma(len(a.flows)) for a in replay.allocations)
    return [*lines, Line(sendings, _("Sendings (one item from one place to another)"))]


def measures_chart(replay: Replay) -> charts.Chart:
    return charts.grouped(
        [
            (
                str(MEASURES[name]),
                [(getattr(a.measures, name), figure(name, a)) for a in replay.allocations],
            )
            for name in DRAWN
        ]
    )


def measures_text(replay: Replay) -> str:
    """The first chart in words."""
    parts = (
        f"{MEASURES[name]}: "
        + ", ".join(f"{NAMES[a.name]} {figure(name, a)}" for a in replay.allocations)
        for name in DRAWN
    )
    return "; ".join(parts)


def item_lines(replay: Replay, facts: Facts) -> list[ItemLine]:
    shares = [dict(a.measures.by_item) for a in replay.allocations]
    return [
        ItemLine(tuple(percent(of[code]) for of in shares), facts.items[code], units)
        for code, units in sorted(replay.table.totals.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def place_lines(replay: Replay, facts: Facts) -> list[PlaceLine]:
    """The receiving places, the least filled by the real gifts first."""
    shares = [dict(a.measures.filled) for a in replay.allocations]
    need: Counter[str] = Counter()
    got: Counter[str] = Counter()
    for (receiver, __), units in replay.needs.items():
        need[receiver] += units
    for flow in replay.table.flows:
        got[flow.receiver] += flow.quantity
    lines = []
    for code in sorted(shares[0], key=lambda code: (shares[0][code], code)):
        own = tuple(of[code] for of in shares)
        cells = tuple(map(percent, own))
        lines.append(PlaceLine(cells, facts.cities[code], need[code], got[code], own))
    return lines


def places_chart(places: list[PlaceLine]) -> charts.Chart:
    return charts.marked(
        [(str(p.city), p.shares[0], percent(p.shares[0]), p.shares[1:]) for p in places]
    )


def places_text(places: list[PlaceLine]) -> str:
    """The second chart in words."""
    least, most = places[0], places[-1]
    return _(
        "As really given, the filled shares run from %(least)s (%(least_place)s) to %(most)s"
        " (%(most_place)s); the median is %(median)s. The engine's lowest are %(pair)s with"
        " counterparts first and %(urgency)s with urgency first."
    ) % {
        "least": percent(least.shares[0]),
        "least_place": least.city,
        "most": percent(most.shares[0]),
        "most_place": most.city,
        "median": percent(median(place.shares[0] for place in places)),
        "pair": percent(min(place.shares[1] for place in places)),
        "urgency": percent(min(place.shares[2] for place in places)),
    }
