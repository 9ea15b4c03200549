"""Say when a letter that asks for proof of an address may leave: anybody can have one sent to anybody.

Whoever makes the service write to strangers can't make it write more than a few hundred times an hour.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

import config
from rsvp.db import db
from rsvp.models.letter import Letter, LetterKind

# What goes to an address that nobody has proven yet.
UNPROVEN = (LetterKind.VERIFICATION, LetterKind.ADDRESS)


def turn(at: datetime) -> datetime:
    """Return when the next such letter may leave: at once, or an hour after the one that fills the hour."""
    most = config.current().verification_letters_per_hour
    chosen = select(Letter.due_at).where(Letter.kind.in_(UNPROVEN)).order_by(Letter.due_at.desc())
    filling = db.session.scalars(chosen.offset(most - 1).limit(1)).one_or_none()
    return max(at, filling + timedelta(hours=1)) if filling else at
