"""Write the coordinator's own words to everybody with a place at an event, each in their language and hour.

Each form sends once: its number stands in the journal.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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
from rsvp.services import invitations, journal, letters, locks


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


def send(event: Event, words: Words, *, by: str, at: datetime) -> int:
    """Put a letter to each approved guest into the outbox, and return how many.

    Raises:  SentAlready, NoReaders.
    """
    locks.hold(event)
    act = f"broadcast {words.number}"
    if db.session.scalars(select(JournalEntry.id).where(JournalEntry.act == act).limit(1)).first() is not None:
        raise SentAlready
    approved = invitations.approved(event)
    if not approved:
        raise NoReaders
    journal.record(act, f"event:{event.slug}", by=by, at=at)
    for rsvp in approved:
        letters.send(LetterKind.BROADCAST, rsvp, at=at, enclosed=_enclosed(words))
    return len(approved)


def _preview(rsvp: Rsvp, words: Words) -> Parts:
    return letters.preview(LetterKind.BROADCAST, rsvp, enclosed=_enclosed(words))


def _enclosed(words: Words) -> letters.Enclosed:
    assert set(words.body) == set(words.subject) == set(LANGUAGES)
    return letters.Enclosed(subject=words.subject, note=words.body)
