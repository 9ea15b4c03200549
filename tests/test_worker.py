"""The worker as a process of its own, on both databases, over a real mail server."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rsvp import create_app
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
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not mail_server.received and time.monotonic() < deadline:
        assert worker.poll() is None, "the worker has ended"
        time.sleep(0.05)
    assert [received.recipient for received in mail_server.received] == ["sok@example.org"]
