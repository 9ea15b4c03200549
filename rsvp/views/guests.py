"""What the guests' pages share: their language in the address, their zone, and events as cards."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, g, request

from rsvp import zones
from rsvp.languages import LocalTime, local_time, text
from rsvp.models.event import Event
from rsvp.times import Clock
from rsvp.views.languages import current


@dataclass(frozen=True)
class Zone:
    """The zone in which a page shows times. `is_chosen` tells whether the visitor named it."""

    name: str
    city: str
    is_chosen: bool
    is_unknown: bool = False

    @property
    def offered(self) -> tuple[tuple[str, str], ...]:
        """The picker's short list: names of zones with their cities."""
        return zones.offered(self.name, current())


@dataclass(frozen=True)
class EventCard:
    """What a page shows of an event, in its reader's language and zone."""

    slug: str
    kind: str
    title: str
    summary: str
    minutes: int
    starts_at: datetime | None
    local: LocalTime | None
    home: LocalTime | None
    is_past: bool
    is_cancelled: bool
    takes_requests: bool
    recording_url: str | None


def blueprint(name: str) -> Blueprint:
    """Return a blueprint whose pages stand under `/en/` and `/km/`."""
    made = Blueprint(name, name, url_prefix="/<any(en, km):language>")
    made.url_value_preprocessor(_take_language)
    made.url_defaults(_give_language)
    return made


def now() -> datetime:
    """Return the present instant."""
    clock: Clock = current_app.extensions["clock"]
    return clock.now()


def asked_zone() -> Zone:
    """Return the zone that `?zone=` names, or the community's first city."""
    asked = request.args.get("zone", "").strip()
    known = zones.named(asked) if asked else None
    name = known or zones.DEFAULT
    return Zone(
        name=name,
        city=zones.city(name, current()),
        is_chosen=known is not None,
        is_unknown=bool(asked) and known is None,
    )


def card(event: Event, *, zone: str, at: datetime) -> EventCard:
    """Return what a page shows of an event."""
    language, starts_at = current(), event.starts_at
    return EventCard(
        slug=event.slug,
        kind=event.kind,
        title=text(event.title, language),
        summary=text(event.summary, language),
        minutes=event.minutes,
        starts_at=starts_at,
        local=local_time(starts_at, zone, language) if starts_at else None,
        home=local_time(starts_at, zones.HOME, language) if starts_at else None,
        is_past=event.is_past(at),
        is_cancelled=event.is_cancelled,
        takes_requests=event.takes_requests(at),
        recording_url=event.recording_url,
    )


def _take_language(_endpoint: str | None, values: dict[str, str] | None) -> None:
    if values:
        g.language = values.pop("language", None)


def _give_language(_endpoint: str, values: dict[str, str]) -> None:
    values.setdefault("language", current())
