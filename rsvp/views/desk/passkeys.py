"""A coordinator's passkeys: make one, name it, remove it."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import Form, StringField
from wtforms.validators import InputRequired, Length

from rsvp.languages import tidy
from rsvp.models.coordinator import Passkey
from rsvp.services import passkeys
from rsvp.services.passkeys import NAME_CHARACTERS
from rsvp.views import ceremonies
from rsvp.views.access import fresh, unfinished
from rsvp.views.desk.proofs import me
from rsvp.views.forms import one_line, plain
from rsvp.views.guests import now

blueprint = Blueprint("passkeys", __name__, url_prefix="/account/passkeys")

Answer = Response | tuple[str, int]


class NameForm(Form):
    """How the coordinator calls a passkey."""

    name = StringField(
        _("Name, such as the device it lies on"),
        [
            InputRequired(_("Please give it a name.")),
            Length(max=NAME_CHARACTERS, message=_("This is too long: at most %(max)d characters.")),
            plain,
            one_line,
        ],
        filters=[lambda value: tidy(value) if value else value],
    )


@blueprint.get("")
@unfinished
@fresh
def show() -> str:
    """Show the passkeys, and offer to make one."""
    return _page(NameForm())


@blueprint.post("")
@unfinished
@fresh
def add() -> Answer:
    """Take a new passkey into use."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(form), 422
    if ceremonies.add(me(), name=form.name.data) is None:
        flash(_("This passkey can't be used. Please try again, or choose another device."), "error")
        return redirect(url_for("desk.passkeys.show"), 303)
    flash(_("Your passkey is set up."), "success")
    return redirect(url_for("desk.account.show" if me().mf_recovery_codes else "desk.account.codes"), 303)


@blueprint.post("/name")
@unfinished
@fresh
def rename() -> Answer:
    """Give a passkey another name."""
    passkey, form = _named(), NameForm(request.form)
    if not form.validate():
        return _page(form), 422
    passkey.name = form.name.data
    return redirect(url_for("desk.passkeys.show"), 303)


@blueprint.post("/removal")
@unfinished
@fresh
def remove() -> Response:
    """Let a passkey open nothing more."""
    try:
        passkeys.remove(me(), _named(), at=now())
    except passkeys.LastFactor as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("The passkey is removed. Delete it on its device too."), "success")
    return redirect(url_for("desk.passkeys.show"), 303)


def _named() -> Passkey:
    found = passkeys.named(me(), request.form.get("passkey", ""))
    if found is None:
        abort(404)
    return found


def _page(form: NameForm) -> str:
    rows = [(passkeys.public_id(passkey), passkey.name) for passkey in current_user.webauthn]
    return render_template("desk/passkeys.html", rows=rows, form=form, offer=ceremonies.offer_new(me()))
