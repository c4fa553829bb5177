"""The buttons of the page on which a city posts, all of which work without scripts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from apps.postings.dates import today_in
from apps.postings.models import Posting
from tests import factories
from tests.postings.test_views import need
from tests.unchanged import nothing_changes
from tests.uploads import upload

URL = "postings:posting_create"


@pytest.fixture
def page(client, officer):
    client.force_login(officer)

    def press(button: str, data: dict[str, object], value: str = "1"):
        return client.post(reverse(URL), {**data, button: value})

    return press


def values(response, *names: str) -> list[object]:
    return [response.context["form"][name].value() for name in names]


@pytest.mark.parametrize(("button", "status"), [("add", 200), ("change", 200)])
def test_everything_stands_there_without_faults_when_it_is_only_shown_again(
    page, masks, button, status
):
    with nothing_changes():
        response = page(button, need(masks, line__0__quantity="many", urgency=""))

    assert (response.status_code, response.context["form"].errors) == (status, {})
    assert values(response, "line-0-quantity", "details") == ["many", "For three county hospitals."]


def test_line_more_is_there_when_added(page, masks):
    response = page("add", need(masks))

    assert list(response.context["form"].lines) == [0, 1]


def test_others_keep_their_place_when_a_line_is_removed(page, masks):
    more = {
        f"line-{n}-{name}": value
        for n in (1, 2)
        for name, value in (("item", masks.pk), ("quantity", n))
    }

    response = page("remove", {**need(masks), **more}, "1")

    assert list(response.context["form"].lines) == [0, 2]
    assert values(response, "line-2-quantity") == ["2"]


def test_lines_are_published_together_when_there_are_several(page, city, masks):
    more = {"line-1-item": masks.pk, "line-1-quantity": "7", "line-1-urgency": "4"}

    response = page("publish", {**need(masks), **more})

    assert (response.status_code, response.url) == (302, reverse("dashboard:my_city"))
    found = Posting.objects.order_by("pk").values_list("city", "quantity", "urgency", "state")
    assert list(found) == [(city.pk, 20_000, 1, "open"), (city.pk, 7, 4, "open")]


def test_what_the_domain_refuses_stands_at_the_line_when_it_is_the_lines_own(page, masks):
    more = {"line-1-item": masks.pk, "line-1-quantity": "7", "line-1-needed_by": "2020-01-01"}

    with nothing_changes():
        response = page("publish", {**need(masks), **more})

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "line-1-needed_by": ["The date 2020-01-01 is in the past."]
    }


def test_pasted_rows_are_lines_when_asked_for(page, masks):
    response = page("paste", {**need(masks), "pasted": "Masks\t5\nUnicorns\t6"})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["line-2-item"]
    assert values(response, "line-1-quantity", "line-2-quantity") == ["5", "6"]
    assert "“Unicorns” is not in the list" in response.text


def test_pasted_text_stands_there_again_when_none_of_it_was_read(page, masks):
    response = page("paste", {**need(masks), "pasted": "Masks\t5\n" * 40})

    assert response.status_code == 422
    assert "A page holds at most 30 lines." in response.text
    assert response.text.count("Masks\t5") == 40


def test_draft_is_kept_and_listed_when_saved_without_leaving(page, masks):
    response = page("draft", need(masks))

    draft = Posting.objects.get()
    assert (response.status_code, draft.state) == (200, "draft")
    assert values(response, "line-0-quantity") == ["20,000"]
    assert list(response.context["drafts"]) == [draft]
    assert "Saved as a draft. You can go on." in response.text


@pytest.mark.parametrize(("quantity", "kept"), [("5", True), ("many", False)])
def test_script_is_told_whether_a_draft_was_kept_when_it_asks(page, masks, quantity, kept):
    response = page("draft", need(masks, line__0__quantity=quantity), "auto")

    assert (response.status_code, response.json()) == (200, {"kept": kept})
    assert Posting.objects.filter(state="draft").exists() is kept


def test_copy_holds_what_the_earlier_one_said_except_what_is_over(
    client, city, officer, masks, now
):
    box = factories.PackFactory(item=masks, units=50)
    earlier = factories.NeedFactory(
        city=city,
        item=masks,
        state="expired",
        quantity=20_000,
        entered_quantity=400,
        pack=box,
        urgency=2,
        needed_by=date(2020, 1, 1),
        expires_on=date(2020, 1, 2),
        details="For hospitals.",
    )
    client.force_login(officer)

    with nothing_changes():
        response = client.get(reverse(URL), {"kind": "need", "copy": earlier.pk})

    shown = ["line-0-item", "line-0-pack", "urgency", "needed_by", "details"]
    assert values(response, *shown) == [masks.pk, box.pk, 2, None, "For hospitals."]
    assert values(response, "line-0-quantity") == ["400"]
    assert values(response, "expires_on")[0] > date(2020, 1, 2)


@pytest.mark.parametrize("number", ["0", "x", "9" * 30, ""])
def test_form_is_empty_when_there_is_nothing_to_copy(client, officer, number):
    client.force_login(officer)

    response = client.get(reverse(URL), {"kind": "need", "copy": number})

    assert (response.status_code, *values(response, "line-0-item")) == (200, None)


def test_another_citys_draft_is_not_copied_when_its_number_is_known(client, officer, masks):
    hidden = factories.NeedFactory(item=masks, state="draft", details="Secret.")
    client.force_login(officer)

    response = client.get(reverse(URL), {"kind": "need", "copy": hidden.pk})

    assert values(response, "line-0-item", "details") == [None, None]


def test_day_of_expiry_stands_there_when_the_form_opens(client, city, officer, settings, now):
    settings.POSTING_DAYS = 12
    client.force_login(officer)

    response = client.get(reverse(URL))

    from_today = values(response, "expires_on")[0] - today_in(
        city, response.wsgi_request.user.date_joined
    )
    assert timedelta(days=11) <= from_today <= timedelta(days=13)


def test_paper_goes_with_every_line_once_when_the_button_is_pressed_twice(client, officer, masks):
    client.force_login(officer)
    more = {"line-1-item": masks.pk, "line-1-quantity": "7"}
    data = {**need(masks), **more}

    for _ in range(2):
        client.post(reverse(URL), {**data, "file": upload("letter.pdf")})

    assert [[a.name for a in p.attachments.all()] for p in Posting.objects.all()] == [
        ["letter.pdf"],
        ["letter.pdf"],
    ]


def test_nothing_is_published_when_the_paper_is_none(client, officer, masks):
    client.force_login(officer)

    with nothing_changes():
        response = client.post(
            reverse(URL), {**need(masks), "file": upload("a.pdf", b"MZ not a paper")}
        )

    assert response.status_code == 422
    assert "Choose a PDF, a JPEG or a PNG." in response.text
    assert values(response, "line-0-quantity") == ["20,000"]
