"""Every address x persona answers as the matrix says, and what is denied changes nothing."""

from uuid import UUID

import pytest
from django.db import transaction
from django.urls import reverse

from apps.accounts.models import User
from apps.matching.models import Round
from tests.pages.addresses import address, our_patterns
from tests.pages.matrix import PERSONAS, ROWS, STARTS_A_ROUND, Row, data_for
from tests.unchanged import nothing_changes, stored

NOWHERE = UUID("00000000-0000-4000-8000-000000000000")
NOT_THERE = {
    "dashboard:city_detail": "nowhere",
    "notifications:notification_open": NOWHERE,
    "notifications:notification_read": NOWHERE,
}
WITH_A_SLOT = sorted({row.name for row in ROWS if row.key})
READ_ONLY = sorted({row.name for row in ROWS} - {row.name for row in ROWS if row.method == "POST"})


def answer(response) -> str:
    if response.status_code == 302 and response.url.startswith(reverse("account_login")):
        return "login"
    return str(response.status_code)


def test_matrix_names_every_address_of_ours_once():
    addresses = dict(our_patterns())

    keys = [(row.name, row.key, row.method) for row in ROWS]

    assert {row.name for row in ROWS} == set(addresses)
    assert len(keys) == len(set(keys))


def test_matrix_has_a_post_row_for_every_address_that_takes_one():
    taking = {
        name
        for name, pattern in our_patterns()
        if hasattr(getattr(pattern.callback, "view_class", None), "post")
    }

    posted = {row.name for row in ROWS if row.method == "POST"}

    assert posted == taking | {
        "notifications:notification_read_all",
        "notifications:notification_read",
    }


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "GET"], ids=str)
def test_answer_to_get_is_that_of_the_matrix(row: Row, world, sign_in):
    url = address(row.name, world[row.key] if row.key else None)

    found = {p: answer(sign_in(world.persona(p, row.key)).get(url)) for p in PERSONAS}

    assert found == row.answers


@pytest.mark.parametrize("row", [row for row in ROWS if row.method == "POST"], ids=str)
def test_answer_to_post_is_that_of_the_matrix_and_denied_changes_nothing(row: Row, world, sign_in):
    url = address(row.name, world[row.key] if row.key else None)
    if row.name in STARTS_A_ROUND:
        Round.objects.filter(state="open").update(state="cancelled")
    browsers = {persona: sign_in(world.persona(persona, row.key)) for persona in PERSONAS}
    denied = [persona for persona, status in row.answers.items() if status != "302"]
    found, unchanged = {}, []

    with nothing_changes():
        found |= {
            persona: answer(browsers[persona].post(url, data_for(row.name, world)))
            for persona in denied
        }
    before = stored()
    for persona in set(PERSONAS) - set(denied):
        with transaction.atomic():
            found[persona] = answer(browsers[persona].post(url, data_for(row.name, world)))
            unchanged += [persona] if stored() == before else []
            transaction.set_rollback(True)

    assert found == row.answers
    assert unchanged == []


@pytest.mark.parametrize("name", READ_ONLY)
def test_post_is_not_allowed_where_a_page_is_only_read(name: str, world, sign_in):
    row = next(row for row in ROWS if row.name == name)
    url = address(name, world[row.key] if row.key else None)

    with nothing_changes():
        response = sign_in(world.administrator).post(url, {"state": "active", "name": "x"})

    assert response.status_code == 405


@pytest.mark.parametrize("name", WITH_A_SLOT)
def test_hidden_row_answers_like_one_that_does_not_exist(name: str, world, sign_in):
    hidden = [
        (row, persona)
        for row in ROWS
        if row.name == name and row.method == "GET"
        for persona, status in row.answers.items()
        if status in ("404", "login")
    ]
    nowhere = NOT_THERE.get(name, 987_654_321)

    for row, persona in hidden:
        browser = sign_in(world.persona(persona, row.key))
        there, not_there = address(name, world[row.key]), reverse(name, args=[nowhere])
        found, missing = browser.get(there), browser.get(not_there)

        assert found.status_code == missing.status_code
        assert told(found, there) == told(missing, not_there)


def told(response, path: str) -> tuple[str, str]:
    """The answer without the request's own address, which is in the links to the other language."""
    own = path.partition("/")[2].partition("/")[2]
    where = response.headers.get("Location", "")
    return response.text.replace(own, "…"), where.replace(own, "…")


@pytest.mark.parametrize("verb", ["confirm", "refuse"])
def test_request_to_speak_for_a_city_is_not_decided_by_who_made_it(verb: str, world, sign_in):
    liaison = world["liaison.requested"]
    User.objects.filter(pk=liaison.user_id).update(role="coordinator")
    url = reverse(f"cities:liaison_{verb}", args=[liaison.pk])
    applicant = User.objects.get(pk=liaison.user_id)

    with nothing_changes():
        response = sign_in(applicant).post(url, {"reason": "It is me."})

    assert response.status_code == 403


@pytest.mark.parametrize("state", ["requested", "refused", "confirmed", "removed"])
def test_own_request_is_seen_by_who_made_it(state: str, world, sign_in):
    liaison = world[f"liaison.{state}"]

    response = sign_in(liaison.user).get(reverse("cities:liaison_detail", args=[liaison.pk]))

    assert response.status_code == 200


def test_officer_stops_speaking_for_the_city_when_they_say_so(world, sign_in):
    liaison = world["liaison.confirmed"]
    browser = sign_in(liaison.user)

    response = browser.post(reverse("cities:liaison_remove", args=[liaison.pk]), {"reason": ""})

    assert response.status_code == 302
    assert browser.get(reverse("postings:posting_create")).status_code == 403
