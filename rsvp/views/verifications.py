"""Prove an address: the letter's link shows a page with one button, and the button proves."""

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from rsvp.models.programme import Programme
from rsvp.models.token import Purpose
from rsvp.services import links, requests
from rsvp.views import guests
from rsvp.views.access import guest
from rsvp.views.security import csrf

blueprint = guests.blueprint("verifications")
csrf.exempt(blueprint)  # the address itself is the secret


@blueprint.get("/verifications/<token>")
@guest
def show(token: str) -> str:
    """Show what was asked for, and the button."""
    at = guests.now()
    participant = links.open_link(token, Purpose.VERIFICATION, at=at)
    if participant is None:
        abort(404)
    waiting = requests.asked_for(participant, at=at)
    return render_template(
        "verification.html",
        token=token,
        name=requests.name_asked(participant),
        programme=Programme.current(),
        cards=[guests.card(rsvp.event, zone=participant.zone, at=at) for rsvp in waiting],
    )


@blueprint.post("/verifications/<token>")
@guest
def create(token: str) -> Response:
    """Send the requests to the desk, and the participant to their places."""
    places = requests.verify(token, at=guests.now())
    if places is None:
        abort(404)
    return redirect(url_for("places.show", token=places), 303)
