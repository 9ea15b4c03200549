"""The whole service as `make run` starts it."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demos import Demo, start_demo
from tests.mailserver import free_port

NOW = "2025-07-05T12:00:00-04:00"


@pytest.fixture(scope="session")
def demo() -> Iterator[Demo]:
    """The demo as of 5 July 2025, with the published dates."""
    folder = Path(tempfile.mkdtemp(prefix="rsvp-journey-"))
    with start_demo(folder, free_port(), {"NOW": NOW}) as running:
        running.read_lines()
        yield running
    shutil.rmtree(folder, ignore_errors=True)
