"""Who works at the desk: invite somebody, and let somebody go."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField, Field, Form, ValidationError

from rsvp.models.coordinator import Coordinator
from rsvp.services import addresses, coordinators
from rsvp.views.access import coordinator, fresh
from rsvp.views.guests import now

blueprint = Blueprint("coordinators", __name__, url_prefix="/coordinators")

Answer = Response | str | tuple[str, int]


class InvitationForm(Form):
    """Whom to invite."""

    email = EmailField(_("Email address"))

    def validate_email(self, field: Field) -> None:
        """Take the address as mail is sent to it."""
        address = addresses.normalise(field.data or "")
        if address is None:
            raise ValidationError(_("No mail can reach this address. Please check it."))
        field.data = address


@blueprint.get("/")
@coordinator
def index() -> str:
    """List the coordinators."""
    return _page(InvitationForm())


@blueprint.post("/")
@coordinator
@fresh
def invite() -> Answer:
    """Show a link with which somebody enrols, once: it is stored as a digest only, and mailed to nobody."""
    form = InvitationForm(request.form)
    if not form.validate():
        return _page(form), 422
    try:
        token = coordinators.invite(form.email.data, by=current_user.public_id, at=now())
    except coordinators.EnrolledAlready as refusal:
        form.email.errors = [refusal.message]
        return _page(form), 422
    return render_template("desk/invited.html", email=form.email.data, link=coordinators.link_of(token))


@blueprint.get("/<public_id>/removal")
@coordinator
@fresh
def review(public_id: str) -> str:
    """Say whom it is about, and what becomes of them."""
    return render_template("desk/removal.html", other=_named(public_id))


@blueprint.post("/<public_id>/removal")
@coordinator
@fresh
def remove(public_id: str) -> Response:
    """Let somebody go."""
    try:
        coordinators.remove(_named(public_id), by=current_user.public_id, at=now())
    except coordinators.LastCoordinator as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("Removed, and signed out everywhere."), "success")
    return redirect(url_for("desk.coordinators.index"), 303)


def _named(public_id: str) -> Coordinator:
    found = coordinators.named(public_id)
    if found is None:
        abort(404)
    return found


def _page(form: InvitationForm) -> str:
    return render_template("desk/coordinators.html", everybody=coordinators.everybody(), form=form, at=now())
