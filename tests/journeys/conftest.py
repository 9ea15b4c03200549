"""The whole service as `make run` starts it, and Debian's Chromium to walk through it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.demos import Demo, start_demo
from tests.mailserver import free_port

NOW = "2025-07-05T12:00:00-04:00"
CHROMIUM = "/usr/bin/chromium"
# Without these Chromium looks for its maker's hosts at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo as of 5 July 2025, with the published dates."""
    folder = Path(tempfile.mkdtemp(prefix="rsvp-journey-"))
    with start_demo(folder, free_port(), {"NOW": NOW}) as running:
        running.read_lines()
        yield running
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()
