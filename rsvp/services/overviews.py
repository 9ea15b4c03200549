"""Count what the desk looks like from above: requests a day, what waits, places taken, and people's local hours.

Numbers only; a view draws them.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import deliveries
from rsvp.times import in_zone

DAYS = 28
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Waiting:
    """The requests that nobody has decided: how many, and for how many whole hours the oldest has waited."""

    count: int
    oldest_hours: int
    over_a_day: int
    over_two_days: int


@dataclass(frozen=True)
class Places:
    """One event's places: given, waited for, and asked for. `capacity` is None without a limit."""

    event: Event
    taken: int
    waitlisted: int
    pending: int
    capacity: int | None


def requests_a_day(*, at: datetime, zone: str, days: int = DAYS) -> list[tuple[date, int]]:
    """Return how many proven requests came in on each of the last days in that zone, the oldest day first."""
    today = in_zone(at, zone).date()
    first = today - timedelta(days=days - 1)
    asked = select(Rsvp.requested_at).where(
        Rsvp.state != State.UNVERIFIED, Rsvp.requested_at > at - timedelta(days=days + 1)
    )
    counted = Counter(in_zone(instant, zone).date() for instant in db.session.scalars(asked))
    return [(day, counted[day]) for day in (first + timedelta(days=number) for number in range(days))]


def waiting(*, at: datetime) -> Waiting:
    """Return how many requests wait for a decision, and for how long."""
    since = list(db.session.scalars(select(Rsvp.requested_at).where(Rsvp.state == State.PENDING)))
    ages = [at - asked_at for asked_at in since]
    return Waiting(
        count=len(ages),
        oldest_hours=max(ages, default=timedelta(0)) // HOUR,
        over_a_day=sum(age > timedelta(days=1) for age in ages),
        over_two_days=sum(age > timedelta(days=2) for age in ages),
    )


def letters_in_trouble(*, at: datetime) -> int:
    """Return how many letters wait for another try or could not be delivered."""
    trouble = deliveries.trouble(at=at)
    return trouble.deferred + trouble.failed


def places(*, at: datetime) -> list[Places]:
    """Return the places of each event that isn't over, the next one first."""
    counted = select(Rsvp.event_id, Rsvp.state, func.count()).group_by(Rsvp.event_id, Rsvp.state)
    counts = {(event_id, state): count for event_id, state, count in db.session.execute(counted)}
    events = [
        event
        for event in db.session.scalars(select(Event))
        if event.is_public and not (event.is_cancelled or event.is_past(at))
    ]
    return [
        Places(
            event=event,
            taken=counts.get((event.id, State.APPROVED), 0),
            waitlisted=counts.get((event.id, State.WAITLISTED), 0),
            pending=counts.get((event.id, State.PENDING), 0),
            capacity=event.capacity,
        )
        for event in sorted(events, key=lambda event: (event.starts_at is None, event.starts_at or at, event.id))
    ]


def local_hours(event: Event) -> list[int]:
    """Return, for each hour of the day, how many people with a place at an event have that hour when it begins.

    Shape:  24 counts, from midnight on; all 0 while the time is unknown.
    """
    if event.starts_at is None:
        return [0] * 24
    zones = (
        select(Participant.zone, func.count()).join(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED)
    )
    hours: Counter[int] = Counter()
    for zone, count in db.session.execute(zones.group_by(Participant.zone)):
        hours[in_zone(event.starts_at, zone).hour] += count
    return [hours[hour] for hour in range(24)]
