"""A participant's places in their calendar: one entry as a file or by letter, or all under a secret address."""

from flask import Response as FlaskResponse
from flask import abort, request
from werkzeug.wrappers import Response

from rsvp.errors import Refusal
from rsvp.models.token import Purpose
from rsvp.services import links, own_calendars
from rsvp.views import guests, places
from rsvp.views.access import guest
from rsvp.views.places import Notice, Shown
from rsvp.views.security import csrf

FILE_NAME = "invite.ics"

blueprint = guests.blueprint("own_calendars")
csrf.exempt(blueprint)  # the address itself is the secret


@blueprint.get("/places/<token>/<slug>.ics")
@guest
def take(token: str, slug: str) -> FlaskResponse:
    """Give one place as a calendar file."""
    body = own_calendars.file_of(places.owner(token), slug, at=guests.now())
    if body is None:
        abort(404)
    answer = FlaskResponse(body, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


@blueprint.post("/places/<token>/invitations")
@guest
def send_again(token: str) -> Response | tuple[str, int]:
    """Send one invitation again, for browsers inside other apps that can't keep a file."""
    participant = places.owner(token)
    try:
        own_calendars.send_again(participant, request.form.get("event", ""), at=guests.now())
    except Refusal as refusal:
        return places.page(participant, token, Shown(notice=Notice(refusal.message, "lotus"))), 409
    return places.back(token, "sent")


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
