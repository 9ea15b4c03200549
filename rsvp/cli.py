"""The operator's commands."""

import base64
import secrets
import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from rsvp.db import transaction
from rsvp.errors import ProgrammeRefused
from rsvp.services import addresses, coordinators, health, journal, keys, link_requests, outbox, programmes, retention

programme = AppGroup("programme", help="The events of a series, from a file.")
coordinator = AppGroup("coordinators", help="Who works at the desk.")
letters = AppGroup("outbox", help="The letters.")
erasure = AppGroup("retention", help="Erase what is no longer needed.")
encryption = AppGroup("keys", help="The keys that encrypt stored data.")
chain = AppGroup("journal", help="Who did what at the desk.")


def init(app: Flask) -> None:
    """Register the commands."""
    for group in (programme, coordinator, letters, erasure, encryption, chain):
        app.cli.add_command(group)
    app.cli.add_command(worker)
    app.cli.add_command(doctor)


@programme.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--first-saturday", type=click.DateTime(["%Y-%m-%d"]), help="Move the discussions by whole weeks.")
def load_programme(file: Path, first_saturday: datetime | None) -> None:
    """Load FILE; run again, it changes only what differs."""
    day: date | None = first_saturday.date() if first_saturday else None
    try:
        with transaction():
            done = programmes.load(file.read_text(encoding="utf-8"), at=_now(), first_saturday=day)
    except ProgrammeRefused as refusal:
        sys.exit(f"{file}:{refusal.line}: {refusal.reason}. Nothing was changed.")
    except UnicodeDecodeError:
        sys.exit(f"{file}:1: the file isn't UTF-8 text. Nothing was changed.")
    click.echo(f"{done.made} events made, {done.changed} changed, {done.letters} letters written.")


@coordinator.command("add")
@click.argument("email")
def add_coordinator(email: str) -> None:
    """Print a link with which EMAIL enrols for the desk, once, within a day; an account's sessions end."""
    with transaction():
        token = coordinators.issue_link(_address(email), at=_now())
    click.echo(coordinators.link_of(token))


@coordinator.command("remove")
@click.argument("email")
def remove_coordinator(email: str) -> None:
    """Keep EMAIL out of the desk, from now on."""
    with transaction():
        known = coordinators.find(_address(email))
        if known is None or known.removed_at is not None:
            sys.exit("Nobody at the desk has this address.")
        try:
            coordinators.remove(known, by=coordinators.OPERATOR, at=_now())
        except coordinators.LastCoordinator:
            sys.exit("This is the last coordinator: add another one first.")
    click.echo("Removed, and signed out everywhere.")


@letters.command("deliver")
def deliver() -> None:
    """Send every letter that is due, once, and end."""
    link_requests.answer_all(at=_now())
    sent = outbox.deliver(current_app.extensions["clock"].now)
    click.echo(f"{sent} letters sent.")


@erasure.command("run")
def retain() -> None:
    """Erase what has been kept as long as the settings say."""
    erased = retention.run(at=_now())
    click.echo(f"{erased.rsvps} requests, {erased.participants} people, {erased.tokens} links erased.")


@encryption.command("new")
def new_key() -> None:
    """Print a new key for DATA_KEYS or INDEX_KEY."""
    click.echo(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


@encryption.command("rotate")
def rotate_keys() -> None:
    """Encrypt what older keys encrypted with the newest one. May be stopped and run again."""
    click.echo(f"{keys.rotate()} values encrypted anew; {keys.remaining()} left.")


@chain.command("verify")
def verify_journal() -> None:
    """Check that no entry of the journal was changed or taken out."""
    broken = journal.broken()
    if broken is not None:
        sys.exit(f"The journal is broken at entry {broken}.")
    click.echo("The journal is whole.")


@click.command("doctor")
def doctor() -> None:
    """Say what is wrong with the installation, and the way out."""
    found = health.problems(at=_now())
    if found:
        sys.exit("\n".join(found))
    click.echo("All is well.")


@click.command("worker")
def worker() -> None:
    """Send letters and do what is due, until stopped."""
    huey = current_app.extensions["huey"]
    huey.create_consumer(workers=1, periodic=True, initial_delay=0.1, max_delay=1.0, backoff=1.2).run()


def _address(typed: str) -> str:
    address = addresses.normalise(typed)
    if address is None:
        sys.exit("No mail can reach this address.")
    return address


def _now() -> datetime:
    now: datetime = current_app.extensions["clock"].now()
    return now
