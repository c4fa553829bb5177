"""One need from sign-up to the ledger: real broker, worker, beat, mail files, and Chromium."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Site
from tests.journeys.person import PASSWORD, Person

pytestmark = pytest.mark.browser
ITEM = "N95 / KN95 respirator"
ITEM_ZH = "N95/KN95口罩"


def test_a_need_goes_the_whole_way_when_three_people_use_the_site(
    site: Site, person: Callable[..., Person]
) -> None:
    coordinator, wuxi, antonio = person("en"), person("zh-hans"), person("en", 390)
    appoint_coordinator(site, person("en"), "mei@ngo.example")
    wuxi.sign_up("李华", "li.hua@wuxi.example")
    antonio.sign_up("Ana Garza", "ana.garza@sa.example")
    ask_to_speak_for(wuxi, "无锡市", "外事办公室")
    ask_to_speak_for(antonio, "San Antonio", "International Relations Office")
    coordinator.sign_in("mei@ngo.example")
    confirm_officer(coordinator, "Wuxi")
    confirm_officer(coordinator, "San Antonio")

    post_need(antonio)
    post_offer(wuxi)
    run_round(site, coordinator)
    approve_match(coordinator)
    answer_match(wuxi, antonio)
    send_and_receive(wuxi, antonio)
    give_and_confirm(wuxi, antonio, site)
    pair(coordinator, wuxi, antonio)
    look_at_the_record(person("en"))


def appoint_coordinator(site: Site, administrator: Person, address: str) -> None:
    account = ["--email", "root@ngo.example", "--name", "Root"]
    site.manage("createsuperuser", "--noinput", *account, DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    administrator.sign_in("root@ngo.example")
    page = administrator.page
    page.goto(f"{administrator.base}/admin/accounts/user/add/")
    page.fill("[name=email]", address)
    page.fill("[name=name]", "Mei Tan")
    page.select_option("[name=role]", "coordinator")
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.click("[name=_save]")
    expect(page.locator(".messagelist")).to_contain_text("Mei Tan")


def ask_to_speak_for(officer: Person, city: str, office: str) -> None:
    officer.go("/liaisons/request/")
    officer.fill(city=city, office=office, office_email=f"office.{officer.address}")
    officer.press("Ask for confirmation")
    expect(officer.page).to_have_url(re.compile(r"/liaisons/\d+/$"))


def confirm_officer(coordinator: Person, city: str) -> None:
    coordinator.go("/queue/")
    coordinator.page.get_by_role("link", name=re.compile(f"– {city}$")).click()
    coordinator.press("Confirm")
    coordinator.sees(f"– {city} is confirmed and has been told.")


def post_need(officer: Person) -> None:
    officer.wait_for_mail("You now speak for %(city)s")
    officer.go("/postings/new/?kind=need")
    officer.page.get_by_text("Details, their translation, how long it is shown").click()
    officer.fill(details="For three county hospitals")
    fill_line(officer, 0, f"{ITEM} (pieces)", "0")
    officer.press("Preview")
    officer.sees("Enter a number greater than 0.")
    officer.sees("Say how urgent the need is.")
    assert officer.page.input_value("[name=details]") == "For three county hospitals"

    officer.fill(**{"line-0-quantity": "20,000", "urgency": "1"})
    officer.press("Preview")
    officer.sees("20,000 pieces")
    officer.press("Change")
    assert officer.page.input_value("[name=line-0-quantity]") == "20,000"
    officer.press("Preview")
    officer.press("Publish")
    officer.is_in_state("open")
    officer.sees("20,000 pieces")


def post_offer(officer: Person) -> None:
    officer.wait_for_mail("You now speak for %(city)s")
    officer.go("/postings/new/?kind=offer")
    fill_line(officer, 0, f"{ITEM_ZH} (件)", "30000")
    officer.press("Preview")
    officer.press("Publish")
    officer.is_in_state("open")


def fill_line(officer: Person, number: int, item: str, quantity: str) -> None:
    officer.fill(**{f"line-{number}-item": item, f"line-{number}-quantity": quantity})


def run_round(site: Site, coordinator: Person) -> None:
    coordinator.go("/rounds/open/")
    coordinator.press("Run")
    coordinator.is_in_state("finished", seconds=30)
    coordinator.wait_for_mail("Round")
    assert "is finished" in site.log("worker")
    assert "is finished" not in site.log("web")


def approve_match(coordinator: Person) -> None:
    coordinator.go("/queue/")
    coordinator.page.locator("main").get_by_role("link", name=ITEM).first.click()
    coordinator.sees("A sister tie joins Wuxi and San Antonio.")
    another = coordinator.page.locator("#panel details").first
    another.locator("summary").click()
    another.locator("[name=quantity]").fill("15,000")
    another.get_by_role("button").click()
    coordinator.sees("Say why the quantity differs from the proposed one.")
    another.locator("[name=reason]").fill("What one flight carries")
    another.get_by_role("button").click()
    coordinator.sees("Both cities are asked in a few seconds; until then you can undo it.")
    expect(coordinator.page.get_by_role("button", name="Undo")).to_be_visible()


def answer_match(giver: Person, receiver: Person) -> None:
    receiver.wait_for_mail("A match waits for your city: %(match)s")
    receiver.go("/my/")
    receiver.press("Answer the match: you receive")
    assert receiver.page.get_by_text(f"office.{giver.address}").count() == 0
    receiver.press("Accept")
    receiver.press("Accept for my city")
    giver.wait_for_mail("A match waits for your city: %(match)s")
    giver.go("/my/")
    giver.press("Answer the match: you give")
    giver.press("Accept")
    giver.press("Accept for my city")
    giver.is_in_state("accepted")
    giver.sees(f"office.{receiver.address}")


def send_and_receive(giver: Person, receiver: Person) -> None:
    giver.press("Dispatch")
    giver.fill(carrier="Air freight", tracking="AF-2211")
    giver.press("It is on its way")
    receiver.wait_for_mail("On its way: %(match)s")
    receiver.go("/my/")
    receiver.press("Confirm what arrived")
    receiver.press("Confirm what arrived")
    receiver.fill(quantity="14,900")
    receiver.press("Confirm")
    receiver.sees("Say why the quantity differs from what was sent.")
    receiver.fill(difference="damaged on the way", difference_note="one wet carton")
    receiver.press("Confirm")
    receiver.is_in_state("received")
    receiver.press("Note where it went")
    receiver.fill(recipient="County Hospital", kind="hospital", quantity="5000")
    receiver.press("Note it")
    receiver.sees("County Hospital: 5,000 pieces")
    giver.wait_for_mail("Received: %(match)s")


def give_and_confirm(receiver: Person, giver: Person, site: Site) -> None:
    with site.without_broker():
        giver.go("/gifts/new/")
        giver.fill(receiver="Wuxi", item="Infrared thermometer (pieces)", quantity="40")
        giver.press("Record")
        giver.is_in_state("one side only")
    receiver.wait_for_mail("%(giver)s recorded a gift to you: %(item)s")
    receiver.go("/my/")
    receiver.press("Confirm the gift")
    receiver.press("Confirm")
    receiver.press("Confirm")
    receiver.is_in_state("confirmed")


def pair(coordinator: Person, left: Person, right: Person) -> None:
    coordinator.go("/queue/")
    coordinator.press("Wuxi – San Antonio")
    coordinator.press("Approve")
    coordinator.sees("Both cities are asked in a few seconds; until then you can undo it.")
    right.wait_for_mail("A pairing waits for your city: %(pairing)s")
    right.go("/my/")
    right.press("Answer the pairing")
    right.press("Accept")
    right.press("Accept for my city")
    left.go("/my/")
    left.press("Answer the pairing")
    left.press("Accept")
    left.press("Accept for my city")
    right.wait_for_mail("The pairing is active: %(pairing)s")


def look_at_the_record(visitor: Person) -> None:
    visitor.go("/ledger/?origin=platform")
    for words in ("15,000 pieces", "14,900 pieces", "40 pieces"):
        visitor.sees(words)
    visitor.go("/")
    visitor.page.locator(".map-list summary").click()
    visitor.press("counterpart: San Antonio")
    visitor.is_in_state("active")
    visitor.sees("Given by Wuxi")
    visitor.sees("14,900 pieces")
    visitor.sees("Given by San Antonio")
    visitor.sees("40 pieces")
    assert visitor.page.get_by_text("office.").count() == 0
    visitor.go("/ledger/verify/")
    visitor.sees("nothing was changed or removed")
