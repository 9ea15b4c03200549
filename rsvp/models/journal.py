"""The journal: who did what at the desk, chained by digests, without personal data."""

import hashlib
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base, Instant

FIRST_DIGEST = "0" * 64


class JournalEntry(Base):
    """One act. Rows are only ever added."""

    __tablename__ = "journal_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    # The word for the act: approval, decline, revocation, link, …
    act: Mapped[str] = mapped_column(String(40))
    # Kind and public id of what it was done to: `rsvp:…`, `event:…`.
    subject: Mapped[str] = mapped_column(String(120))
    # The coordinator's public id, `operator` or `participant`.
    by: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64))

    def expected_digest(self) -> str:
        """Return SHA-256 over the row and the digest before it."""
        words = (self.previous, self.at.isoformat(timespec="microseconds"), self.act, self.subject, self.by)
        return hashlib.sha256("\n".join(words).encode()).hexdigest()


class JournalHead(Base):
    """The newest digest, in a single row that writers lock."""

    __tablename__ = "journal_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
