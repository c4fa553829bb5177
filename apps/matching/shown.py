"""A round's summary as its page shows it: names for codes, sentences for reasons."""

from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _

from apps.cities.models import City
from apps.matching.forms import POLICIES, RoundForm
from apps.matching.method import OBJECTIVES
from apps.matching.models import Round
from apps.matching.names import DatabaseNames
from apps.matching.words import percent, sentences
from apps.matching.words.rounds import LEFT_OUT, PHASES
from apps.postings.models import Posting, Urgency


def left_out(round: Round) -> list[tuple[Posting, str]]:
    """The postings the round went on without, each with the reason."""
    rows = round.summary.get("left_out", [])
    postings = Posting.objects.described().in_bulk(row["posting"] for row in rows)
    return [
        (postings[row["posting"]], str(LEFT_OUT.get(row["why"], row["why"])))
        for row in rows
        if row["posting"] in postings
    ]


def pins_left_out(round: Round) -> list[str]:
    """The pins the round went on without, because their two cities stood on one side."""
    return named_pairs(round.summary.get("pins_left_out", []))


def without_lots(round: Round) -> list[str]:
    """How many more or fewer units each tier would get if parts of smallest lots and packs could go,
    where that makes a difference."""
    told = []
    for tier in round.summary.get("tiers", []):
        more = tier.get("more_without_lots", 0)
        words = {"tier": Urgency(tier["tier"]).label, "units": intcomma(abs(more))}
        if more > 0:
            told.append(_("%(tier)s %(units)s more") % words)
        elif more < 0:
            told.append(_("%(tier)s %(units)s fewer") % words)
    return told


def asked(round: Round) -> list[tuple[str, str]]:
    """What the round was asked for, in the words of its form."""
    fields: dict[str, Any] = RoundForm.base_fields
    chosen = {
        fields[name]: round.parameters.get(name, fields[name].initial)
        for name in ("policy", "objective", "pool")
    }
    told = [(str(field.label), str(dict(field.choices)[code])) for field, code in chosen.items()]
    if left := City.objects.filter(code__in=round.parameters.get("left", [])):
        told.append((str(fields["left"].label), _(", ").join(sorted(map(str, left)))))
    return told


def phase(round: Round) -> str:
    return str(PHASES.get(round.phase, round.phase))


def alone(round: Round) -> list[tuple[str, list[str]]]:
    """Cities without a proposed counterpart, each with the reasons as sentences."""
    rows = round.summary.get("alone", [])
    named = [{"code": "", "city": row["city"]} for row in rows]
    names = DatabaseNames([*named, *(reason for row in rows for reason in row["reasons"])])
    return [(names.city(row["city"]), sentences(row["reasons"], names)) for row in rows]


def open_needs(round: Round) -> list[tuple[Posting, int, list[str]]]:
    """Needs that are not filled in full: units uncovered, and why."""
    rows = round.summary.get("open_needs", [])
    needs = Posting.objects.described().in_bulk(row["need"] for row in rows)
    names = DatabaseNames([reason for row in rows for reason in row["reasons"]])
    return [
        (needs[pk], row["uncovered"], sentences(row["reasons"], names.about(needs[pk].item)))
        for row in rows
        if (pk := row["need"]) in needs
    ]


def against(round: Round) -> dict[str, Any] | None:
    """What the round changed against the one before it, the cities by name."""
    summary = round.summary.get("against")
    if summary is None:
        return None
    pairs = named_pairs([*summary["new"], *summary["gone"]])
    new = len(summary["new"])
    return {**summary, "new": pairs[:new], "gone": pairs[new:]}


def named_pairs(pairs: list[list[str]]) -> list[str]:
    """Pairs of codes as people read them, in one query."""
    cities = City.objects.in_bulk({code for pair in pairs for code in pair}, field_name="code")
    return [" – ".join(str(cities.get(code, code)) for code in pair) for pair in pairs]


def choices(round: Round) -> dict[str, Any] | None:
    """The figures of every objective and policy, in percent and points; `is_compared` unless the
    round was too large for others than the chosen ones."""
    stored = round.summary.get("choices")
    if not stored:
        return None
    objective = round.parameters.get("objective", "widest")
    policy = round.parameters.get("policy", "pair_first")
    return {
        "is_compared": len(stored["objectives"]) > 1,
        "objectives_agree": agree(stored["objectives"], "objective"),
        "policies_agree": agree(stored["policies"], "policy"),
        "worst_off_is_zero": all(row["lowest_benefit"] == 0 for row in stored["objectives"]),
        "objectives": [
            {
                **row,
                "name": OBJECTIVES[row["objective"]],
                "is_chosen": row["objective"] == objective,
                "points": percent(row["total"]),
                "lowest": None if row["lowest_benefit"] is None else percent(row["lowest_benefit"]),
            }
            for row in stored["objectives"]
        ],
        "policies": [
            {
                **row,
                "name": dict(POLICIES)[row["policy"]],
                "is_chosen": row["policy"] == policy,
                "critical_filled": share([tier for tier in row["tiers"] if tier["tier"] == 1]),
                "filled": share(row["tiers"]),
            }
            for row in stored["policies"]
        ],
    }


def agree(rows: list[dict[str, Any]], name: str) -> bool:
    """Whether several rows differ in nothing but their name."""
    first, *others = ({**row, name: ""} for row in rows)
    return bool(others) and all(other == first for other in others)


def share(tiers: list[dict[str, int]]) -> int:
    """Percent filled, rounded down; nothing needed is all filled."""
    needed = sum(tier["needed"] for tier in tiers)
    return 100 * sum(tier["filled"] for tier in tiers) // needed if needed else 100
