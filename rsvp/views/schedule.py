"""The schedule: what comes, what is to be announced, what has been."""

from flask import render_template

from rsvp.languages import text
from rsvp.models.programme import Programme
from rsvp.services import events
from rsvp.views import guests, previews
from rsvp.views.access import findable, public
from rsvp.views.languages import current

blueprint = guests.blueprint("schedule")


@blueprint.get("/")
@public
@findable
def show() -> tuple[str, int]:
    """Show every event, in the zone that `?zone=` names."""
    at, zone, programme = guests.now(), guests.asked_zone(), Programme.current()
    cards = [guests.card(event, zone=zone.name, at=at) for event in events.published()]
    page = render_template(
        "schedule.html",
        programme=programme,
        preview=None if zone.is_unknown else previews.preview("schedule.show", _about(programme)),
        zone=zone,
        upcoming=[card for card in cards if card.starts_at and not card.is_past],
        announced=[card for card in cards if not card.starts_at],
        past=[card for card in reversed(cards) if card.is_past],
    )
    return page, 400 if zone.is_unknown else 200


def _about(programme: Programme | None) -> str:
    return text(programme.about, current()) if programme else ""
