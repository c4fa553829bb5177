"""Why two cities are proposed as counterparts, and why one stays alone."""

from collections.abc import Iterable, Iterator

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.matching.words.base import Names, Reason, Say, percent, plain, two

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
COMPARES = {"topics": "topics", "working_day": "utc_offset", "scale": "population"}


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
    stated = sorted(percent(r[key]) for key in ("benefit_a", "benefit_b") if r[key] is not None)
    if not stated:
        return _("Neither of them has needs.")
    values = {"low": stated[0], "high": stated[-1], "mean": percent(r["value"])}
    if len(stated) == 1:
        one = _("One of them has needs; the other can cover %(high)d %% of them, by urgency.")
        return two(one % values, _("Help in one direction counts half."))
    if values["low"] == values["high"]:
        return _("Each can cover %(mean)d %% of the other's needs, by urgency.") % values
    return (
        _(
            "One can cover %(high)d %%, the other %(low)d %% of the partner's needs, by urgency;"
            " %(mean)d %% on average."
        )
        % values
    )


def say_topics(r: Reason, names: Names) -> str:
    count = r["shared"]
    return (
        ngettext("They share %(count)d topic.", "They share %(count)d topics.", count)
        % {"count": count}
        if count
        else _("They share no topic of exchange.")
    )


def say_working_day(r: Reason, names: Names) -> str:
    language = _("They share a language.") if r["language"] else ""
    if r["minutes"] is None:
        return language
    hours = (
        _("Of eight working hours a day they share %(hours)s.")
        % {"hours": floatformat(r["minutes"] / 60)}
        if r["minutes"]
        else _("Their working days do not overlap.")
    )
    return two(hours, language) if language else hours


def say_scale(r: Reason, names: Names) -> str:
    value = percent(r["value"])
    if value < 1:
        words = _("The smaller has less than %(value)d %% of the population of the larger.")
    else:
        words = _("The smaller has %(value)d %% of the population of the larger.")
    return words % {"value": max(value, 1)}


def say_not_stated(r: Reason, names: Names) -> str:
    data = [str(DATA.get(datum, datum)) for datum in r["data"]]
    return _("Not stated for %(city)s, and therefore without points: %(data)s.") % {
        "city": names.city(r["city"]),
        "data": _(", ").join(data),
    }


def leave_unknown_out(reasons: Iterable[Reason]) -> Iterator[Reason]:
    """Without what compares data that one of the two has not stated: nobody knows."""
    reasons = list(reasons)
    unknown = {reason["datum"] for reason in reasons if reason["code"] == "not_stated"}
    for reason in reasons:
        if COMPARES.get(reason["code"]) not in unknown:
            yield reason
        elif reason.get("language"):
            yield {**reason, "minutes": None}


def gather_not_stated(reasons: Iterable[Reason]) -> list[Reason]:
    """All that is not stated of a city as one reason, at the place of the first."""
    gathered: dict[str, Reason] = {}
    kept = []
    for reason in reasons:
        if reason["code"] != "not_stated":
            kept.append(reason)
        elif earlier := gathered.get(reason["city"]):
            earlier["data"].append(reason["datum"])
        else:
            gathered[reason["city"]] = {**reason, "data": [reason["datum"]]}
            kept.append(gathered[reason["city"]])
    return kept


def say_covers(r: Reason, names: Names) -> str:
    if r["covered"] == r["needed"]:
        words = _("%(item)s: %(receiver)s needs %(needed)s; %(giver)s can cover it in full.")
    else:
        words = _("%(item)s: %(receiver)s needs %(needed)s; %(giver)s can cover %(covered)s.")
    return words % {
        "giver": names.city(r["giver"]),
        "receiver": names.city(r["receiver"]),
        "covered": names.amount(r["covered"], r["item"]),
        "needed": names.amount(r["needed"], r["item"]),
        "item": names.item(r["item"]),
    }


def say_uncovered(r: Reason, names: Names) -> str:
    return _("Still open for %(city)s: %(item)s (%(amount)s).") % {
        "city": names.city(r["city"]),
        "amount": names.amount(r["uncovered"], r["item"]),
        "item": names.item(r["item"]),
    }


def say_next_best(r: Reason, names: Names) -> str:
    tenths = r["loss"] // 1_000  # of a point, rounded down: it costs at least that
    values = {
        "city": names.city(r["city"]),
        "partner": names.city(r["partner"]),
        "score": percent(r["score"]),
        "points": floatformat(tenths / 10, 1),
    }
    first = _("Next best for %(city)s: %(partner)s (%(score)d %%).") % values
    effects = {
        "score": (
            _(
                "It would cost the network %(points)s points or more: a lower bound; the exact figure"
                " is worked out on request."
            )
            if tenths
            else _("What it would cost the network is worked out on request.")
        ),
        "fewer_cities": _("It would leave more cities without a counterpart."),
        "lower_benefit": _("It would lower the benefit of the worst off."),
    }
    return two(first, effects[r["effect"]] % values)


def say_no_candidate(r: Reason, names: Names) -> str:
    return _(
        "No candidate among %(compared)s: with %(unrelated)s it shares no help, tie or topic,"
        " %(below_floor)s score below %(floor)d %%, %(forbidden)s are forbidden."
    ) % {
        "compared": intcomma(r["compared"]),
        "unrelated": intcomma(r["unrelated"]),
        "below_floor": intcomma(r["below_floor"]),
        "forbidden": intcomma(r["forbidden"]),
        "floor": percent(r["floor"]),
    }


def say_below_threshold(r: Reason, names: Names) -> str:
    return _(
        "With %(partner)s (%(score)d %%) the worst off would gain %(lowest)d %%, less than %(threshold)d %%."
    ) % {
        "partner": names.city(r["partner"]),
        **{name: percent(r[name]) for name in ("score", "lowest", "threshold")},
    }


def say_outbid(r: Reason, names: Names) -> str:
    words = (
        _("%(partner)s (%(score)d %%) is worth more to %(other)s (%(their_score)d %%).")
        if r["their_score"] >= r["score"]
        else _(
            "%(partner)s (%(score)d %%) goes to %(other)s (%(their_score)d %%): that pair scores"
            " less, but with it the network as a whole does better."
        )
    )
    return words % {
        "partner": names.city(r["partner"]),
        "other": names.city(r["paired_with"]),
        "score": percent(r["score"]),
        "their_score": percent(r["their_score"]),
    }


SENTENCES: dict[str, Say] = {
    "pinned": plain(gettext_lazy("An administrator has fixed this pair.")),
    "coverage": say_coverage,
    "tie": say_tie,
    "history": say_history,
    "topics": say_topics,
    "working_day": say_working_day,
    "scale": say_scale,
    "not_stated": say_not_stated,
    "covers": say_covers,
    "uncovered": say_uncovered,
    "next_best": say_next_best,
    "no_partner": plain(gettext_lazy("Nobody of its level is left to pair with.")),
    "all_forbidden": plain(gettext_lazy("Every possible partner is forbidden: %(forbidden)s.")),
    "no_candidate": say_no_candidate,
    "below_floor": lambda r, names: (
        _("The nearest is %(partner)s with %(score)d %%; %(floor)d %% are needed.")
        % {
            "partner": names.city(r["partner"]),
            "score": percent(r["score"]),
            "floor": percent(r["floor"]),
        }
    ),
    "below_threshold": say_below_threshold,
    "outbid": say_outbid,
}
