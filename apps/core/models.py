from functools import cache
from typing import Any, ClassVar, NoReturn

from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _


@cache
def words_of(field: "models.Field[Any, Any]") -> dict[Any, Any]:
    """The word of every choice, by its value."""
    return dict(field.flatchoices)


class TimeStamped(models.Model):
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: "models.Field[Any, Any]") -> Any:  # noqa: N802
        # Django makes the dictionary anew, and translates all of it, for each cell of each list.
        value = getattr(self, field.attname)
        return force_str(words_of(field).get(value, value), strings_only=True)


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete a row of history."""


class AppendOnlyQuerySet(models.QuerySet[Any]):
    """Rows that are written once: corrections are new rows."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError(f"{self.model.__name__} rows are never deleted.")


class AppendOnly(models.Model):
    objects: ClassVar[Any] = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")


class Change(models.Model):
    """So many transactions changed what pages show. Written by the database, see `changes`."""

    number = models.BigIntegerField(db_default=1)

    def __str__(self) -> str:
        return str(self.number)
