"""One event, with its hour in the community's cities."""

from flask import abort, render_template

from rsvp.languages import local_time
from rsvp.models.event import Event
from rsvp.models.programme import Programme
from rsvp.services import events
from rsvp.strip import strip
from rsvp.views import guests, linked_data, previews
from rsvp.views.access import findable, public
from rsvp.views.guests import EventCard
from rsvp.views.languages import current
from rsvp.views.previews import Preview

CITIES = (
    "Asia/Phnom_Penh",
    "Asia/Bangkok",
    "Asia/Seoul",
    "Australia/Melbourne",
    "Pacific/Auckland",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
)

blueprint = guests.blueprint("events")


@blueprint.get("/events/<slug>")
@public
@findable
def show(slug: str) -> tuple[str, int]:
    """Show an event in the zone that `?zone=` names, beside eight cities."""
    event = events.named(slug)
    if event is None or not event.is_public:
        abort(404)
    zone = guests.asked_zone()
    card = guests.card(event, zone=zone.name, at=guests.now())
    starts_at = None if event.is_cancelled else event.starts_at
    page = render_template(
        "event.html",
        card=card,
        programme=Programme.current(),
        preview=None if zone.is_unknown else _preview(event, card),
        zone=zone,
        cities=[local_time(starts_at, city, current()) for city in CITIES] if starts_at else [],
        strip=strip(starts_at, event.minutes, CITIES, language=current()) if starts_at else None,
    )
    return page, 400 if zone.is_unknown else 200


def _preview(event: Event, card: EventCard) -> Preview:
    words, data = previews.event_words(card), linked_data.block(event)
    return previews.preview("events.show", words, linked_data=data, slug=event.slug)
