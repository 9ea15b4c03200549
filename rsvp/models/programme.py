"""A programme: the series that every event belongs to, and the person who decides about its places."""

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base, Texts, db


class Programme(Base):
    """One series of events. The service shows one programme at a time, the newest."""

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(Texts)
    about: Mapped[dict[str, str]] = mapped_column(Texts)
    organiser: Mapped[dict[str, str]] = mapped_column(Texts)
    coordinator_name: Mapped[dict[str, str]] = mapped_column(Texts)
    # Published on every page as the human way to ask.
    coordinator_email: Mapped[str] = mapped_column(String(254))

    @classmethod
    def current(cls) -> "Programme | None":
        """Return the programme that the service shows, or None before one is loaded."""
        return db.session.scalars(select(cls).order_by(cls.id.desc()).limit(1)).one_or_none()
