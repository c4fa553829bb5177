"""The same bytes in every process, and nothing but the engine in the room."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SOLVE = """
import hashlib, sys
from apps.matching.engine import solve_allocation, solve_pairing, to_json
from tests.matching.engine.networks import network_allocation, network_pairing
texts = [to_json(solve_pairing(network_pairing(30, sides=sides, objective=objective)))
         for sides in ("two", "one") for objective in ("widest", "total", "egalitarian")]
texts += [to_json(solve_allocation(network_allocation(30, policy=policy)))
          for policy in ("pair_first", "urgency_first")]
sys.stdout.write(" ".join(hashlib.sha256(text.encode()).hexdigest() for text in texts))
"""
LOADED = """
import sys
import apps.matching.engine
names = {name.split(".")[0] for name in sys.modules}
sys.stdout.write(" ".join(sorted(names & {"django", "celery", "pandas", "networkx"})))
"""


def run(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    finished = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return finished.stdout


def test_results_are_identical_whatever_the_hash_seed() -> None:
    answers = {run(SOLVE, PYTHONHASHSEED=seed) for seed in ("0", "1", "4242")}

    assert len(answers) == 1
    assert len(set(answers.pop().split())) == 8


def test_engine_loads_no_framework() -> None:
    assert run(LOADED) == ""


@pytest.mark.parametrize(
    "banned", ["import random", "from random", "time.time", ".now(", ".today("]
)
def test_engine_source_has_no_clock_and_no_chance(banned: str) -> None:
    sources = (ROOT / "apps/matching/engine").rglob("*.py")

    assert [path.name for path in sources if banned in path.read_text(encoding="utf-8")] == []
