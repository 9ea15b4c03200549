"""Write down who did what at the desk, in the act's own transaction, chained so that a change shows.

Entries carry public ids and words for acts, never anything about a person.
"""

from datetime import datetime

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.journal import FIRST_DIGEST, JournalEntry, JournalHead

HEAD = 1


def record(act: str, subject: str, *, by: str, at: datetime) -> None:
    """Add an entry for an act on `subject` (`rsvp:<public id>`) by a coordinator's public id."""
    head = db.session.scalars(select(JournalHead).where(JournalHead.id == HEAD).with_for_update()).one()
    entry = JournalEntry(at=at, act=act, subject=subject, by=by, previous=head.digest, digest="")
    entry.digest = head.digest = entry.expected_digest()
    db.session.add(entry)


def broken() -> int | None:
    """Return the id of the first entry that doesn't continue the chain, or None when all do.

    An entry taken off the end shows as the last id + 1, since the head still names its digest.
    """
    previous, last = FIRST_DIGEST, 0
    for entry in db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)):
        if entry.previous != previous or entry.digest != entry.expected_digest():
            return entry.id
        previous, last = entry.digest, entry.id
    head = db.session.scalars(select(JournalHead.digest).where(JournalHead.id == HEAD)).one()
    return None if head == previous else last + 1
