import pytest

from apps.core import charts


def test_counted_bars_are_as_long_as_their_counts_when_drawn():
    chart = charts.counted([("Given", [10, 40]), ("Received", [0, 20])])

    lengths = [[float(bar.length) for bar in group.bars] for group in chart.groups]
    whole = chart.right - chart.left
    assert lengths == [[whole / 4, whole], [0, whole / 2]]
    assert [bar.text for group in chart.groups for bar in group.bars] == ["10", "40", "0", "20"]
    assert chart.scale == ("0", "20", "40")


def test_counted_says_counts_in_the_words_it_is_given():
    chart = charts.counted([("Given", [3])], written=lambda count: f"{count} kits")

    assert chart.groups[0].bars[0].text == "3 kits"


@pytest.mark.parametrize(
    ("count", "top"),
    [(0, 2), (1, 2), (3, 4), (10, 10), (11, 20), (99, 100), (101, 200), (21_200, 30_000)],
)
def test_scale_ends_at_a_round_number_when_counts_are_uneven(count, top):
    assert charts.round_up(count) == top


def test_chart_without_rows_has_no_height():
    assert charts.counted([]).height == 0
