"""Every city whose hours can be shown, as links that lead back to the page the visitor came from.

Where it leads back to stands in the address's path, never in a parameter: it can only be a page of ours.
"""

from flask import abort, render_template, request

from rsvp import cities
from rsvp.models.programme import Programme
from rsvp.services import events
from rsvp.views import guests
from rsvp.views.access import public
from rsvp.views.languages import current

blueprint = guests.blueprint("zones")


@blueprint.get("/zones")
@public
def show() -> str:
    """Show the cities for the schedule; `?city=` narrows them to what it names."""
    return _page("schedule.show")


@blueprint.get("/events/<slug>/zones")
@public
def of_event(slug: str) -> str:
    """Show the cities for an event."""
    event = events.named(slug)
    if event is None or not event.is_public:
        abort(404)
    return _page("events.show", slug=slug)


def _page(endpoint: str, **values: str) -> str:
    words = request.args.get("city", "").strip()
    found = cities.search(words, current())
    return render_template(
        "zones.html",
        programme=Programme.current(),
        zone=guests.asked_zone(),
        words=words,
        groups=found or cities.search("", current()),
        is_unknown=not found,
        endpoint=endpoint,
        values=values,
    )
