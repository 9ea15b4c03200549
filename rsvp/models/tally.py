"""A tally: how often something happened that leaves no other trace."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from rsvp.db import Base


class Tally(Base):
    """One count, such as of calendar replies that were forged."""

    __tablename__ = "tally"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
