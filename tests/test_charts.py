"""Small pictures of counts."""

from hypothesis import given
from hypothesis import strategies as st

from rsvp.charts import LEAST, bars

COUNTS = st.lists(st.integers(0, 100_000), max_size=60)


@given(COUNTS)
def test_every_bar_stands_inside_the_picture_and_none_on_another(counts: list[int]) -> None:
    drawn = bars(counts, width=280, height=60)
    assert [bar.count for bar in drawn] == counts
    for bar, following in zip(drawn, drawn[1:], strict=False):
        assert bar.x + bar.width < following.x
    for bar in drawn:
        assert 0 <= bar.x < bar.x + bar.width <= 280
        assert 0 <= bar.y <= 60
        assert abs(bar.y + bar.height - 60) < 0.02


def test_the_highest_count_fills_the_picture_the_lowest_can_be_seen_and_none_draws_nothing() -> None:
    high, half, low, none = bars([1000, 500, 1, 0], width=4, height=60)
    assert (high.height, half.height, low.height, none.height) == (60, 30, LEAST, 0)


def test_a_picture_without_counts_is_empty() -> None:
    assert bars([], width=280, height=60) == []
    assert [bar.height for bar in bars([0, 0], width=280, height=60)] == [0, 0]
