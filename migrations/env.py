"""Run migrations over the application's own connection."""

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from rsvp.db import Encrypted, Instant, Texts, db


def render_item(kind: str, item: object, _context: object) -> str | bool:
    """Write our column types as the plain types beneath them: a migration must not change when they do."""
    if kind == "type" and isinstance(item, Encrypted | Texts):
        return "sa.Text()"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    """Bring the database up to date, each migration in its own transaction."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        render_as_batch=True,
        render_item=render_item,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


with current_app.extensions["migrate"].db.engine.connect() as connection:
    run(connection)
