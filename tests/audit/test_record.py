import pytest
from django.db.models import ProtectedError
from django.utils import translation

from apps.audit.models import AuditEntry
from apps.audit.services import record, record_many
from apps.cities.models import City
from tests import factories

pytestmark = pytest.mark.django_db


def test_record_says_who_did_what_to_whom_when_something_is_decided(coordinator, now):
    city = factories.CityFactory(name_en="Wuxi")

    entry = record(coordinator, "rename", city, at=now, before="Wusih", after=7, reason="typo")

    entry = AuditEntry.objects.get(pk=entry.pk)
    assert entry.actor == coordinator
    assert (entry.at, entry.verb, entry.reason) == (now, "rename", "typo")
    assert (entry.subject_kind, entry.subject_id) == ("cities.city", str(city.pk))
    assert (entry.subject_label, entry.before, entry.after) == ("Wuxi", "Wusih", "7")
    assert str(entry) == "rename Wuxi"


def test_record_names_the_subject_in_english_when_the_page_is_chinese(coordinator, now):
    city = factories.CityFactory(name_en="Wuxi", name_zh_hans="无锡")

    with translation.override("zh-hans"):
        entry = record(coordinator, "rename", city, at=now)

    assert entry.subject_label == "Wuxi"


def test_record_keeps_the_beginning_of_the_name_when_it_is_very_long(coordinator, now):
    gift = factories.GiftFactory(giver__name="G" * 300)

    entry = record(coordinator, "record_gift", gift, at=now)

    assert AuditEntry.objects.get(pk=entry.pk).subject_label == "G" * 300


def test_record_many_writes_one_row_each_in_one_statement_when_there_are_several(
    coordinator, now, django_assert_num_queries
):
    cities = [factories.CityFactory() for _ in range(3)]

    names = {city.pk: city.name for city in cities}

    with django_assert_num_queries(1):
        record_many(coordinator, "rename", City, names, at=now, before="a", after="b", reason="c")

    rows = AuditEntry.objects.values_list("subject_id", "subject_label", "before", "after")
    assert sorted(rows) == sorted((str(city.pk), city.name, "a", "b") for city in cities)


def test_record_many_writes_nothing_when_there_is_nobody(coordinator, now):
    record_many(coordinator, "rename", City, {}, at=now)

    assert AuditEntry.objects.count() == 0


def test_person_cannot_be_deleted_when_the_audit_names_them(coordinator, now):
    record(coordinator, "rename", factories.CityFactory(), at=now)

    with pytest.raises(ProtectedError):
        coordinator.delete()

    assert AuditEntry.objects.get().actor == coordinator
