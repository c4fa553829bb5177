"""Pages of long lists."""

from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.utils.functional import SimpleLazyObject

LAST_ROW = 2**31


class LongListPaginator(Paginator):
    """Counts no further than it helps: to count 100,000 rows takes longer than to show 25.

    Lists of up to `most` rows are numbered to their end. Of a longer one every page can be asked
    for, and knows whether another follows by a row more than it shows.
    """

    most = 1000

    @cached_property
    def count(self) -> int:
        """Of the rows; `most` and one, if there are more."""
        return int(self.object_list.order_by()[: self.most + 1].count())

    @property
    def is_longer(self) -> bool:
        return self.count > self.most

    @cached_property
    def num_pages(self) -> int:
        """Those that are known."""
        return self.most // self.per_page if self.is_longer else super().num_pages

    def validate_number(self, number: Any) -> int:
        try:
            return super().validate_number(number)
        except EmptyPage:
            if self.is_longer and 0 < int(number) < LAST_ROW // self.per_page:
                return int(number)
            raise

    def page(self, number: Any) -> Page[Any]:
        if not self.is_longer:
            return super().page(number)
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        rows = self.object_list[first : first + self.per_page + 1]
        page = LongListPage(rows, number, self)
        if number > self.num_pages and not page.fetched:
            raise EmptyPage(self.error_messages["no_results"])
        return page

    def get_page(self, number: Any) -> Page[Any]:
        """The last page that is known for one beyond the end."""
        try:
            return super().get_page(number)
        except EmptyPage:
            return self.page(self.num_pages)


class LongListPage(Page[Any]):
    """Fetched when it is shown, which it is not where the shown list is kept."""

    def __init__(self, rows: Any, number: int, paginator: LongListPaginator) -> None:
        self.rows = rows
        shown = SimpleLazyObject(lambda: self.fetched[: paginator.per_page])
        super().__init__(shown, number, paginator)

    @cached_property
    def fetched(self) -> list[Any]:
        return list(self.rows)

    def has_next(self) -> bool:
        return len(self.fetched) > self.paginator.per_page

    def has_other_pages(self) -> bool:
        return True
