"""Write down who did what at the desk, in the act's own transaction, chained so that a change shows.

Entries carry public ids and words for acts, never anything about a person.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.journal import FIRST_DIGEST, JournalEntry, JournalHead
from rsvp.models.rsvp import Rsvp

HEAD = 1
PAGE = 50


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


def count() -> int:
    """Return how many entries there are."""
    return db.session.scalar(select(func.count()).select_from(JournalEntry)) or 0


def entries(page: int) -> list[JournalEntry]:
    """Return a page of entries, the newest first; pages count from 1."""
    newest = select(JournalEntry).order_by(JournalEntry.id.desc())
    return list(db.session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE)))


def slugs(of: Iterable[JournalEntry]) -> dict[int, str]:
    """Return the event that each entry is about, by the entry's id; some are about none."""
    subjects = {entry.id: entry.subject.partition(":") for entry in of}
    asked = [name for kind, _, name in subjects.values() if kind == "rsvp"]
    found = select(Rsvp.public_id, Event.slug).join(Event).where(Rsvp.public_id.in_(asked))
    events = dict(db.session.execute(found).all())
    about = {id: name if kind == "event" else events.get(name) for id, (kind, _, name) in subjects.items()}
    return {id: slug for id, slug in about.items() if slug}
