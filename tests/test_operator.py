"""What the operator types and what it says: whose data a command works on, and what a start refuses."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import html5lib
import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from rsvp import create_app
from rsvp.db import db
from rsvp.services import health
from rsvp.views.edges import HEADERS, STRICT_TRANSPORT
from tests import factories
from tests.databases import Databases, release
from tests.demos import bare_environ
from tests.mailserver import MailServer, free_port
from tests.test_config import PRODUCTION, SECRETS

ROOT = Path(__file__).parents[1]
NGINX = (ROOT / "deploy" / "nginx.conf").read_text()


def flask(instance: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run one of the operator's commands with nothing in its environment but what is given."""
    return run("-m", "flask", "--app", "wsgi", *words, INSTANCE=str(instance), **environ)


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=bare_environ() | environ, capture_output=True, text=True, timeout=60
    )


@pytest.fixture
def postgresql(databases: Databases, tmp_path: Path) -> Iterator[Flask]:
    """The application on PostgreSQL."""
    app = create_app(factories.settings(tmp_path, DATABASE_URL=databases.postgresql()), factories.Moment())
    yield app
    with app.app_context():
        release(app)


def test_a_command_without_settings_leaves_productions_data_alone(tmp_path: Path) -> None:
    for words in (("db", "upgrade"), ("coordinators", "add", "production@example.org")):
        done = flask(tmp_path, *words, **PRODUCTION)
        assert done.returncode == 0, done.stderr
        assert "demo" not in done.stderr
    kept = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert "rsvp.sqlite" in kept
    for words in (("db", "upgrade"), ("coordinators", "add", "demo@example.org")):
        done = flask(tmp_path, *words)
        assert done.returncode == 0, done.stderr
        assert done.stderr.splitlines()[0] == f"Using the demo's settings under {tmp_path}/"
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept
    assert {"demo.sqlite", "demo-queue.sqlite"} <= {file.name for file in tmp_path.iterdir()}


def test_a_command_with_empty_settings_works_on_the_demo_too(tmp_path: Path) -> None:
    done = flask(tmp_path, "db", "upgrade", **dict.fromkeys((*PRODUCTION, "DATABASE_URL", "NOW"), ""))
    assert done.returncode == 0, done.stderr
    assert {file.name for file in tmp_path.glob("*.sqlite")} == {"demo.sqlite", "demo-queue.sqlite"}


@pytest.mark.parametrize("name", ["DATABASE_URL", "BASE_URL"])
def test_a_command_with_settings_but_no_secrets_is_refused(tmp_path: Path, name: str) -> None:
    values = {"DATABASE_URL": f"sqlite:///{tmp_path}/rsvp.sqlite", "BASE_URL": "https://rsvp.example.org"}
    done = flask(tmp_path, "db", "upgrade", **{name: values[name]})
    assert done.returncode == 1
    assert all(f"{secret} is missing" in done.stderr for secret in SECRETS)
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_web_server_without_settings_never_starts_on_the_demo(tmp_path: Path) -> None:
    done = run("-c", "import wsgi", INSTANCE=str(tmp_path))
    assert done.returncode == 1
    assert "SettingsError: The service can't start:" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_postgresql_that_does_not_answer_is_named_in_one_line_without_its_password(tmp_path: Path) -> None:
    port = free_port()
    url = f"postgresql://rsvp:hunter2@127.0.0.1:{port}/rsvp"
    done = flask(tmp_path, "doctor", **PRODUCTION, DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("Error: The service can't start: DATABASE_URL names a PostgreSQL that can't be used")
    assert str(port) in done.stderr
    assert len(done.stderr.splitlines()) == 1
    server = run("-c", "import wsgi", INSTANCE=str(tmp_path), DATABASE_URL=url, **PRODUCTION)
    assert "SettingsError: The service can't start: DATABASE_URL" in server.stderr
    assert "hunter2" not in done.stderr + server.stderr


def test_a_guest_notices_nothing_of_a_postgresql_that_was_restarted(postgresql: Flask, databases: Databases) -> None:
    with postgresql.app_context():
        factories.event()
    visitor = postgresql.test_client()
    assert visitor.get("/en/").status_code == 200
    other = create_app(postgresql.extensions["settings"], factories.Moment())
    with other.app_context():
        ended = db.session.execute(
            text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        ).scalar_one()
        release(other)
    assert ended > 0
    assert visitor.get("/en/").status_code == 200


def test_an_error_of_the_database_names_no_value(site: Flask, postgresql: Flask) -> None:
    for app in (site, postgresql):
        with app.app_context():
            with pytest.raises(SQLAlchemyError) as error:
                db.session.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Kanarinam"})
            assert "nowhere" in str(error.value)
            assert "Kanarinam" not in str(error.value)
            db.session.rollback()


def test_the_doctor_asks_about_proxies_behind_https(
    databases: Databases, tmp_path: Path, mail_server: MailServer
) -> None:
    settings = {"DATABASE_URL": databases.sqlite(tmp_path), "MAIL_PORT": str(mail_server.port)}
    for address, proxies, is_named in (("https", "0", True), ("https", "1", False), ("http", "0", False)):
        changes = {"BASE_URL": f"{address}://localhost", "PROXIES": proxies}
        app = create_app(factories.settings(tmp_path, **settings, **changes), factories.Moment())
        with app.app_context():
            found = health.problems(at=factories.NOW)
            assert any(line.startswith("PROXIES is 0") for line in found) == is_named, found
            release(app)


def test_what_nginx_refuses_itself_is_said_in_both_languages() -> None:
    told = re.findall(r"error_page ([\d ]+) /(errors/\d+\.html);", NGINX)
    assert {400, 413, 414, 429, 502, 504} <= {int(code) for codes, _ in told for code in codes.split()}
    for _, name in told:
        page = (ROOT / "deploy" / name).read_text()
        document = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
        assert document.get("lang") == "en"
        words = "".join(document.find(".//section[@lang='km']").itertext())
        assert re.search(r"[\u1780-\u17ff]{4}", words)
        assert re.findall(r'(?:href|src)="([^"]*)"', page) == ["/errors/page.css"]


def test_what_nginx_says_itself_carries_the_headers_of_every_page() -> None:
    added = dict(re.findall(r'add_header (\S+) "([^"]+)" always;', NGINX))
    strict = {"Strict-Transport-Security": STRICT_TRANSPORT, "Cache-Control": "no-store"}
    assert added == HEADERS | strict | {"X-Robots-Tag": "noindex, nofollow"}


def test_what_breaks_outside_the_application_is_logged_without_its_address(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text(
        "def app(environ, start_response):\n    raise ValueError(environ['PATH_INFO'])\n"
    )
    log, port = tmp_path / "log", free_port()
    words = ("gunicorn", "--config", str(ROOT / "deploy" / "gunicorn.conf.py"), "--bind", f"127.0.0.1:{port}")
    with log.open("w") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *words, "--chdir", str(tmp_path), "broken:app"], stdout=written, stderr=written
        )
    try:
        answer = _ask_when_up(f"http://127.0.0.1:{port}/en/places/a-secret")
    finally:
        process.terminate()
        process.wait(20)
    assert answer == 500
    assert "outside the application error=ValueError" in log.read_text()
    assert "a-secret" not in log.read_text()


def _ask_when_up(address: str) -> int:
    """Return the code of the first answer of a server that is starting."""
    end = time.monotonic() + 20
    while True:
        try:
            return urlopen(address, timeout=5).status  # noqa: S310
        except HTTPError as error:
            return error.code
        except (URLError, ConnectionError):
            assert time.monotonic() < end, "the server doesn't start"
            time.sleep(0.1)


def test_a_calendar_that_asks_without_encryption_is_not_led_on() -> None:
    plain = NGINX.partition("listen 443")[0]
    assert re.search(r"location ~ /feeds/ \{\s*return 404;", plain)
