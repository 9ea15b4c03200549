"""The page behind an enrolment link: a coordinator chooses a password, and goes on to the second factor."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_security import hash_password
from werkzeug.wrappers import Response

from rsvp.db import db, writing
from rsvp.models.coordinator import Coordinator
from rsvp.services import coordinators
from rsvp.views.access import entrance
from rsvp.views.guests import now
from rsvp.views.languages import current
from rsvp.views.passwords import NewPassword
from rsvp.views.security import begin_session, normalised

blueprint = Blueprint("enrolments", __name__, url_prefix="/desk/enrolments")


@blueprint.get("/<token>")
@entrance
def show(token: str) -> str:
    """Show whose account it becomes, and ask for its password."""
    return _page(NewPassword(email=_enrolling(token).email))


@blueprint.post("/<token>")
@entrance
def accept(token: str) -> Response | tuple[str, int]:
    """Begin the account with this password, and go on to its second factor; the link is used up."""
    form = NewPassword(request.form, email=_enrolling(token).email)
    if not form.validate():
        return _page(form), 422
    db.session.rollback()
    hashed = hash_password(normalised(form.password.data))
    with writing():
        coordinator = coordinators.enrol(token, hashed=hashed, at=now())
    if coordinator is None:
        abort(404)
    coordinator.language = current()
    begin_session(coordinator, via="enrolment")
    return redirect(url_for("desk.account.show"), 303)


def _enrolling(token: str) -> Coordinator:
    found = coordinators.enrolling(token, at=now())
    if found is None:
        abort(404)
    return found


def _page(form: NewPassword) -> str:
    return render_template("desk/enrolment.html", form=form)
