import pytest
from django.urls import reverse
from django.utils import translation

from apps.cities.models import Liaison
from tests import factories
from tests.unchanged import nothing_changes

pytestmark = pytest.mark.django_db

REQUEST = "cities:liaison_request"


def asked(place, **changes: str) -> dict[str, object]:
    values = {"city": place.code, "office": "Mayor's office", "office_email": "mayor@city.example"}
    return {**values, **changes}


def names(response) -> list[str]:
    return [str(row) for row in response.context["object_list"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_tie_list_asks_the_database_as_often_when_it_is_longer(
    client, rows, django_assert_num_queries
):
    for _ in range(rows):
        factories.TieFactory.between(factories.CityFactory(), factories.CityFactory())

    with django_assert_num_queries(3):
        response = client.get(reverse("cities:tie_list"))

    assert len(names(response)) == rows


def test_ended_tie_is_shown_as_such_when_listed(client):
    factories.TieFactory.between(
        factories.CityFactory(name_en="A"), factories.CityFactory(name_en="B"), status="ended"
    )

    page = client.get(reverse("cities:tie_list")).content.decode()

    assert ">ended<" in page
    assert "not stated" in page


def test_visitor_is_asked_to_sign_in_when_they_want_to_speak_for_a_city(client):
    response = client.get(reverse(REQUEST))

    assert response.status_code == 302
    assert response.url == f"{reverse('account_login')}?next={reverse(REQUEST)}"


def test_request_is_sent_when_the_form_is_complete(client, now):
    city, person = factories.CityFactory(), factories.UserFactory()
    client.force_login(person)

    response = client.post(reverse(REQUEST), asked(city))

    liaison = Liaison.objects.get()
    assert (response.status_code, response.url) == (302, liaison.get_absolute_url())
    assert (liaison.user, liaison.city, liaison.state) == (person, city, "requested")
    assert liaison.office_email == "mayor@city.example"


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"office": ""}, "office", "Fill this in."),
        ({"city": ""}, "city", "Type a name and choose one."),
        ({"office_email": "nobody"}, "office_email", "Enter a valid email address."),
        (
            {"city": "999999"},
            "city",
            "Nothing is called “999999”.",
        ),
    ],
)
def test_request_is_refused_at_the_field_when_the_form_is_wrong(client, changes, field, message):
    client.force_login(factories.UserFactory())
    city = factories.CityFactory()

    with nothing_changes():
        response = client.post(reverse(REQUEST), asked(city, **changes))

    assert response.status_code == 422
    assert response.context["form"].errors == {field: [message]}
    assert response.context["form"]["office_email"].value() == changes.get(
        "office_email", "mayor@city.example"
    )


def test_request_is_refused_at_the_city_when_the_person_has_one(client):
    liaison, other = factories.LiaisonFactory(city__name_en="Wuxi"), factories.CityFactory()
    client.force_login(liaison.user)

    with nothing_changes():
        response = client.post(reverse(REQUEST), asked(other))

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "city": ["You already speak for Wuxi, or have asked to."]
    }


def test_request_offers_acting_places_only_when_it_opens(client):
    client.force_login(factories.UserFactory())
    city = factories.CityFactory()
    factories.StateFactory(acts=False)

    form = client.get(reverse(REQUEST)).context["form"]

    assert list(form.fields["city"].queryset) == [city]


def test_request_page_shows_contacts_to_its_person_and_deciders_only(client, coordinator):
    liaison = factories.LiaisonFactory(office_email="private@city.example")
    colleague = factories.LiaisonFactory(city=liaison.city).user
    address = liaison.get_absolute_url()

    statuses = {}
    for person in (liaison.user, coordinator, colleague):
        client.force_login(person)
        response = client.get(address)
        statuses[person] = response.status_code
        shown = "private@city.example" in response.content.decode()
        assert shown == (response.status_code == 200)

    assert statuses == {liaison.user: 200, coordinator: 200, colleague: 404}


@pytest.mark.parametrize("verb", ["confirm", "refuse", "remove"])
def test_verb_is_hidden_when_the_person_may_not_see_the_request(client, verb):
    liaison = factories.LiaisonFactory(state="requested")
    client.force_login(factories.UserFactory())

    with nothing_changes():
        response = client.post(
            reverse(f"cities:liaison_{verb}", args=[liaison.pk]), {"reason": "x"}
        )

    assert response.status_code == 404


@pytest.mark.parametrize("verb", ["confirm", "refuse"])
def test_verb_is_forbidden_when_the_person_decides_on_themselves(client, verb, coordinator):
    liaison = factories.LiaisonFactory(state="requested", user=coordinator)
    client.force_login(coordinator)

    with nothing_changes():
        response = client.post(
            reverse(f"cities:liaison_{verb}", args=[liaison.pk]), {"reason": "x"}
        )

    assert response.status_code == 403


@pytest.mark.parametrize(
    ("verb", "data", "state"),
    [
        ("confirm", {}, "confirmed"),
        ("refuse", {"reason": "The city does not know you."}, "refused"),
    ],
)
def test_coordinator_decides_when_the_button_is_pressed(client, coordinator, verb, data, state):
    liaison = factories.LiaisonFactory(state="requested")
    client.force_login(coordinator)
    address = reverse(f"cities:liaison_{verb}", args=[liaison.pk])

    asked_first = client.get(address)
    response = client.post(address, data)

    liaison.refresh_from_db()
    assert asked_first.status_code == 200
    assert (response.status_code, response.url) == (302, liaison.get_absolute_url())
    assert (liaison.state, liaison.state_reason) == (state, data.get("reason", ""))


def test_refusal_needs_a_reason_when_there_is_none(client, coordinator):
    liaison = factories.LiaisonFactory(state="requested")
    client.force_login(coordinator)

    with nothing_changes():
        response = client.post(
            reverse("cities:liaison_refuse", args=[liaison.pk]), {"reason": "  "}
        )

    assert response.status_code == 422
    assert response.context["form"].errors == {"reason": ["Fill this in."]}


def test_second_decision_is_refused_in_words_when_somebody_was_first(client, coordinator):
    liaison = factories.LiaisonFactory(state="confirmed", user__name="Ana", city__name_en="Wuxi")
    client.force_login(coordinator)

    with nothing_changes():
        response = client.post(reverse("cities:liaison_confirm", args=[liaison.pk]))

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "__all__": ["Ana – Wuxi is confirmed and cannot become confirmed."]
    }


def test_officer_leaves_when_they_press_the_button(client):
    liaison = factories.LiaisonFactory()
    client.force_login(liaison.user)

    client.post(reverse("cities:liaison_remove", args=[liaison.pk]), {"reason": ""})

    liaison.refresh_from_db()
    assert liaison.state == "removed"


@pytest.mark.parametrize("verb", ["confirm", "refuse", "remove"])
def test_nothing_happens_when_a_verb_is_only_looked_at(client, administrator, verb):
    liaison = factories.LiaisonFactory(state="confirmed" if verb == "remove" else "requested")
    client.force_login(administrator)

    with nothing_changes():
        response = client.get(reverse(f"cities:liaison_{verb}", args=[liaison.pk]))

    assert response.status_code == 200


def test_ties_open_when_the_page_is_chinese(client):
    factories.TieFactory.between(
        factories.CityFactory(name_zh_hans="无锡"), factories.CityFactory(name_zh_hans="达拉斯")
    )

    with translation.override("zh-hans"):
        response = client.get(reverse("cities:tie_list"))

    assert response.status_code == 200
    assert "无锡" in response.content.decode()
