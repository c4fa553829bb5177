"""Every page of ours, opened in Chromium by whoever may see it, and what is wrong with it there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse
from playwright.sync_api import Browser, Page

from apps.accounts.models import User
from tests.pages.addresses import address
from tests.pages.matrix import ROWS
from tests.pages.test_rendering import NO_PAGE
from tests.pages.world import World

BACKEND = "django.contrib.auth.backends.ModelBackend"
ROLES = ("anonymous", "newcomer", "own", "coordinator", "administrator")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = Axe().axe_script
FIND = "options => axe.run(document, options).then(({ violations }) => violations)"
SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => list.getEntries().forEach(one => {
  if (!one.hadRecentInput) window.shifted += one.value;
})).observe({type: "layout-shift", buffered: true});
"""
STILL = 0.05  # half of what is called good: columns of a table settle while its rows come in
ACCOUNT = {  # of allauth, dressed by us
    "anonymous": ["account_login", "account_signup", "account_reset_password"],
    "newcomer": ["account_email", "account_change_password", "account_logout", "mfa_index"],
}


@dataclass(frozen=True)
class Visit:
    """One page as one role reads it; `path` is without the language."""

    role: str
    name: str
    key: str
    path: str

    def __str__(self) -> str:
        return f"{self.role} {self.name} {self.key}".strip()

    @property
    def file_name(self) -> str:
        return str(self).replace(":", "-").replace(" ", "_")


def visits(world: World) -> Iterator[Visit]:
    """Every address x role that shows a page."""
    for row in ROWS:
        if row.method == "GET" and row.name not in NO_PAGE:
            path = address(row.name, world[row.key] if row.key else None)
            for role in ROLES:
                if row.answers[role] == "200":
                    yield Visit(role, row.name, row.key, path.partition("/en")[2])
    for role, names in ACCOUNT.items():
        for name in names:
            yield Visit(role, name, "", reverse(name).partition("/en")[2])


def one_of_each(found: Iterator[Visit]) -> list[Visit]:
    """Each address once, as the one sees it who may do most there."""
    last = {visit.name: visit for visit in found}
    return list(last.values())


def session_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


class Visitor:
    """A browser window of one person; `complaints` are what its console says."""

    def __init__(self, browser: Browser, site: str, user: User | None, **options: Any) -> None:
        self.site = site
        self.context = browser.new_context(**options)
        self.context.add_init_script(SHIFTS)
        if user is not None:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user), "url": site}
            self.context.add_cookies([cookie])
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: m.type != "error" or self.complaints.append(m.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, path: str, language: str = "en") -> Page:
        self.complaints.clear()
        self.page.goto(f"{self.site}/{language}{path}")
        return self.page

    def faults(self) -> Iterator[str]:
        """What is wrong with the open page whatever it shows."""
        yield from self.complaints
        width = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if width > 0:
            yield f"scrolls {width} px sideways"
        shifted = self.page.evaluate("window.shifted")
        if shifted > STILL:
            yield f"moves by {shifted:.4f} while it loads"


@contextmanager
def windows(
    browser: Browser, site: str, world: World, **options: Any
) -> Iterator[Callable[[Visit], Visitor]]:
    """A window for each person, opened when first asked for."""
    found: dict[int | None, Visitor] = {}

    def of(visit: Visit) -> Visitor:
        user = world.persona(visit.role, visit.key)
        key = user.pk if user else None
        if key not in found:
            found[key] = Visitor(browser, site, user, **options)
        return found[key]

    yield of
    for visitor in found.values():
        visitor.context.close()


def violations(page: Page, rules: list[str] | None = None) -> Iterator[str]:
    """What axe finds, of any impact: all that WCAG 2.2 AA asks and good practice, or those rules.

    Style sheets and media are not loaded a second time: that serves rules about sound, of which we have none.
    """
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    options = {"resultTypes": ["violations"], "runOnly": only, "preload": False}
    page.evaluate(AXE)
    for found in page.evaluate(FIND, options):
        where = "; ".join(str(node["target"]) for node in found["nodes"][:3])
        yield f"{found['id']} ({found['impact']}): {where}"
