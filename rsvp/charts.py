"""Work out small pictures of counts: where each bar stands and how high it is. A template draws them."""

from collections.abc import Sequence
from dataclasses import dataclass

# Of a bar's place, how much it fills: the rest keeps it apart from the next.
FILLED = 0.8
# So that one among hundreds can still be seen.
LEAST = 2.0


@dataclass(frozen=True)
class Bar:
    """One bar in a picture of given width and height, measured from the top left corner."""

    x: float
    y: float
    width: float
    height: float
    count: int


def bars(counts: Sequence[int], *, width: float, height: float) -> list[Bar]:
    """Return a bar for each count, side by side; the highest count fills the height, and none draws nothing.

    Units:  those of the picture's own view box.
    """
    place, most = width / max(len(counts), 1), max(counts, default=0)
    return [_bar(number, count, most, place=place, height=height) for number, count in enumerate(counts)]


def _bar(number: int, count: int, most: int, *, place: float, height: float) -> Bar:
    tall = max(count / most * height, LEAST) if count else 0.0
    gap = place * (1 - FILLED) / 2
    return Bar(
        x=round(number * place + gap, 2),
        y=round(height - tall, 2),
        width=round(place * FILLED, 2),
        height=round(tall, 2),
        count=count,
    )
