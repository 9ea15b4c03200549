"""Letters go over TLS to the server that was meant, or stay."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from rsvp.models.letter import LetterState
from rsvp.services import outbox
from tests import factories
from tests.certificates import Certified, certify
from tests.databases import Databases
from tests.factories import Moment
from tests.mailserver import MailServer

STARTTLS, TLS = "mail_use_tls", "mail_use_ssl"


@pytest.fixture
def database_url(databases: Databases, tmp_path: Path) -> str:
    return databases.sqlite(tmp_path)


@pytest.fixture
def certified(tmp_path: Path) -> Certified:
    return certify(tmp_path)


@pytest.fixture(params=[STARTTLS, TLS])
def secure_server(request: pytest.FixtureRequest, app: Flask, certified: Certified) -> Iterator[MailServer]:
    """A server that speaks TLS, in one way or the other, and an application that insists on it."""
    way = {"starttls": certified.context} if request.param == STARTTLS else {"tls": certified.context}
    with MailServer(**way) as server:
        _use(app, server, request.param)
        yield server


def _use(app: Flask, server: MailServer, way: str) -> None:
    changes = {way: True, "mail_port": server.port, "mail_timeout_seconds": 5}
    app.extensions["settings"] = replace(app.extensions["settings"], **changes)


def _deliver(clock: Moment) -> tuple[int, list[str]]:
    factories.event()
    factories.ask()
    return outbox.deliver(clock.now), [letter.state for letter in factories.letters()]


def test_a_letter_waits_when_nobody_vouches_for_the_server(secure_server: MailServer, clock: Moment) -> None:
    assert _deliver(clock) == (0, [LetterState.DEFERRED])
    assert secure_server.received == []
    assert "certificate verify failed" in str(factories.letters()[0].error)


def test_a_letter_leaves_to_a_server_that_an_authority_vouches_for(
    secure_server: MailServer, certified: Certified, clock: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certified.authority))
    assert _deliver(clock) == (1, [LetterState.SENT])
    assert len(secure_server.received) == 1


@pytest.mark.parametrize("way", [STARTTLS, TLS])
def test_a_letter_waits_when_the_certificate_is_another_servers(
    app: Flask, tmp_path: Path, clock: Moment, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    other = certify(tmp_path, address="127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.authority))
    with MailServer(**({"starttls": other.context} if way == STARTTLS else {"tls": other.context})) as server:
        _use(app, server, way)
        assert _deliver(clock) == (0, [LetterState.DEFERRED])
        assert server.received == []


@pytest.mark.parametrize("way", [STARTTLS, TLS])
def test_a_server_without_tls_gets_nothing(app: Flask, mail_server: MailServer, clock: Moment, way: str) -> None:
    _use(app, mail_server, way)
    assert _deliver(clock) == (0, [LetterState.DEFERRED])
    assert mail_server.received == []
