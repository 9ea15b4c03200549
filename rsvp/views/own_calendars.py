"""A participant's own calendar: its secret address, made and ended on their page."""

from werkzeug.wrappers import Response

from rsvp.models.token import Purpose
from rsvp.services import links
from rsvp.views import guests, places
from rsvp.views.access import guest
from rsvp.views.places import Shown
from rsvp.views.security import csrf

blueprint = guests.blueprint("own_calendars")
csrf.exempt(blueprint)  # the address itself is the secret


@blueprint.post("/places/<token>/feeds")
@guest
def make_feed(token: str) -> str:
    """Make the address of the participant's own calendar, the only one: an earlier one ends.

    It is shown in the answer itself and never again: only its digest is kept.
    """
    participant, at = places.owner(token), guests.now()
    links.revoke(participant, Purpose.FEED, at=at)
    feed = links.issue(participant, Purpose.FEED, at=at)
    return places.page(participant, token, Shown(feed_url=links.feed_url(feed, participant.language)))


@blueprint.post("/places/<token>/feeds/revocation")
@guest
def end_feed(token: str) -> Response:
    """End the address of the participant's own calendar."""
    links.revoke(places.owner(token), Purpose.FEED, at=guests.now())
    return places.back(token, "ended")
