"""When it happened, month by month; what has no day of its own stands apart."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Sum
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _

from apps.core.templatetags.ui import dated
from apps.ledger.flows import standing
from apps.ledger.models import DatePrecision
from apps.ledger.querysets import LedgerQuerySet

SHOWN = 36


@dataclass(frozen=True)
class Month:
    """`amount` is a number of entries, or of units."""

    label: str
    amount: int


@dataclass(frozen=True)
class Band:
    """Months of which the entries give a day or the month itself, or those of which they do not."""

    is_known: bool
    months: tuple[Month, ...]


def bands(entries: LedgerQuerySet, *, by_units: bool) -> list[Band]:
    """The last `SHOWN` months in their order; then what was only listed then, and what has no date."""
    measure = Sum("quantity", default=0) if by_units else Count("pk")
    rows = (
        standing(entries)
        .order_by()
        .values_list("precision", TruncMonth("occurred_on"))
        .annotate(amount=measure)
        .order_by("precision", TruncMonth("occurred_on"))
    )
    known: dict[date, int] = defaultdict(int)
    unknown: dict[str, int] = defaultdict(int)
    for precision, month, amount in rows:
        if precision in (DatePrecision.DAY, DatePrecision.MONTH):
            known[month] += amount
        else:
            unknown[words(precision, month)] += amount
    found = [
        Band(True, tuple(Month(dated(day, "month"), known[day]) for day in sorted(known)[-SHOWN:])),
        Band(False, tuple(Month(label, amount) for label, amount in unknown.items())),
    ]
    return [band for band in found if band.months]


def words(precision: str, month: date | None) -> str:
    if month is None:
        return _("date not stated")
    if precision == DatePrecision.YEAR:
        return _("%(year)s, month not known") % {"year": dated(month, "year")}
    return _("listed in %(month)s, day not known") % {"month": dated(month, "month")}
