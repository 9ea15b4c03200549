"""Ask a coordinator who has been at the desk for a while to prove once more who is there."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user, hash_password, verify_password
from werkzeug.wrappers import Response

from rsvp.db import db, writing
from rsvp.models.coordinator import Coordinator
from rsvp.services import coordinators
from rsvp.views import ceremonies
from rsvp.views.access import desk_address, note_proof, unfinished
from rsvp.views.limits import count_code, count_passkey, count_sign_in, forgive_sign_ins
from rsvp.views.security import PASSWORD_CHARACTERS, normalised
from rsvp.views.sign_ins import accepted

blueprint = Blueprint("proofs", __name__, url_prefix="/proof")

REFUSED = _("The password or the code is wrong.")
WRONG_PASSKEY = _("This isn't a passkey of yours, or the page was open for too long. Please try again.")


@blueprint.get("")
@unfinished
def show() -> str:
    """Ask for the password and a code, or for a passkey."""
    return _page(request.args.get("next"))


@blueprint.post("")
@unfinished
def accept() -> Response | tuple[str, int]:
    """Lead back to what was wanted."""
    wanted = request.form.get("next")
    coordinator, _hash = proven(request.form.get("password", ""))
    if coordinator is None or (coordinator.has_second_factor and _lacks_code(coordinator)):
        return _page(wanted, error=REFUSED), 422
    forgive_sign_ins(coordinator.email)
    note_proof()
    return redirect(desk_address(wanted), 303)


@blueprint.post("/passkey")
@unfinished
def accept_passkey() -> Response | tuple[str, int]:
    """Take a passkey of the same coordinator's for password and code."""
    wanted = request.form.get("next")
    count_passkey()
    if ceremonies.owner() != me():
        return _page(wanted, error=WRONG_PASSKEY), 422
    note_proof()
    return redirect(desk_address(wanted), 303)


def me() -> Coordinator:
    """Return the account of the coordinator at the desk."""
    found = coordinators.named(current_user.public_id)
    assert found is not None
    return found


def proven(password: str, *, new: str | None = None) -> tuple[Coordinator | None, str]:
    """Return the coordinator at the desk, to be changed, if this is the password; and the hash of a new one.

    Both are hashed outside of any transaction: it takes its time.
    Raises:  TooManySignIns.
    """
    coordinator = me()
    session, hashed = coordinator.fs_uniquifier, coordinator.password or ""
    count_sign_in(coordinator.email)
    db.session.rollback()
    typed = normalised(password)
    if not typed or "\0" in typed or len(typed) > PASSWORD_CHARACTERS or not verify_password(typed, hashed):
        return None, ""
    new_hash = hash_password(normalised(new)) if new else ""
    with writing():
        return (coordinator if coordinator.fs_uniquifier == session else None), new_hash


def _lacks_code(coordinator: Coordinator) -> bool:
    count_code(coordinator.email)
    return accepted(coordinator) is None


def _page(wanted: str | None, error: object = None) -> str:
    address = desk_address(wanted)
    offer = ceremonies.offer_sign_in() if current_user.webauthn else None
    back = url_for("desk.rsvps.show")
    return render_template("desk/proof.html", next=address, back=back, error=error, offer=offer)
