"""Set up what is measured: an application on a fresh SQLite file, an approved guest, a mail server elsewhere."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from rsvp import create_app
from rsvp.messages import Envelope, Parts, compose
from tests import factories
from tests.databases import Databases, release
from tests.mailserver import free_port

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 30


@contextmanager
def application(port: int) -> Iterator[Flask]:
    """Return the application, inside its context, with letters going to a port of loopback."""
    with tempfile.TemporaryDirectory(prefix="rsvp-bench-") as name:
        folder = Path(name)
        databases = Databases(folder / "databases")
        (folder / "instance").mkdir()
        url = databases.sqlite(folder / "instance")
        app = create_app(factories.settings(folder, DATABASE_URL=url, MAIL_PORT=str(port)), factories.Moment())
        with app.app_context():
            yield app
            release(app)


@contextmanager
def mail_server() -> Iterator[int]:
    """Start aiosmtpd in a process of its own, which throws away what it takes; return its port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.sink", str(port)], cwd=ROOT, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def message_of(parts: Parts, recipient: str) -> bytes:
    """Return the bytes of a letter with these parts."""
    envelope = Envelope(recipient, "en", "<letter@example.org>", factories.NOW)
    return compose(parts, envelope, sender="Nalen Smith <nalen.smith@example.org>").raw


def seconds(work: object, times: int) -> float:
    """Return how long one call takes, as the median of so many."""
    assert callable(work)
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return sorted(taken)[times // 2]
