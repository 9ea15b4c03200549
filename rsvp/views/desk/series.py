"""Repeating an event at the desk: how many weeks, what days that makes, and the drafts."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from flask_security import current_user

from rsvp import zones
from rsvp.errors import EventActRefused
from rsvp.languages import digits, local_time
from rsvp.services import series
from rsvp.services.series import Turn
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk.event_forms import clock_change
from rsvp.views.desk.events import Answer, named, refused
from rsvp.views.languages import current

USUAL = 6

blueprint = Blueprint("series", __name__, url_prefix="/events")


@blueprint.get("/<slug>/copies")
@coordinator
def show(slug: str) -> Answer:
    """Show the days that so many copies would fall on; nothing is stored."""
    event, count = named(slug), _count(request.args.get("count", ""), USUAL)
    try:
        turns = series.turns(event, count)
    except EventActRefused as refusal:
        return refused(refusal)
    card = guests.card(event, zone=zones.HOME, at=guests.now())
    rows = [_row(turn, event.zone) for turn in turns]
    city = zones.city(event.zone, current())
    return render_template("desk/copies.html", card=card, count=count, most=series.MOST, rows=rows, city=city), 200


@blueprint.post("/<slug>/copies")
@coordinator
def create(slug: str) -> Answer:
    """Begin the drafts."""
    count = _count(request.form.get("count", ""), 0)
    if not count:
        abort(400)
    try:
        made = len(series.repeat(named(slug), count, by=current_user.public_id, at=guests.now()))
    except EventActRefused as refusal:
        return refused(refusal)
    shown = digits(made, current())
    flash(ngettext("%(shown)s draft is made.", "%(shown)s drafts are made.", made, shown=shown), "success")
    return redirect(url_for("desk.events.index"), 303)


def _count(words: str, otherwise: int) -> int:
    is_number = words.isascii() and words.isdigit() and len(words) < 4
    return int(words) if is_number and 1 <= int(words) <= series.MOST else otherwise


def _row(turn: Turn, zone: str) -> tuple[object, object]:
    """Return what the clocks show then, or why they don't."""
    if turn.starts_at is not None:
        return local_time(turn.starts_at, zone, current()), None
    assert turn.refusal is not None
    return None, clock_change(turn.refusal, turn.wall, zone)
