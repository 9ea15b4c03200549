"""Work out the picture of one event's hour in several cities: where night, midnight and the event lie in 24 hours.

Makes numbers and short words; a template draws them. Reads no clock and no request.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rsvp.languages import LocalTime, day_words, hour_words, local_time
from rsvp.times import from_wall, in_zone

# The 24 hours stand around the middle of the event, so that it is the same column in every city.
SPAN = timedelta(hours=24)
# When people sleep: a call in these hours costs a night. Dusk and dawn would say less, and differ by season.
NIGHT_FROM, NIGHT_TO = time(22), time(6)
MIDNIGHT = time(0)
DAY = timedelta(days=1)
# A shorter piece of a day has no room for its name: six hours of the narrowest strip are 80 pixels.
NAMED_FROM = 25.0


@dataclass(frozen=True)
class Band:
    """A stretch of the strip: where it begins and how wide it is, in percent of the strip."""

    x: float
    width: float

    @property
    def end(self) -> float:
        """Where it ends, in percent."""
        return round(self.x + self.width, 3)


@dataclass(frozen=True)
class Day:
    """The part of the strip that is one calendar day of a city; `name` is empty where there is no room for it."""

    band: Band
    name: str


@dataclass(frozen=True)
class Row:
    """One city's 24 hours: the hour at which the event begins there, its nights, its days."""

    local: LocalTime
    nights: tuple[Band, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True)
class Strip:
    """The picture: the event's own column, the cities from east to west, and the hours between which it is night."""

    event: Band
    rows: tuple[Row, ...]
    night_from: str
    night_to: str


def strip(starts_at: datetime, minutes: int, zones: Iterable[str], *, language: str) -> Strip:
    """Return the picture of an event of that many minutes.

    The cities' clocks change at two or three in the morning, so the hours that bound their nights exist once.
    """
    length = timedelta(minutes=minutes)
    begin = starts_at + length / 2 - SPAN / 2
    east_to_west = sorted(zones, key=lambda zone: in_zone(starts_at, zone).replace(tzinfo=None), reverse=True)
    any_day = in_zone(starts_at, "UTC")
    return Strip(
        event=_band(begin, starts_at, starts_at + length),
        rows=tuple(_row(begin, starts_at, zone, language) for zone in east_to_west),
        night_from=hour_words(any_day.replace(hour=NIGHT_FROM.hour, minute=0), language),
        night_to=hour_words(any_day.replace(hour=NIGHT_TO.hour, minute=0), language),
    )


def _row(begin: datetime, starts_at: datetime, zone: str, language: str) -> Row:
    nights, days = [], []
    for day in _dates(begin, zone):
        night = from_wall(day - DAY, NIGHT_FROM, zone), from_wall(day, NIGHT_TO, zone)
        whole = from_wall(day, MIDNIGHT, zone), from_wall(day + DAY, MIDNIGHT, zone)
        nights.append(_band(begin, *night))
        days.append(_day(_band(begin, *whole), day_words(day, language)))
    nights.append(_band(begin, from_wall(day, NIGHT_FROM, zone), from_wall(day + DAY, NIGHT_TO, zone)))
    return Row(
        local=local_time(starts_at, zone, language),
        nights=tuple(night for night in nights if night.width),
        days=tuple(days),
    )


def _dates(begin: datetime, zone: str) -> Iterator[date]:
    """Return the calendar days of a city that the strip touches."""
    day, last = in_zone(begin, zone).date(), in_zone(begin + SPAN, zone)
    while day < last.date() or (day == last.date() and last.time() > MIDNIGHT):
        yield day
        day += DAY


def _day(band: Band, name: str) -> Day:
    return Day(band, name if band.width >= NAMED_FROM else "")


def _band(begin: datetime, start: datetime, end: datetime) -> Band:
    """Return the part of a stretch of time that the strip shows."""
    first, last = (min(max((at - begin) / SPAN, 0.0), 1.0) for at in (start, end))
    return Band(round(first * 100, 3), round((last - first) * 100, 3))
