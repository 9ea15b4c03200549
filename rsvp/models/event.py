"""An event: one session of the programme, with its hour, its link and its places."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Encrypted, Instant, Texts
from rsvp.languages import LANGUAGES
from rsvp.models.programme import Programme


class Kind(StrEnum):
    """What sort of session it is."""

    DISCUSSION = "discussion"
    OFFICIALS = "officials"
    PREPARATORY = "preparatory"


class Status(StrEnum):
    """Whether people may see it and whether it takes place. Past follows from the clock."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class LinkMode(StrEnum):
    """How guests get to the meeting."""

    DIRECT = "direct"  # the meeting's address stands in their invitation
    GUARDED = "guarded"  # a page of their own stands there, which opens the meeting for them when it begins


class Event(Base):
    """One session. Its time may be unknown, and it may still take requests."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("minutes > 0", name="length"),
        CheckConstraint("capacity IS NULL OR capacity >= 0", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(20), default=Status.PUBLISHED)
    # None: to be announced.
    starts_at: Mapped[datetime | None] = mapped_column(Instant)
    # The zone whose wall clock the organiser means, an IANA name.
    zone: Mapped[str] = mapped_column(String(64))
    minutes: Mapped[int]
    title: Mapped[dict[str, str]] = mapped_column(Texts)
    summary: Mapped[dict[str, str]] = mapped_column(Texts)
    # The meeting's address and passcode; nobody but an approved participant learns them.
    link: Mapped[str | None] = mapped_column(Encrypted("event.link"))
    passcode: Mapped[str | None] = mapped_column(Encrypted("event.passcode"))
    link_mode: Mapped[str] = mapped_column(String(10), default=LinkMode.DIRECT, server_default=LinkMode.DIRECT)
    # None: as many as the coordinator lets in.
    capacity: Mapped[int | None]
    recording_url: Mapped[str | None] = mapped_column(String(2000))
    # When the coordinator closed requests; None while they are open.
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    # How long before the start each reminder goes out: minutes, separated by spaces.
    reminders: Mapped[str] = mapped_column(String(80), default="1440 60", server_default="1440 60")
    # Rises with every change that a calendar must know, for the public files (RFC 5545 §3.8.7.4).
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(Instant)
    updated_at: Mapped[datetime] = mapped_column(Instant)

    programme: Mapped[Programme] = relationship()

    @property
    def ends_at(self) -> datetime | None:
        """The instant at which it ends, or None while its time is unknown."""
        return self.starts_at + timedelta(minutes=self.minutes) if self.starts_at else None

    @property
    def reminder_minutes(self) -> tuple[int, ...]:
        """How many minutes before the start each reminder is due, the earliest first."""
        return tuple(sorted({int(word) for word in self.reminders.split()}, reverse=True))

    @property
    def is_public(self) -> bool:
        """Whether the schedule shows it."""
        return self.status != Status.DRAFT

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.status == Status.CANCELLED

    @property
    def is_guarded(self) -> bool:
        """Whether guests get a page of their own in place of the meeting's address."""
        return self.link_mode == LinkMode.GUARDED

    @property
    def is_draft(self) -> bool:
        """Whether only the desk knows of it yet."""
        return self.status == Status.DRAFT

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Which texts aren't written yet: pairs of column and language."""
        texts = {"title": self.title, "summary": self.summary}
        return tuple((name, language) for name in texts for language in LANGUAGES if not texts[name].get(language))

    def is_past(self, at: datetime) -> bool:
        """Whether it has ended by that instant. An event without a time is never past."""
        return self.ends_at is not None and self.ends_at <= at

    def takes_requests(self, at: datetime) -> bool:
        """Whether people may ask for a place at that instant."""
        return self.status == Status.PUBLISHED and self.closed_at is None and not self.is_past(at)
