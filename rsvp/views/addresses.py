"""Prove a new address: the letter's link shows which, and the button moves the guest there."""

from flask import abort, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from rsvp.models.programme import Programme
from rsvp.models.token import Purpose
from rsvp.services import links, moves
from rsvp.views import guests
from rsvp.views.access import guest
from rsvp.views.refusals import refusal_page
from rsvp.views.security import csrf

blueprint = guests.blueprint("addresses")
csrf.exempt(blueprint)  # the address itself is the secret


@blueprint.get("/addresses/<token>")
@guest
def show(token: str) -> str:
    """Show the address and the button; or, to who pressed it before, that it is done."""
    email = moves.named(token, at=guests.now())
    if email is None:
        return _used_or_nothing(token)
    return render_template("address.html", token=token, email=email, programme=Programme.current())


@blueprint.post("/addresses/<token>")
@guest
def adopt(token: str) -> Response | str | tuple[str, int]:
    """Move the guest to the address, and lead to their page, whose link is a new one."""
    try:
        places = moves.adopt(token, at=guests.now())
    except moves.AddressTaken as refusal:
        advice = _("Those requests have a page of their own: have its link sent to you. Nothing was changed.")
        return refusal_page(409, title=refusal.message, advice=advice)
    if places is None:
        return _used_or_nothing(token)
    return redirect(url_for("places.show", token=places, done="moved"), 303)


def _used_or_nothing(token: str) -> str:
    if not links.is_used(token, Purpose.ADDRESS, at=guests.now()):
        abort(404)
    return render_template("address_moved.html", programme=Programme.current())
