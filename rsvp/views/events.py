"""One event, with its hour in the community's cities."""

from flask import abort, render_template

from rsvp.languages import local_time
from rsvp.models.programme import Programme
from rsvp.services import events
from rsvp.views import guests
from rsvp.views.access import public
from rsvp.views.languages import current

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
def show(slug: str) -> tuple[str, int]:
    """Show an event in the zone that `?zone=` names, beside eight cities."""
    event = events.named(slug)
    if event is None or not event.is_public:
        abort(404)
    zone = guests.asked_zone()
    page = render_template(
        "event.html",
        card=guests.card(event, zone=zone.name, at=guests.now()),
        programme=Programme.current(),
        zone=zone,
        cities=[local_time(event.starts_at, city, current()) for city in CITIES] if event.starts_at else [],
    )
    return page, 400 if zone.is_unknown else 200
