"""Let one act at a time change an event and its places."""

from rsvp.db import db
from rsvp.models.event import Event


def hold(event: Event) -> None:
    """Hold the event's row until the transaction ends, as it stands now: of two acts the later sees the earlier."""
    db.session.refresh(event, with_for_update=True)
