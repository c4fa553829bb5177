"""What a round can be asked for, and what has to be said for it."""

from typing import Any, get_args

from django.utils.translation import gettext as _

from apps.cities.models import City
from apps.core.errors import DomainError
from apps.matching.engine.problem import Objective, Policy

CHOICES = {
    "policy": get_args(Policy),
    "objective": get_args(Objective),
    "pool": ("country", "list", "one"),
}
USUAL = {"policy": "pair_first", "objective": "widest"}


def refuse_unfit(parameters: dict[str, Any], reason: str) -> None:
    """A round is refused as a whole when it is asked for something that there is not.

    Another objective or policy than the usual one needs a reason, two sides by list the codes of
    the cities on the one side (`left`).
    """
    choices = {name: value for name, value in parameters.items() if name != "left"}
    for name, value in choices.items():
        if value not in CHOICES.get(name, ()):
            raise DomainError(
                _("A round cannot be asked for %(name)s = %(value)s.")
                % {"name": name, "value": value}
            )
    refuse_unfit_list(choices.get("pool"), parameters.get("left", []))
    if not reason and any(choices.get(name, usual) != usual for name, usual in USUAL.items()):
        raise DomainError(
            _("Say why this round is not as usual: counterparts first, widest."), "reason"
        )


def refuse_unfit_list(pool: str | None, left: list[str]) -> None:
    if pool == "list" and not left:
        raise DomainError(_("Choose the cities of the one side."), "left")
    if pool != "list" and left:
        raise DomainError(_("Only two sides by list have cities to choose."), "left")
    unknown = set(left) - set(City.objects.filter(code__in=left).values_list("code", flat=True))
    if unknown:
        raise DomainError(
            _("There is no city with the code %(code)s.") % {"code": min(unknown)}, "left"
        )
