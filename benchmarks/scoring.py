"""The first list against the block method: `python -m benchmarks scoring --help`.

The block method scores 64 rows at a time by two matrix products in float32. An offer of an item is
written as marks at the levels it reaches, a need as its share divided among the levels up to it;
their product is coverage, rounded up to a level. Of every row and column the best are kept, above a
threshold that a sample suggests, and scored exactly. It knows coverage alone: no other criterion,
no tie, nothing withheld or forbidden.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from apps.matching.engine import threads
from apps.matching.engine.pairing.features import Features
from apps.matching.engine.pairing.instance import Instance, prepare
from apps.matching.engine.pairing.market import BEST, SAMPLE, Market
from apps.matching.engine.pairing.naming import SAMPLE_COLUMNS
from apps.matching.engine.pairing.scores import score_pairs
from apps.matching.engine.pairing.sweep import BLOCK_ROWS
from apps.matching.engine.progress import silent

from .pairing_problems import FAMILIES, family

LEVELS = 8
Floats = NDArray[np.float32]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks scoring")
    parser.add_argument("--sizes", type=int, nargs="+", default=[3_000, 30_000])
    parser.add_argument("--families", nargs="*", default=["posting"], choices=FAMILIES)
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args(arguments)
    print(
        "| problem | first list, s | ns a pair | block method, s | ratio, median |\n|---|---|---|---|---|"
    )
    for name in options.families:
        for size in options.sizes:
            instance = prepare(family(name, size, objective="total"))
            pairs = [
                (_took(_first_list, instance), _took(block_method, instance))
                for _ in range(options.repeat)
            ]
            own, other = np.median(np.array(pairs), axis=0)
            ratio = np.median([one / two for one, two in pairs])
            nanoseconds = 1e9 * own / size**2
            print(
                f"| {name} {size:,} a side | {own:.2f} | {nanoseconds:.0f} | {other:.2f} | {ratio:.2f} |",
                flush=True,
            )


def _took(work: Callable[[Instance], object], instance: Instance) -> float:
    start = time.perf_counter()
    work(instance)
    return time.perf_counter() - start


def _first_list(instance: Instance) -> int:
    return len(Market(instance, threads, silent).known)


def block_method(instance: Instance) -> int:
    """Exact scores of about the 16 best of every city by coverage; returns how many."""
    features = instance.features
    left, right = np.flatnonzero(~instance.right), np.flatnonzero(instance.right)
    needs, offers = thermometers(features)
    receive, give = offers[right].T.copy(), needs[right].T.copy()
    step = max(1, len(left) // SAMPLE)
    sample = needs[left[::step]] @ receive + offers[left[::step]] @ give
    rank = max(1, BEST * len(sample) // len(left))
    bound = np.partition(sample, -rank, axis=0)[-rank]
    ends = []
    for start in range(0, len(left), BLOCK_ROWS):
        rows = left[start : start + BLOCK_ROWS]
        table = needs[rows] @ receive
        table += offers[rows] @ give
        wide = max(1, len(right) // SAMPLE_COLUMNS)
        rank = 2 * BEST // wide + 4
        least = np.partition(table[:, ::wide], -rank, axis=1)[:, -rank, None]
        row, col = np.nonzero((table >= least) | (table > bound))
        ends.append((rows[row], right[col]))
    first, second = (np.concatenate(each) for each in zip(*ends, strict=True))
    chunks = range(0, len(first), 50_000)
    scored = threads(
        lambda at: (
            score_pairs(
                features,
                instance.problem.weights,
                first[at : at + 50_000],
                second[at : at + 50_000],
            ).score
        ),
        chunks,
    )
    return sum(map(len, scored))


def thermometers(features: Features) -> tuple[Floats, Floats]:
    """Needs and offers of every city (n, items x levels)."""
    n, items = len(features.codes), len(features.items)
    needs, offers = (np.zeros((n, items, LEVELS), np.float32) for _ in range(2))
    owner = np.repeat(np.arange(n), np.diff(features.need_start))
    for item in range(items):
        supply = features.supply[item]
        offered = supply[supply > 0]
        if not len(offered):
            continue
        levels = np.quantile(offered, np.arange(LEVELS) / LEVELS, method="lower")
        offers[:, item] = supply[:, None] >= levels
        tops = np.append(levels[1:], offered.max())
        here = features.need_item == item
        before, units = features.need_before[here, None], features.need_units[here, None]
        reached = np.clip(tops - before, 0, units) / units * features.need_share[here, None]
        np.add.at(needs[:, item], owner[here], np.diff(reached, axis=1, prepend=0))
    return needs.reshape(n, -1), offers.reshape(n, -1)
