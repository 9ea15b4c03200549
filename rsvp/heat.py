"""Work out over a week of hours how many people would be awake where they live, and how many in their night.

Makes numbers out of counts by zone; a template draws them. Reads no clock, no request and no person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rsvp.errors import HourRefused
from rsvp.times import from_wall, in_zone

# Awake: clocks at home show 8:00 or later, and not yet 22:00. A session that begins at 22:00 begins at night.
AWAKE_FROM, AWAKE_TO = time(8), time(22)
DAYS, HOURS = 7, 24
# An hour's colour has as many steps above the first; the last means that everybody is awake.
STEPS = 5

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Cell:
    """One hour of the week as clocks at home show it. `refusal` is why they don't, where a clock change takes it."""

    day: date
    hour: int
    awake: int = 0
    at_night: int = 0
    refusal: HourRefused | None = None

    @property
    def step(self) -> int:
        """How many fifths of the people are awake, all of them being the last step."""
        return STEPS * self.awake // max(self.awake + self.at_night, 1)


@dataclass(frozen=True)
class Place:
    """The people of one zone at one instant."""

    zone: str
    count: int
    is_awake: bool


Rows = tuple[tuple[Cell, ...], ...]


def week(monday: date, home: str, counts: Counts) -> Rows:
    """Return 24 rows of seven days, hours being those of clocks in `home`. `counts` says how many live in each zone."""
    days = [monday + timedelta(days=number) for number in range(DAYS)]
    return tuple(tuple(_cell(day, hour, home, counts) for day in days) for hour in range(HOURS))


def places(at: datetime, counts: Counts) -> tuple[Place, ...]:
    """Return who is awake at an instant, the zone with most people first."""
    most_first = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Place(zone, count, is_awake(at, zone)) for zone, count in most_first)


def is_awake(at: datetime, zone: str) -> bool:
    """Whether clocks in a zone show an hour in which people are awake."""
    return AWAKE_FROM <= in_zone(at, zone).time() < AWAKE_TO


def best(rows: Rows, number: int) -> list[Cell]:
    """Return the hours at which most are awake, of equals the earliest in the week."""
    cells = [cell for row in rows for cell in row if cell.refusal is None]
    return sorted(cells, key=lambda cell: (-cell.awake, cell.day, cell.hour))[:number]


def next_monday(today: date) -> date:
    """Return the Monday with which the week after this one begins."""
    return today + timedelta(days=DAYS - today.weekday())


def _cell(day: date, hour: int, home: str, counts: Counts) -> Cell:
    try:
        at = from_wall(day, time(hour), home)
    except HourRefused as refusal:
        return Cell(day, hour, refusal=refusal)
    awake = sum(place.count for place in places(at, counts) if place.is_awake)
    return Cell(day, hour, awake=awake, at_night=sum(counts.values()) - awake)
