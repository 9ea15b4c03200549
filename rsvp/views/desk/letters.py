"""The letters at the desk: which have left, which wait, which failed and why."""

from flask import Blueprint, render_template

from rsvp.languages import local_time
from rsvp.services import deliveries
from rsvp.views.access import coordinator
from rsvp.views.languages import current
from rsvp.zones import HOME

MOST = 200

blueprint = Blueprint("letters", __name__, url_prefix="/letters")


@blueprint.get("/")
@coordinator
def index() -> str:
    """List the newest letters."""
    rows = [(letter, local_time(letter.created_at, HOME, current())) for letter in deliveries.latest(MOST)]
    return render_template("desk/letters.html", rows=rows)
