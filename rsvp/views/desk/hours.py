"""Finding an hour for an event at the desk: a week over the zones of those who asked, as a map of who is awake."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, render_template, request

from rsvp import heat, zones
from rsvp.errors import HourRefused
from rsvp.heat import Cell
from rsvp.languages import LocalTime, date_words, day_words, digits, hour_words, local_time
from rsvp.models.event import Event
from rsvp.services import hours
from rsvp.times import from_wall, in_zone
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk.city_hours import shift
from rsvp.views.desk.event_forms import EventForm, clock_change
from rsvp.views.desk.events import named
from rsvp.views.languages import current

BEST = 3
# Weeks that anybody plans for; beyond them calendars end.
YEARS = range(2000, 2200)
# The share of people awake that each colour means, in percent.
SHARES = ("0–19", "20–39", "40–59", "60–79", "80–99", "100")

blueprint = Blueprint("hours", __name__, url_prefix="/events")


@dataclass(frozen=True)
class Chosen:
    """The hour that was clicked: where the event is, and for the people of each zone."""

    cell: Cell
    home: LocalTime
    rows: list[tuple[heat.Place, LocalTime, object, str]]  # who, when it begins and on which day, when it ends
    form: dict[str, str]  # what sets the event to that hour


@blueprint.get("/<slug>/hours")
@coordinator
def show(slug: str) -> str:
    """Show a week of hours, and one of them more closely when it was clicked."""
    event = named(slug)
    counts = hours.zones_of(event)
    monday = _monday(event.zone)
    rows = heat.week(monday, event.zone, counts)
    return render_template(
        "desk/hours.html",
        card=guests.card(event, zone=zones.HOME, at=guests.now()),
        people=sum(counts.values()),
        monday=monday,
        home=zones.city(event.zone, current()),
        weeks=(monday - timedelta(days=heat.DAYS), monday + timedelta(days=heat.DAYS)),
        days=[(cell.day, day_words(cell.day, current())) for cell in rows[0]],
        rows=[(hour_words(datetime.combine(monday, time(number)), current()), row) for number, row in enumerate(rows)],
        best=[(cell, *_words(cell)) for cell in heat.best(rows, BEST)],
        refusals=list(_refusals(rows, event.zone)),
        chosen=_chosen(event, rows, counts),
        awake=[hour_words(datetime.combine(monday, bound), current()) for bound in (heat.AWAKE_FROM, heat.AWAKE_TO)],
        shares=[digits(share, current()) for share in SHARES],
    )


def _monday(zone: str) -> date:
    """Return the first day of the week that was asked for, next week's otherwise."""
    asked = _day(request.args.get("week", ""))
    if asked is None:
        return heat.next_monday(in_zone(guests.now(), zone).date())
    return asked - timedelta(days=asked.weekday())


def _day(words: str) -> date | None:
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _chosen(event: Event, rows: heat.Rows, counts: heat.Counts) -> Chosen | None:
    """Return the cell that was clicked, unless it isn't of this week or no clock tells it."""
    day, hour = _day(request.args.get("day", "")), request.args.get("hour", "")
    cell = next((cell for row in rows for cell in row if cell.day == day and str(cell.hour) == hour), None)
    if cell is None or cell.refusal is not None:
        return None
    at = from_wall(cell.day, time(cell.hour), event.zone)
    form = EventForm.of(event)
    return Chosen(
        cell=cell,
        home=local_time(at, event.zone, current()),
        rows=[_row(place, at, event) for place in heat.places(at, counts)],
        form=dict(form.hidden(day=cell.day.isoformat(), hour=f"{cell.hour:02}:00"))
        | {"seen": event.updated_at.isoformat()},
    )


def _row(place: heat.Place, at: datetime, event: Event) -> tuple[heat.Place, LocalTime, object, str]:
    ends = in_zone(at + timedelta(minutes=event.minutes), place.zone)
    said = shift(at, place.zone, home=event.zone)
    return place, local_time(at, place.zone, current()), said, hour_words(ends, current())


def _words(cell: Cell) -> tuple[str, str]:
    at = datetime.combine(cell.day, time(cell.hour))
    return date_words(at, current()), hour_words(at, current())


def _refusals(rows: heat.Rows, zone: str) -> Iterator[object]:
    for row in rows:
        for cell in row:
            if isinstance(cell.refusal, HourRefused):
                yield clock_change(cell.refusal, datetime.combine(cell.day, time(cell.hour)), zone)
