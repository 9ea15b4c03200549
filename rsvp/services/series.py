"""Repeat an event week after week at the same hour of its own clock, as drafts to be written on."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rsvp.errors import EventActRefused, HourRefused
from rsvp.models.event import Event
from rsvp.services import drafts
from rsvp.times import from_wall, in_zone

WEEK = timedelta(days=7)
# Half a year: longer series are begun again from their last event.
MOST = 26


@dataclass(frozen=True)
class Turn:
    """One copy: its day, and its start or why clocks don't tell that hour on that day."""

    day: date
    wall: datetime
    starts_at: datetime | None
    refusal: HourRefused | None = None


def turns(event: Event, count: int) -> list[Turn]:
    """Return when copies of an event would be, a week apart: the wall hour stays, also when clocks change between.

    Raises:  EventActRefused for an event without a time.
    """
    if event.starts_at is None:
        raise EventActRefused
    wall = in_zone(event.starts_at, event.zone).replace(tzinfo=None)
    return [_turn(wall + number * WEEK, event.zone) for number in range(1, count + 1)]


def repeat(event: Event, count: int, *, by: str, at: datetime) -> list[Event]:
    """Begin a draft for each copy; one whose hour clocks don't tell begins without a time.

    The meeting's link and the recording are the first event's own and aren't copied.
    Raises:  EventActRefused for an event without a time.
    """
    facts = {
        "kind": event.kind,
        "zone": event.zone,
        "minutes": event.minutes,
        "title": event.title,
        "summary": event.summary,
        "capacity": event.capacity,
        "reminders": event.reminders,
        "link_mode": event.link_mode,
    }
    return [
        drafts.begin(event.programme, facts | {"starts_at": turn.starts_at}, by=by, at=at)
        for turn in turns(event, count)
    ]


def _turn(wall: datetime, zone: str) -> Turn:
    try:
        return Turn(wall.date(), wall, from_wall(wall.date(), wall.time(), zone))
    except HourRefused as refusal:
        return Turn(wall.date(), wall, None, refusal)
