"""How a person vanishes, and what remains: counts, and the digest of an address that was refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from rsvp.db import db, transaction
from rsvp.models import Invitation, Letter, LinkRequest, Participant, PastDecline, Question, Rsvp, Token
from rsvp.models.letter import LetterState
from rsvp.services import (
    claims,
    erasures,
    hints,
    link_requests,
    outbox,
    questions,
    replies,
    rsvps,
    tallies,
    waiting_lists,
)
from rsvp.services.hints import Hint
from tests import factories, incoming, stories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

LATER = factories.NOW + timedelta(days=1)


def erase(rsvp: Rsvp) -> None:
    with transaction():
        erasures.erase(db.session.merge(rsvp.participant), at=LATER)


def test_everything_of_a_person_goes_and_counts_remain() -> None:
    factories.event()
    factories.event("sovereignty", starts_at=factories.FIRST + timedelta(days=7))
    rsvp = factories.approved("democracy", "sovereignty")
    with transaction():
        waiting = next(each for each in db.session.query(Rsvp) if each.id != rsvp.id)
        question = questions.ask(factories.decision(waiting), "Who are you?")
        questions.answer(rsvp.participant_id, question.public_id, "Somebody.", at=factories.NOW)
        db.session.merge(rsvp).attended_at = factories.NOW
    ids = rsvp.event_id, waiting.event_id
    erase(rsvp)
    left = [db.session.query(table).count() for table in (Participant, Rsvp, Question, Token, Invitation, PastDecline)]
    assert left == [0] * 6
    assert tallies.all_counts() == {
        f"event {ids[0]} approved": 1,
        f"event {ids[0]} attended": 1,
        f"event {ids[1]} pending": 1,
    }


def test_no_letter_leaves_for_who_was_erased(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    erase(factories.approved())
    assert outbox.deliver(clock.now) == 0
    assert mail_server.received == []
    kept = [(letter.state, letter.recipient, letter.content) for letter in db.session.query(Letter)]
    assert kept == [(LetterState.SUPERSEDED, None, None)] * 3


def test_a_letter_that_a_worker_held_while_it_died_is_not_sent_later(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.pending()
    claims.claim(clock.now())
    erase(rsvp)
    clock.pass_by(minutes=11)
    assert outbox.deliver(clock.now) == 0
    assert {letter.state for letter in db.session.query(Letter)} == {LetterState.SUPERSEDED}
    assert mail_server.received == []


def test_two_who_end_alike_are_counted_twice() -> None:
    factories.event()
    first, second = factories.pending(), factories.pending()
    event_id = first.event_id
    with transaction():
        for rsvp in (first, second):
            erasures.erase(db.session.merge(rsvp.participant), at=LATER)
    assert tallies.all_counts() == {f"event {event_id} pending": 2}


@pytest.mark.parametrize("refusal", [rsvps.decline, rsvps.revoke])
def test_a_refused_address_is_known_again_though_nobody_can_read_it(refusal: object) -> None:
    factories.event()
    rsvp = (
        factories.pending(email="again@example.org")
        if refusal is rsvps.decline
        else factories.approved(email="again@example.org")
    )
    with transaction():
        refusal(factories.decision(rsvp, at=LATER))  # type: ignore[operator]
    index = rsvp.participant.email_index
    erase(rsvp)
    mark = db.session.query(PastDecline).one()
    assert (mark.email_index, mark.declined_at) == (index, LATER)
    assert Hint.DECLINED_BEFORE in [noticed.hint for noticed in hints.of(factories.pending(email="again@example.org"))]
    assert hints.of(factories.pending(email="other.person@example.org")) == []


@pytest.mark.parametrize("last", ["pending", "approved", "withdrawn"])
def test_who_was_not_refused_leaves_no_mark(last: str) -> None:
    factories.event()
    rsvp = factories.approved() if last == "approved" else factories.pending()
    if last == "withdrawn":
        with transaction():
            rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
    erase(rsvp)
    assert db.session.query(PastDecline).count() == 0


def test_the_newest_of_several_refusals_counts() -> None:
    factories.event()
    for at in (factories.NOW, LATER):
        rsvp = factories.pending(email="again@example.org", at=at)
        with transaction():
            rsvps.decline(factories.decision(rsvp, at=at))
        erase(rsvp)
    assert db.session.query(PastDecline).one().declined_at == LATER


def test_the_place_of_who_was_erased_is_offered_to_who_waits() -> None:
    factories.event(capacity=1)
    approved, waiting = factories.approved(), factories.pending()
    with transaction():
        rsvps.waitlist(factories.decision(waiting))
    assert waiting_lists.suggestions(at=LATER) == []
    erase(approved)
    (suggestion,) = waiting_lists.suggestions(at=LATER)
    assert (suggestion.free, suggestion.next_in_line.public_id) == (1, waiting.public_id)
    assert rsvps.places_taken(stories.named()) == 0


def test_words_of_another_server_about_who_was_erased_are_not_kept(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.pending()
    outbox.deliver(clock.now)
    message_id = outbox.message_id(factories.letters("receipt")[0])
    erase(rsvp)
    with transaction():
        assert replies.take_in(incoming.postfix_bounce(message_id), at=LATER) == replies.Outcome.BOUNCED
    letter = factories.letters("receipt")[0]
    assert (letter.state, letter.error) == (LetterState.BOUNCED, None)


def test_a_wish_for_a_lost_link_goes_with_who_made_it_and_no_other() -> None:
    factories.event()
    rsvp = factories.pending(email="sok.dara@example.org")
    with transaction():
        for email in ("sok.dara@example.org", "chan.thea@example.org"):
            link_requests.receive(email, at=factories.NOW)
    erase(rsvp)
    assert [asked.email for asked in db.session.query(LinkRequest)] == ["chan.thea@example.org"]


def test_a_refusal_that_may_be_taken_back_leaves_no_mark_that_nobody_announced() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.decline(replace(factories.decision(rsvp, at=LATER), undo=timedelta(seconds=10)))
    erase(rsvp)
    assert db.session.query(PastDecline).count() == 0


def test_the_log_says_whether_it_forgot(monkeypatch: pytest.MonkeyPatch, app: Flask) -> None:
    monkeypatch.setattr("rsvp.db.BUSY_TIMEOUT_MS", 1)
    db.session.remove()
    db.engine.dispose()
    with db.engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM participant"))
        factories.event()
        assert erasures.truncate_log() == (db.engine.dialect.name != "sqlite")
    assert erasures.truncate_log()
