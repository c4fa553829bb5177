"""Every page is light: on the first view of anything here, and on the next."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import Site
from tests.journeys.wire import weigh

pytestmark = pytest.mark.browser
FIRST, NEXT = 150_000, 30_000
PUBLIC = [
    "/",
    "/about/",
    "/how-matching-works/",
    "/cities/",
    "/cities/?country=CN",
    "/cities/us-tx-san-antonio/",
    "/ties/",
    "/postings/",
    "/library/",
    "/pairings/",
    "/pairings/hubei-2020/",
    "/exchanges/",
    "/ledger/",
    "/ledger/1/",
    "/ledger/verify/",
    "/gifts/",
    "/gap/",
    "/replay-2020/",
    "/account/signup/",
]
OWN = {
    "officer": [
        "/my/",
        "/postings/new/",
        "/postings/new/?kind=need",
        "/gifts/new/",
        "/exchanges/new/",
        "/library/new/",
        "/matches/",
        "/notifications/",
        "/account/profile/",
    ],
    "coordinator": ["/queue/", "/rounds/", "/rounds/open/", "/pairings/propose/"],
    "newcomer": ["/liaisons/request/"],
}
PAGES = [("visitor", path) for path in PUBLIC] + [
    (role, path) for role, paths in OWN.items() for path in paths
]
SESSION = """
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from apps.accounts.models import User
from apps.cities.models import City, Liaison
for role in ("newcomer", "officer", "coordinator"):
    rank = "coordinator" if role == "coordinator" else "member"
    person = User.objects.create_user(f"{role}@weighed.example", name=role, role=rank)
    if role == "officer":
        city = City.objects.get(code="us-tx-san-antonio")
        Liaison.objects.create(
            user=person, city=city, office="Office", state="confirmed", state_since=timezone.now()
        )
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    print(role, settings.SESSION_COOKIE_NAME, session.session_key)
"""


@pytest.fixture(scope="module")
def cookies(site: Site) -> dict[str, list[dict[str, str]]]:
    found = {"visitor": []}
    for line in site.manage("shell", "--no-imports", "--command", SESSION).splitlines():
        role, name, value = line.split()
        found[role] = [{"name": name, "value": value, "url": site.url}]
    return found


def test_no_page_is_heavy(site: Site, chromium: Browser, cookies: dict[str, list[dict[str, str]]]):
    """On the next view styles and scripts are there already, as the test below shows."""
    first, then = {}, {}

    for role, path in PAGES:
        with chromium.new_context() as context:
            context.add_cookies(cookies[role])
            found = weigh(context.new_page(), f"{site.url}/zh-hans{path}")
        first[path] = sum(found.values())
        then[path] = sum(size for name, size in found.items() if "/static/" not in name)

    assert {path: size for path, size in first.items() if size > FIRST} == {}
    assert {path: size for path, size in then.items() if size > NEXT} == {}
    assert min(then.values()) > 0


def test_styles_and_scripts_are_loaded_once_when_a_second_page_is_read(
    site: Site, chromium: Browser
):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}/en/about/")

        page.goto(f"{site.url}/en/how-matching-works/")

        loaded = page.evaluate(
            "performance.getEntriesByType('resource').map(one => [one.name, one.transferSize])"
        )
    assert len(loaded) >= 2
    assert [name for name, size in loaded if size] == []


def test_first_page_is_readable_in_seconds_when_the_net_is_slow(site: Site, chromium: Browser):
    """At 400 kbit/s and 400 ms a turn, as Chromium's own «slow 3G»."""
    with chromium.new_context() as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.send("Network.enable")
        slow = {"offline": False, "latency": 400, "uploadThroughput": 50_000}
        wire.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": 50_000})

        page.goto(f"{site.url}/en/", wait_until="networkidle")

        painted = page.evaluate(
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
    assert painted < 5_000
