"""What the two cities signed: kept for them, checked by its content, only downloaded."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.audit.models import AuditEntry
from apps.core.errors import DomainError
from apps.core.files import UploadField
from apps.pairings.models import Agreement
from apps.pairings.services import add_agreement
from apps.pairings.states import PairingState
from tests.personas import DECIDERS, EVERYBODY, OFFICERS
from tests.unchanged import nothing_changes

PDF = b"%PDF-1.7\n%%EOF\n"
MAY = OFFICERS | DECIDERS


def upload(name="agreement.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def room(pairing, now):
    return pairing("active", active_since=now)


@pytest.fixture
def add(room, people, now):
    def by(who, **values):
        fields = {"file": UploadField().clean(upload()), "signed_on": now.date(), **values}
        return add_agreement(room, by=people[who], now=now, **fields)

    return by


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_agreement_is_added_or_denied_when_a_person_tries(add, room, people, who):
    if who in MAY:
        made = add(who)
        assert (made.pairing, made.added_by, made.name) == (room, people[who], "agreement.pdf")
        assert AuditEntry.objects.get(verb="add_agreement").subject_id == str(room.pk)
    else:
        with nothing_changes(), pytest.raises(PermissionDenied):
            add(who)


@pytest.mark.parametrize("state", PairingState)
def test_an_agreement_is_refused_when_the_cities_never_accepted(pairing, people, now, state):
    file = UploadField().clean(upload())
    subject = pairing(state)

    with nothing_changes(), pytest.raises(DomainError):
        add_agreement(subject, by=people["left officer"], now=now, file=file, signed_on=now.date())


def test_an_agreement_is_refused_when_it_is_signed_tomorrow(add, room, now):
    with nothing_changes(), pytest.raises(DomainError) as refusal:
        add("left officer", signed_on=now.date() + timedelta(days=1))

    assert refusal.value.field == "signed_on"


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_agreement_is_downloaded_or_not_there_when_a_person_asks(add, client, people, who):
    made = add("left officer")
    client.force_login(people[who])

    response = client.get(made.get_absolute_url())

    assert response.status_code == (
        302 if who.startswith("inactive") else 200 if who in MAY else 404
    )
    if who in MAY:
        assert b"".join(response.streaming_content) == PDF
        assert response.headers["Content-Disposition"] == 'attachment; filename="agreement.pdf"'
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_an_agreement_is_kept_when_the_page_sends_it(client, room, people, now):
    client.force_login(people["left officer"])
    url = reverse("pairings:agreement_add", args=[room.pk])

    page = client.get(url).text
    answer = client.post(url, {"file": upload("协议.pdf"), "signed_on": str(now.date())})

    assert 'enctype="multipart/form-data"' in page
    assert answer.url == room.get_absolute_url()
    assert Agreement.objects.get().name == "协议.pdf"


def test_a_page_that_is_no_document_is_refused_when_it_is_sent(client, room, people, now):
    client.force_login(people["left officer"])
    url = reverse("pairings:agreement_add", args=[room.pk])
    file = upload("agreement.pdf", b"<html><script>alert(1)</script></html>")

    with nothing_changes():
        answer = client.post(url, {"file": file, "signed_on": str(now.date())})

    assert answer.status_code == 422
    assert "Choose a PDF, a JPEG or a PNG." in answer.text
