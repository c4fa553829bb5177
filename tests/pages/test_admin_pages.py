"""Who enters the administration, what it shows, what it lets be written, and what it never offers."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cities.models import City, SisterTie
from apps.core.admin import RecordAdmin
from apps.core.borrowed import BORROWED
from apps.ledger.models import Party
from apps.postings.models import Category, Item
from tests import factories
from tests.pages.html import Page
from tests.pages.test_admin_lists import OURS
from tests.unchanged import nothing_changes, stored

MODELS = {name: registered.model for name, registered in OURS.items()}
RECORDS = sorted(name for name, one in OURS.items() if isinstance(one, RecordAdmin))
EDITABLE = sorted(set(OURS) - set(RECORDS))
ADDABLE = sorted({*EDITABLE, "matching_round", "pairings_pairing", "pairings_pairingrule"})
OTHERS = sorted(
    f"{model._meta.app_label}_{model._meta.model_name}"
    for model in admin.site._registry
    if f"{model._meta.app_label}_{model._meta.model_name}" not in OURS
)


def page_of(name: str, row: object, what: str = "change") -> str:
    return reverse(f"admin:{name}_{what}", args=[row.pk])


def some_rows(name: str) -> list[object]:
    return list(MODELS[name]._base_manager.order_by("pk")[:12])


@pytest.mark.parametrize("persona", ["newcomer", "own", "coordinator", "serving"])
@pytest.mark.parametrize("path", ["", "accounts/user/", "matching/match/", "pairings/pairing/add/"])
def test_administration_is_shut_when_somebody_is_no_administrator(persona, path, world, sign_in):
    browser = sign_in(world.persona(persona))

    with nothing_changes():
        asked = browser.get(f"/en/admin/{path}", follow=True)
        sent = browser.post(f"/en/admin/{path}", {"left": 1}, follow=True)

    assert (asked.status_code, sent.status_code) == (403, 403)


def test_visitor_is_sent_to_the_sign_in_with_its_limits_when_they_ask_for_the_administration(
    db, world, sign_in
):
    response = sign_in(None).get("/en/admin/accounts/user/", follow=True)

    assert [url.partition("?")[0] for url, __ in response.redirect_chain] == [
        "/en/admin/login/",
        reverse("account_login"),
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("name", OURS)
def test_every_row_has_a_page_and_a_history(name, language, world, sign_in):
    browser = sign_in(world.administrator)
    urls = [page_of(name, row, what) for row in some_rows(name) for what in ("change", "history")]

    found = {url: browser.get(url.replace("/en/", f"/{language}/", 1)) for url in urls}

    assert len(found) >= 2
    assert {url: r.status_code for url, r in found.items() if r.status_code != 200} == {}
    assert {url for url, r in found.items() if len(Page(r.text).headings) < 1} == set()


@pytest.mark.parametrize("name", ADDABLE)
def test_add_page_is_offered_where_rows_are_made_by_hand(name, world, sign_in):
    response = sign_in(world.administrator).get(reverse(f"admin:{name}_add"))

    assert response.status_code == 200


@pytest.mark.parametrize("name", sorted(set(OURS) - set(ADDABLE)))
def test_nothing_is_added_where_only_services_write(name, world, sign_in):
    browser, url = sign_in(world.administrator), reverse(f"admin:{name}_add")

    with nothing_changes():
        statuses = {browser.get(url).status_code, browser.post(url, {"state": "x"}).status_code}

    assert statuses <= {403, 404}


@pytest.mark.parametrize("name", OURS)
def test_nothing_is_deleted_anywhere(name, world, sign_in):
    row, browser = some_rows(name)[0], sign_in(world.administrator)
    url = page_of(name, row, "delete")

    with nothing_changes():
        asked, sent = browser.get(url), browser.post(url, {"post": "yes"})
        bulk = browser.post(
            reverse(f"admin:{name}_changelist"),
            {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"},
        )

    assert (asked.status_code, sent.status_code) == (403, 403)
    assert bulk.status_code in (200, 302, 403)
    assert url not in browser.get(page_of(name, row)).text


@pytest.mark.parametrize("name", RECORDS)
def test_record_is_not_changed_when_its_form_is_forged(name, world, sign_in):
    browser = sign_in(world.administrator)
    forged = {"state": "active", "quantity": "1", "answer": "accepted", "hash": "0", "role": "x"}

    with nothing_changes():
        statuses = {browser.post(page_of(name, row), forged).status_code for row in some_rows(name)}

    assert statuses == {403}


@pytest.mark.parametrize("name", RECORDS)
def test_record_shows_no_field_to_fill_in(name, world, sign_in):
    page = Page(sign_in(world.administrator).get(page_of(name, some_rows(name)[0])).text)

    named = {field for field in page.inputs if "-" not in field}  # with one: counts of inlines
    assert named <= {"", "csrfmiddlewaretoken", "next"}


@pytest.mark.parametrize("name", OTHERS)
def test_pages_of_other_packages_are_neither_listed_nor_reachable(name, world, sign_in):
    browser = sign_in(world.administrator)
    urls = [reverse(f"admin:{name}_changelist"), reverse(f"admin:{name}_add")]

    assert [browser.get(url).status_code for url in urls] == [403, 403]
    assert urls[0] not in browser.get(reverse("admin:index")).text


def test_other_packages_are_those_of_the_sign_in():
    assert OTHERS == [
        "account_emailaddress",
        "mfa_authenticator",
        "usersessions_usersession",
    ]


KNOWN = re.compile(r"\[(en|zh-hans)\]|HS|URL|ID")


@pytest.mark.parametrize("name", OURS)
def test_every_name_is_chinese_when_the_administrator_reads_that(name):
    options = MODELS[name]._meta
    shown = [
        field
        for field in options.fields
        if field.editable and field.name not in ("id", "submission")
    ]
    choices = [
        text
        for field in shown
        if not field.name.endswith(("language", "country"))
        for __, text in field.flatchoices
    ]

    with translation.override("zh-hans"):
        words = [options.verbose_name, options.verbose_name_plural, options.app_config.verbose_name]
        words += [field.verbose_name for field in [*shown, *options.many_to_many]]
        words += [field.help_text for field in shown] + choices
        found = {KNOWN.sub("", str(word)) for word in words}

    assert {word for word in found if re.search("[A-Za-z]{2,}", word)} == set()


def test_words_of_the_administration_are_chinese_when_it_is_read_in_that(world, sign_in):
    browser = sign_in(world.administrator)
    paths = ["", "accounts/user/add/", page_of("cities_city", world.wuxi, "history")[10:]]

    pages = [Page(browser.get(f"/zh-hans/admin/{path}").text) for path in paths]

    assert [set(BORROWED) & set(page.texts) for page in pages] == [set(), set(), set()]


def test_index_lists_every_model_of_ours(world, sign_in):
    links = {
        link.get("href") for link in Page(sign_in(world.administrator).get("/en/admin/").text).links
    }

    assert {reverse(f"admin:{name}_changelist") for name in OURS} - links == set()


ADDED = {
    "cities_city": (
        City,
        {"code": "cn-js-new", "name_en": "New", "country": "CN", "level": "city"},
    ),
    "postings_category": (
        Category,
        {"code": "new", "name_en": "New", "name_zh_hans": "新", "rank": "9"},
    ),
    "ledger_party": (Party, {"code": "new", "name_en": "New", "kind": "ngo"}),
    "postings_item": (
        Item,
        {"code": "new", "name_en": "New", "unit": "piece", "transport_days": "0"},
    ),
    "cities_sistertie": (SisterTie, {"code": "new", "status": "reported", "confidence": "high"}),
    "accounts_user": (User, {"email": "New@Example.org", "name": "New", "role": "coordinator"}),
}


def fill_in(name: str, world: object) -> dict[str, object]:
    more = {
        "postings_item": {
            "category": world.goods.masks.category_id,
            "name_zh_hans": "新",
            **NO_INLINES,
        },
        "cities_sistertie": {"city_a": world.san_antonio.pk, "city_b": world.tacoma.pk},
        "accounts_user": {"password1": "a long password", "password2": "a long password"},
    }
    return {**ADDED[name][1], **more.get(name, {})}


NO_INLINES = {
    f"{prefix}-{part}_FORMS": "0"
    for prefix in ("synonyms", "packs")
    for part in ("TOTAL", "INITIAL")
}


@pytest.mark.parametrize("name", EDITABLE)
def test_row_is_added_by_hand_when_its_form_is_filled_in(name, world, sign_in):
    model = ADDED[name][0]
    before = model.objects.count()

    response = sign_in(world.administrator).post(reverse(f"admin:{name}_add"), fill_in(name, world))

    assert (response.status_code, model.objects.count()) == (302, before + 1)


@pytest.mark.parametrize("name", EDITABLE)
def test_form_says_what_is_wrong_when_it_is_empty(name, world, sign_in):
    browser = sign_in(world.administrator)

    with nothing_changes():
        response = browser.post(reverse(f"admin:{name}_add"), NO_INLINES)

    assert (response.status_code, "errornote" in response.text) == (200, True)


def test_edit_leaves_a_version_when_a_city_is_changed(world, sign_in):
    url = page_of("cities_city", world.tacoma)
    data = {**ADDED["cities_city"][1], "code": world.tacoma.code, "name_en": "Tacoma City"}

    response = sign_in(world.administrator).post(url, data)

    tacoma = City.objects.get(pk=world.tacoma.pk)
    version = tacoma.history.first()
    assert (response.status_code, tacoma.name_en) == (302, "Tacoma City")
    assert (version.name_en, version.history_user) == ("Tacoma City", world.administrator)


@pytest.mark.parametrize("is_counted", [True, False])
def test_unit_is_held_when_something_is_counted_in_it(is_counted, world, sign_in):
    item = world.goods.masks if is_counted else factories.ItemFactory(code="unused")
    browser, url = sign_in(world.administrator), page_of("postings_item", item)
    data = {
        **{name: getattr(item, name) for name in ("name_en", "name_zh_hans", "transport_days")},
        "category": item.category_id,
        "unit": "kit",
        "code": "renamed",
        **NO_INLINES,
    }

    page = browser.get(url).text
    response = browser.post(url, data)

    stored = Item.objects.get(pk=item.pk)
    assert (' name="unit"' in page, ' name="code"' in page) == (not is_counted, False)
    assert "Fixed once a posting, pack, gift or entry counts in it" in page
    assert response.status_code == 302
    assert (stored.unit, stored.code) == ("piece" if is_counted else "kit", item.code)


def grant(person: User, **changes: str) -> dict[str, str]:
    values = {
        name: getattr(person, name) for name in ("email", "name", "language", "time_zone", "role")
    }
    return {**values, "is_active": "on", **changes}


def test_role_leaves_an_audit_row_when_it_is_granted(world, sign_in):
    url = page_of("accounts_user", world.newcomer)

    response = sign_in(world.administrator).post(url, grant(world.newcomer, role="coordinator"))

    row = AuditEntry.objects.order_by("-pk").first()
    assert response.status_code == 302
    assert (row.verb, row.subject_id) == ("grant_role", str(world.newcomer.pk))
    assert (row.actor, row.before, row.after) == (world.administrator, "member", "coordinator")


def test_role_leaves_no_audit_row_when_only_the_name_changes(world, sign_in):
    before = AuditEntry.objects.count()

    sign_in(world.administrator).post(
        page_of("accounts_user", world.newcomer), grant(world.newcomer, name="Another Name")
    )

    assert User.objects.get(pk=world.newcomer.pk).name == "Another Name"
    assert AuditEntry.objects.count() == before
    assert LogEntry.objects.filter(object_id=str(world.newcomer.pk)).count() == 1


def test_nobody_passes_by_the_rules_when_the_form_is_forged(world, sign_in):
    forged = grant(
        world.newcomer, is_superuser="on", is_staff="on", password="md5$x$y", is_demo="on"
    )
    before = world.newcomer.password

    sign_in(world.administrator).post(page_of("accounts_user", world.newcomer), forged)

    person = User.objects.get(pk=world.newcomer.pk)
    assert (person.is_superuser, person.is_staff, person.is_demo) == (False, False, False)
    assert person.password == before


def test_address_is_taken_when_it_is_written_otherwise(world, sign_in):
    browser = sign_in(world.administrator)
    data = {**fill_in("accounts_user", world), "email": world.newcomer.email.upper()}

    before = stored()
    response = browser.post(reverse("admin:accounts_user_add"), data)

    assert (response.status_code, stored() == before) == (200, True)


def test_person_is_out_at_their_next_request_when_they_may_no_longer_sign_in(world, sign_in):
    theirs = sign_in(world.newcomer)
    data = grant(world.newcomer)
    del data["is_active"]

    sign_in(world.administrator).post(page_of("accounts_user", world.newcomer), data)

    assert theirs.get(reverse("dashboard:my_city")).status_code == 302
