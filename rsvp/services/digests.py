"""Write to coordinators how much waits for them: numbers only, and no more often than each of them asked for."""

from datetime import datetime, timedelta

from sqlalchemy import select

from rsvp.db import db, transaction
from rsvp.models.coordinator import Coordinator
from rsvp.services import letters, overviews

# What a coordinator may choose, in hours; 0 is never.
PERIODS = (0, 6, 24, 168)


def choose(coordinator: Coordinator, hours: int) -> None:
    """Keep how often a coordinator wants a digest, in hours.

    Raises:  ValueError for a period that isn't offered.
    """
    if hours not in PERIODS:
        raise ValueError("no such period")
    coordinator.digest_hours = hours


def write_due(*, at: datetime) -> int:
    """Write the digests that are due, in a transaction of its own, and return how many.

    Who has nothing waiting gets none.
    """
    wanted = select(Coordinator).where(
        Coordinator.digest_hours > 0, Coordinator.active.is_(True), Coordinator.removed_at.is_(None)
    )
    written = 0
    with transaction():
        waiting = overviews.waiting(at=at)
        trouble = overviews.letters_in_trouble(at=at)
        for coordinator in db.session.scalars(wanted.with_for_update()).all():
            if (waiting.count or trouble) and _is_due(coordinator, at):
                counts = {"waiting": waiting.count, "oldest_hours": waiting.oldest_hours, "trouble": trouble}
                letters.send_digest(coordinator, counts, at=at)
                coordinator.digest_at = at
                written += 1
    return written


def _is_due(coordinator: Coordinator, at: datetime) -> bool:
    return coordinator.digest_at is None or at - coordinator.digest_at >= timedelta(hours=coordinator.digest_hours)
