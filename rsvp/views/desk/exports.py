"""Lists that leave the desk: requests as a CSV file, and the names for a meeting's host."""

from flask import Blueprint, abort, make_response, render_template, request
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp import sheets, zones
from rsvp.models.event import Event
from rsvp.models.rsvp import State
from rsvp.services import admissions, events, exports
from rsvp.views import guests
from rsvp.views.access import coordinator, fresh

blueprint = Blueprint("exports", __name__)

# What is checked before anybody has chosen.
USUAL = frozenset({State.APPROVED})


@blueprint.get("/exports")
@coordinator
@fresh
def show() -> str:
    """Ask which requests; the button makes the file, for the journal notes it."""
    return _page()


@blueprint.post("/exports")
@coordinator
@fresh
def create() -> Response | tuple[str, int]:
    """Hand out the file."""
    slug = request.form.get("event", "")
    states = [state for state in exports.STATES if state in request.form.getlist("states")]
    if not states:
        return _page(is_empty=True), 422
    choice = exports.Choice(states, _named(slug) if slug else None)
    rows = exports.export(choice, by=current_user.public_id, at=guests.now())
    answer = make_response(sheets.encode(exports.COLUMNS, rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="requests{"-" + slug if slug else ""}.csv"'
    return answer


@blueprint.get("/events/<slug>/admissions")
@coordinator
@fresh
def before_admissions(slug: str) -> str:
    """Say what the list is for; the button opens it, for the journal notes it."""
    return _admissions(_named(slug))


@blueprint.post("/events/<slug>/admissions")
@coordinator
@fresh
def show_admissions(slug: str) -> str:
    """Show the names of the approved and what to set in Zoom, for paper."""
    event = _named(slug)
    return _admissions(event, admissions.list_names(event, by=current_user.public_id, at=guests.now()))


def _admissions(event: Event, names: list[str] | None = None) -> str:
    card = guests.card(event, zone=zones.HOME, at=guests.now())
    return render_template("desk/admissions.html", card=card, names=names)


def _page(*, is_empty: bool = False) -> str:
    chosen = set() if is_empty else set(USUAL)
    cards = [guests.card(event, zone=zones.HOME, at=guests.now()) for event in events.published()]
    return render_template("desk/exports.html", cards=cards, states=exports.STATES, chosen=chosen, is_empty=is_empty)


def _named(slug: str) -> Event:
    event = events.named(slug)
    if event is None:
        abort(404)
    return event
