"""The letters at the desk: which have left, which wait, which failed and why."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp.languages import local_time
from rsvp.models.letter import LetterState
from rsvp.services import deliveries, resending, tallies
from rsvp.services.replies import Outcome
from rsvp.views.access import coordinator
from rsvp.views.guests import now
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.zones import HOME

MOST = 200

blueprint = Blueprint("letters", __name__, url_prefix="/letters")


@blueprint.get("/")
@coordinator
def index() -> str:
    """List the newest letters."""
    rows = [
        (
            letter,
            local_time(letter.created_at, HOME, current()),
            local_time(letter.due_at, HOME, current()) if letter.state == LetterState.DEFERRED else None,
        )
        for letter in deliveries.latest(MOST)
    ]
    return render_template("desk/letters.html", rows=rows, tallies=_came_back())


def _came_back() -> dict[str, int]:
    """Return how often what came back by mail; the service counts other things too."""
    return {name: count for name, count in tallies.all_counts().items() if name in set(Outcome)}


@blueprint.post("/<public_id>/resending")
@coordinator
def resend(public_id: str) -> Response | tuple[str, int]:
    """Write the letter anew, as the matter stands now."""
    letter = deliveries.named(public_id)
    if letter is None:
        abort(404)
    try:
        resending.resend(letter, by=current_user.public_id, at=now())
    except resending.NotResendable:
        return refusal_page(409, title=_("This letter isn't true any more."), advice=_("Nothing was sent."))
    flash(_("Written anew. It is on its way."), "success")
    return redirect(url_for("desk.letters.index"), 303)
