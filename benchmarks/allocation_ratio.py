"""The engine's flows against bare flows, turn by turn in one process: medians and ratios.

python -m benchmarks.allocation_ratio --family sparse --size 200000 --repeats 7
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from apps.matching.engine.allocation.rows import prepare

from .allocation_peers import bare, bare_with_arcs, engine
from .allocation_problems import FAMILIES

PEERS = {"bare flows": bare, "bare flows, arcs made in the time": bare_with_arcs}


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", default="sparse", choices=list(FAMILIES))
    parser.add_argument("--size", type=int, default=200_000)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args(words)
    problem = replace(FAMILIES[options.family](options.size), policy="urgency_first")
    _, rows = prepare(problem)
    seconds: dict[str, list[float]] = {peer: [] for peer in ("engine", *PEERS)}
    for _ in range(options.repeats):
        for name, peer in (("engine", engine), *PEERS.items()):
            seconds[name].append(peer(problem, rows)[0])
    for name, found in seconds.items():
        ratios = sorted(a / b for a, b in zip(seconds["engine"], found, strict=True))
        sys.stdout.write(
            f"{name}: {median(found):.3f} s; engine to it {median(ratios):.2f} times "
            f"({ratios[0]:.2f} to {ratios[-1]:.2f})\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
