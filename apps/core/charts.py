"""Bar charts as plain figures: a template draws them as SVG, without a script and without styles.

Lengths are in units of the drawing, which is `WIDTH` wide: as many pixels as a small phone has.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.contrib.humanize.templatetags.humanize import intcomma

WIDTH = 356
VALUE = 50  # the column of figures, at the right
BAR, GAP, HEADING, SPACE = 12, 3, 17, 9
TOP = 16  # above the bars, for the scale
SCALE = ("0", "50 %", "100 %")
LETTERS = "ABC"


@dataclass(frozen=True)
class Bar:
    """One bar of the series `letter`; `y` is its upper edge, `text` its figure."""

    letter: str
    y: int
    length: str
    height: int
    text: str

    @property
    def baseline(self) -> int:
        return self.y + self.height - 2


@dataclass(frozen=True)
class Mark:
    """A short upright line where a further series stands, from `y` down to `end`."""

    letter: str
    x: str
    y: int
    end: int


@dataclass(frozen=True)
class Group:
    label: str
    baseline: int
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Tick:
    x: int
    text: str


@dataclass(frozen=True)
class Chart:
    """`left` and `right` are where 0 and one whole stand; the scale is written above the top."""

    height: int
    left: int
    groups: tuple[Group, ...]
    scale: tuple[str, str, str] = SCALE

    width = WIDTH
    right = WIDTH - VALUE

    @property
    def full_height(self) -> int:
        return self.height + TOP

    @property
    def ticks(self) -> list[Tick]:
        ends = zip((self.left, (self.left + self.right) // 2, self.right), self.scale, strict=True)
        return [Tick(x, text) for x, text in ends]


def grouped(
    rows: Sequence[tuple[str, Sequence[tuple[Fraction, str]]]],
    scale: tuple[str, str, str] = SCALE,
) -> Chart:
    """Of every row a heading, and below it one bar per series."""
    left = 16
    groups, y = [], 0
    for label, values in rows:
        tops = [y + HEADING + n * (BAR + GAP) for n in range(len(values))]
        bars = tuple(
            Bar(LETTERS[n], top, length(share, left), BAR, text)
            for n, (top, (share, text)) in enumerate(zip(tops, values, strict=True))
        )
        groups.append(Group(label, y + HEADING - 5, bars))
        y = tops[-1] + BAR + SPACE
    return Chart(y, left, tuple(groups), scale)


def counted(
    rows: Sequence[tuple[str, Sequence[int]]], written: Callable[[int], str] = intcomma
) -> Chart:
    """Of every row a heading and one bar per series, as long as its count; 0 has no length.

    `written` says a count in words; the scale ends at the next round number.
    """
    top = round_up(max((count for __, counts in rows for count in counts), default=1))
    shares = [
        (label, [(Fraction(count, top), written(count)) for count in counts])
        for label, counts in rows
    ]
    return grouped(shares, ("0", intcomma(top // 2), intcomma(top)))


def round_up(count: int) -> int:
    """The next number of one digit and noughts that is not smaller; even, so that it can be halved."""
    step = max(10 ** (len(str(count)) - 1), 2)
    return max(-(-count // step) * step, step)


def marked(rows: Sequence[tuple[str, Fraction, str, Sequence[Fraction]]]) -> Chart:
    """Of every row its name and one bar of the first series, with marks for the others."""
    left, step = 126, BAR + 5
    groups = []
    for n, (label, share, text, others) in enumerate(rows):
        y = n * step
        half = (BAR + 2) // max(len(others), 1)
        marks = tuple(
            Mark(LETTERS[k + 1], place(other, left), y + k * half, y + (k + 1) * half)
            for k, other in enumerate(others)
        )
        bar = Bar(LETTERS[0], y + 1, length(share, left), BAR, text)
        groups.append(Group(label, y + BAR - 1, (bar,), marks))
    return Chart(len(rows) * step, left, tuple(groups))


def length(share: Fraction, left: int) -> str:
    return f"{float(share) * (Chart.right - left):.1f}"


def place(share: Fraction, left: int) -> str:
    return f"{left + float(share) * (Chart.right - left):.1f}"
