"""A coordinator's own account: password, authenticator app, recovery codes, and an end to every session."""

import json

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user, logout_user
from werkzeug.wrappers import Response

from rsvp import times
from rsvp.cipher import Unreadable
from rsvp.db import cipher
from rsvp.services import coordinators, second_factors
from rsvp.services.passkeys import LastFactor
from rsvp.views.access import fresh, unfinished
from rsvp.views.desk.proofs import me, proven
from rsvp.views.guests import now
from rsvp.views.limits import count_code, forgive_sign_ins
from rsvp.views.passwords import NewPassword
from rsvp.views.security import begin_session
from rsvp.views.sign_ins import WRONG

blueprint = Blueprint("account", __name__, url_prefix="/account")

# What a form carries from its page to its answer, readable here only: a page that is looked at stores nothing.
SECRET, CODES = "form.app_secret", "form.recovery_codes"

Answer = Response | str | tuple[str, int]


@blueprint.get("")
@unfinished
def show() -> str:
    """Show what opens the account, and what can be changed."""
    return render_template("desk/account.html", codes_left=len(current_user.mf_recovery_codes or []))


@blueprint.get("/password")
@unfinished
def password() -> str:
    """Ask for the old password and the new one."""
    return render_template("desk/password.html", form=NewPassword(email=current_user.email), error=None)


@blueprint.post("/password")
@unfinished
def change_password() -> Answer:
    """Change the password; every session but this one ends."""
    form = NewPassword(request.form, email=current_user.email)
    if not form.validate():
        return render_template("desk/password.html", form=form, error=None), 422
    coordinator, hashed = proven(request.form.get("current", ""), new=form.password.data)
    if coordinator is None:
        return render_template("desk/password.html", form=form, error=_("This isn't your password.")), 422
    coordinators.change_password(coordinator, hashed=hashed, at=now())
    begin_session(coordinator, via="password")
    flash(_("Your password is changed. Everywhere else you are signed out."), "success")
    return redirect(url_for("desk.account.show"), 303)


@blueprint.get("/app")
@unfinished
@fresh
def app() -> str:
    """Show a new secret for an authenticator app; it opens nothing until a code of the app comes back."""
    return _app_page(second_factors.new_secret())


@blueprint.post("/app")
@unfinished
@fresh
def set_app() -> Answer:
    """Take the app into use."""
    secret = _carried("secret", SECRET)
    count_code(current_user.email)
    shown = times.outside(current_app.extensions["clock"])
    if not second_factors.share_secret(me(), secret, code=request.form.get("code", ""), at=now(), now=shown):
        return _app_page(secret, error=WRONG), 422
    forgive_sign_ins(current_user.email)
    flash(_("Your authenticator app is set up."), "success")
    return redirect(url_for("desk.account.show" if current_user.mf_recovery_codes else "desk.account.codes"), 303)


@blueprint.post("/app/removal")
@unfinished
@fresh
def remove_app() -> Response:
    """Let the app's codes open nothing more."""
    try:
        second_factors.forget_app(me(), at=now())
    except LastFactor as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("The authenticator app is removed. Delete the account in the app too."), "success")
    return redirect(url_for("desk.account.show"), 303)


@blueprint.get("/recovery-codes")
@unfinished
@fresh
def codes() -> str:
    """Show new recovery codes; they open nothing until the coordinator has kept them."""
    made = second_factors.new_recovery_codes()
    return render_template("desk/recovery_codes.html", codes=made, carried=cipher().encrypt(json.dumps(made), CODES))


@blueprint.post("/recovery-codes")
@unfinished
@fresh
def keep_codes() -> Response:
    """Take the codes into use; earlier ones open nothing more."""
    second_factors.keep_recovery_codes(me(), json.loads(_carried("codes", CODES)), at=now())
    flash(_("Your recovery codes are in use. Each one opens the desk once."), "success")
    return redirect(url_for("desk.account.show"), 303)


@blueprint.post("/sessions/end")
@unfinished
def end_sessions() -> Response:
    """Sign the coordinator out here and everywhere else."""
    coordinators.sign_out_everywhere(me(), at=now())
    logout_user()
    return redirect(url_for("security.login"), 303)


def _app_page(secret: str, error: object = None) -> str:
    side, path = second_factors.picture(second_factors.app_uri(secret, current_user.email))
    groups = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    sealed = cipher().encrypt(secret, SECRET)
    return render_template(
        "desk/app.html", side=side, path=path, secret=groups, carried=sealed, email=current_user.email, error=error
    )


def _carried(name: str, purpose: str) -> str:
    """Return what the form carries, if it comes from a page of ours."""
    try:
        return cipher().decrypt(request.form.get(name, ""), purpose)
    except Unreadable:
        abort(400)
