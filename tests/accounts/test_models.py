import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from apps.accounts.models import User, validate_time_zone
from tests import factories
from tests.unchanged import nothing_changes


def test_person_is_a_member_who_may_sign_in_when_created(db):
    person = User.objects.create_user("Ana.Diaz@Example.ORG", "a long password", name="Ana")

    stored = User.objects.get()
    assert stored == person
    assert (stored.email, stored.name, stored.role) == ("ana.diaz@example.org", "Ana", "member")
    assert (stored.language, stored.time_zone) == ("en", "UTC")
    assert (stored.is_active, stored.is_demo, stored.is_superuser) == (True, False, False)
    assert stored.check_password("a long password")


def test_person_has_no_password_when_none_is_given(db):
    person = User.objects.create_user("ana@example.org", name="Ana")

    assert not person.has_usable_password()


def test_second_person_is_refused_when_the_address_is_taken(db):
    factories.UserFactory(email="ana@example.org")

    with nothing_changes(), pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ANA@example.org", name="Another Ana")


def test_superuser_is_an_administrator_and_passes_no_rule_by_when_created(db):
    call_command(
        "createsuperuser", email="root@example.org", name="Root", interactive=False, verbosity=0
    )

    person = User.objects.get()
    assert (person.role, person.is_staff, person.is_superuser) == ("administrator", True, False)


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("is_superuser", True, "accounts_user_nobody_passes_by_the_rules"),
        ("role", "director", "accounts_user_role_known"),
    ],
)
def test_database_refuses_when_somebody_would_be_above_the_rules(
    administrator, column, value, constraint
):
    with nothing_changes(), pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        User.objects.filter(pk=administrator.pk).update(**{column: value})


@pytest.mark.parametrize(
    ("role", "is_staff", "is_coordinator", "decides"),
    [
        (User.Role.MEMBER, False, False, False),
        (User.Role.COORDINATOR, False, True, True),
        (User.Role.ADMINISTRATOR, True, False, True),
    ],
)
def test_role_says_what_a_person_is_when_asked(role, is_staff, is_coordinator, decides):
    person = User(role=role)

    assert person.is_staff == is_staff
    assert person.is_coordinator == is_coordinator
    assert person.decides == decides


def test_deciders_are_those_who_may_decide_and_sign_in_when_asked(coordinator, administrator):
    factories.UserFactory()
    factories.UserFactory(coordinator=True, is_active=False)
    factories.UserFactory(administrator=True, is_active=False)

    assert set(User.objects.deciders()) == {coordinator, administrator}


@pytest.mark.parametrize("typed", ["ana@example.org", "Ana@Example.Org"])
def test_person_is_found_when_the_address_is_written_otherwise(db, typed):
    person = factories.UserFactory(email="ana@example.org")

    assert User.objects.get_by_natural_key(typed) == person


@pytest.mark.parametrize(("name", "shown"), [("Ana", "Ana"), ("", "ana@example.org")])
def test_person_is_called_by_name_or_else_by_address_when_shown(name, shown):
    assert str(User(name=name, email="ana@example.org")) == shown


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "America/Indiana/Knox"])
def test_time_zone_is_accepted_when_it_is_known(name):
    validate_time_zone(name)


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "asia/shanghai", "UTC+8", "../etc"])
def test_time_zone_is_refused_when_it_is_unknown(name):
    with pytest.raises(ValidationError) as refused:
        validate_time_zone(name)

    assert refused.value.messages == [f"“{name}” is not a known time zone."]
