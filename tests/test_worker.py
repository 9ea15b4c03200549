"""The worker as a process of its own, on both databases, over a real mail server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rsvp import create_app
from rsvp.db import transaction
from rsvp.services import rsvps
from rsvp.tasks import wake_worker
from tests import factories
from tests.databases import release
from tests.mailserver import MailServer

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 30


@pytest.fixture
def environ(database_url: str, tmp_path: Path, mail_server: MailServer) -> dict[str, str]:
    return factories.environ(DATABASE_URL=database_url, MAIL_PORT=str(mail_server.port), INSTANCE=str(tmp_path))


@pytest.fixture
def worker(environ: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "worker"],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield process
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) is not None


def test_the_worker_is_woken_and_the_letter_leaves_within_seconds(
    worker: subprocess.Popen[bytes], environ: dict[str, str], tmp_path: Path, mail_server: MailServer
) -> None:
    app = create_app(factories.settings(tmp_path, **environ))
    with app.app_context():
        factories.event()
        factories.ask(email="sok@example.org")
        wake_worker()
        release(app)
    wait_for_letters(worker, mail_server, 1)
    assert [received.recipient for received in mail_server.received] == ["sok@example.org"]


def test_a_letter_that_waits_for_an_undo_leaves_within_seconds_of_its_moment(
    worker: subprocess.Popen[bytes], environ: dict[str, str], tmp_path: Path, mail_server: MailServer
) -> None:
    app = create_app(factories.settings(tmp_path, **environ))
    wait = timedelta(seconds=3)
    with app.app_context():
        factories.event(starts_at=datetime.now(UTC) + timedelta(days=7))
        rsvp = factories.pending(email="sok@example.org")
        wake_worker()
        wait_for_letters(worker, mail_server, 2)
        with transaction():
            rsvps.waitlist(replace(factories.decision(rsvp, at=datetime.now(UTC)), undo=wait))
        decided = time.monotonic()
        wake_worker()
        wake_worker(after=wait)
        wait_for_letters(worker, mail_server, 3)
        release(app)
    assert wait.total_seconds() <= time.monotonic() - decided < 30


def wait_for_letters(worker: subprocess.Popen[bytes], mail_server: MailServer, number: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while len(mail_server.received) < number and time.monotonic() < deadline:
        assert worker.poll() is None, "the worker has ended"
        time.sleep(0.05)
    assert len(mail_server.received) == number
