"""Real parts for every test: both databases, an SMTP server on loopback, the application itself."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from playwright.sync_api import Browser

from rsvp import create_app
from tests import factories
from tests.browsers import start_chromium
from tests.databases import Databases, release
from tests.mailserver import MailServer
from tests.quickness import (
    compile_routes_once,
    compile_statements_once,
    compile_templates_once,
    hash_cheaply,
    keep_files_in_memory,
    spare_what_stays,
)
from tests.shares import share_out

# How long one example takes says how busy the machine is, and nothing of what a test is about.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
keep_files_in_memory()
compile_routes_once()
compile_templates_once()
compile_statements_once()
hash_cheaply()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let two processes end together."""
    items[:] = share_out(items)


def pytest_collection_finish() -> None:
    """Begin with all tests known."""
    spare_what_stays()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The databases of this test process."""
    folder = Path(tempfile.mkdtemp(prefix="rsvp-"))
    made = Databases(folder)
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    with start_chromium() as chromium:
        yield chromium


@pytest.fixture
def clock() -> factories.Moment:
    """A clock that the test sets; it starts on 1 July 2025 at noon UTC."""
    return factories.Moment()


@pytest.fixture(scope="session")
def started_mail_server() -> Iterator[MailServer]:
    """The SMTP server of this test process."""
    with MailServer() as server:
        yield server


@pytest.fixture
def mail_server(started_mail_server: MailServer) -> MailServer:
    """A real SMTP server that keeps what it receives, as good as new."""
    started_mail_server.renew()
    return started_mail_server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    """The address of an empty, migrated database: each test runs on both kinds."""
    return databases.sqlite(tmp_path) if request.param == "sqlite" else databases.postgresql()


@pytest.fixture
def app(database_url: str, tmp_path: Path, clock: factories.Moment, mail_server: MailServer) -> Iterator[Flask]:
    """The application on one of the databases, inside its context."""
    yield from _application(database_url, tmp_path, clock, mail_server)


@pytest.fixture
def site(databases: Databases, tmp_path: Path, clock: factories.Moment, mail_server: MailServer) -> Iterator[Flask]:
    """The application on SQLite, outside any context, for tests that speak HTTP."""
    app = create_app(
        factories.settings(tmp_path, DATABASE_URL=databases.sqlite(tmp_path), MAIL_PORT=str(mail_server.port)), clock
    )
    app.config["LEVELLED_SECONDS"] = 0  # the wait has a test of its own
    yield app
    with app.app_context():
        release(app)


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    """A visitor without any cookie."""
    return site.test_client()


def _application(url: str, folder: Path, clock: factories.Moment, mail_server: MailServer) -> Iterator[Flask]:
    app = create_app(factories.settings(folder, DATABASE_URL=url, MAIL_PORT=str(mail_server.port)), clock)
    with app.app_context():
        yield app
        release(app)
