"""A slow, silent or rude mail server, poisonous letters, and letters that aren't true any more."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, text

from rsvp.db import db, transaction
from rsvp.messages import Parts
from rsvp.models import Letter, Rsvp
from rsvp.models.letter import LetterKind, LetterState
from rsvp.services import claims, outbox, rsvps
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer
from tests.scripted_mailserver import HANG_UP, PATIENCE_SECONDS, ScriptedMailServer, Seam

TIMEOUT_SECONDS = 1
# Enough for every carrier to be at work.
MANY = outbox.CARRIERS * outbox.LETTERS_EACH


@pytest.fixture
def scripted(app: Flask) -> Iterator[ScriptedMailServer]:
    with ScriptedMailServer() as server:
        app.extensions["settings"] = replace(
            app.extensions["settings"], mail_port=server.port, mail_timeout_seconds=TIMEOUT_SECONDS
        )
        yield server


def _states(kind: str | None = None) -> list[str]:
    db.session.rollback()
    chosen = select(Letter.state).order_by(Letter.id)
    return list(db.session.scalars(chosen if kind is None else chosen.where(Letter.kind == kind)))


def _write(*recipients: str) -> None:
    """Put a letter into the outbox for each of these addresses."""
    with transaction():
        for recipient in recipients:
            parts = Parts(subject="A letter", text="words", html="<p>words</p>")
            person = factories.only_participant().id
            outbox.add(outbox.Draft(LetterKind.RECEIPT, "en", recipient, parts, person), at=factories.NOW)


def _addresses(count: int) -> list[str]:
    return [f"reader{number}@example.org" for number in range(count)]


def _revoke(rsvp: Rsvp) -> None:
    with transaction():
        rsvps.revoke(factories.decision(db.session.merge(rsvp)))


@contextmanager
def _delivering(app: Flask, clock: Moment) -> Iterator[None]:
    """Let a worker deliver in a thread of its own for as long as the block lasts."""

    def work() -> None:
        with app.app_context():
            outbox.deliver(clock.now)

    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive()


@pytest.mark.parametrize("seam", [Seam.CONNECTED, Seam.MAIL, Seam.DOT])
def test_a_mail_server_that_falls_silent_costs_one_time_out_and_not_one_per_letter(
    app: Flask, clock: Moment, scripted: ScriptedMailServer, seam: Seam
) -> None:
    factories.event()
    for _ in range(4):
        factories.ask()
    scripted.stop_at(seam)
    began = time.monotonic()
    assert outbox.deliver(clock.now) == 0
    assert TIMEOUT_SECONDS <= time.monotonic() - began < 2 * TIMEOUT_SECONDS
    assert _states() == [LetterState.DEFERRED] * 4
    clock.pass_by(minutes=1)
    assert outbox.deliver(clock.now) == 4


def test_a_mail_server_that_hangs_up_on_one_letter_gets_the_others(
    app: Flask, clock: Moment, scripted: ScriptedMailServer
) -> None:
    factories.event()
    for _ in range(3):
        factories.ask()
    scripted.stop_at(Seam.DATA, letter=2, then=HANG_UP).go_on.set()
    assert outbox.deliver(clock.now) == 2
    assert _states() == [LetterState.SENT, LetterState.DEFERRED, LetterState.SENT]


def test_many_letters_share_several_connections_and_each_leaves_once(
    app: Flask, clock: Moment, scripted: ScriptedMailServer
) -> None:
    factories.event()
    factories.ask()
    _write(*_addresses(MANY))
    assert outbox.deliver(clock.now) == MANY + 1
    assert 2 <= scripted.connections_at_once <= outbox.CARRIERS
    reached = [received.recipient for received in scripted.received]
    assert sorted(reached)[1:] == sorted(_addresses(MANY))


def test_a_mail_server_that_allows_few_connections_gets_every_letter_once(
    app: Flask, clock: Moment, scripted: ScriptedMailServer
) -> None:
    factories.event()
    factories.ask()
    _write(*_addresses(MANY))
    scripted.allow(2)
    assert outbox.deliver(clock.now) == MANY + 1
    assert scripted.connections_at_once == 2
    assert len(scripted.received) == MANY + 1


def test_one_letter_that_the_server_is_silent_about_holds_up_nobody_elses(
    app: Flask, clock: Moment, scripted: ScriptedMailServer
) -> None:
    factories.event()
    factories.ask()
    _write(*_addresses(MANY - 1))
    script = scripted.stop_at(Seam.DOT, letter=9)
    assert outbox.deliver(clock.now) == MANY - 1
    script.go_on.set()
    assert sorted(_states()) == [LetterState.DEFERRED] + [LetterState.SENT] * (MANY - 1)


@pytest.mark.parametrize("poison", ["two\nlines@example.org", "sök@example.org"])
def test_a_letter_that_cannot_be_made_spoils_neither_the_connection_nor_the_letters_behind_it(
    app: Flask, clock: Moment, mail_server: MailServer, poison: str
) -> None:
    factories.event()
    factories.ask(email="first@example.org")
    _write(poison, "last@example.org")
    assert outbox.deliver(clock.now) == 2
    assert [received.recipient for received in mail_server.received] == ["first@example.org", "last@example.org"]
    assert _states() == [LetterState.SENT, LetterState.FAILED, LetterState.SENT]


def test_a_letter_outlives_a_database_that_is_away_for_a_moment(
    app: Flask, clock: Moment, mail_server: MailServer
) -> None:
    factories.event()
    factories.ask()
    with transaction():
        db.session.execute(text("ALTER TABLE letter RENAME COLUMN attempts TO away"))
    with pytest.raises(Exception, match="attempts"):
        outbox.deliver(clock.now)
    with transaction():
        db.session.execute(text("ALTER TABLE letter RENAME COLUMN away TO attempts"))
    assert _states() == [LetterState.SENDING]
    clock.at += claims.LEASE
    assert outbox.deliver(clock.now) == 1


def test_a_guest_revoked_while_the_mail_server_was_down_never_gets_the_link(
    app: Flask, clock: Moment, mail_server: MailServer
) -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.approved()
    app.extensions["settings"] = replace(app.extensions["settings"], mail_port=1)
    outbox.deliver(clock.now)
    _revoke(rsvp)
    assert _states(LetterKind.INVITATION) == [LetterState.SUPERSEDED]
    app.extensions["settings"] = replace(app.extensions["settings"], mail_port=mail_server.port)
    clock.pass_by(minutes=1)
    outbox.deliver(clock.now)
    assert _states(LetterKind.CANCELLATION) == [LetterState.SENT]
    for received in mail_server.received:
        bodies = [part.get_payload(decode=True) for part in received.message.walk() if not part.is_multipart()]
        assert not [body for body in bodies if b"zoom.example" in body]


def test_an_invitation_in_flight_while_its_guest_is_revoked_is_not_tried_again(
    app: Flask, clock: Moment, scripted: ScriptedMailServer
) -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.approved()
    script = scripted.stop_at(Seam.DOT, letter=3, then="451 try again")
    with _delivering(app, clock):
        assert script.reached.wait(PATIENCE_SECONDS)
        _revoke(rsvp)
        script.go_on.set()
    assert _states(LetterKind.INVITATION) == [LetterState.DEFERRED]
    clock.pass_by(minutes=5)
    before = len(scripted.received)
    outbox.deliver(clock.now)
    assert _states(LetterKind.INVITATION) == [LetterState.SUPERSEDED]
    assert _states(LetterKind.CANCELLATION) == [LetterState.SENT]
    texts = [
        part.get_payload(decode=True) for received in scripted.received[before:] for part in received.message.walk()
    ]
    assert not [body for body in texts if body and b"zoom.example" in body]


@pytest.mark.parametrize("answer", ["550 no", "451 later"])
def test_a_letter_that_another_worker_has_sent_is_not_failed_by_the_slow_one(
    app: Flask, clock: Moment, scripted: ScriptedMailServer, answer: str
) -> None:
    factories.event()
    factories.ask()
    script = scripted.stop_at(Seam.DOT, then=answer)
    with _delivering(app, clock):
        assert script.reached.wait(PATIENCE_SECONDS)
        clock.at += claims.LEASE
        assert outbox.deliver(clock.now) == 1
        script.go_on.set()
    assert _states() == [LetterState.SENT]
    clock.pass_by(days=1)
    assert outbox.deliver(clock.now) == 0


def test_a_lease_that_somebody_else_holds_by_now_lets_nobody_send(app: Flask, clock: Moment) -> None:
    factories.event()
    factories.ask()
    (slow,) = claims.claim(clock.now())
    clock.at += claims.LEASE
    (quick,) = claims.claim(clock.now())
    with transaction():
        assert claims.take([slow], at=clock.now()) == []
        assert claims.take([quick], at=clock.now()) != []
        claims.finish(slow, state=LetterState.FAILED, error="550 no")
    assert _states() == [LetterState.SENDING]


def test_a_letter_that_left_has_left_though_its_lease_had_ended(app: Flask, clock: Moment) -> None:
    factories.event()
    factories.ask()
    (slow,) = claims.claim(clock.now())
    clock.at += claims.LEASE
    (quick,) = claims.claim(clock.now())
    with transaction():
        claims.finish_sent([slow], at=clock.now())
        assert claims.take([quick], at=clock.now()) == []
    assert _states() == [LetterState.SENT]


def test_a_lease_is_renewed_when_less_than_half_of_it_is_left(app: Flask, clock: Moment) -> None:
    factories.event()
    factories.ask()
    (claim,) = claims.claim(clock.now())
    with transaction():
        (early,) = claims.take([claim], at=clock.now())
        assert early.claim == claim
        (late,) = claims.take([claim], at=clock.now() + claims.LEASE * 0.6)
        assert late.claim.leased_until == clock.now() + claims.LEASE * 1.6
