"""Count what leaves no other trace."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from rsvp.db import db
from rsvp.models.tally import Tally


def count(name: str) -> None:
    """Add one to a count."""
    tally = db.session.get(Tally, name, with_for_update=True) or _make(name)
    tally.count += 1


def of(name: str) -> int:
    """Return one count."""
    tally = db.session.get(Tally, name)
    return tally.count if tally else 0


def all_counts() -> dict[str, int]:
    """Return every count by its name."""
    return {tally.name: tally.count for tally in db.session.scalars(select(Tally).order_by(Tally.name))}


def _make(name: str) -> Tally:
    """Return a new count, or the one that another transaction made just now."""
    try:
        with db.session.begin_nested():
            db.session.add(Tally(name=name, count=0))
    except IntegrityError:
        pass
    return db.session.get_one(Tally, name, with_for_update=True)
