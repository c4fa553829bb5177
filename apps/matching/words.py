"""The engine's reasons in the reader's language: a code and its parameters become a sentence."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.matching.names import Names, Reason
from apps.postings.models import Item

CRITERIA = {
    "coverage": gettext_lazy("coverage of needs"),
    "tie": gettext_lazy("sister tie"),
    "history": gettext_lazy("past help"),
    "topics": gettext_lazy("shared topics"),
    "working_day": gettext_lazy("working day and language"),
    "scale": gettext_lazy("size"),
}
DATA = {
    "needs": gettext_lazy("needs"),
    "population": gettext_lazy("population"),
    "languages": gettext_lazy("languages"),
    "utc_offset": gettext_lazy("time zone"),
    "topics": gettext_lazy("topics"),
}


def sentences(reasons: Iterable[Reason], item: Item | None = None) -> list[str]:
    """A sentence for each reason that has one, in their order; `item` is that of a match."""
    reasons = list(reasons)
    names = Names(reasons, item)
    return [SENTENCES[r["code"]](r, names) for r in reasons if r["code"] in SENTENCES]


def parts(reasons: Iterable[Reason]) -> list[dict[str, Any]]:
    """The criteria of a pairing's score: name, value, weight and points in percent."""
    return [
        {
            "name": CRITERIA[r["code"]],
            "value": percent(r["value"]),
            "weight": percent(r["weight"]),
            "points": percent(r["points"]),
        }
        for r in reasons
        if r["code"] in CRITERIA
    ]


def percent(millionths: int) -> int:
    return round(millionths / 10_000)


def day(text: str | None) -> str:
    parsed = parse_date(text) if text else None
    return date_format(parsed) if parsed else ""


def say_tie(r: Reason, names: Names) -> str:
    return {
        "own": _("An existing sister tie joins them."),
        "state": _("A sister tie joins their provinces and states."),
    }.get(r["kind"], _("No sister tie joins them."))


def say_history(r: Reason, names: Names) -> str:
    if r["a_to_b"] and r["b_to_a"]:
        return _("They have helped each other before.")
    if r["a_to_b"] or r["b_to_a"]:
        return _("One of them has helped the other before.")
    return _("The ledger knows of no help between them.")


def say_coverage(r: Reason, names: Names) -> str:
    return _("Together they can cover %(value)d %% of each other's weighted needs.") % {
        "value": percent(r["value"])
    }


def say_topics(r: Reason, names: Names) -> str:
    count = r["shared"]
    return (
        ngettext("They share %(count)d topic.", "They share %(count)d topics.", count)
        % {"count": count}
        if count
        else _("They share no topic of exchange.")
    )


def say_working_day(r: Reason, names: Names) -> str:
    hours = (
        _("Their working days overlap by %(hours).1f hours.") % {"hours": r["minutes"] / 60}
        if r["minutes"]
        else _("Their working days do not overlap.")
    )
    return hours + " " + _("They share a language.") if r["language"] else hours


def say_not_stated(r: Reason, names: Names) -> str:
    return _(
        "Not stated for %(city)s: %(datum)s. The criterion “%(criterion)s” scores nothing for it."
    ) % {
        "city": names.city(r["city"]),
        "datum": DATA.get(r["datum"], r["datum"]),
        "criterion": CRITERIA[r["criterion"]],
    }


def say_covers(r: Reason, names: Names) -> str:
    return _(
        "%(receiver)s needs %(needed)s, %(item)s; %(giver)s can cover %(covered)s of them."
    ) % {
        "giver": names.city(r["giver"]),
        "receiver": names.city(r["receiver"]),
        "covered": intcomma(r["covered"]),
        "needed": names.amount(r["needed"], r["item"]),
        "item": names.item(r["item"]),
    }


def say_uncovered(r: Reason, names: Names) -> str:
    return _("Still open for %(city)s: %(amount)s, %(item)s.") % {
        "city": names.city(r["city"]),
        "amount": names.amount(r["uncovered"], r["item"]),
        "item": names.item(r["item"]),
    }


def say_next_best(r: Reason, names: Names) -> str:
    values = {
        "city": names.city(r["city"]),
        "partner": names.city(r["partner"]),
        "score": percent(r["score"]),
        "loss": percent(r["loss"]),
    }
    first = _("Next best for %(city)s: %(partner)s (%(score)d %%).") % values
    effects = {
        "score": _("It would cost the network at least %(loss)d points."),
        "fewer_cities": _("It would leave more cities without a counterpart."),
        "lower_benefit": _("It would lower the benefit of the worst off."),
    }
    return f"{first} {effects[r['effect']] % values}"


def say_went_to(r: Reason, names: Names) -> str:
    why = {
        "own_counterpart": _("its counterpart"),
        "more_urgent": _("more urgent"),
        "smaller_share": _("filled to a smaller share"),
        "closer": _("joined by a tie"),
        "drawn": _("drawn among equals"),
    }[r["why"]]
    return _("%(quantity)s from %(giver)s went to %(receiver)s: %(why)s.") % {
        "quantity": names.amount(r["quantity"]),
        "giver": names.city(r["giver"]),
        "receiver": names.city(r["receiver"]),
        "why": why,
    }


def say_arrival(r: Reason, names: Names) -> str:
    if r["needed_by"]:
        return _("It can arrive from %(day)s; needed by %(needed_by)s.") % {
            "day": day(r["day"]),
            "needed_by": day(r["needed_by"]),
        }
    return _("It can arrive from %(day)s.") % {"day": day(r["day"])}


def say_tier(r: Reason, names: Names) -> str:
    return {
        1: _("The need is critical."),
        2: _("The need is urgent."),
        3: _("The need is for soon."),
        4: _("The need is planned for later."),
    }[r["tier"]]


def between(text: Any) -> Callable[[Reason, Names], str]:
    """A sentence about giver and receiver."""
    return lambda r, names: (
        text
        % {
            "giver": names.city(r["giver"]),
            "receiver": names.city(r["receiver"]),
        }
    )


def counted(text: Any) -> Callable[[Reason, Names], str]:
    """A sentence about quantities, each said with its unit."""
    return lambda r, names: (
        text % {key: names.amount(value) for key, value in r.items() if isinstance(value, int)}
    )


SENTENCES: dict[str, Callable[[Reason, Names], str]] = {
    "pinned": counted(gettext_lazy("An administrator has fixed this pair.")),
    "coverage": say_coverage,
    "tie": say_tie,
    "history": say_history,
    "topics": say_topics,
    "working_day": say_working_day,
    "scale": lambda r, names: (
        _("The smaller has %(value)d %% of the population of the larger.")
        % {"value": percent(r["value"])}
    ),
    "not_stated": say_not_stated,
    "covers": say_covers,
    "uncovered": say_uncovered,
    "next_best": say_next_best,
    "tier": say_tier,
    "from_counterpart": between(gettext_lazy("%(giver)s is the counterpart of %(receiver)s.")),
    "from_tie": between(gettext_lazy("A sister tie joins %(giver)s and %(receiver)s.")),
    "from_state_tie": between(
        gettext_lazy("A sister tie joins the provinces or states of %(giver)s and %(receiver)s.")
    ),
    "from_network": between(
        gettext_lazy("From the network: nothing joins %(giver)s and %(receiver)s yet.")
    ),
    "knowledge": counted(gettext_lazy("Knowledge is not rationed: it serves the whole need.")),
    "substitute": lambda r, names: (
        _("%(offered)s is accepted instead of %(needed)s, one for one.")
        % {"offered": names.item(r["offered"]), "needed": names.item(r["needed"])}
    ),
    "share": counted(
        gettext_lazy(
            "The need is %(quantity)s; all proposed matches together fill %(filled)s of it."
        )
    ),
    "still_open": counted(gettext_lazy("Of the need, %(uncovered)s stay open.")),
    "arrival": say_arrival,
    "below_lot": counted(
        gettext_lazy("%(quantity)s is less than the smallest useful quantity, %(lot)s.")
    ),
    "went_to": say_went_to,
}
