import pytest
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.audit.services import record
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

ENTRIES = "admin:audit_auditentry"
PEOPLE = "admin:accounts_user"


@pytest.fixture
def admin(client, administrator):
    client.force_login(administrator)
    return client


def profile(person: User, **changes: str) -> dict[str, str]:
    """What the admin's form of a person sends."""
    values = {name: getattr(person, name) for name in ("email", "name", "language", "time_zone")}
    return {**values, "organisation": "", "role": person.role, "is_active": "on", **changes}


@pytest.mark.parametrize("role", [User.Role.MEMBER, User.Role.COORDINATOR])
def test_admin_is_closed_when_the_person_is_no_administrator(client, role):
    client.force_login(factories.UserFactory(role=role))

    response = client.get(reverse(f"{ENTRIES}_changelist"))

    assert response.status_code in (302, 403)


def test_audit_trail_can_be_read_when_the_person_is_an_administrator(admin, administrator, now):
    entry = record(administrator, "rename", factories.CityFactory(name_en="Wuxi"), at=now)

    listed = admin.get(reverse(f"{ENTRIES}_changelist"))
    one = admin.get(reverse(f"{ENTRIES}_change", args=[entry.pk]))

    assert listed.status_code == one.status_code == 200
    assert "Wuxi" in listed.content.decode()
    assert "Wuxi" in one.content.decode()


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Approve", "match", "proposed", "waiting for the cities", "Too far."]),
        ("zh-hans", ["批准", "匹配", "已提议", "待城市答复", "Too far."]),
    ],
)
def test_codes_are_told_in_words_when_the_trail_is_read(admin, administrator, now, language, words):
    entry = record(
        administrator,
        "approve_match",
        factories.MatchFactory(),
        at=now,
        before="proposed",
        after="approved",
        reason="Too far.",
    )

    with translation.override(language):
        listed = admin.get(reverse(f"{ENTRIES}_changelist")).text
        one = admin.get(reverse(f"{ENTRIES}_change", args=[entry.pk])).text

    for word in words:
        assert f">{word}<" in listed
        assert word in one
    assert "approve_match" not in listed + one


def test_trail_is_narrowed_when_a_verb_or_a_subject_is_chosen(admin, administrator, now):
    match, pairing = factories.MatchFactory(), factories.PairingFactory()
    for subject, verb in ((match, "approve_match"), (pairing, "approve_pairing")):
        record(administrator, verb, subject, at=now)
    record(administrator, "reject_match", match, at=now)

    def found(**chosen: str) -> list[str]:
        page = admin.get(reverse(f"{ENTRIES}_changelist"), chosen)
        return sorted(entry.verb for entry in page.context["cl"].result_list)

    assert found(does="approve") == ["approve_match", "approve_pairing"]
    assert found(subject="matching.match") == ["approve_match", "reject_match"]


@pytest.mark.parametrize("verb", ["add", "change", "delete"])
def test_audit_trail_cannot_be_written_when_an_administrator_tries(admin, administrator, now, verb):
    entry = record(administrator, "rename", factories.CityFactory(), at=now)
    address = reverse(f"{ENTRIES}_{verb}", args=[] if verb == "add" else [entry.pk])

    with nothing_changes():
        response = admin.post(address, {"verb": "forged", "post": "yes"})

    assert response.status_code == 403


def test_role_is_audited_when_an_administrator_grants_it(admin, administrator):
    person = factories.UserFactory(name="Ana")

    response = admin.post(
        reverse(f"{PEOPLE}_change", args=[person.pk]), profile(person, role="coordinator")
    )

    person.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert response.status_code == 302
    assert person.role == "coordinator"
    assert (entry.verb, entry.actor, entry.subject_id) == (
        "grant_role",
        administrator,
        str(person.pk),
    )
    assert (entry.before, entry.after) == ("member", "coordinator")


def test_nothing_is_audited_when_only_the_name_changes(admin):
    person = factories.UserFactory(name="Ana")

    admin.post(reverse(f"{PEOPLE}_change", args=[person.pk]), profile(person, name="Anna"))

    person.refresh_from_db()
    assert person.name == "Anna"
    assert AuditEntry.objects.count() == 0


def test_person_is_added_with_a_small_address_and_an_audited_role_when_an_administrator_does(
    admin, administrator
):
    response = admin.post(
        reverse(f"{PEOPLE}_add"),
        {
            "email": "Li.Wei@Example.org",
            "name": "Li Wei",
            "role": "coordinator",
            "usable_password": "true",
            "password1": "a long password",
            "password2": "a long password",
        },
    )

    person = User.objects.exclude(pk=administrator.pk).get()
    assert response.status_code == 302, response.context["errors"]
    assert (person.email, person.role) == ("li.wei@example.org", "coordinator")
    assert person.check_password("a long password")
    assert AuditEntry.objects.values_list("before", "after").get() == ("", "coordinator")


def test_second_account_is_refused_when_the_address_differs_in_case_only(admin):
    factories.UserFactory(email="li.wei@example.org")

    with nothing_changes():
        response = admin.post(
            reverse(f"{PEOPLE}_add"),
            {
                "email": "Li.Wei@example.org",
                "name": "Li Wei",
                "role": "member",
                "usable_password": "true",
                "password1": "a long password",
                "password2": "a long password",
            },
        )

    assert response.status_code == 200
    assert response.context["adminform"].form.errors["email"] == [
        "Person with this E-mail address already exists."
    ]


def test_person_is_not_deleted_when_an_administrator_tries(admin):
    person = factories.UserFactory()

    with nothing_changes():
        response = admin.post(reverse(f"{PEOPLE}_delete", args=[person.pk]), {"post": "yes"})

    assert response.status_code == 403
