"""The engine's part of a round, alone and with helpers beside, in turn on one snapshot."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any


class Helpers:
    """Processes that read the numbers of jobs, one a line, and help with each as a worker does."""

    SOURCE = """if True:
        import sys, time, uuid, django
        django.setup()
        from apps.matching.services.sharing import help_with
        answered, busy = 0, 0.0
        print("ready", flush=True)
        for line in sys.stdin:
            start = time.perf_counter()
            answered += help_with(uuid.UUID(line.strip()))
            busy += time.perf_counter() - start
        print(answered, busy)
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self.jobs: list[Any] = []
        self.ends: list[str] = []

    def __enter__(self) -> "Helpers":
        command = [sys.executable, "-c", self.SOURCE]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.running = [subprocess.Popen(command, **pipes) for _ in range(self.count)]
        for process in self.running:
            process.stdout.readline()
        return self

    def __call__(self, job: Any) -> None:
        self.jobs.append(job)
        for process in self.running:
            process.stdin.write(f"{job}\n")
            process.stdin.flush()

    def __exit__(self, *error: object) -> None:
        self.ends = [process.communicate()[0].strip() for process in self.running]

    def report(self) -> None:
        jobs = len(set(self.jobs))
        for end in self.ends:
            answered, busy = end.split()
            print(f"A helper answered {answered} turns of {jobs} jobs in {float(busy):.1f} s.")


def compare(count: int, repeat: int) -> None:
    from apps.matching.engine import solve_allocation, solve_pairing
    from apps.matching.engine.allocation.solve import in_turn
    from apps.matching.engine.canonical import to_json
    from apps.matching.engine.pairing.sweep import threads
    from apps.matching.models import Round
    from apps.matching.services import running
    from apps.matching.services.sharing import Sharing

    snapshot = running.freeze(Round.objects.create())
    row = Round.objects.create(state="running")
    seconds: dict[tuple[str, bool], list[float]] = {}
    texts = set()
    with Helpers(count) as helpers:
        for shared in [False, True] * repeat:
            sharing = Sharing(row, helpers if shared else None)
            with clock(seconds.setdefault(("pairing", shared), [])):
                pairing = solve_pairing(snapshot.pairing, spread=sharing.over(threads))
            with clock(seconds.setdefault(("allocation", shared), [])):
                allocation = solve_allocation(snapshot.allocation, spread=sharing.over(in_turn))
            text = f"{to_json(pairing)}\n{to_json(allocation)}\n"
            texts.add(hashlib.sha256(text.encode()).hexdigest()[:16])
    print(
        f"| {len(snapshot.pairing.cities)} cities | alone, s | with {count} helper(s), s | ratio |"
    )
    print("|---|---|---|---|")
    for name in ("pairing", "allocation"):
        alone, shared_ = seconds[name, False], seconds[name, True]
        ratio = median(alone) / median(shared_)
        print(f"| {name} | {several(alone)} | {several(shared_)} | {ratio:.2f} |")
    print(f"\nResults: {', '.join(sorted(texts))}.")
    helpers.report()


def several(seconds: list[float]) -> str:
    return f"{median(seconds):.2f} ({min(seconds):.2f}-{max(seconds):.2f})"


@contextmanager
def clock(seconds: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - start)
