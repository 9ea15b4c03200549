"""Prove an address: the letter's link shows what was asked in one's name, and the button proves."""

from flask import abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from rsvp import zones
from rsvp.languages import LANGUAGES
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.token import Purpose
from rsvp.services import links, requests
from rsvp.views import guests
from rsvp.views.access import guest
from rsvp.views.languages import current
from rsvp.views.security import csrf

blueprint = guests.blueprint("verifications")
csrf.exempt(blueprint)  # the address itself is the secret


@blueprint.get("/verifications/<token>")
@guest
def show(token: str) -> str:
    """Show what was asked for, and the button; or, to who pressed it before, that it is done."""
    participant = links.open_link(token, Purpose.VERIFICATION, at=guests.now())
    if participant is None:
        return _used_or_nothing(token)
    return _page(token, participant)


@blueprint.post("/verifications/<token>")
@guest
def create(token: str) -> Response | str | tuple[str, int]:
    """Send the requests to the desk, and the participant to their places."""
    at, shown = guests.now(), request.form.get("shown", "")
    participant = links.hold_link(token, Purpose.VERIFICATION, at=at)
    if participant is None:
        return _used_or_nothing(token)
    try:
        places = requests.verify(token, shown=shown, at=at)
    except requests.ChangedMeanwhile as refusal:
        return _page(token, participant, notice=refusal.message), 409
    if places is None:
        return _used_or_nothing(token)
    return redirect(url_for("places.show", token=places), 303)


def _used_or_nothing(token: str) -> str:
    if not links.is_used(token, Purpose.VERIFICATION, at=guests.now()):
        abort(404)
    return render_template("verified.html", programme=Programme.current())


def _page(token: str, participant: Participant, *, notice: object = None) -> str:
    waiting = requests.waiting(participant, at=guests.now())
    details = waiting.details
    zone = details["zone"] or zones.DEFAULT
    return render_template(
        "verification.html",
        programme=Programme.current(),
        token=token,
        notice=notice,
        shown=waiting.digest,
        details=details,
        city=zones.city(zone, current()),
        letters_in=LANGUAGES.get(details["language"] or "", ""),
        cards=[guests.card(rsvp.event, zone=zone, at=guests.now()) for rsvp in waiting.rsvps],
    )
