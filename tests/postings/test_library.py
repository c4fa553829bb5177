import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from apps.core.errors import DomainError
from apps.postings.models import Posting, Resource
from apps.postings.services import count_opening, share_resource, withdraw_posting
from apps.postings.services import reserve as reserve_units
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db


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

    with django_assert_num_queries(2):
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
