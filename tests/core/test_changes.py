"""Whoever changes what pages show, and however, the version of the data is another one."""

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.cities.models import City
from apps.core.bulk import insert_rows
from apps.core.changes import data_version, sum_up, watched
from apps.core.models import Change
from apps.matching.models import Round
from apps.postings.models import Category, Posting
from tests import factories
from tests.unchanged import our_models
from tests.versions import changes_by, undone

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="one row a transaction is PostgreSQL's way"
)


@pytest.fixture
def need() -> Posting:
    return factories.NeedFactory()


WRITES = {
    "saves a row": lambda need: need.save(),
    "updates rows": lambda need: Posting.objects.update(details="new"),
    "deletes a row": lambda need: City.objects.filter(pk=factories.CityFactory().pk).delete(),
    "adds a row to a list": lambda need: need.substitutes.add(factories.ItemFactory()),
    "creates many": lambda need: Category.objects.bulk_create([Category(code="x", name_en="X")]),
    "inserts by COPY": lambda need: insert_rows(Category(name_en="X"), [{"code": "y"}]),
    "writes its own SQL": lambda need: connection.cursor().execute(
        "UPDATE postings_posting SET quantity = quantity + 1"
    ),
    "renames a person": lambda need: User.objects.update(name="Another"),
}


@pytest.mark.parametrize("how", WRITES)
def test_version_rises_when_somebody(how, need):
    factories.UserFactory()

    assert changes_by(lambda: WRITES[how](need)) > 0


UNSEEN = {
    "nothing": lambda: Posting.objects.filter(pk=0).update(details="new"),
    "the time of a sign-in": lambda: User.objects.update(last_login=timezone.now()),
    "the progress of a round": lambda: Round.objects.update(progress=5, phase="x"),
    "what was taken back": lambda: undone(lambda: Posting.objects.update(details="new")),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_version_stays_when_what_is_written_is(what, need):
    factories.UserFactory()
    factories.RoundFactory()

    assert changes_by(UNSEEN[what]) == 0


def test_version_rises_when_the_first_change_of_a_transaction_was_taken_back(need):
    def write() -> None:
        undone(lambda: Posting.objects.update(details="new"))
        Posting.objects.update(details="newer")

    assert changes_by(write) == 1


@on_postgresql
def test_transaction_counts_once_when_it_writes_often(need):
    def write() -> None:
        for details in ("a", "b", "c"):
            with transaction.atomic():
                Posting.objects.update(details=details)
                factories.NeedFactory()

    assert changes_by(write) == 1


@pytest.mark.parametrize("rows", [0, 1, 5])
def test_version_stays_when_it_is_summed_up(rows):
    Change.objects.all().delete()
    Change.objects.bulk_create([Change(number=7) for _ in range(rows)])

    sum_up()

    assert data_version() == 7 * rows
    assert connection.vendor == "sqlite" or Change.objects.count() == min(rows, 1)


def test_every_table_of_ours_is_watched_but_those_that_are_named():
    found = {m for app in apps.get_app_configs() if "apps." in app.name for m in watched(app)}

    left_out = {model._meta.label for model in {*our_models(), Change} - found}
    assert left_out == {name for name in settings.PAGES_NEVER_SHOW if name.count(".") == 1}


def test_every_column_that_is_not_watched_is_there():
    columns = [name.split(".") for name in settings.PAGES_NEVER_SHOW if name.count(".") == 2]

    found = [apps.get_model(app, model)._meta.get_field(name) for app, model, name in columns]

    assert all(isinstance(field, models.Field) for field in found)
