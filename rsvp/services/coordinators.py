"""Let people work at the desk."""

import secrets
from datetime import datetime

from flask_security import hash_password
from sqlalchemy import select

from rsvp import tokens
from rsvp.db import db
from rsvp.models.coordinator import Coordinator


def add(email: str, *, password: str, at: datetime) -> Coordinator:
    """Make an account, or give the one with that address a new password and end its sessions."""
    known = db.session.scalars(select(Coordinator).where(Coordinator.email == email)).one_or_none()
    if known is None:
        known = Coordinator(email=email, public_id=tokens.new_public_id(), created_at=at, active=True)
        db.session.add(known)
    known.password = hash_password(password)
    known.fs_uniquifier = secrets.token_hex(32)
    return known


def emails() -> dict[str, str]:
    """Return the address of every coordinator by public id."""
    rows = db.session.execute(select(Coordinator.public_id, Coordinator.email))
    return dict(rows.all())
