"""Encrypt stored values anew with the newest key, a few rows at a time, so that it may be stopped anywhere.

Run again, it goes on where it stopped: a value says itself which key made it.
"""

from sqlalchemy import Table, Text, and_, not_, select, type_coerce, update

from rsvp.db import Base, cipher, db, transaction
from rsvp.models.inventory import ENCRYPTED

BATCH = 200


def rotate() -> int:
    """Encrypt every value that an older key made with the newest one; return how many values."""
    return sum(_rotate(*column.split(".")) for column in sorted(ENCRYPTED))


def remaining() -> int:
    """Return how many values the newest key didn't make. At 0 the older keys can go."""
    return sum(len(_old(*column.split("."), most=None)) for column in sorted(ENCRYPTED))


def _rotate(table: str, name: str) -> int:
    done = 0
    while True:
        with transaction():
            rows = _old(table, name, most=BATCH)
            for row_id, stored in rows:
                _replace(table, name, row_id, stored)
        if not rows:
            return done
        done += len(rows)


def _old(table: str, name: str, *, most: int | None) -> list[tuple[int, str]]:
    found = Base.metadata.tables[table]
    raw = type_coerce(found.c[name], Text)
    is_old = and_(raw.is_not(None), not_(raw.like(f"v1:{cipher().newest}:%")))
    chosen = select(found.c.id, raw).where(is_old).order_by(found.c.id).limit(most)
    return [(row_id, stored) for row_id, stored in db.session.execute(chosen.with_for_update())]


def _replace(table: str, name: str, row_id: int, stored: str) -> None:
    found: Table = Base.metadata.tables[table]
    text = cipher().decrypt(stored, f"{table}.{name}")
    # Only if nobody changed it in between; a changed one was made with the newest key anyway.
    is_same = and_(found.c.id == row_id, type_coerce(found.c[name], Text) == stored)
    db.session.execute(update(found).where(is_same).values({name: text}))
