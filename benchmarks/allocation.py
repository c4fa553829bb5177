"""The allocation engine against what else one would use, in ratios.

    python -m benchmarks.allocation --sizes 1000 10000 --families posting sparse

Every peer runs in a process of its own and is stopped after `--limit` seconds (600). Results go to
`benchmarks/results/allocation.md`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from .allocation_peers import PEERS
from .allocation_problems import FAMILIES

SIZES = (1_000, 10_000, 100_000)
RESULTS = Path(__file__).parent / "results" / "allocation.md"
ROOT = Path(__file__).resolve().parents[1]
HEAD = """# Allocation

Measured on {cores} on {day} with

    python -m benchmarks.allocation {arguments}

A size is the number of postings, half of them needs (in the family "hubs" 98 %). Time is that of
solving alone, but for "engine, whole", which goes from problem to result with hash, reasons and
certificate; the bare flow, OR-Tools, HiGHS and networkx get their arcs for free, made before the
clock starts, and know tiers only. Read the ratios to the bare flow, not the seconds. Gap: what is
missing of the best value found, units weighted 8, 4, 2, 1 by tier. Urgent: share of tier 1 filled.
Peak is the whole process with its problem. A group is a set of items that substitution joins.
"""


def run(
    sizes: Sequence[int] = SIZES,
    families: Sequence[str] = tuple(FAMILIES),
    peers: Sequence[str] = tuple(PEERS),
    limit: float = 600,
    results: Path = RESULTS,
    arguments: str = "",
) -> str:
    """Measure, write the results as Markdown, and return them."""
    cores = {1: "one core", 2: "two cores"}.get(os.cpu_count() or 1, f"{os.cpu_count()} cores")
    day = datetime.now(UTC).date().isoformat()
    parts = [HEAD.format(cores=cores, day=day, arguments=arguments)]
    for family in families:
        for size in sizes:
            rows = {peer: measure(peer, family, size, limit) for peer in peers}
            parts.append(table(f"{family}, {size:,} postings", rows, limit))
            print(parts[-1], flush=True)
            results.parent.mkdir(exist_ok=True)
            results.write_text("\n".join(parts), encoding="utf-8")
    return "\n".join(parts)


def measure(peer: str, family: str, size: int, limit: float) -> dict[str, Any]:
    """What one peer does, in its own process."""
    command = [sys.executable, "-m", "benchmarks.allocation_peers", peer, family, str(size)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=limit
        )
    except subprocess.TimeoutExpired:
        return {"not_run": f"> {limit:.0f} s"}
    except subprocess.CalledProcessError as error:
        return {"not_run": f"FAILED: {error.stderr.strip().splitlines()[-1]}"}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def table(title: str, rows: dict[str, dict[str, Any]], limit: float) -> str:
    """One table of a family and size."""
    solved = {peer: row for peer, row in rows.items() if "seconds" in row}
    base = solved.get("one bare flow a group", {}).get("seconds")
    best = max((row["value"] for row in solved.values()), default=0)
    lines = [
        f"## {title}",
        "",
        "| | seconds | × bare flow | gap | urgent | peak MB |",
        "|---|---|---|---|---|---|",
    ]
    for peer, row in rows.items():
        if peer not in solved:
            lines.append(f"| {peer} | **{row['not_run']}** | | | | |")
            continue
        ratio = f"{row['seconds'] / base:.2f}" if base else ""
        gap = 1 - row["value"] / best if best else 0
        urgent = row["first"] / row["needed_first"] if row["needed_first"] else 1
        lines.append(
            f"| {peer} | {row['seconds']:.3f} | {ratio} | {gap:.2%} | {urgent:.1%} "
            f"| {row['megabytes']:.0f} |"
        )
    return "\n".join([*lines, ""])


def main(words: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--families", nargs="+", default=list(FAMILIES), choices=list(FAMILIES))
    parser.add_argument("--peers", nargs="+", default=list(PEERS), choices=list(PEERS))
    parser.add_argument("--limit", type=float, default=600)
    options = parser.parse_args(words)
    run(options.sizes, options.families, options.peers, options.limit, arguments=" ".join(words))


if __name__ == "__main__":
    main(sys.argv[1:])
