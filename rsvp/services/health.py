"""Look at the parts that the service stands on, and say in a line each what is wrong and the way out."""

from datetime import datetime

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

import config
from rsvp.cipher import Unreadable
from rsvp.db import db
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.services import deliveries, journal, keys, outbox


def problems(*, at: datetime) -> list[str]:
    """Return what an operator should look at, an empty list when all is well."""
    try:
        if not _is_migrated():
            return ["The database is not up to date: run `flask db upgrade`."]
        return [*_settings_problems(), *_data_problems(), *_letter_problems(at), *_mail_problems()]
    except SQLAlchemyError as error:
        return [f"The database doesn't answer ({type(error).__name__}): check DATABASE_URL."]


def is_late(*, at: datetime) -> bool:
    """Whether a letter waits for longer than a worker at work would let it."""
    return deliveries.trouble(at=at).is_late


def _is_migrated() -> bool:
    script = ScriptDirectory(str(current_app.config["MIGRATIONS"]))
    current = MigrationContext.configure(db.session.connection()).get_current_heads()
    return set(current) == set(script.get_heads())


def _settings_problems() -> list[str]:
    settings = config.current()
    if settings.is_https and not settings.proxies:
        return ["PROXIES is 0, but BASE_URL is https: behind nginx all people would share one limit; set PROXIES=1."]
    return []


def _data_problems() -> list[str]:
    found = []
    if Programme.current() is None:
        found.append("No programme is loaded: run `flask programme load FILE`.")
    broken = journal.broken()
    if broken is not None:
        found.append(f"The journal is broken at entry {broken}: somebody changed the database by hand.")
    try:
        db.session.scalars(select(Participant).limit(1)).one_or_none()
    except Unreadable:
        found.append("Stored data can't be read with DATA_KEYS: an older key is missing from the list.")
    else:
        old = keys.remaining()
        if old:
            found.append(f"{old} values were encrypted with an older key: run `flask keys rotate`.")
    return found


def _letter_problems(at: datetime) -> list[str]:
    found = []
    trouble = deliveries.trouble(at=at)
    if trouble.failed:
        found.append(f"{trouble.failed} letters could not be delivered: see the desk.")
    if trouble.is_late:
        found.append("Letters are waiting for longer than 15 minutes: is the worker running?")
    return found


def _mail_problems() -> list[str]:
    reason = outbox.why_unreachable()
    if reason is None:
        return []
    server = f"{config.current().mail_server}:{config.current().mail_port}"
    return [f"The mail server {server} can't be used ({reason}): check the MAIL_ settings."]
