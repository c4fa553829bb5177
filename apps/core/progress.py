"""Progress of long work in a terminal."""

from typing import TextIO

WIDTH = 30


class Bar:
    """Shows a phase and its share done on one line of a terminal; elsewhere each phase on a line."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        self.is_live = out.isatty()
        self.phase = ""

    def __call__(self, phase: str, done: float) -> None:
        """`done` is a share between 0 and 1."""
        if self.is_live:
            full = round(WIDTH * done)
            bar = "#" * full + "." * (WIDTH - full)
            self.out.write(f"\r\x1b[K{bar} {done:4.0%} {phase}")
        elif phase != self.phase:
            self.out.write(f"{phase}\n")
        self.phase = phase
        self.out.flush()

    def close(self) -> None:
        if self.is_live and self.phase:
            self.out.write("\r\x1b[K")
            self.out.flush()
