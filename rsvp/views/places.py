"""The participant's own page: how each request stands, and the button to withdraw."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from rsvp.errors import Refusal
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Mover, Rsvp, State, can_move
from rsvp.models.token import Purpose
from rsvp.services import links, places, rsvps
from rsvp.views import guests
from rsvp.views.access import guest
from rsvp.views.guests import EventCard
from rsvp.views.refusals import refusal_page
from rsvp.views.security import csrf

blueprint = guests.blueprint("places")
csrf.exempt(blueprint)  # the address itself is the secret


@dataclass(frozen=True)
class PlaceCard:
    """One request as its participant sees it. `link` is there for an approved one only."""

    event: EventCard
    state: str
    reason: str | None
    link: str | None
    passcode: str | None
    can_withdraw: bool


@blueprint.get("/places/<token>")
@guest
def show(token: str) -> str:
    """Show every request of the participant."""
    return _page(_participant(token), token)


@blueprint.post("/places/<token>/withdrawals")
@guest
def withdraw(token: str) -> Response | tuple[str, int]:
    """Give up one request or place."""
    participant = _participant(token)
    try:
        rsvps.withdraw(participant.id, request.form.get("event", ""), at=guests.now())
    except Refusal as refusal:
        return refusal_page(409, title=refusal.message)
    return redirect(url_for("places.show", token=token), 303)


@blueprint.post("/places/<token>/feeds")
@guest
def make_feed(token: str) -> str:
    """Make the address of the participant's own calendar, the only one: an earlier one ends."""
    participant, at = _participant(token), guests.now()
    links.revoke(participant, Purpose.FEED, at=at)
    feed = links.issue(participant, Purpose.FEED, at=at)
    return _page(participant, token, feed_url=links.feed_url(feed, participant.language))


@blueprint.post("/places/<token>/feeds/revocation")
@guest
def end_feed(token: str) -> Response:
    """End the address of the participant's own calendar."""
    links.revoke(_participant(token), Purpose.FEED, at=guests.now())
    return redirect(url_for("places.show", token=token), 303)


def _page(participant: Participant, token: str, *, feed_url: str | None = None) -> str:
    return render_template(
        "places.html",
        token=token,
        name=participant.name,
        cards=[_card(rsvp, participant) for rsvp in places.of(participant)],
        programme=Programme.current(),
        feed_url=feed_url,
        webcal_url="webcal://" + feed_url.partition("://")[2] if feed_url else None,
        has_feed=links.is_held(participant, Purpose.FEED, at=guests.now()),
    )


def _participant(token: str) -> Participant:
    participant = links.open_link(token, Purpose.PLACES, at=guests.now())
    if participant is None:
        abort(404)
    return participant


def _card(rsvp: Rsvp, participant: Participant) -> PlaceCard:
    at = guests.now()
    may_join = rsvp.state == State.APPROVED and not rsvp.event.is_past(at) and not rsvp.event.is_cancelled
    return PlaceCard(
        event=guests.card(rsvp.event, zone=participant.zone, at=at),
        state=rsvp.state,
        reason=rsvp.reason if rsvp.state in (State.DECLINED, State.REVOKED) else None,
        link=rsvp.event.link if may_join else None,
        passcode=rsvp.event.passcode if may_join else None,
        can_withdraw=can_move(State(rsvp.state), State.WITHDRAWN, by=Mover.PARTICIPANT) and not rsvp.event.is_past(at),
    )
