"""Tell a supervisor whether the process is up and whether the database answers; no detail to strangers."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rsvp.db import db
from rsvp.views.access import public

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public
def healthz() -> tuple[str, int, dict[str, str]]:
    """Answer that the process is up."""
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}


@blueprint.get("/readyz")
@public
def readyz() -> tuple[str, int, dict[str, str]]:
    """Answer whether the database can be read."""
    try:
        db.session.execute(text("SELECT 1 FROM programme LIMIT 1"))
    except SQLAlchemyError:
        return "unavailable\n", 503, {"Content-Type": "text/plain; charset=utf-8"}
    return "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8"}
