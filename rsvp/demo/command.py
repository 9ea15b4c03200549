"""Run everything the demo is made of, and say where it is: web server, worker and mailbox."""

import os
import signal
import smtplib
import socket
import sys
import time
import urllib.request
from http import HTTPStatus
from pathlib import Path

import click
import flask_migrate
from flask import current_app

import config
from config import Settings
from rsvp.demo import samples
from rsvp.demo.processes import Processes, ProcessFailed, end_with_parent
from rsvp.demo.settings import COORDINATOR, PORT, desk_password, environment, is_port
from rsvp.mailbox import FOLDER
from rsvp.tasks import wake_worker

ROOT = Path(__file__).parents[2]
HOST = "127.0.0.1"
SECONDS_TO_START = 60
MAIL_PORT_OFFSET = 25
WEB_OPTIONS = (
    *("--workers", "1", "--worker-class", "gthread", "--threads", "8"),
    *("--no-control-socket", "--log-level", "warning", "--graceful-timeout", "3"),
)


@click.command("demo")
def demo() -> None:
    """Run the whole service here, with a mailbox that keeps every letter, until Ctrl-C."""
    if os.environ.get("MAKELEVEL"):
        end_with_parent(os.getppid(), signal.SIGTERM)  # a killed `make run` leaves nothing behind
    settings = config.current()
    port = _port(os.environ.get("PORT") or PORT)
    with _listen(port) as web:
        mail_port = _mail_port(port)
        try:
            with Processes(ROOT, _environ(settings, mail_port)) as processes:
                _start(processes, settings, web, mail_port)
                _announce(settings)
                processes.watch()
        except ProcessFailed as failure:
            sys.exit(f"The demo ended: {failure}.")


def _port(typed: str) -> int:
    if not is_port(typed):
        sys.exit(f"PORT={typed} is no port: give a number from 1 to 65535, such as PORT=8080.")
    return int(typed)


def _listen(port: int) -> socket.socket:
    """Take the port for the web server, before anything else is done."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        sys.exit(f"Port {port} can't be used ({error.strerror}): choose another one, such as PORT={port % 65535 + 1}.")
    listening.listen()
    return listening


def _mail_port(port: int) -> int:
    """Return a free port for the mailbox, the expected one if possible."""
    wanted = port + MAIL_PORT_OFFSET
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except (OSError, OverflowError):
            probe.bind((HOST, 0))
        free: int = probe.getsockname()[1]
        return free


def _environ(settings: Settings, mail_port: int) -> dict[str, str]:
    """Return what every process of the demo is told, so that all share secrets, clock and mail server."""
    shared = environment(settings.instance)
    shared |= {"INSTANCE": str(settings.instance), "MAIL_SERVER": HOST, "MAIL_PORT": str(mail_port)}
    shared |= {"MAIL_USE_TLS": "0", "MAIL_USE_SSL": "0", "MAIL_USERNAME": "", "IMAP_URL": ""}
    if settings.now_since:
        shared["NOW_SINCE"] = settings.now_since.isoformat()
    return shared


def _start(processes: Processes, settings: Settings, web: socket.socket, mail_port: int) -> None:
    """Prepare the data, start every process and wait until each works."""
    deadline = time.monotonic() + SECONDS_TO_START
    mail = settings.instance / FOLDER
    store = ("aiosmtpd", "--nosetuid", "--listen", f"{HOST}:{mail_port}", "--class", "aiosmtpd.handlers.Mailbox")
    processes.start("the mailbox", (*store, str(mail)))
    flask_migrate.upgrade()
    samples.prepare(settings)
    wake_worker()
    processes.start("the worker", ("flask", "--app", "wsgi", "worker"), stop_signal=signal.SIGINT)
    bind = ("--bind", f"fd://{web.fileno()}")
    processes.start("the web server", ("gunicorn", *bind, *WEB_OPTIONS, "wsgi:app"), keep=(web.fileno(),))
    queue = current_app.extensions["huey"]
    processes.wait_until(lambda: _takes_mail(mail_port), "the mailbox", deadline=deadline)
    processes.wait_until(lambda: queue.pending_count() == 0, "the worker", deadline=deadline)
    processes.wait_until(lambda: _shows_schedule(web.getsockname()[1]), "the web server", deadline=deadline)


def _takes_mail(port: int) -> bool:
    try:
        with smtplib.SMTP(HOST, port, timeout=2) as server:
            return server.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _shows_schedule(port: int) -> bool:
    # Not /readyz: a letter left from an earlier run must not keep the demo from starting.
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/en/", timeout=2) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def _announce(settings: Settings) -> None:
    click.echo(f"Schedule: {settings.base_url}/en/")
    click.echo(f"Desk: {settings.base_url}/desk/ {COORDINATOR} {desk_password(settings.instance)}")
    click.echo(f"Mailbox: {settings.base_url}/mailbox/")
    sys.stdout.flush()
