"""Workers that are killed at each step of sending a letter, on both databases: nothing is lost."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import icalendar
import pytest
from flask import Flask
from sqlalchemy import select

from rsvp import create_app
from rsvp.db import db, transaction
from rsvp.messages import Parts
from rsvp.models import Letter
from rsvp.models.letter import LetterKind, LetterState
from rsvp.services import claims, outbox, rsvps
from rsvp.tasks import wake_worker
from tests import factories
from tests.databases import release
from tests.mailserver import Received
from tests.scripted_mailserver import PATIENCE_SECONDS, Script, ScriptedMailServer, Seam

ROOT = Path(__file__).parents[1]
# The third letter is the first guest's invitation; three more wait behind it.
INVITATION = 3
LETTERS = 6

Stopped = tuple[subprocess.Popen[bytes], Script]
Reach = Callable[[Seam], Stopped]


@pytest.fixture
def scripted() -> Iterator[ScriptedMailServer]:
    with ScriptedMailServer() as server:
        yield server


@pytest.fixture
def environ(database_url: str, tmp_path: Path, scripted: ScriptedMailServer) -> dict[str, str]:
    return factories.environ(DATABASE_URL=database_url, MAIL_PORT=str(scripted.port), INSTANCE=str(tmp_path))


@pytest.fixture
def app(environ: dict[str, str], tmp_path: Path) -> Iterator[Flask]:
    app = create_app(factories.settings(tmp_path, **environ), factories.Moment(datetime.now(UTC)))
    with app.app_context():
        yield app
        release(app)


@pytest.fixture
def reach(app: Flask, environ: dict[str, str], scripted: ScriptedMailServer) -> Iterator[Reach]:
    """Start a worker with six letters to send, and return it when it has come to that step of the third."""
    factories.event(link=factories.LINK)
    for _ in range(2):
        factories.approved()
    processes = []

    def start(seam: Seam) -> Stopped:
        script = scripted.stop_at(seam, letter=INVITATION)
        processes.append(_run("worker", environ))
        wake_worker()
        assert script.reached.wait(PATIENCE_SECONDS)
        return processes[0], script

    yield start
    for process in processes:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def _run(command: str, environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", *command.split()],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None, "the worker ended by itself"
    process.send_signal(signal.SIGKILL)
    process.wait(PATIENCE_SECONDS)


def _deliver_when_the_lease_has_ended() -> int:
    db.session.rollback()
    later = factories.Moment(datetime.now(UTC) + claims.LEASE + timedelta(seconds=1))
    return outbox.deliver(later.now)


def _copies(scripted: ScriptedMailServer) -> list[int]:
    """Return how often each letter arrived, in the order of first arrival."""
    return list(Counter(str(received.message["Message-ID"]) for received in scripted.received).values())


def _invitations(scripted: ScriptedMailServer) -> list[Received]:
    """Return every copy of the first guest's invitation."""
    first = next(received for received in scripted.received if _calendar(received))
    return [received for received in scripted.received if received.message["Message-ID"] == first.message["Message-ID"]]


def _calendar(received: Received) -> icalendar.Event | None:
    for part in received.message.walk():
        if part.get_content_type() == "text/calendar":
            return icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    return None


def _write(count: int, person_id: int) -> None:
    """Put so many letters into the outbox."""
    with transaction():
        for number in range(count):
            parts = Parts(subject=f"Letter {number}", text="words", html="<p>words</p>")
            draft = outbox.Draft(LetterKind.RECEIPT, "en", "sok@example.org", parts, person_id)
            outbox.add(draft, at=factories.NOW)


def _states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Letter.state).order_by(Letter.id)))


def test_a_worker_killed_before_it_hands_over_a_letter_loses_and_repeats_nothing(
    reach: Reach, scripted: ScriptedMailServer
) -> None:
    worker, script = reach(Seam.DATA)
    _kill(worker)
    script.go_on.set()
    assert _states() == [LetterState.SENT] * 2 + [LetterState.SENDING] * 4
    assert _deliver_when_the_lease_has_ended() == LETTERS - 2
    assert _copies(scripted) == [1] * LETTERS
    assert _states() == [LetterState.SENT] * LETTERS


def test_a_worker_killed_after_the_dot_repeats_that_letter_byte_for_byte_and_no_other(
    reach: Reach, scripted: ScriptedMailServer
) -> None:
    worker, script = reach(Seam.DOT)
    _kill(worker)
    script.go_on.set()
    assert _deliver_when_the_lease_has_ended() == LETTERS - 2
    assert _copies(scripted) == [1, 1, 2, 1, 1, 1]
    _assert_the_same(*_invitations(scripted))


def test_a_worker_killed_between_the_servers_yes_and_its_own_note_repeats_that_letter_only(
    reach: Reach, scripted: ScriptedMailServer
) -> None:
    worker, script = reach(Seam.DOT)
    with transaction():
        # While the row is held, the worker can't write that the letter has left.
        db.session.scalars(select(Letter.id).with_for_update()).all()
        script.go_on.set()
        with pytest.raises(subprocess.TimeoutExpired):
            worker.wait(1)
        _kill(worker)
    assert _states()[INVITATION - 1] == LetterState.SENDING
    assert _deliver_when_the_lease_has_ended() == LETTERS - 2
    assert _copies(scripted) == [1, 1, 2, 1, 1, 1]
    _assert_the_same(*_invitations(scripted))


def _assert_the_same(first: Received, second: Received) -> None:
    assert first.raw == second.raw
    assert first.message["Message-ID"] == second.message["Message-ID"]
    entries = [_calendar(received) for received in (first, second)]
    assert entries[0]["UID"] == entries[1]["UID"]
    assert [entry["SEQUENCE"] for entry in entries] == [0, 0]


def test_a_guest_revoked_while_the_worker_lay_dead_never_gets_the_link(
    reach: Reach, scripted: ScriptedMailServer
) -> None:
    worker, script = reach(Seam.DATA)
    _kill(worker)
    script.go_on.set()
    rsvp = factories.letters(LetterKind.INVITATION)[0].rsvp
    assert rsvp is not None
    with transaction():
        rsvps.revoke(factories.decision(db.session.merge(rsvp)))
    _deliver_when_the_lease_has_ended()
    told = [_calendar(received) for received in scripted.received if received.recipient == rsvp.participant.email]
    assert [entry["STATUS"] for entry in told if entry] == ["CANCELLED"]


def test_a_worker_killed_with_all_its_carriers_on_the_way_repeats_only_what_they_held(
    app: Flask, environ: dict[str, str], scripted: ScriptedMailServer
) -> None:
    factories.event()
    person = factories.ask()
    _write(80, person.id)
    script = scripted.stop_at(Seam.DOT, letter=30)
    worker = _run("outbox deliver", environ)
    assert script.reached.wait(PATIENCE_SECONDS)
    _kill(worker)
    script.go_on.set()
    assert scripted.connections_at_once > 1
    _deliver_when_the_lease_has_ended()
    copies = _copies(scripted)
    assert len(copies) == 81
    assert max(copies) == 2
    assert copies.count(2) <= outbox.CARRIERS
    assert len({received.raw for received in scripted.received}) == 81
    assert set(_states()) == {LetterState.SENT}


def test_two_workers_at_once_send_every_letter_once(
    app: Flask, environ: dict[str, str], scripted: ScriptedMailServer
) -> None:
    factories.event()
    person = factories.ask()
    _write(120, person.id)
    workers = [_run("outbox deliver", environ) for _ in range(2)]
    assert [process.wait(PATIENCE_SECONDS) for process in workers] == [0, 0]
    assert _copies(scripted) == [1] * 121
    assert set(_states()) == {LetterState.SENT}
