"""Find people by their address, or make them: one row for each address, whoever comes first.

Every row found is held until the transaction ends.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from rsvp import tokens
from rsvp.db import Encrypted, cipher, db
from rsvp.models.participant import Participant
from rsvp.services import addresses

# What people say about themselves: columns of a participant.
DETAILS = ("name", "language", "zone", "country", "organisation", "referrer", "message")


def find(email: str) -> Participant | None:
    """Return who has the address."""
    return _held(addresses.index(email))


def hold(emails: Collection[str]) -> None:
    """Hold the rows of those who have one of the addresses, as they stand now, in the order of their digests."""
    digests = {addresses.index(email) for email in emails}
    known = select(Participant).where(Participant.email_index.in_(digests)).order_by(Participant.email_index)
    db.session.scalars(known.with_for_update(key_share=True), execution_options={"populate_existing": True}).all()


def by_index(emails: Collection[str]) -> dict[str, Participant]:
    """Return those who have one of the addresses, by the digest of theirs; none is held."""
    digests = {addresses.index(email) for email in emails}
    found = db.session.scalars(select(Participant).where(Participant.email_index.in_(digests)))
    return {participant.email_index: participant for participant in found}


def everybody(column: InstrumentedAttribute[str]) -> dict[int, str]:
    """Return one encrypted column of everybody, by id, decrypted in one pass."""
    kept = column.type
    assert isinstance(kept, Encrypted)
    rows = db.session.execute(select(Participant.id, type_coerce(column, Text))).all()
    texts = cipher().decrypt_all((stored for _id, stored in rows), kept.column)
    return {id: text for (id, _stored), text in zip(rows, texts, strict=True)}


def find_or_make(email: str, details: Mapping[str, str | None], *, at: datetime) -> Participant:
    """Return who has the address; somebody new gets these details."""
    index = addresses.index(email)
    found = _held(index) or _make(email, index, details, at=at) or _held(index)
    if found is None:
        raise LookupError("a participant vanished while being made")
    return found


def _held(index: str) -> Participant | None:
    return db.session.scalars(
        select(Participant).where(Participant.email_index == index).with_for_update(key_share=True)
    ).one_or_none()


def _make(email: str, index: str, details: Mapping[str, str | None], *, at: datetime) -> Participant | None:
    """Return a new participant, or None if the same address came in by another request just now."""
    made = Participant(public_id=tokens.new_public_id(), email=email, email_index=index, created_at=at, **details)
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        return None
    return made
