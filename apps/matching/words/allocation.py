"""Why an offer goes to a need, and why a need stays open."""

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.matching.words.base import Names, Reason, Say, between, counted, day, plain, two


def say_tier(r: Reason, names: Names) -> str:
    return {
        1: _("The need is critical."),
        2: _("The need is urgent."),
        3: _("The need is for soon."),
        4: _("The need is planned for later."),
    }[r["tier"]]


def say_arrival(r: Reason, names: Names) -> str:
    if r["needed_by"]:
        return _("It can arrive from %(day)s; needed by %(needed_by)s.") % {
            "day": day(r["day"]),
            "needed_by": day(r["needed_by"]),
        }
    return _("It can arrive from %(day)s.") % {"day": day(r["day"])}


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


def say_share(r: Reason, names: Names) -> str:
    if r["filled"] == r["quantity"]:
        filled = _("With all proposed matches the need of %(quantity)s is filled.")
    else:
        filled = _("The need is %(quantity)s; all proposed matches together fill %(filled)s of it.")
    return filled % {name: names.amount(r[name]) for name in ("quantity", "filled")}


def say_dates(r: Reason, names: Names) -> str:
    late = _("Offers that would come too late: %(offers)s.") % {"offers": intcomma(r["offers"])}
    if not r["first_arrival"]:
        return late
    first = _("The first could arrive on %(day)s; needed by %(needed_by)s.") % {
        "day": day(r["first_arrival"]),
        "needed_by": day(r["needed_by"]),
    }
    return two(late, first)


def say_lots(r: Reason, names: Names) -> str:
    held_back = _(
        "%(left)s stay with their givers, less than the smallest useful quantity or a whole pack"
        " (%(lot)s)."
    ) % {name: names.amount(r[name]) for name in ("left", "lot")}
    if r["without_lots"] is None:
        return held_back
    more = _("Without that rule the need would get %(without_lots)s.")
    return two(held_back, more % {"without_lots": names.amount(r["without_lots"])})


SENTENCES: dict[str, Say] = {
    "tier": say_tier,
    "from_counterpart": between(gettext_lazy("%(giver)s is the counterpart of %(receiver)s.")),
    "from_tie": between(gettext_lazy("A sister tie joins %(giver)s and %(receiver)s.")),
    "from_state_tie": between(
        gettext_lazy("A sister tie joins the provinces or states of %(giver)s and %(receiver)s.")
    ),
    "from_network": between(
        gettext_lazy("From the network: nothing joins %(giver)s and %(receiver)s yet.")
    ),
    "knowledge": plain(gettext_lazy("Knowledge is not rationed: it serves the whole need.")),
    "substitute": lambda r, names: (
        _("%(offered)s is accepted instead of %(needed)s, one for one.")
        % {"offered": names.item(r["offered"]), "needed": names.item(r["needed"])}
    ),
    "share": say_share,
    "still_open": counted(gettext_lazy("Of the need, %(uncovered)s stay open.")),
    "arrival": say_arrival,
    "packs": lambda r, names: (
        _("It goes out in whole packs: %(packs)s of %(units)s.")
        % {"packs": intcomma(r["packs"]), "units": names.amount(r["units"])}
    ),
    "no_offer": lambda r, names: (
        _("Nobody offers %(item)s or what is accepted instead.") % {"item": names.item(r["item"])}
    ),
    "own_offer_only": plain(gettext_lazy("Only the city itself offers it.")),
    "forbidden": plain(
        gettext_lazy("Offers of cities that must not exchange with it: %(offers)s.")
    ),
    "excluded": plain(gettext_lazy("Offers that exclude the city: %(offers)s.")),
    "dates": say_dates,
    "used_up": lambda r, names: (
        _("What fits is given away: %(offered)s in all.") % {"offered": names.amount(r["offered"])}
    ),
    "lots": say_lots,
    "went_to": say_went_to,
}
