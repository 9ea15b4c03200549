"""Tell the host of a meeting whom to let in: the names of the approved, and nothing else about them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import journal, searches

# Dictionaries have these vowels behind the consonant with which they are spoken; their code points stand after all.
SPOKEN_WITH = str.maketrans({"ឫ": "រ\uffff", "ឬ": "រ\uffff\uffff", "ឭ": "ល\uffff", "ឮ": "ល\uffff\uffff"})


def list_names(event: Event, *, by: str, at: datetime) -> list[str]:
    """Return the names of everybody who has a place, in order, and say in the journal that somebody looked."""
    journal.record("admissions", f"event:{event.slug}", by=by, at=at)
    approved = select(Participant.name).join(Rsvp).where(Rsvp.event_id == event.id, Rsvp.state == State.APPROVED)
    return in_order(db.session.scalars(approved))


def in_order(names: Iterable[str]) -> list[str]:
    """Return names as a reader looks for them."""
    return sorted(names, key=place_of)


def place_of(name: str) -> tuple[str, str]:
    """Return where a name stands among others: Latin first, then Khmer by its consonants; case and accents aside."""
    return searches.folded(name).translate(SPOKEN_WITH), name
