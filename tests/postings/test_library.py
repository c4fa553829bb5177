import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.core.errors import DomainError
from apps.core.files import UploadField
from apps.postings.models import Posting, Resource
from apps.postings.services import count_opening, share_resource, withdraw_posting
from apps.postings.services import reserve as reserve_units
from tests import factories
from tests.pages.html import Page
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n%%EOF\n"


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("masks.pdf", PDF)


def cleaned() -> object:
    return UploadField().clean(pdf())


def shared(city, item, *, by, now, **changes: str) -> Posting:
    fields = {
        "title": "How to reuse masks",
        "url": "https://example.org/masks.pdf",
        "language": "zh-hans",
        "licence": "CC BY 4.0",
    }
    return share_resource(city, item, by=by, now=now, **{**fields, **changes})


def form(kind, **changes: str) -> dict[str, object]:
    values = {
        "item": kind.pk,
        "title": "How to reuse masks",
        "url": "https://example.org/masks.pdf",
        "language": "en",
        "licence": "CC BY 4.0",
    }
    return {**values, **changes}


def test_knowledge_is_offered_to_everybody_without_a_quantity_when_shared(
    city, officer, manual, now
):
    posting = shared(city, manual, by=officer, now=now, details="Second edition.")

    posting.refresh_from_db()
    assert (posting.city, posting.kind, posting.item) == (city, "offer", manual)
    assert (posting.state, posting.quantity, posting.free) == ("open", None, None)
    assert (posting.details, posting.language) == ("Second edition.", "zh-hans")
    resource = posting.resource
    assert (resource.title, resource.url) == (
        "How to reuse masks",
        "https://example.org/masks.pdf",
    )
    assert (resource.language, resource.licence, resource.downloads) == ("zh-hans", "CC BY 4.0", 0)


def test_knowledge_serves_every_need_at_once_when_units_are_reserved(city, officer, manual, now):
    posting = shared(city, manual, by=officer, now=now)

    with nothing_changes():
        for _ in range(3):
            reserve_units(posting, 10**9)


def test_goods_are_not_shared_without_a_quantity_when_somebody_tries(city, officer, masks, now):
    with nothing_changes(), pytest.raises(DomainError) as refused:
        shared(city, masks, by=officer, now=now)

    assert (refused.value.message, refused.value.field) == (
        "Masks cannot be shared without a quantity.",
        "item",
    )


def test_knowledge_is_not_shared_when_the_person_does_not_speak_for_the_city(city, manual, now):
    stranger = factories.LiaisonFactory().user

    with nothing_changes(), pytest.raises(PermissionDenied):
        shared(city, manual, by=stranger, now=now)


@pytest.mark.parametrize("upload", [True, False])
def test_link_and_file_exclude_each_other_when_something_is_shared(
    city, officer, manual, now, upload
):
    changes = {"upload": cleaned()} if upload else {"url": ""}

    with nothing_changes(), pytest.raises(DomainError) as refused:
        shared(city, manual, by=officer, now=now, **changes)

    assert (refused.value.message, refused.value.field) == (
        "Give a link or a file, one of the two.",
        "url",
    )


def test_file_is_downloaded_and_counted_when_it_was_shared(
    client, city, officer, manual, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(officer)
    sent = client.post(reverse("postings:resource_share"), form(manual, url="", upload=pdf()))
    resource = Resource.objects.get()
    client.logout()

    response = client.get(resource.get_absolute_url())

    resource.refresh_from_db()
    assert (sent.status_code, response.status_code, resource.downloads) == (302, 200, 1)
    assert b"".join(response.streaming_content) == PDF
    assert response.headers["Content-Disposition"] == 'attachment; filename="masks.pdf"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "PDF, 23 bytes" in Page(client.get(reverse("postings:library")).text).words


def test_file_is_refused_at_its_field_when_it_is_something_else(client, officer, manual):
    client.force_login(officer)
    bad = SimpleUploadedFile("masks.pdf", b"<script>")

    with nothing_changes():
        response = client.post(reverse("postings:resource_share"), form(manual, url="", upload=bad))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["upload"])


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ventil"}, ["Ventilators"]),
        ({"q": "课程"}, ["Ventilators"]),
        ({"language": "zh-hans"}, ["口罩"]),
        ({"item": "course"}, ["Ventilators"]),
        ({"q": "nothing"}, []),
    ],
)
def test_library_shows_what_fits_when_it_is_filtered(client, asked, found):
    course = factories.ItemFactory(code="course", name_zh_hans="课程", is_knowledge=True)
    factories.ResourceFactory(title="Ventilators", posting__item=course)
    factories.ResourceFactory(title="口罩", language="zh-hans")
    asked = {**asked, "item": course.pk} if "item" in asked else asked

    response = client.get(reverse("postings:library"), asked)

    assert [resource.title for resource in response.context["object_list"]] == found
    assert ("Nothing in the library fits." in response.text) is (not found)


def test_opening_is_counted_when_one_has_an_old_copy():
    resource = factories.ResourceFactory()
    copies = [Resource.objects.get() for _ in range(3)]

    for copy in copies:
        count_opening(copy)

    resource.refresh_from_db()
    assert resource.downloads == 3


def test_visitor_is_led_to_the_address_and_counted_when_they_open_it(client):
    resource = factories.ResourceFactory(url="https://example.org/manual.pdf")

    response = client.get(reverse("postings:resource_open", args=[resource.pk]))

    resource.refresh_from_db()
    assert (response.status_code, response.url) == (302, "https://example.org/manual.pdf")
    assert resource.downloads == 1


def test_resource_is_gone_when_its_offer_is_withdrawn(client, city, officer, manual, now):
    posting = shared(city, manual, by=officer, now=now)
    withdraw_posting(posting, by=officer, now=now, reason="Outdated.")

    with nothing_changes():
        response = client.get(reverse("postings:resource_open", args=[posting.resource.pk]))

    assert response.status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_library_asks_the_database_as_often_when_it_is_longer(
    client, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.ResourceFactory()

    with django_assert_num_queries(4):
        response = client.get(reverse("postings:library"))

    assert len(response.context["object_list"]) == rows


def test_library_says_so_when_it_is_empty(client):
    page = client.get(reverse("postings:library")).content.decode()

    assert "Nothing has been shared yet." in page


def test_officer_shares_a_manual_when_the_form_is_complete(client, city, officer, manual):
    client.force_login(officer)

    response = client.post(reverse("postings:resource_share"), form(manual))

    resource = Resource.objects.get()
    assert response.status_code == 302
    assert (resource.title, resource.posting.city) == ("How to reuse masks", city)


@pytest.mark.parametrize(
    ("url", "stored"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("example.org/manual", "https://example.org/manual"),
        ("http://例子.测试/手册", "http://例子.测试/手册"),
    ],
)
def test_link_is_kept_when_it_is_one(client, officer, manual, url, stored):
    client.force_login(officer)

    client.post(reverse("postings:resource_share"), form(manual, url=url))

    assert Resource.objects.get().url == stored


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "data:text/html,<script>"}, "url"),
        ({"url": "ftp://example.org/manual"}, "url"),
        ({"url": "ftps://example.org/manual"}, "url"),
        ({"url": "file:///etc/passwd"}, "url"),
        ({"url": "https://example.org/" + "x" * 500}, "url"),
        ({"url": ""}, "url"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"licence": ""}, "licence"),
        ({"language": "fr"}, "language"),
        ({"item": "0"}, "item"),
    ],
)
def test_sharing_is_refused_at_the_field_when_something_is_wrong(
    client, officer, manual, changes, field
):
    client.force_login(officer)

    with nothing_changes():
        response = client.post(reverse("postings:resource_share"), form(manual, **changes))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_sharing_offers_kinds_of_knowledge_only_when_it_opens(client, officer, manual, masks):
    client.force_login(officer)

    shown = client.get(reverse("postings:resource_share")).context["form"]

    assert list(shown.fields["item"].queryset) == [manual]
