"""Write the coordinator's own words to everybody with a place at an event, each in their language and hour.

Each form sends once, unless its letters were taken back: its number stands in the journal.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.languages import LANGUAGES
from rsvp.messages import Parts
from rsvp.models.event import Event
from rsvp.models.journal import JournalEntry
from rsvp.models.letter import LetterKind
from rsvp.models.rsvp import Rsvp
from rsvp.services import invitations, journal, letters, locks, outbox


@dataclass(frozen=True)
class Words:
    """What a broadcast says, by language, and the number of the form that it came from."""

    number: str
    subject: Mapping[str, str]
    body: Mapping[str, str]


@dataclass(frozen=True)
class Readers:
    """Those who read a broadcast in one language and zone: how many, and the letter as one of them gets it."""

    language: str
    zone: str
    count: int
    letter: Parts


class SentAlready(Refusal):
    """The form was sent before: by a second click, or from an old page."""

    message = _("This letter was sent already. Nobody gets it twice.")


class TooLate(Refusal):
    """The letters have left, or were taken back before."""

    message = _("It is too late to take this back.")


class NoReaders(Refusal):
    """Nobody has a place at the event."""

    message = _("Nobody has a place at this event yet.")


def preview(event: Event, words: Words) -> list[Readers]:
    """Return what goes to whom, by language and zone, the largest group first. Nothing is sent or stored."""
    approved = invitations.approved(event)
    groups = Counter((rsvp.participant.language, rsvp.participant.zone) for rsvp in approved)
    first = {(rsvp.participant.language, rsvp.participant.zone): rsvp for rsvp in reversed(approved)}
    return [
        Readers(language, zone, count, _preview(first[language, zone], words))
        for (language, zone), count in groups.most_common()
    ]


def send(event: Event, words: Words, *, by: str, at: datetime, undo: timedelta = timedelta(0)) -> int:
    """Put a letter to each approved guest into the outbox, where it waits as long as `undo`; return how many.

    Raises:  SentAlready, NoReaders.
    """
    locks.hold(event)
    if len(_entries(f"broadcast {words.number}")) > len(_entries(f"recall {words.number}")):
        raise SentAlready
    approved = invitations.approved(event)
    if not approved:
        raise NoReaders
    journal.record(f"broadcast {words.number}", f"event:{event.slug}", by=by, at=at)
    for rsvp in approved:
        letter = letters.send(LetterKind.BROADCAST, rsvp, at=at, enclosed=_enclosed(words))
        letter.due_at = at + undo
    return len(approved)


def take_back(event: Event, number: str, *, by: str, at: datetime, undo: timedelta) -> int:
    """Take back every letter of a form while they wait; return how many. The form can be sent once more.

    Raises:  TooLate.
    """
    locks.hold(event)
    subject = f"event:{event.slug}"
    sent = [entry for entry in _entries(f"broadcast {number}") if entry.subject == subject]
    if not sent or at >= sent[-1].at + undo:
        raise TooLate
    held = db.session.scalars(select(Rsvp.id).where(Rsvp.event_id == event.id)).all()
    count = outbox.take_back(LetterKind.BROADCAST, held, written_at=sent[-1].at)
    if not count:
        raise TooLate
    journal.record(f"recall {number}", subject, by=by, at=at)
    return count


def _entries(act: str) -> list[JournalEntry]:
    return list(db.session.scalars(select(JournalEntry).where(JournalEntry.act == act).order_by(JournalEntry.id)))


def _preview(rsvp: Rsvp, words: Words) -> Parts:
    return letters.preview(LetterKind.BROADCAST, rsvp, enclosed=_enclosed(words))


def _enclosed(words: Words) -> letters.Enclosed:
    assert set(words.body) == set(words.subject) == set(LANGUAGES)
    return letters.Enclosed(subject=words.subject, note=words.body)
