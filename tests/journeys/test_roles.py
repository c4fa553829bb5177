"""The main way of each role, in both languages, with scripts and without."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from apps.accounts.models import User
from tests.journeys.person import Person
from tests.journeys.visits import Visitor
from tests.pages.world import World
from tests.ways import Way, make_way

pytestmark = pytest.mark.browser
Arrive = Callable[..., Person]


@pytest.fixture(params=["en", "zh-hans"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def arrive(request: Any, language: str, live: str, chromium: Browser) -> Iterator[Arrive]:
    """Opens a browser in which that person is signed in; what its console says fails the test."""
    opened: list[Visitor] = []

    def of(user: User | None) -> Person:
        visitor = Visitor(chromium, live, user, java_script_enabled=request.param)
        opened.append(visitor)
        return Person(visitor.page, live, language, Path())

    yield of
    for visitor in opened:
        visitor.context.close()
    assert [line for visitor in opened for line in visitor.complaints] == []


@pytest.fixture
def way(world: World) -> Way:
    """A match of this test's own, proposed."""
    return make_way(timezone.now())


def follow(person: Person, words: str, where: str = "body") -> None:
    person.page.locator(where).get_by_role("link", name=person.word(words)).first.click()


def test_visitor_finds_a_city_and_the_record(arrive: Arrive, language: str, world: World):
    visitor = arrive(None)
    visitor.go("/")

    follow(visitor, "Cities")
    visitor.page.locator("main [name=q]").fill("wuxi")
    visitor.page.locator("main [name=q]").press("Enter")
    expect(visitor.page).to_have_url(re.compile("q=wuxi"))
    visitor.page.locator(f"main a[href='{path_of(world.wuxi, language)}']").first.click()
    expect(visitor.page.locator("h1")).to_contain_text("Wuxi" if language == "en" else "无锡")
    follow(visitor, "Ledger")
    expect(visitor.page.locator("h1")).to_contain_text(visitor.word("Ledger"))


def path_of(row: Any, language: str) -> str:
    return str(row.get_absolute_url()).replace("/en/", f"/{language}/", 1)


def test_officers_say_yes_when_a_match_is_approved(arrive: Arrive, language: str, way: Way):
    match = way.to("approved")

    for user in (way.giver, way.receiver):
        officer = arrive(user)
        officer.go("/my/")
        officer.page.locator(f"main a[href*='{path_of(match, language)}']").first.click()
        officer.press("Accept")
        officer.press("Accept for my city")
        expect(officer.page).to_have_url(re.compile(rf"/matches/{match.pk}/$"))

    officer.go(f"/matches/{match.pk}/")
    officer.is_in_state("accepted")


def test_coordinator_decides_when_a_match_is_proposed(arrive: Arrive, language: str, way: Way):
    coordinator = arrive(way.coordinator)
    coordinator.go("/queue/")

    coordinator.go(f"/matches/{way.match.pk}/")
    another = coordinator.page.locator("main details").filter(
        has=coordinator.page.locator("[name=quantity]")
    )
    another.locator("summary").click()
    another.locator("[name=quantity]").fill("60")
    another.locator("[name=reason]").fill("As much as flies")
    another.get_by_role("button").click()

    expect(coordinator.page.get_by_role("button", name=coordinator.word("Undo"))).to_be_visible()
    coordinator.go(f"/matches/{way.match.pk}/")
    coordinator.is_in_state("waiting for the cities")
    coordinator.sees("As much as flies")


def test_administrator_renames_a_city_and_visitors_read_it(
    arrive: Arrive, language: str, world: World, way: Way
):
    administrator, city = arrive(world.administrator), way.match.need.city
    administrator.go(f"/admin/cities/city/{city.pk}/change/")

    administrator.page.fill("[name=name_en]", "New Name")
    administrator.page.fill("[name=name_zh_hans]", "New Name")
    administrator.page.click("[name=_save]")

    visitor = arrive(None)
    visitor.go(path_of(city, language).removeprefix(f"/{language}"))
    expect(visitor.page.locator("h1")).to_contain_text("New Name")
