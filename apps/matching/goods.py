"""What a snapshot takes of the postings: which take part, and their rows for the engine."""

from datetime import date

from apps.matching.engine import problem
from apps.postings.models import Posting


def usable_postings(today: date) -> tuple[list[Posting], dict[int, str]]:
    """Open postings with something free; those that contradict themselves are named and left out."""
    usable, left_out = [], {}
    rows = (
        Posting.objects.open()
        .with_free()
        .select_related("city", "item__category", "pack")
        .prefetch_related("substitutes__category", "excluded_cities")
        .order_by("pk")
    )
    for posting in rows:
        if why := fault_of(posting, today):
            left_out[posting.pk] = why
        else:
            usable.append(posting)
    return usable, left_out


def fault_of(posting: Posting, today: date) -> str:
    """Why a posting cannot take part, as a word for the round's record; empty if it can."""
    if not posting.city.acts:
        return "city_does_not_act"
    if posting.is_need and posting.needed_by and posting.needed_by < today:
        return "needed_by_is_past"
    if posting.available_until and posting.available_until < today:
        return "available_until_is_past"
    if posting.free is not None and posting.free < smallest_lot(posting):
        return "less_is_free_than_its_smallest_lot"
    return ""


def smallest_lot(posting: Posting) -> int:
    return max(
        posting.smallest_lot, posting.pack.units if posting.pack and not posting.is_need else 1
    )


def need_row(posting: Posting) -> problem.Need:
    return problem.Need(
        id=posting.pk,
        city=posting.city.code,
        item=posting.item.code,
        quantity=posting.free,
        tier=posting.urgency or 4,
        needed_by=posting.needed_by,
        smallest_lot=smallest_lot(posting),
        accepts=tuple(
            item.code for item in posting.substitutes.all() if item.pk != posting.item_id
        ),
    )


def offer_row(posting: Posting) -> problem.Offer:
    return problem.Offer(
        id=posting.pk,
        city=posting.city.code,
        item=posting.item.code,
        quantity=posting.free,
        available_from=posting.available_from,
        available_until=posting.available_until,
        smallest_lot=smallest_lot(posting),
        excluded=tuple(city.code for city in posting.excluded_cities.all()),
    )


def item_rows(postings: list[Posting]) -> tuple[problem.Item, ...]:
    """Every item that is posted or accepted instead of one; remote help takes no transport."""
    items = {
        item.code: item
        for posting in postings
        for item in (posting.item, *posting.substitutes.all())
    }
    return tuple(
        problem.Item(code, item.transport_days, remote=False)
        if item.category.is_material
        else problem.Item(code, remote=True)
        for code, item in sorted(items.items())
    )
