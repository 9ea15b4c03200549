"""Keep instants: read the clock, and turn wall hours into instants and back.

Inside the service every instant is an aware datetime in UTC; this module says nothing about words or formats.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

import pytz

from rsvp.errors import HourRefused, HourRepeated, HourSkipped

SATURDAY = 5


class Clock(Protocol):
    """Where the present comes from."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """A clock that started at one instant when the machine's showed another, and runs on."""

    def __init__(self, start: datetime, *, since: datetime):
        self.shift = start - since

    def now(self) -> datetime:
        """Return the shifted present, aware, in UTC."""
        return datetime.now(UTC) + self.shift


def outside(clock: Clock) -> datetime:
    """Return the present as phones show it: the demo's clock may have been set to another hour."""
    return datetime.now(UTC) if isinstance(clock, ShiftedClock) else clock.now()


def from_wall(day: date, hour: time, zone: str) -> datetime:
    """Return the instant at which clocks in `zone` show `day` and `hour`, in UTC.

    Raises:  HourRefused: HourSkipped or HourRepeated when a clock change does that to the hour; itself when no clock
             counts that far.
    """
    try:
        local = pytz.timezone(zone).localize(datetime.combine(day, hour), is_dst=None)
    except pytz.NonExistentTimeError as error:
        raise HourSkipped(f"{hour:%H:%M} on {day} doesn't exist in {zone}: the clock jumps over it") from error
    except pytz.AmbiguousTimeError as error:
        raise HourRepeated(f"{hour:%H:%M} on {day} exists twice in {zone}: the clock is set back") from error
    except OverflowError as error:
        raise HourRefused(f"{day} is further away than clocks can count") from error
    return local.astimezone(UTC)


def is_certain(at: datetime, zone: str) -> bool:
    """Whether clocks in `zone` show that instant's hour only once, so that the hour tells the instant."""
    local = in_zone(at, zone)
    try:
        return from_wall(local.date(), local.time(), zone) == at
    except HourRefused:
        return False


def in_zone(at: datetime, zone: str) -> datetime:
    """Return the same instant with the wall clock of `zone`."""
    named = pytz.timezone(zone)
    return named.normalize(at.astimezone(named))


def day_shift(at: datetime, zone: str, *, home: str) -> int:
    """Return how many calendar days `zone` is ahead of `home` at that instant: −1, 0 or 1."""
    return (in_zone(at, zone).date() - in_zone(at, home).date()).days


def coming_saturday(at: datetime, zone: str) -> date:
    """Return the first Saturday in `zone` that begins after that instant."""
    today = in_zone(at, zone).date()
    return today + timedelta(days=(SATURDAY - today.weekday() - 1) % 7 + 1)
