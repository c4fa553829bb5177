"""What every page costs with a full database, on PostgreSQL: `python -m benchmarks pages`.

Starts a server of its own, loads the facts, fills up to `--cities` places and about 23 postings a
city (5,000: some 100,000), runs one round, and prints a table. Times are processor time, of this
process and of the server's process for it, so that other work on the machine does not count; medians
of `--repeat` turns, in each of which a constant view and every page are asked once: milliseconds, the
same over the constant view, the server's share, then over the constant view the first reading after
a change, when no part of a page is kept, and for visitors a page from the cache. Bytes are
compressed bodies: of the page with all that it names (first view), and of the page alone, as styles
and scripts are kept (next view); the map is not counted.
"""

import argparse
import gzip
import io
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any

CONSTANT = "/en/constant/"
NAMED = re.compile(r'(?:href|src)="/?static/([^"#]+)')
ON_MAPS = ("vendor/leaflet", "vendor/land")
VISITOR = [
    "home",
    "about",
    "cities",
    "city",
    "ties",
    "postings",
    "postings of an item",
    "posting",
    "library",
    "pairings",
    "pairing",
    "exchanges",
    "ledger",
    "flows",
    "entry",
    "verify",
    "gifts",
    "gap",
    "replay 2020",
]
OFFICER = ["my city", "postings", "matches", "match", "post", "news", "cities", "ledger"]
COORDINATOR = ["queue", "rounds", "round", "pairings", "proposal", "gap", "matches"]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=5000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--no-round", action="store_true", help="no proposals: quicker")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="counterpart-pages-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 (as root, the server runs as another user)
        people = make_world(folder, options)
        report(list(measured(people, options.repeat)))


def make_world(folder: str, options: argparse.Namespace) -> dict[str, Any]:
    """Returns the user of each role, None for visitors."""
    from benchmarks import round as rounds

    rounds.POSTINGS_PER_CITY = 23
    rounds.start_django(folder, SimpleNamespace(helpers=0, shared_seconds=None))

    from django.core.management import call_command
    from django.db import connection

    from apps.accounts.models import User
    from apps.cities.models import City, Liaison
    from apps.matching.models import Match
    from apps.postings.models import Posting

    call_command("load_facts", verbosity=0, stdout=io.StringIO())
    rounds.fill(options.cities - City.objects.count())
    coordinator = User.objects.create_user("c@example.org", name="C", role="coordinator")
    officer = User.objects.create_user("o@example.org", name="O")
    if not options.no_round:
        rounds.run({})
        approve_some(coordinator)
    match = Match.objects.filter(state="approved").first()
    city = match.need.city if match else Posting.objects.first().city
    stated = {"state": "confirmed", "state_since": city.updated_at, "office": "Office"}
    Liaison.objects.create(user=officer, city=city, **stated)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE postings_posting SET opened_at = opened_at - id * interval '1 s'")
        cursor.execute("VACUUM ANALYZE")
    words = f"{City.objects.count():,} places, {Posting.objects.count():,} postings"
    print(f"{words}, {Match.objects.count():,} matches\n")
    return {"visitor": None, "officer": officer, "coordinator": coordinator}


def approve_some(coordinator: Any) -> None:
    """Pairings and matches of one city and more, decided by the services."""
    from django.utils import timezone

    from apps.matching.models import Match
    from apps.matching.services import approve_match
    from apps.pairings.models import Pairing
    from apps.pairings.services import approve_pairing

    decided = {"by": coordinator, "now": timezone.now()}
    for pairing in Pairing.objects.order_by("pk")[:200]:
        approve_pairing(pairing, **decided)
    Pairing.objects.filter(state="approved").update(state="active", active_since=decided["now"])
    first = Match.objects.order_by("pk").first()
    for match in Match.objects.filter(need__city=first.need.city)[:20]:
        approve_match(match, **decided)


def addresses() -> dict[str, str]:
    from django.urls import reverse

    from apps.cities.models import City
    from apps.ledger.models import LedgerEntry
    from apps.matching.models import Match, Round
    from apps.pairings.models import Pairing
    from apps.postings.models import Posting

    names = {
        "home": "dashboard:home",
        "about": "dashboard:about",
        "cities": "dashboard:city_list",
        "ties": "cities:tie_list",
        "postings": "postings:posting_list",
        "library": "postings:library",
        "pairings": "pairings:pairing_list",
        "exchanges": "pairings:exchange_list",
        "ledger": "ledger:entry_list",
        "flows": "dashboard:flow_list",
        "verify": "ledger:verify",
        "gifts": "ledger:gift_list",
        "gap": "dashboard:gap",
        "replay 2020": "dashboard:replay_2020",
        "my city": "dashboard:my_city",
        "matches": "matching:match_list",
        "post": "postings:posting_create",
        "news": "notifications:notification_list",
        "queue": "dashboard:queue",
        "rounds": "matching:round_list",
    }
    found = {name: reverse(address) for name, address in names.items()}
    posting = Posting.objects.order_by("pk").first()
    rows = {
        "city": City.objects.filter(code="us-0").first(),
        "posting": posting,
        "entry": LedgerEntry.objects.first(),
        "pairing": Pairing.objects.filter(state="active").first(),
        "proposal": Pairing.objects.filter(state="proposed").first(),
        "match": Match.objects.filter(state="approved").first(),
        "round": Round.objects.first(),
    }
    found |= {name: row.get_absolute_url() for name, row in rows.items() if row}
    return {**found, "postings of an item": f"{found['postings']}?item={posting.item_id}"}


def measured(people: dict[str, Any], repeat: int) -> Iterator[dict[str, Any]]:
    from django.conf import settings
    from django.core.cache import caches
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from config.settings import base

    add_constant_view()
    settings.CACHES = {**settings.CACHES, "pages": base.CACHES["pages"]}
    settings.CACHED_PAGES = base.CACHED_PAGES
    found = addresses()
    wanted = {"visitor": VISITOR, "officer": OFFICER, "coordinator": COORDINATOR}
    turns: dict[tuple[str, str], Callable[[], Any]] = {}
    before: dict[tuple[str, str], Callable[[], Any]] = {}  # the clock does not run
    pages: dict[tuple[str, str], dict[str, Any]] = {}
    for role, names in wanted.items():
        browser = Client(headers={"Accept-Encoding": "gzip"})
        if people[role]:
            browser.force_login(people[role], "django.contrib.auth.backends.ModelBackend")
        for name in [one for one in names if one in found]:
            with CaptureQueriesContext(connection) as queries:
                page = fresh(browser, found[name])
            if page.status_code != 200:
                continue
            ask = partial(fresh, browser, found[name])
            turns["anew", f"{role} {name}"] = turns[role, name] = ask
            before["anew", f"{role} {name}"] = caches["pages"].clear
            pages[role, name] = {"queries": len(queries), **weight(page)}
            if role == "visitor":
                turns["kept", name] = before["kept", name] = partial(browser.get, found[name])
    visitor = Client(headers={"Accept-Encoding": "gzip"})
    turns["constant", ""] = lambda: fresh(visitor, CONSTANT)
    seconds = {key: [] for key in turns}
    for _ in range(repeat + 1):
        for key, turn in turns.items():
            before.get(key, int)()
            with clock(seconds[key]):
                turn()
    times = {key: median(both for both, __ in each[1:]) for key, each in seconds.items()}
    server = {key: median(there for __, there in each[1:]) for key, each in seconds.items()}
    constant = times["constant", ""]
    for (role, name), page in pages.items():
        kept = times.get(("kept", name)) if role == "visitor" else None
        yield {
            "page": name,
            "role": role,
            "ms": times[role, name] * 1000,
            "server": server[role, name] / times[role, name],
            "ratio": times[role, name] / constant,
            "anew": times["anew", f"{role} {name}"] / constant,
            "kept": kept / constant if kept else None,
            **page,
        }


def add_constant_view() -> None:
    from django.conf.urls.i18n import i18n_patterns
    from django.http import HttpResponse
    from django.urls import path

    from config import urls

    urls.urlpatterns += i18n_patterns(path("constant/", lambda request: HttpResponse("x" * 20_000)))


def fresh(browser: Any, url: str) -> Any:
    """The page as it is rendered, past the cache of whole pages; parts of it may be kept."""
    return browser.get(url, headers={"HX-Request": "true"})


@contextmanager
def clock(seconds: list[tuple[float, float]]) -> Iterator[None]:
    """Notes the processor time of both processes, and the server's alone."""
    here, there = time.process_time(), server_seconds()
    yield
    there = server_seconds() - there
    seconds.append((time.process_time() - here + there, there))


def server_seconds() -> float:
    """Of the process in which PostgreSQL works for this one, as Linux counts it."""
    from django.db import connection

    connection.ensure_connection()
    status = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat").read_text()
    return int(status.split()[0]) / 1e9


def weight(page: Any) -> dict[str, int]:
    """Bytes of the first view, and of the next."""
    from django.contrib.staticfiles import finders

    text = gzip.decompress(page.content).decode()
    files = {name for name in NAMED.findall(text) if not name.startswith(ON_MAPS)}
    sizes = {}
    for name in files:
        sizes[name] = len(gzip.compress(Path(finders.find(name)).read_bytes()))
    body = len(page.content)
    return {"first": body + sum(sizes.values()), "next": body}


def report(rows: list[dict[str, Any]]) -> None:
    heads = ["page", "read by", "kB first", "kB next", "queries", "ms", "of it database"]
    heads += ["× constant", "after a change ×", "kept ×"]
    print("| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for row in rows:
        kept = f"{row['kept']:.1f}" if row["kept"] else ""
        sizes = f"{row['first'] / 1000:.0f} | {row['next'] / 1000:.1f}"
        print(
            f"| {row['page']} | {row['role']} | {sizes} | {row['queries']} |"
            f" {row['ms']:.1f} | {row['server']:.0%} | {row['ratio']:.1f} | {row['anew']:.1f} | {kept} |"
        )
