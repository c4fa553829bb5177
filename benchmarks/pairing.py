"""The pairing against its peers: `python -m benchmarks pairing --help`."""

import argparse
import json
import math
import multiprocessing
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np

from apps.matching.engine import PairingProblem, threads
from apps.matching.engine.pairing.candidates import Candidates
from apps.matching.engine.pairing.instance import Instance, prepare
from apps.matching.engine.pairing.market import Market
from apps.matching.engine.pairing.optimum import FAR, find_optimum
from apps.matching.engine.progress import silent

from .pairing_peers import HEURISTICS, ONE_POOL, TWO_SIDES, peak_megabytes
from .pairing_problems import FAMILIES, family, world

HEADER = "| problem | solver | seconds | of all pairs scored once | peak MB | of the optimum |"
DENSE_MOST = 5_000

Make = Callable[[], PairingProblem]


def main(arguments: list[str]) -> None:
    options = _options(arguments)
    print(f"{HEADER}\n|{'---|' * 6}")
    seconds: dict[str, list[tuple[int, float]]] = {}
    for name, size, make in _problems(options):
        title = f"{name} {size:,} a side" if size else name
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, mp_context=spawn) as alone:
            took = alone.submit(_compare, title, make, options.stop).result()
        seconds.setdefault(name, []).append((size, took))
    for name, points in seconds.items():
        for (n, one), (m, two) in pairwise(points):
            exponent = math.log(two / one) / math.log(m / n)
            print(f"\n{name}: proof grows by n^{exponent:.2f} from {n:,} to {m:,}")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks pairing")
    parser.add_argument("--sizes", type=int, nargs="+", default=[300, 3_000])
    parser.add_argument("--families", nargs="*", default=FAMILIES, choices=FAMILIES)
    parser.add_argument("--sides", choices=("two", "one"), default="two")
    parser.add_argument("--stop", type=float, default=600, help="seconds until a peer is stopped")
    parser.add_argument("--world", type=Path, help="sister_pairs_world.csv: the real graph as well")
    return parser.parse_args(arguments)


def _problems(options: argparse.Namespace) -> list[tuple[str, int, Make]]:
    common = {"objective": "total", "sides": options.sides}
    made = [
        (f, n, partial(family, f, n, **common)) for f in options.families for n in options.sizes
    ]
    if options.world:
        made.append(
            ("sister cities of the world", 0, partial(world, options.world, objective="total"))
        )
    return made


def _compare(title: str, make: Make, stop: float) -> float:
    """One row for scoring, proof and every peer; returns the seconds of the proof."""
    problem = make()
    instance = prepare(problem)
    start = time.perf_counter()
    market = Market(instance, threads, silent)
    scored = time.perf_counter() - start
    dual = find_optimum(market).duals[0]
    proved = time.perf_counter() - start
    total = dual.bound // dual.denominator
    peak = peak_megabytes()
    _row(title, "score all pairs once, keep the best", scored, scored, None, None)
    _row(title, "**engine: optimum proved over all pairs**", proved, scored, peak, 1.0)
    known, pool = market.known, problem.sides == "one"
    prices = (dual.price[known.first] + dual.price[known.second]) // dual.denominator
    near = known if pool else known.take(np.flatnonzero(prices - known.score < FAR))
    print(f"| {title} | *{len(known):,} candidates, {len(near):,} near* | | | | |", flush=True)
    left = len(instance.right) if pool else int((~instance.right).sum())
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for only_near, among in ((True, near), (False, known)):
            files[only_near] = Path(folder) / f"{len(files)}.npz"
            _save(files[only_near], instance, among, left)
        for name in ONE_POOL if pool else TWO_SIDES:
            if name == "SciPy dense" and left > DENSE_MOST:
                print(f"| {title} | {name} | too large | | | |", flush=True)
                continue
            _peer(title, name, files[name not in HEURISTICS], stop, scored, total)
    return proved


def _save(file: Path, instance: Instance, among: Candidates, left: int) -> None:
    pool = instance.problem.sides == "one"
    place = np.argsort(np.argsort(instance.right, kind="stable"), kind="stable")
    first = among.first if pool else place[among.first]
    second = among.second if pool else place[among.second]
    ends = {"first": first, "second": second, "weight": among.score}
    np.savez(file, left=left, right=len(place) - left, pool=pool, **ends)


def _peer(title: str, name: str, file: Path, stop: float, scored: float, total: int) -> None:
    command = [sys.executable, "-m", "benchmarks.pairing_peers", name, str(file)]
    try:
        ran = subprocess.run(command, capture_output=True, text=True, timeout=stop, check=True)
    except subprocess.TimeoutExpired:
        print(f"| {title} | {name} | > {stop:g} s | | | |", flush=True)
        return
    answer = json.loads(ran.stdout)
    if "missing" in answer:
        print(f"| {title} | {name} | NOT INSTALLED | | | |", flush=True)
        return
    share = answer["total"] / total if total else 1.0
    _row(title, name, answer["seconds"], scored, answer["peak_mb"], share)


def _row(
    title: str, name: str, took: float, scored: float, peak: float | None, share: float | None
) -> None:
    memory = "" if peak is None else f"{peak:,.0f}"
    reached = "" if share is None else f"{100 * share:.2f} %"
    row = f"| {title} | {name} | {took:.2f} | {took / scored:.2f} | {memory} | {reached} |"
    print(row, flush=True)
