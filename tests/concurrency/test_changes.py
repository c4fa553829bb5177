"""Of writers at the same time each changes the version, in whatever order they end."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from django.db import connection, transaction

from apps.core.changes import data_version, sum_up
from apps.core.models import Change
from apps.postings.models import Posting
from tests import factories
from tests.concurrency.races import at_once


@contextmanager
def writing(posting: Posting) -> Iterator[None]:
    """Another connection has changed the posting, and commits at the end."""
    written, end = Event(), Event()

    def write() -> None:
        with transaction.atomic():
            Posting.objects.filter(pk=posting.pk).update(details="new")
            written.set()
            end.wait(20)
        connection.close()

    thread = Thread(target=write)
    thread.start()
    assert written.wait(5), "it waits for another writer"
    yield
    end.set()
    thread.join()


def test_each_commit_changes_the_version_when_the_later_writer_ends_first():
    one, other = factories.NeedFactory(), factories.NeedFactory()
    versions = [data_version()]

    with writing(one):
        with writing(other):
            versions.append(data_version())
        versions.append(data_version())
    versions.append(data_version())

    assert [version - versions[0] for version in versions] == [0, 0, 1, 2]


def test_each_commit_changes_the_version_when_all_is_summed_up_meanwhile():
    need = factories.NeedFactory()
    before = data_version()

    with writing(need):
        sum_up()
        during = data_version()

    assert (during, data_version()) == (before, before + 1)


def test_no_change_is_lost_when_many_write_and_sum_up_at_once():
    needs = [factories.NeedFactory() for _ in range(4)]
    before = data_version()

    def write(need: Posting) -> None:
        for number in range(20):
            Posting.objects.filter(pk=need.pk).update(details=str(number))

    def sum_often() -> None:
        for _ in range(20):
            sum_up()

    at_once([*(lambda need=need: write(need) for need in needs), sum_often, sum_often])

    sum_up()
    assert (data_version() - before, Change.objects.count()) == (80, 1)
