"""Say on the next page what was just done to whom, with a way to take it back while its letter waits.

The cookie carries the request's public id; the person's name is on the page only.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import g, session
from flask_babel import lazy_gettext as _

from rsvp.models.event import Event
from rsvp.models.rsvp import Rsvp
from rsvp.services import rsvps
from rsvp.views.guests import now

# For so long a decision can be taken back, and its letter waits.
UNDO = timedelta(seconds=10)
DONE = {
    "approval": _("Approved."),
    "decline": _("Declined."),
    "waitlisting": _("Put on the waiting list."),
    "revocation": _("The place is taken back."),
    "reopening": _("Back in the queue. Nobody was written to."),
    "undoing": _("Taken back. Nobody was written to."),
    "question": _("Your question is on its way."),
    "note": _("Your note is kept."),
}


@dataclass(frozen=True)
class Notice:
    """What was done to which request; for so many seconds more it can be taken back."""

    words: object
    rsvp: Rsvp
    undo_seconds: int


@dataclass(frozen=True)
class Sent:
    """A form that was sent to everybody with a place; for so many seconds more its letters can be taken back."""

    number: str
    letters: int
    undo_seconds: int


def announce(act: str, rsvp: Rsvp) -> None:
    """Let the next page say what was done."""
    session["done"] = [act, rsvp.public_id, rsvp.version]
    if undo_seconds(rsvp):
        hold_letters()


def hold_letters() -> None:
    """Let the worker be woken again when the letter of a decision made now is due."""
    g.letters_wait = UNDO


def announced() -> Notice | None:
    """Return what the page before did, once."""
    act, public_id, version = session.pop("done", None) or ("", "", 0)
    rsvp = rsvps.named(public_id) if act in DONE else None
    if rsvp is None:
        return None
    return Notice(DONE[act], rsvp, undo_seconds(rsvp) if rsvp.version == version else 0)


def announce_broadcast(event: Event, number: str, *, letters: int) -> None:
    """Let the event's page offer once to take back the letters of a form just sent to everybody with a place."""
    session["broadcast"] = [event.slug, number, letters, (now() + UNDO).isoformat()]
    hold_letters()


def broadcast_of(event: Event) -> Sent | None:
    """Return the form whose letters still wait."""
    slug, number, letters, until = session.pop("broadcast", None) or ("", "", 0, "")
    if slug != event.slug:
        return None
    left = round((datetime.fromisoformat(until) - now()).total_seconds())
    return Sent(number, letters, left) if left > 0 else None


def undo_seconds(rsvp: Rsvp) -> int:
    """Return for how many seconds more the newest decision can be taken back."""
    left = rsvp.undo_until - now() if rsvp.undo_until else timedelta(0)
    return max(0, round(left.total_seconds()))
