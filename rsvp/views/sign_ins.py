"""What opens the desk besides the password: a code that follows it, or a passkey in place of both."""

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from rsvp import times
from rsvp.models.coordinator import Coordinator
from rsvp.services import second_factors
from rsvp.views import ceremonies
from rsvp.views.access import entrance
from rsvp.views.guests import now
from rsvp.views.limits import count_code, count_passkey
from rsvp.views.security import begin_session, halfway

blueprint = Blueprint("sign_ins", __name__, url_prefix="/desk/session")

WRONG = _("This code isn't right, or it was used already. An app shows a new one every half minute.")
REFUSED = _("This passkey doesn't open the desk, or the page was open for too long. Please try again.")

Answer = Response | str | tuple[str, int]


@blueprint.get("/code")
@entrance
def show() -> Answer:
    """Ask for the second factor of whoever gave the right password."""
    coordinator = halfway()
    return redirect(url_for("security.login")) if coordinator is None else _page(coordinator)


@blueprint.post("/code")
@entrance
def accept() -> Answer:
    """Let in whoever gives a right code."""
    coordinator = halfway()
    if coordinator is None:
        return redirect(url_for("security.login"), 303)
    count_code(coordinator.email)
    via = accepted(coordinator)
    if via is None:
        return _page(coordinator, error=WRONG), 422
    begin_session(coordinator, via=via)
    return redirect(url_for("desk.rsvps.show"), 303)


@blueprint.post("/passkey")
@entrance
def accept_passkey() -> Response:
    """Let in whoever brings a passkey."""
    count_passkey()
    coordinator = ceremonies.owner()
    if coordinator is None:
        flash(REFUSED, "error")
        return redirect(url_for("security.login", language=g.get("language")), 303)
    begin_session(coordinator, via="passkey")
    return redirect(url_for("desk.rsvps.show"), 303)


def accepted(coordinator: Coordinator) -> str | None:
    """Return with which kind of code the form opens the desk, or None; the code is used up."""
    recovery_code = request.form.get("recovery_code", "")
    if recovery_code:
        is_right = second_factors.accept_recovery_code(coordinator, recovery_code, at=now())
        return "recovery code" if is_right else None
    shown = times.outside(current_app.extensions["clock"])
    return "authenticator" if second_factors.accept_code(coordinator, request.form.get("code", ""), now=shown) else None


def _page(coordinator: Coordinator, error: object = None) -> str:
    offer = ceremonies.offer_sign_in() if coordinator.webauthn else None
    return render_template("desk/code.html", coordinator=coordinator, error=error, offer=offer)
