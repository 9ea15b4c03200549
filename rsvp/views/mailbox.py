"""The demo's mailbox: every letter as its reader sees it. Registered in the demo only."""

from pathlib import Path

from flask import Blueprint, abort, make_response, render_template
from werkzeug.wrappers import Response

import config
from rsvp import mailbox, zones
from rsvp.languages import LocalTime, local_time
from rsvp.mailbox import StoredLetter
from rsvp.models.programme import Programme
from rsvp.views.access import public
from rsvp.views.languages import current

# A letter's HTML carries its styles inline. Sandboxed, it runs nothing, and its links still open.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; frame-ancestors 'none'"

blueprint = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@blueprint.get("/")
@public
def index() -> str:
    """List the letters, newest first."""
    letters = [(letter, _when(letter)) for letter in mailbox.newest(_folder())]
    return render_template("mailbox.html", letters=letters, programme=Programme.current())


@blueprint.get("/<key>")
@public
def show(key: str) -> str:
    """Show one letter as text, with its calendar, and lead to its HTML."""
    letter = _letter(key)
    calendar = letter.calendar.decode("utf-8", "replace") if letter.calendar else None
    return render_template(
        "mailbox_letter.html", letter=letter, when=_when(letter), calendar=calendar, programme=Programme.current()
    )


@blueprint.get("/<key>/html")
@public
def html(key: str) -> Response:
    """Show the letter's HTML part, as it is."""
    letter = _letter(key)
    if letter.html is None:
        abort(404)
    response = make_response(letter.html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    return response


@blueprint.get("/<key>.ics")
@public
def calendar(key: str) -> Response:
    """Hand out the calendar object, as a mail program does."""
    letter = _letter(key)
    if letter.calendar is None:
        abort(404)
    response = make_response(letter.calendar)
    response.content_type = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="invite.ics"'
    return response


def _folder() -> Path:
    return config.current().instance / mailbox.FOLDER


def _letter(key: str) -> StoredLetter:
    letter = mailbox.named(_folder(), key)
    if letter is None:
        abort(404)
    return letter


def _when(letter: StoredLetter) -> LocalTime | None:
    """Return when a letter was written, on the clock of whoever decides: Washington's."""
    return local_time(letter.dated_at, zones.HOME, current()) if letter.dated_at else None
