import re

import pytest
from django.urls import reverse

from apps.postings.models import Posting
from tests import factories
from tests.unchanged import nothing_changes


@pytest.fixture
def masks(db):
    return factories.ItemFactory(name_en="Masks")


@pytest.fixture
def officer(client, db):
    liaison = factories.LiaisonFactory()
    client.force_login(liaison.user)
    return liaison


@pytest.fixture
def sent(masks):
    box = factories.PackFactory(item=masks, name_en="box", units=50)
    return {
        "kind": "need",
        "line-0-item": masks.pk,
        "line-0-quantity": "400",
        "line-0-pack": box.pk,
        "urgency": "1",
        "details": "<b>For hospitals</b>",
        "details_translation": "供医院使用",
        "submission": "00000000-0000-4000-8000-000000000001",
    }


def preview(client, data):
    return client.post(reverse("dashboard:posting_preview"), data)


def hidden(text: str) -> dict[str, str]:
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text)
    return {name: value for name, value in fields if name != "csrfmiddlewaretoken"}


def test_preview_shows_base_units_hints_and_details_and_stores_nothing(
    client, officer, sent, masks
):
    factories.OfferFactory(item=masks, quantity=7)

    with nothing_changes():
        response = preview(client, sent)

    for words in (
        "20,000 pieces (400 × box)",
        "1 other city offers this.",
        "&lt;b&gt;For hospitals&lt;/b&gt;",
        '<div lang="zh-hans">供医院使用</div>',
    ):
        assert words in response.text


def test_preview_publishes_what_was_sent_when_its_button_is_pressed(client, officer, sent):
    page = preview(client, sent)

    sent_again = {
        name: value.replace("&lt;", "<").replace("&gt;", ">")
        for name, value in hidden(page.text).items()
    }
    client.post(reverse("postings:posting_create"), sent_again)

    assert sent_again == {name: str(value) for name, value in sent.items()}
    assert Posting.objects.get().quantity == 20_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"line-0-quantity": "x"}, "line-0-quantity"), ({"needed_by": "2020-01-01"}, "needed_by")],
)
def test_form_comes_back_with_its_faults_when_there_are_any(client, officer, sent, changes, field):
    with nothing_changes():
        response = preview(client, {**sent, **changes})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]


def test_open_posting_of_the_same_is_shown_when_one_may_repeat_it(client, officer, sent, masks):
    mine = factories.NeedFactory(city=officer.city, item=masks, quantity=5)
    others = factories.NeedFactory(item=masks)
    offered = factories.OfferFactory(city=officer.city, item=masks)

    text = preview(client, sent).text

    assert "Your city has this open already." in text
    assert f'href="{mine.get_absolute_url()}renew/"' in text
    assert not [one for one in (others, offered) if one.get_absolute_url() in text]


def test_preview_leads_to_the_form_when_it_is_only_opened(client, officer):
    response = client.get(reverse("dashboard:posting_preview"))

    assert (response.status_code, response.url) == (302, reverse("postings:posting_create"))
