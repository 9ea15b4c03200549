"""The link to one's own page, sent again."""

from datetime import timedelta

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import LinkRequest, Participant
from rsvp.models.letter import LetterState
from rsvp.models.token import Purpose
from rsvp.services import link_requests, links, moves, outbox, requests, retention
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

ADDRESS = "sok.dara@example.org"


def ask(email: str = ADDRESS, *, at: Moment | None = None) -> None:
    now = at.now() if at else factories.NOW
    with transaction():
        link_requests.receive(email, at=now)
    link_requests.answer_all(at=now)


def opens(token: str) -> Participant | None:
    return links.open_link(token, Purpose.PLACES, at=factories.NOW)


def test_a_new_link_ends_the_old_ones_and_goes_to_the_address_only(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    old = factories.prove(factories.ask(email=ADDRESS))
    outbox.deliver(clock.now)
    ask(ADDRESS.upper())
    outbox.deliver(clock.now)
    letter = mail_server.received[-1]
    assert (letter.recipient, letter.message["Subject"]) == (ADDRESS, "Your new link")
    new = letter.message.get_body(("plain",)).get_content().partition("/en/places/")[2][:43]
    assert opens(old) is None
    assert opens(new) is not None
    assert db.session.query(LinkRequest).count() == 0


def test_the_calendar_of_a_guest_goes_on_when_the_link_is_new() -> None:
    factories.event()
    person = factories.approved(email=ADDRESS).participant
    with transaction():
        feed = links.issue(db.session.merge(person), Purpose.FEED, at=factories.NOW)
    ask()
    assert links.open_link(feed, Purpose.FEED, at=factories.NOW) is not None


def test_a_move_ends_even_if_a_link_was_sent_within_the_hour() -> None:
    factories.event()
    person = factories.pending(email=ADDRESS).participant
    ask()
    with transaction():
        proof = factories.token_in(
            factories.ask_to_move(db.session.merge(person), "stranger@example.org", at=factories.NOW)
        )
    ask()
    assert moves.named(proof, at=factories.NOW) is None
    assert len(factories.letters("link")) == 1


def test_a_new_link_ends_a_move_that_who_held_the_old_one_asked_for() -> None:
    factories.event()
    person = factories.pending(email=ADDRESS).participant
    with transaction():
        letter = factories.ask_to_move(db.session.merge(person), "stranger@example.org", at=factories.NOW)
        proof = factories.token_in(letter)
    ask()
    with transaction():
        assert moves.adopt(proof, at=factories.NOW) is None
    assert factories.only_participant().email == ADDRESS
    assert [letter.state for letter in factories.letters("address")] == ["superseded"]


def test_at_most_one_letter_goes_to_an_address_in_an_hour(clock: Moment) -> None:
    factories.event()
    factories.pending(email=ADDRESS)
    for minutes, letters in ((0, 1), (1, 1), (58, 1), (1, 2)):
        clock.pass_by(minutes=minutes)
        ask(at=clock)
        assert len(factories.letters("link")) == letters
    assert db.session.query(LinkRequest).count() == 0


def test_who_moved_within_the_hour_has_a_link_sent_to_the_new_address() -> None:
    factories.event()
    person = factories.pending(email=ADDRESS).participant
    ask()
    with transaction():
        proof = factories.token_in(factories.ask_to_move(db.session.merge(person), "new@example.org", at=factories.NOW))
    with transaction():
        moves.adopt(proof, at=factories.NOW)
    for _time in range(2):
        ask("new@example.org")
    written = [(letter.state, letter.recipient) for letter in factories.letters("link")]
    assert written == [("superseded", None), ("queued", "new@example.org")]


def test_a_letter_that_failed_does_not_keep_the_next_one_from_being_written() -> None:
    factories.event()
    factories.pending(email=ADDRESS)
    ask()
    with transaction():
        factories.letters("link")[0].state = LetterState.FAILED
    ask()
    assert len(factories.letters("link")) == 2


def test_a_link_that_was_just_sent_is_not_ended_by_who_asks_again() -> None:
    factories.event()
    person = factories.pending(email=ADDRESS).participant
    ask()
    with transaction():
        newest = links.issue(db.session.merge(person), Purpose.PLACES, at=factories.NOW)
    ask()
    assert opens(newest) is not None


def test_who_never_asked_for_a_place_is_not_written_to() -> None:
    ask("nobody@example.org")
    assert factories.letters() == []
    assert db.session.query(Participant).count() == 0
    assert db.session.query(LinkRequest).count() == 0


def test_who_has_not_proven_the_address_is_asked_to_once_a_day(clock: Moment) -> None:
    factories.event()
    factories.ask(email=ADDRESS)
    ask(at=clock)
    assert len(factories.letters("verification")) == 1
    clock.pass_by(hours=24)
    ask(at=clock)
    ask(at=clock)
    assert len(factories.letters("verification")) == 2
    assert factories.letters("link") == []


def test_a_wish_that_cannot_be_read_keeps_no_other_waiting() -> None:
    factories.event()
    factories.pending(email=ADDRESS)
    with transaction():
        link_requests.receive("lost@example.org", at=factories.NOW)
        link_requests.receive(ADDRESS, at=factories.NOW)
        db.session.flush()
        db.session.connection().exec_driver_sql(
            "UPDATE link_request SET email = 'v1:none:AAAA' WHERE id = (SELECT min(id) FROM link_request)"
        )
    link_requests.answer_all(at=factories.NOW + timedelta(seconds=1))
    assert len(factories.letters("link")) == 1
    assert len(db.session.query(LinkRequest.id).all()) == 1


def test_the_worker_answers_when_it_is_woken_to_deliver(app: Flask, mail_server: MailServer) -> None:
    factories.event()
    factories.pending(email=ADDRESS)
    with transaction():
        link_requests.receive(ADDRESS, at=factories.NOW)
    app.extensions["wake"].call_local()
    assert [received.message["Subject"] for received in mail_server.received][-1] == "Your new link"


def test_a_request_is_kept_as_long_as_the_newest_letter_about_it_says(clock: Moment) -> None:
    factories.event()
    factories.ask(email=ADDRESS)
    clock.pass_by(hours=30)
    ask(at=clock)
    letter = factories.letters("verification")[-1]
    assert "works for 48 hours" in (letter.content or "")
    token = factories.token_in(letter)
    clock.pass_by(hours=47)
    retention.run(at=clock.now())
    person = factories.only_participant()
    shown = requests.waiting(person, at=clock.now())
    assert len(shown.rsvps) == 1
    with transaction():
        assert requests.verify(token, shown=shown.digest, at=clock.now())
