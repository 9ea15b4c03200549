"""A link request: an address that asked for the link to its page again, whether anybody has that address or not."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base, Encrypted, Instant


class LinkRequest(Base):
    """One request, kept until the worker has answered: the visitor's page can't tell a known address by its speed."""

    __tablename__ = "link_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Encrypted("link_request.email"))
    asked_at: Mapped[datetime] = mapped_column(Instant)
