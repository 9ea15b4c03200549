"""Calendars to subscribe to: the schedule and single events for everybody, and a participant's own."""

from flask import Blueprint, Response, abort, jsonify, request

from rsvp.languages import LANGUAGES
from rsvp.models.event import Event
from rsvp.models.token import Purpose
from rsvp.services import events, feeds, links
from rsvp.views import guests
from rsvp.views.access import findable, guest, public
from rsvp.views.languages import current

PUBLIC_SECONDS = 300

blueprint = guests.blueprint("feeds")
data = Blueprint("data", __name__)


@blueprint.get("/schedule.ics")
@public
@findable
def schedule() -> Response:
    """The whole schedule, without links."""
    return _calendar(feeds.schedule(current()), f"public, max-age={PUBLIC_SECONDS}")


@blueprint.get("/events/<slug>.ics")
@public
@findable
def event(slug: str) -> Response:
    """One event, without its link; nothing while its time isn't known."""
    found = events.named(slug)
    if found is None or not found.is_public or found.starts_at is None:
        abort(404)
    return _calendar(feeds.event(found, current()), f"public, max-age={PUBLIC_SECONDS}")


@blueprint.get("/feeds/<token>.ics")
@guest
def own(token: str) -> Response:
    """A participant's own calendar, with the links of what they may join."""
    participant = links.open_link(token, Purpose.FEED, at=guests.now())
    if participant is None:
        abort(404)
    # Calendars keep their own copy and ask again by its ETag; a browser on a shared phone keeps none.
    return _calendar(feeds.own(participant, at=guests.now()), "no-store")


@data.get("/schedule.json")
@public
@findable
def schedule_json() -> Response:
    """The schedule as data, in every language."""
    answer = jsonify(events=[_facts(event) for event in events.published()])
    return _cached(answer, f"public, max-age={PUBLIC_SECONDS}")


def _calendar(body: bytes, cache: str) -> Response:
    return _cached(Response(body, content_type="text/calendar; charset=utf-8"), cache)


def _cached(answer: Response, cache: str) -> Response:
    answer.headers["Cache-Control"] = cache
    answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]


def _facts(event: Event) -> dict[str, object]:
    return {
        "slug": event.slug,
        "kind": event.kind,
        "status": event.status,
        "title": {language: event.title.get(language) for language in LANGUAGES},
        "summary": {language: event.summary.get(language) for language in LANGUAGES},
        "starts_at": event.starts_at.isoformat() if event.starts_at else None,
        "zone": event.zone,
        "minutes": event.minutes,
        "recording_url": event.recording_url,
    }
