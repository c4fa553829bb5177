import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.postings.models import Attachment
from apps.postings.services import attach_file, remove_attachment
from tests import factories
from tests.unchanged import nothing_changes
from tests.uploads import PDF, paper, upload


@pytest.fixture
def posting(city):
    return factories.NeedFactory(city=city)


def attach(posting, by, now, name="letter.pdf", content=None) -> Attachment:
    attach_file(posting, by=by, now=now, file=paper(name, content))
    return posting.attachments.latest("pk")


def test_file_is_kept_with_what_is_known_of_it_when_attached(posting, officer, now):
    attached = attach(posting, officer, now)

    assert (attached.name, attached.kind, attached.size) == (
        "letter.pdf",
        "application/pdf",
        len(PDF),
    )
    assert attached.added_by == officer
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.after, entry.actor) == ("attach_file", "letter.pdf", officer)


def test_file_is_refused_when_there_are_five(posting, officer, now):
    for number in range(5):
        attach(posting, officer, now, content=PDF + b"%d%%%%EOF" % number)

    with nothing_changes(), pytest.raises(DomainError) as refused:
        attach_file(posting, by=officer, now=now, file=paper("photo.png"))

    assert (refused.value.message, refused.value.field) == (
        "A posting has at most 5 files.",
        "file",
    )


def test_same_file_is_there_once_when_it_is_added_twice(posting, officer, now):
    attach(posting, officer, now)

    with nothing_changes():
        attach_file(posting, by=officer, now=now, file=paper("other name.pdf"))


@pytest.mark.parametrize("state", ["withdrawn", "fulfilled"])
def test_file_is_refused_when_the_posting_is_closed(city, officer, now, state):
    posting = factories.OfferFactory(city=city, state=state)

    with nothing_changes(), pytest.raises(DomainError):
        attach_file(posting, by=officer, now=now, file=paper("letter.pdf"))


def test_file_is_refused_when_the_posting_is_another_citys(posting, now):
    other = factories.LiaisonFactory().user

    with nothing_changes(), pytest.raises(PermissionDenied):
        attach_file(posting, by=other, now=now, file=paper("letter.pdf"))


@pytest.mark.django_db(transaction=True)
def test_file_is_gone_when_it_is_removed(now):
    officer = factories.LiaisonFactory()
    attached = attach(factories.NeedFactory(city=officer.city), officer.user, now)
    storage, name = attached.file.storage, attached.file.name
    before = storage.exists(name)

    remove_attachment(attached, by=officer.user, now=now)

    assert (before, storage.exists(name), Attachment.objects.count()) == (True, False, 0)
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.before) == ("remove_attachment", "letter.pdf")


def test_file_is_only_saved_when_it_is_opened(client, posting, officer, now):
    attached = attach(posting, officer, now)

    response = client.get(attached.get_absolute_url())

    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == (
        "application/pdf",
        "nosniff",
    )


def test_file_is_hidden_when_its_posting_is(client, posting, officer, now):
    attached = attach(posting, officer, now)
    posting.state = "held"
    posting.save()

    answers = [client.get(attached.get_absolute_url()).status_code]
    client.force_login(officer)
    answers.append(client.get(attached.get_absolute_url()).status_code)

    assert answers == [404, 200]


def test_fault_stands_at_the_field_when_the_file_is_none(client, posting, officer):
    client.force_login(officer)

    with nothing_changes():
        response = client.post(
            reverse("postings:posting_attach", args=[posting.pk]),
            {"file": upload("a.png", b"GIF89a")},
        )

    assert response.status_code == 422
    assert response.context["form"].errors == {"file": ["Choose a PDF, a JPEG or a PNG."]}


def test_posting_shows_its_files_and_lets_only_its_officers_remove_them(
    client, posting, officer, now
):
    attached = attach(posting, officer, now)
    remove = f"{attached.get_absolute_url()}remove/"

    as_visitor = client.get(posting.get_absolute_url()).text
    client.force_login(officer)
    as_officer = client.get(posting.get_absolute_url()).text

    assert [attached.get_absolute_url() in text for text in (as_visitor, as_officer)] == [True] * 2
    assert [remove in text for text in (as_visitor, as_officer)] == [False, True]
