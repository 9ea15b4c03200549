"""Open the database: column types, how transactions begin, and the one place where they end.

Knows SQLite and PostgreSQL, and nothing of what the rows mean.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, MetaData, Text, TypeDecorator, event
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction

from rsvp.cipher import Cipher
from rsvp.turns import Turn, Turns

BUSY_TIMEOUT_MS = 10_000
TURN_SECONDS = 30

# SQLite has one writer and wakes nobody: whoever asks again just then is next, and one of eight threads that write one
# after another can wait beyond every timeout. So a process's threads stand in a queue of ours, and SQLite's own
# waiting is left for other processes.
_turns = Turns()
_turn: ContextVar[Turn | None] = ContextVar("turn", default=None)


class Base(DeclarativeBase):
    """Every table of the service, its constraints named alike on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)
migrate = Migrate()


class Encrypted(TypeDecorator[str]):
    """Text that the database never sees in the clear. `column` is `table.column`, bound into each value."""

    impl = Text
    cache_ok = True

    def __init__(self, column: str):
        super().__init__()
        self.column = column

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the stored form."""
        return None if value is None else cipher().encrypt(value, self.column)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text."""
        return None if value is None else cipher().decrypt(value, self.column)


class Instant(TypeDecorator[datetime]):
    """An aware instant in UTC. A naive one is refused, since nobody knows what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant, aware; SQLite stores no offset."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Texts(TypeDecorator[dict[str, str]]):
    """A text in several languages, as JSON: a third language is data, not a migration."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, str] | None, dialect: Dialect) -> str | None:
        """Return JSON with its keys in order."""
        return None if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, str] | None:
        """Return the texts by language."""
        return None if value is None else json.loads(value)


def init(app: Flask) -> None:
    """Bind the database to the application."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(app.config["MIGRATIONS"]), render_as_batch=True)
    with app.app_context():
        for engine in db.engines.values():
            if engine.dialect.name == "sqlite":
                _listen(engine)


def cipher() -> Cipher:
    """Return the application's cipher."""
    found: Cipher = current_app.extensions["cipher"]
    return found


@contextmanager
def writing() -> Iterator[None]:
    """Let transactions that begin inside take SQLite's write lock at once.

    A plain BEGIN that writes later fails at once with "database is locked" when another writer came between.
    """
    if _turn.get() is not None:
        yield
        return
    turn = Turn(_turns)
    marked = _turn.set(turn)
    try:
        yield
    finally:
        _turn.reset(marked)
        turn.give_back()


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what is done inside, or none of it. For commands and the worker; a request has its own edge."""
    with writing():
        db.session.rollback()
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def _listen(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # Python's driver would begin transactions by its own rules; these are begun below.
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        turn = _turn.get()
        if turn is not None:
            turn.take(patience_seconds=TURN_SECONDS)
        connection.exec_driver_sql("BEGIN" if turn is None else "BEGIN IMMEDIATE")


@event.listens_for(db.session, "after_transaction_end")
def _end_turn(_session: Session, transaction: SessionTransaction) -> None:
    turn = _turn.get()
    if turn is not None and transaction.parent is None:
        turn.give_back()
