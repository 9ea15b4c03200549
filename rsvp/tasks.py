"""Wake the worker: huey schedules and signals, the outbox table says what there is to do.

Huey has no acknowledgement, so a sweep picks up what a dead worker left.
"""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
from flask import Flask, current_app
from huey import PostgresHuey, SqliteHuey, crontab
from huey.api import Huey
from imapclient.exceptions import IMAPClientError
from sqlalchemy import make_url

from config import Settings, SettingsError
from rsvp.services import digests, erasures, link_requests, outbox, reminders, replies, retention


def init(app: Flask) -> None:
    """Give the application its queue and the queue its tasks."""
    huey = _queue(app.extensions["settings"])
    app.extensions["huey"] = huey
    app.extensions["wake"] = huey.task(name="deliver", expires=60)(_within(app, _deliver))
    app.extensions["forget"] = huey.task(name="forget")(_within(app, _forget))
    huey.periodic_task(crontab(minute="*"), name="sweep")(_within(app, _deliver))
    huey.periodic_task(crontab(minute="*"), name="reminders")(_within(app, _remind))
    huey.periodic_task(crontab(minute="5"), name="digests")(_within(app, _digest))
    huey.periodic_task(crontab(minute="17"), name="retention")(_within(app, _retain))
    if app.extensions["settings"].imap_url:
        huey.periodic_task(crontab(minute="*/2"), name="replies")(_within(app, _collect))


def wake_worker(*, after: timedelta = timedelta(0)) -> None:
    """Ask the worker to look into the outbox, at once or when a letter that waits is due.

    The letters are safe without it: the sweep finds them.
    """
    _schedule("wake", after=after)


def forget_soon() -> None:
    """Ask the worker to let the database's log forget what was erased; the hourly retention does it otherwise."""
    _schedule("forget")


def _schedule(name: str, *, after: timedelta = timedelta(0)) -> None:
    try:
        current_app.extensions[name].schedule(delay=after.total_seconds())
    except (sqlite3.Error, psycopg.Error, OSError) as error:
        current_app.extensions["huey"].storage.close()  # the next call opens it anew
        current_app.logger.warning("worker not woken: %s", type(error).__name__)


def _deliver() -> None:
    link_requests.answer_all(at=current_app.extensions["clock"].now())
    outbox.deliver(current_app.extensions["clock"].now)


def _forget() -> None:
    if not erasures.truncate_log():
        _schedule("forget", after=timedelta(minutes=1))


def _retain() -> None:
    retention.run(at=current_app.extensions["clock"].now())


def _remind() -> None:
    if reminders.write_due(at=current_app.extensions["clock"].now()):
        _deliver()


def _digest() -> None:
    if digests.write_due(at=current_app.extensions["clock"].now()):
        _deliver()


def _collect() -> None:
    try:
        replies.collect(at=current_app.extensions["clock"].now())
    except (OSError, IMAPClientError) as error:
        current_app.logger.warning("reply mailbox not read: %s", type(error).__name__)


def _within(app: Flask, work: Callable[[], None]) -> Callable[[], None]:
    def run() -> None:
        with app.app_context():
            work()

    return run


def _queue(settings: Settings) -> Huey:
    options: dict[str, Any] = {"name": "rsvp", "results": False, "utc": True}
    url = make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            return PostgresHuey(dsn=dsn, **options)
        except psycopg.Error as error:
            reason = str(error).partition("\n")[0].replace(url.password or "\n", "…")
            raise SettingsError([f"DATABASE_URL names a PostgreSQL that can't be used: {reason}"]) from None
    return SqliteHuey(filename=str(settings.queue_file), fsync=False, **options)
