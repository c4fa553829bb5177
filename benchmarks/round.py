"""Where the time of a whole round goes on PostgreSQL: `python -m benchmarks.round --cities 5000`.

Starts a server of its own, fills it with seeded posting-shaped data (60 items with a long tail, about
eleven postings a city), runs one round as the worker does, and prints a table: seconds of each step,
its share, and the seconds of processor time in the worker's process (the server's are not counted);
then the whole against both solutions alone (with reasons and proof), the whole against all work of the
engine (solutions, check, choices not made), and the seconds of reading and writing the database. With
`--rounds 2` another round follows, which replaces the proposals of the first.

`--helpers N` measures instead the engine alone and shared with N processes that help as Celery workers
do, in turn on the same snapshot: medians of `--repeat` runs. `--shared-seconds S` sets from how many
seconds of work on a step is shared.
"""

import argparse
import os
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

SEED = 2020
ITEMS = 60
POSTINGS_PER_CITY = 11
SOLVING = ("solve_pairing", "solve_allocation")
ENGINE = (*SOLVING, "check_pairing", "check_allocation", "compare_choices")
DATABASE = ("freeze", "store_result")
STEPS = ("freeze", *ENGINE, "store_result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cities", type=int, default=5000, help="of both sides together")
    parser.add_argument("--rounds", type=int, default=1, help="one after the other")
    parser.add_argument("--helpers", type=int, default=0, help="processes that help")
    parser.add_argument("--shared-seconds", type=float, help="instead of the setting")
    parser.add_argument("--repeat", type=int, default=3, help="runs alone and shared")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="counterpart-round-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 (as root, the server runs as another user)
        start_django(folder, options)
        fill(options.cities)
        if options.helpers:
            from benchmarks.round_shared import compare

            compare(options.helpers, options.repeat)
        else:
            seconds: dict[str, float] = {}
            measure(seconds)
            for _ in range(options.rounds):
                seconds.clear()
                report(options.cities, seconds, run(seconds))


def start_django(folder: str, options: argparse.Namespace) -> None:
    import django

    from apps.core.management.commands.check_all import start_postgresql

    os.environ["DATABASE_URL"] = start_postgresql(Path(folder) / "data", safe=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    django.setup()

    from django.conf import settings
    from django.core.management import call_command

    settings.ROUND_HELPERS = options.helpers
    if options.shared_seconds is not None:
        settings.ROUND_SHARED_SECONDS = options.shared_seconds
    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """Cities of two countries, half each; needs and offers of items drawn with a long tail."""
    from django.utils import timezone

    from apps.cities.models import City, SisterTie
    from apps.postings.models import Category, Item, Posting

    draw = random.Random(SEED)
    now = timezone.now()
    goods = Category.objects.create(code="goods", name_en="Goods", name_zh_hans="物资")
    items = Item.objects.bulk_create(
        Item(
            code=f"i{n}", name_en=f"Item {n}", name_zh_hans=f"物资{n}", category=goods, unit="piece"
        )
        for n in range(ITEMS)
    )
    cities = City.objects.bulk_create(
        City(
            code=f"{'cn' if n % 2 else 'us'}-{n}",
            name_en=f"City {n}",
            country="CN" if n % 2 else "US",
            level="city",
            acts=True,
            population=int(10 ** draw.uniform(4, 7)),
            time_zone="Asia/Shanghai" if n % 2 else "America/Chicago",
        )
        for n in range(count)
    )
    weights = [1 / (rank + 1) for rank in range(ITEMS)]
    Posting.objects.bulk_create(
        (
            posting(city, item, draw, now)
            for city in cities
            for item in draw.choices(items, weights, k=draw.randint(6, 2 * POSTINGS_PER_CITY - 6))
        ),
        batch_size=5000,
    )
    sides = cities[0::2], cities[1::2]
    SisterTie.objects.bulk_create(
        SisterTie(
            code=f"t{n}",
            city_a=a,
            city_b=b,
            status="listed_2026",
            confidence="high",
            source="drawn",
        )
        for n, (a, b) in enumerate(zip(*sides, strict=False))
        if draw.random() < 0.3
    )


def posting(city: Any, item: Any, draw: random.Random, now: Any) -> Any:
    from apps.postings.models import Posting

    is_need = draw.random() < 0.5
    return Posting(
        kind="need" if is_need else "offer",
        city=city,
        item=item,
        quantity=max(1, int(draw.lognormvariate(6, 1.5))),
        urgency=draw.choices((1, 2, 3, 4), (2, 3, 3, 2))[0] if is_need else None,
        state="open",
        state_since=now,
        opened_at=now,
        expires_on=now.date() + timedelta(days=30),
        needed_by=now.date() + timedelta(days=draw.randint(20, 60)) if is_need else None,
    )


def measure(seconds: dict[str, float]) -> None:
    """From now on note there how long every step of a round takes."""
    from apps.matching.services import running

    for name in STEPS:
        setattr(running, name, timed(getattr(running, name), seconds))


def run(seconds: dict[str, float]) -> Any:
    """Run a round and note how long the whole takes; returns it as it ended."""
    from django.utils import timezone

    from apps.matching.services import open_round, running

    open_round(by=None, now=timezone.now(), parameters={})
    with clock(seconds, "whole"):
        done = running.run_open_round()
    if done is None or done.state != "finished":
        raise SystemExit(
            f"The round did not finish: {done and done.state_reason}\n{done and done.error}"
        )
    return done


def timed(call: Callable[..., Any], seconds: dict[str, float]) -> Callable[..., Any]:
    def measured(*args: Any, **kwargs: Any) -> Any:
        with clock(seconds, call.__name__):
            return call(*args, **kwargs)

    return measured


@contextmanager
def clock(seconds: dict[str, float], name: str) -> Iterator[None]:
    """Notes seconds on the wall by name, and the processor's of this process as `<name> cpu`."""
    start, start_cpu = time.perf_counter(), time.process_time()
    yield
    seconds[name] = time.perf_counter() - start
    seconds[f"{name} cpu"] = time.process_time() - start_cpu


def report(cities: int, seconds: dict[str, float], done: Any) -> None:
    found = done.summary
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{cities} cities, {found['needs']} needs: {found['pairings']} pairings, {found['matches']} matches\n"
    )
    rest = "texts of the result, progress"
    for clock in ("", " cpu"):
        seconds[rest + clock] = seconds["whole" + clock] - summed(seconds, STEPS, clock)
    print("| step | s | share | processor s |\n|---|---|---|---|")
    for name in (*STEPS, rest, "whole"):
        share = seconds[name] / seconds["whole"]
        print(f"| {name} | {seconds[name]:.2f} | {share:.0%} | {seconds[f'{name} cpu']:.2f} |")
    for what, names in (("pairing and allocation alone", SOLVING), ("all engine work", ENGINE)):
        times, cpu = (
            seconds["whole" + clock] / summed(seconds, names, clock) for clock in ("", " cpu")
        )
        print(f"- The whole is {times:.2f} times {what}; in processor time {cpu:.2f} times.")
    print(f"- Database, read and written: {summed(seconds, DATABASE):.2f} s.")
    print(f"- Peak memory {peak:.0f} MB.\n")


def summed(seconds: dict[str, float], names: Iterable[str], clock: str = "") -> float:
    return sum(seconds[name + clock] for name in names)


if __name__ == "__main__":
    main()
