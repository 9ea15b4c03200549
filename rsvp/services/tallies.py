"""Count what leaves no other trace."""

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.tally import Tally


def count(name: str) -> None:
    """Add one to a count."""
    tally = db.session.get(Tally, name, with_for_update=True)
    if tally is None:
        tally = Tally(name=name, count=0)
        db.session.add(tally)
    tally.count += 1


def all_counts() -> dict[str, int]:
    """Return every count by its name."""
    return {tally.name: tally.count for tally in db.session.scalars(select(Tally).order_by(Tally.name))}
