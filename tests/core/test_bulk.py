"""Rows that are inserted together are the rows that Django would have inserted one by one."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.audit.models import AuditEntry
from apps.cities.models import City
from apps.core.bulk import insert_rows, new_ids
from apps.matching.models import Match
from tests import factories
from tests.unchanged import nothing_changes, rows_of

pytestmark = pytest.mark.django_db

TEXTS = [
    "",
    "plain",
    "tab\tline\nreturn\r.",
    r"\N",
    r"\.",
    "back\\slash \\t \\",
    "'single' \"double\" 100 % %s {0}",
    "无锡 – 匹兹堡 🤝",
]


@pytest.mark.parametrize("text", TEXTS)
def test_texts_are_stored_as_they_are_when_they_hold_signs_of_the_wire(now, text):
    pattern = AuditEntry(at=now, verb="rename", subject_kind="a.b", reason=text)

    insert_rows(pattern, [{"subject_id": "1", "subject_label": text}])

    row = AuditEntry.objects.get()
    assert (row.subject_label, row.reason, row.at, row.actor) == (text, text, now, None)


def test_rows_are_those_of_django_when_defaults_dates_and_json_are_among_them(now):
    known = factories.MatchFactory(decided_by=None)
    given = [
        {
            "id": id,
            "quantity": 7 * id,
            "offer_id": offer.pk,
            "reasons": [{"code": "a\tb", "values": [None, True, 1.5, text]} for text in TEXTS],
        }
        for id, offer in zip(
            new_ids(Match, 2), (factories.OfferFactory(), factories.OfferFactory()), strict=True
        )
    ]
    same = {
        "round": known.round,
        "need": known.need,
        "proposed_quantity": 10**12,
        "via": "tie",
        "need_version": 1,
        "offer_version": 2,
        "expires_at": now + timedelta(days=14),
    }

    insert_rows(Match(**same), given)

    rows = {row["id"]: row for row in rows_of(Match)}
    ids = [row["id"] for row in given]
    inserted = [rows[id] for id in ids]
    Match.objects.filter(pk__in=ids).delete()
    Match.objects.bulk_create(Match(**same, **row) for row in given)
    rows = {row["id"]: row for row in rows_of(Match)}
    for ours, djangos in zip(inserted, [rows[id] for id in ids], strict=True):
        for dated in ("created_at", "updated_at"):
            assert djangos.pop(dated) - ours.pop(dated) < timedelta(minutes=1)
        assert ours == djangos


def test_many_rows_are_inserted_by_one_statement_when_there_are_thousands(
    now, django_assert_num_queries
):
    count = 2_001
    pattern = AuditEntry(at=now, verb="rename", subject_kind="a.b", subject_label="B")

    with django_assert_num_queries(1):
        insert_rows(pattern, ({"subject_id": str(n)} for n in range(count)))

    ids = AuditEntry.objects.order_by("pk").values_list("subject_id", flat=True)
    assert list(ids) == [str(n) for n in range(count)]


def test_nothing_is_asked_of_the_database_when_there_are_no_rows(now, django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(AuditEntry(at=now), [])


def test_no_row_is_inserted_when_the_database_refuses_one_of_them():
    match = factories.MatchFactory()
    other = factories.OfferFactory()
    pattern = Match(
        round=match.round,
        need=match.need,
        proposed_quantity=1,
        via="tie",
        need_version=1,
        offer_version=1,
    )
    rows = [{"offer_id": other.pk, "quantity": 1}, {"offer_id": match.offer_id, "quantity": 1}]

    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(pattern, rows)


@pytest.mark.parametrize("gone", [False, True])
def test_new_ids_are_those_of_no_row_when_rows_were_there_before(gone):
    last = factories.CityFactory().pk
    if gone:
        City.objects.all().delete()

    ids = new_ids(City, 3)

    assert ids == sorted(set(ids))
    assert ids[0] > last


def test_the_next_row_gets_an_id_of_its_own_when_ids_were_taken(now):
    same = {"at": now, "verb": "rename", "subject_kind": "a.b", "subject_id": "1"}
    ids = new_ids(AuditEntry, 2)
    insert_rows(AuditEntry(**same), [{"id": id} for id in ids])

    after = AuditEntry.objects.create(**same)

    assert after.pk > ids[1]
    assert AuditEntry.objects.filter(pk__in=ids).count() == 2
