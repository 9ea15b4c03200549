"""Tell a supervisor whether the process is up and whether its work gets done; no detail to strangers."""

from flask import Blueprint
from sqlalchemy.exc import SQLAlchemyError

from rsvp.services import health
from rsvp.views.access import public
from rsvp.views.guests import now

PLAIN = {"Content-Type": "text/plain; charset=utf-8"}

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[str, int, dict[str, str]]:
    """Answer that the process is up."""
    return "ok\n", 200, PLAIN


@blueprint.get("/readyz")
@public
def readyz() -> tuple[str, int, dict[str, str]]:
    """Answer whether the database can be read and the outbox is being emptied."""
    try:
        is_ready = not health.is_late(at=now())
    except SQLAlchemyError:
        is_ready = False
    return ("ok\n" if is_ready else "unavailable\n"), (200 if is_ready else 503), PLAIN
