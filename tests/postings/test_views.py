import json
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from apps.postings.models import Posting
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

LIST, CREATE = "postings:posting_list", "postings:posting_create"
VERBS = ["edit", "publish", "withdraw", "renew", "hold", "release"]


@pytest.fixture
def now():
    return timezone.now()


def need(thing, **changes: object) -> dict[str, object]:
    """What the form sends that opens a need with one line."""
    values = {
        "kind": "need",
        "line-0-item": thing.pk,
        "line-0-quantity": "20,000",
        "urgency": "1",
        "details": "For three county hospitals.",
        "submission": str(uuid.uuid4()),
    }
    return {**values, **{name.replace("__", "-"): value for name, value in changes.items()}}


def edited(thing, **changes: object) -> dict[str, object]:
    return {"item": thing.pk, "quantity": "900", "urgency": "1", "version": "1", **changes}


def rows(response) -> list[Posting]:
    return list(response.context["object_list"])


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_database_as_often_when_it_is_longer(
    client, count, django_assert_num_queries
):
    for _ in range(count):
        factories.NeedFactory()

    with django_assert_num_queries(6):
        response = client.get(reverse(LIST))

    assert len(rows(response)) == count


def test_list_shows_open_ones_only_when_a_coordinator_looks(client, coordinator):
    posting = factories.OfferFactory()
    for state in ("draft", "held", "fulfilled", "withdrawn", "expired"):
        factories.OfferFactory(state=state)
    client.force_login(coordinator)

    assert rows(client.get(reverse(LIST))) == [posting]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"need", "offer"}),
        ("kind=need", {"need"}),
        ("kind=offer", {"offer"}),
        ("urgency=1", {"need"}),
        ("urgency=2", set()),
        ("country=CN", {"offer"}),
        ("q=无锡", {"offer"}),
        ("q=antonio", {"need"}),
        ("category=advice", {"offer"}),
        ("item=masks", {"need"}),
        ("kind=wish", {"need", "offer"}),
        ("item=99999999999999999999999", {"need", "offer"}),
        ("urgency=x&country=XX&q=%00", {"need", "offer"}),
    ],
)
def test_list_is_filtered_when_asked(client, query, found):
    advice = factories.CategoryFactory(code="advice", name_en="Advice")
    need = factories.NeedFactory(city__name_en="San Antonio", urgency=1)
    wuxi = factories.CityFactory(chinese=True, name_en="Wuxi", name_zh_hans="无锡")
    offer = factories.OfferFactory(city=wuxi, item__category=advice)
    keys = {"category=advice": f"category={advice.pk}", "item=masks": f"item={need.item_id}"}

    response = client.get(f"{reverse(LIST)}?{keys.get(query, query)}")

    wanted = {"need": need, "offer": offer}
    assert response.status_code == 200
    assert set(rows(response)) == {wanted[name] for name in found}


def test_newest_stand_first_when_listed(client, now):
    old, new = (factories.OfferFactory(opened_at=now - timedelta(days=days)) for days in (2, 1))

    assert rows(client.get(reverse(LIST))) == [new, old]


def test_list_says_so_when_nothing_fits(client):
    page = client.get(reverse(LIST)).content.decode()

    assert "Nothing is open that fits." in page


@pytest.mark.parametrize("name", [CREATE, "postings:resource_share"])
def test_visitor_is_asked_to_sign_in_when_they_want_to_post(client, name):
    response = client.get(reverse(name))

    assert (response.status_code, response.url) == (
        302,
        f"{reverse('account_login')}?next={reverse(name)}",
    )


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", [CREATE, "postings:resource_share"])
def test_person_without_a_city_is_turned_away_when_they_want_to_post(client, method, name):
    client.force_login(factories.LiaisonFactory(state="requested").user)

    with nothing_changes():
        response = getattr(client, method)(reverse(name))

    assert response.status_code == 403


def test_need_is_open_when_the_form_is_sent(client, city, officer, masks):
    client.force_login(officer)

    response = client.post(reverse(CREATE), need(masks))

    posting = Posting.objects.get()
    assert (response.status_code, response.url) == (302, posting.get_absolute_url())
    assert (posting.city, posting.kind, posting.state) == (city, "need", "open")
    assert (posting.quantity, posting.urgency, posting.language) == (20_000, 1, "en")


def test_need_is_a_draft_when_the_other_button_is_pressed(client, officer, masks):
    client.force_login(officer)

    client.post(reverse(CREATE), need(masks, draft="1"))

    assert Posting.objects.get().state == "draft"


def test_details_are_marked_chinese_when_the_page_was(client, officer, masks):
    client.force_login(officer)

    with translation.override("zh-hans"):
        client.post(reverse(CREATE), need(masks, details="供三家县医院使用。"))

    posting = Posting.objects.get()
    assert (posting.details, posting.language) == ("供三家县医院使用。", "zh-hans")


def test_one_posting_is_made_when_the_button_is_pressed_ten_times(client, officer, masks):
    client.force_login(officer)
    data = need(masks)

    addresses = {client.post(reverse(CREATE), data).url for _ in range(10)}

    assert addresses == {Posting.objects.get().get_absolute_url()}


def test_form_comes_back_with_everything_when_it_is_refused(client, officer, masks):
    client.force_login(officer)
    data = need(masks, line__0__quantity="1.5", details="<b>bold</b>")

    with nothing_changes():
        response = client.post(reverse(CREATE), data)

    form, page = response.context["form"], response.content.decode()
    assert response.status_code == 422
    assert list(form.errors) == ["line-0-quantity"]
    typed = {name: value for name, value in data.items() if name not in ("kind", "submission")}
    assert {name: form[name].value() for name in typed} == {
        name: str(value) for name, value in typed.items()
    }
    assert str(form.submission) == data["submission"]
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "enter a number without a fraction" in page


def test_past_date_is_said_at_its_field_when_the_service_refuses_it(client, officer, masks):
    client.force_login(officer)

    with nothing_changes():
        response = client.post(reverse(CREATE), need(masks, needed_by="2020-01-01"))

    assert response.status_code == 422
    assert response.context["form"].errors == {"needed_by": ["The date 2020-01-01 is in the past."]}


@pytest.mark.parametrize(
    ("query", "kind"),
    [("", "need"), ("?kind=need", "need"), ("?kind=offer", "offer"), ("?kind=wish", "need")],
)
def test_form_opens_for_the_kind_of_the_button_when_pressed(client, officer, query, kind):
    client.force_login(officer)

    response = client.get(reverse(CREATE) + query)

    assert response.status_code == 200
    assert response.context["form"].kind == kind
    assert f'<input type="hidden" name="kind" value="{kind}">' in response.text
    other = {"need": "offer", "offer": "need"}[kind]
    assert f'<a href="?kind={other}">' in response.text


def test_posting_is_changed_when_its_officer_sends_the_form(client, city, officer, masks):
    posting = factories.NeedFactory(city=city, item=masks)
    client.force_login(officer)
    address = reverse("postings:posting_edit", args=[posting.pk])

    opened = client.get(address)
    response = client.post(address, edited(masks))

    posting.refresh_from_db()
    assert opened.status_code == 200
    assert (response.status_code, response.url) == (302, posting.get_absolute_url())
    assert (posting.quantity, posting.version, posting.state) == (900, 2, "open")


def test_items_are_found_while_typing_when_a_posting_is_changed(client, city, officer, masks):
    posting = factories.NeedFactory(city=city, item=masks)
    masks.synonyms.create(text="face covering", language="en")
    client.force_login(officer)

    page = client.get(reverse("postings:posting_edit", args=[posting.pk])).text

    known = json.loads(re.search(r'id="catalogue" type="application/json">(.*?)<', page)[1])
    assert "face covering" in known[str(masks.pk)]["names"]
    assert f'data-hints="{reverse("dashboard:posting_hints")}?kind=need"' in page
    assert "data-saved" not in page  # what is published already is nobody's draft


@pytest.mark.parametrize(("role", "hints"), [("officer", 1), ("administrator", 0)])
def test_hints_are_asked_for_only_by_who_acts_for_a_city(
    client, request, city, officer, masks, role, hints
):
    posting = factories.NeedFactory(city=city, item=masks)
    client.force_login(request.getfixturevalue(role))

    page = client.get(reverse("postings:posting_edit", args=[posting.pk])).text

    assert page.count("data-hints=") == hints


def test_second_editor_is_told_when_somebody_was_faster(client, city, officer, masks):
    posting = factories.NeedFactory(city=city, item=masks, version=2)
    client.force_login(officer)

    with nothing_changes():
        response = client.post(
            reverse("postings:posting_edit", args=[posting.pk]),
            edited(masks),
        )

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "__all__": ["Somebody has changed this posting meanwhile. Compare, then try again."]
    }


@pytest.mark.parametrize("version", ["", "x", "1.5"])
def test_edit_is_refused_when_its_version_is_forged(client, city, officer, masks, version):
    posting = factories.NeedFactory(city=city, item=masks)
    client.force_login(officer)

    with nothing_changes():
        response = client.post(
            reverse("postings:posting_edit", args=[posting.pk]), edited(masks, version=version)
        )

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["version"])


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_hidden_when_the_posting_is(client, verb):
    posting = factories.NeedFactory(state="draft")
    client.force_login(factories.LiaisonFactory().user)
    address = reverse(f"postings:posting_{verb}", args=[posting.pk])

    with nothing_changes():
        answers = [client.get(address), client.post(address, {"reason": "x"})]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_forbidden_when_the_posting_is_another_citys(client, verb):
    posting = factories.NeedFactory(state="open")
    client.force_login(factories.LiaisonFactory().user)
    address = reverse(f"postings:posting_{verb}", args=[posting.pk])

    with nothing_changes():
        answers = [client.get(address), client.post(address, {"reason": "x"})]

    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize("verb", VERBS)
def test_visitor_is_asked_to_sign_in_when_they_try_a_verb(client, verb):
    posting = factories.NeedFactory()

    with nothing_changes():
        response = client.post(reverse(f"postings:posting_{verb}", args=[posting.pk]))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@pytest.mark.parametrize(
    ("verb", "who", "before", "data", "after"),
    [
        ("publish", "officer", "draft", {}, "open"),
        ("withdraw", "officer", "open", {"reason": "Bought elsewhere."}, "withdrawn"),
        ("withdraw", "coordinator", "open", {"reason": "Fraud."}, "withdrawn"),
        ("renew", "officer", "expired", {}, "open"),
        ("hold", "coordinator", "open", {"reason": "Really?"}, "held"),
        ("release", "coordinator", "held", {"reason": ""}, "open"),
    ],
)
def test_posting_moves_when_the_button_is_pressed(
    client, city, officer, coordinator, verb, who, before, data, after
):
    posting = factories.OfferFactory(city=city, state=before)
    client.force_login({"officer": officer, "coordinator": coordinator}[who])
    address = reverse(f"postings:posting_{verb}", args=[posting.pk])

    with nothing_changes():
        opened = client.get(address)
    response = client.post(address, data)

    posting.refresh_from_db()
    assert opened.status_code == 200
    assert (response.status_code, posting.state) == (302, after)
    assert posting.state_reason == data.get("reason", "")


@pytest.mark.parametrize("verb", ["publish", "renew"])
def test_officer_does_not_release_a_held_posting_when_they_try_another_way(
    client, city, officer, verb
):
    posting = factories.OfferFactory(city=city, state="held", item__name_en="Masks")
    client.force_login(officer)

    with nothing_changes():
        response = client.post(reverse(f"postings:posting_{verb}", args=[posting.pk]))

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "__all__": ["San Antonio: Masks is on hold and cannot become open."]
    }


@pytest.mark.parametrize("verb", ["withdraw", "hold"])
def test_verb_needs_a_reason_when_none_is_given(client, administrator, verb):
    posting = factories.OfferFactory()
    client.force_login(administrator)

    with nothing_changes():
        response = client.post(
            reverse(f"postings:posting_{verb}", args=[posting.pk]), {"reason": " \n"}
        )

    assert response.status_code == 422
    assert response.context["form"].errors == {"reason": ["Fill this in."]}


def test_reason_is_refused_when_it_is_too_long(client, administrator):
    posting = factories.OfferFactory()
    client.force_login(administrator)

    with nothing_changes():
        response = client.post(
            reverse("postings:posting_hold", args=[posting.pk]), {"reason": "x" * 501}
        )

    assert response.context["form"].errors == {
        "reason": ["Ensure this value has at most 500 characters (it has 501)."]
    }


def test_message_says_what_was_done_when_it_was(client, city, officer):
    posting = factories.OfferFactory(city=city, state="draft", item__name_en="Masks")
    client.force_login(officer)

    client.post(reverse("postings:posting_publish", args=[posting.pk]))
    page = client.get(reverse(LIST)).content.decode()

    assert "Published: San Antonio: Masks." in page
