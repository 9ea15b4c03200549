"""What is erased, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import SessionTransaction

from rsvp.db import db, transaction
from rsvp.models import Letter, LinkRequest, Participant, PastDecline, Rsvp, Token
from rsvp.services import events, locks, outbox, own_requests, requests, retention, rsvps, tallies
from tests import factories, stories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

LAST_END = factories.FIRST + timedelta(hours=2)


def test_a_guest_is_erased_thirty_days_after_their_last_event_and_a_count_remains() -> None:
    factories.event()
    rsvp = factories.approved()
    event_id = rsvp.event_id
    retention.run(at=LAST_END + timedelta(days=30, seconds=-1))
    assert db.session.query(Participant).count() == 1
    erased = retention.run(at=LAST_END + timedelta(days=30))
    assert erased.participants == 1
    assert (db.session.query(Rsvp).count(), db.session.query(Token).count()) == (0, 0)
    assert [letter.content for letter in db.session.query(Letter)] == [None] * 3
    assert tallies.all_counts() == {f"event {event_id} approved": 1, f"event {event_id} seated": 1}


def test_a_guest_who_waits_for_an_event_without_a_time_is_kept_but_not_for_ever() -> None:
    factories.event()
    factories.event("officials", starts_at=None)
    person = factories.approved("democracy", "officials").participant
    until = factories.NOW + timedelta(days=365)
    assert retention.is_waiting(person, at=LAST_END)
    assert retention.kept_until(person, at=LAST_END) == until
    assert retention.run(at=LAST_END + timedelta(days=90)).participants == 0
    assert retention.run(at=until - timedelta(seconds=1)).participants == 0
    assert retention.run(at=until).participants == 1


@pytest.mark.parametrize("way", ["declined", "withdrawn"])
def test_who_waits_no_more_for_an_event_without_a_time_is_erased(way: str) -> None:
    factories.event("officials", starts_at=None)
    rsvp = factories.pending("officials")
    decided_at = factories.NOW
    with transaction():
        if way == "declined":
            decided_at += timedelta(days=1)
            rsvps.decline(factories.decision(rsvp, at=decided_at))
        else:
            rsvps.withdraw(rsvp.participant_id, "officials", at=factories.NOW)
    until = decided_at + timedelta(days=30)
    assert retention.kept_until(db.session.merge(rsvp).participant, at=until) == until
    assert retention.run(at=until - timedelta(seconds=1)).participants == 0
    assert retention.run(at=until).participants == 1


def test_until_when_they_are_kept_tells_no_guest_of_a_decision_that_may_be_taken_back() -> None:
    factories.event("officials", starts_at=None)
    rsvp = factories.pending("officials")
    with transaction():
        rsvps.decline(replace(factories.decision(rsvp), undo=timedelta(seconds=10)))
    person = db.session.merge(rsvp).participant
    before = retention.kept_until(person, at=factories.NOW)
    assert before == factories.NOW + timedelta(days=365)
    assert retention.kept_until(person, at=factories.NOW + timedelta(seconds=10)) < before


def test_a_letter_to_a_person_who_is_erased_is_never_sent(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    factories.ask()
    clock.pass_by(hours=48)
    retention.run(at=clock.now())
    assert outbox.deliver(clock.now) == 0
    assert db.session.query(Letter).one().recipient is None
    assert mail_server.received == []


def test_a_failed_letter_forgets_its_address_after_a_week(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.pending(email="gone@example.org")
    mail_server.refuse("gone@example.org", "550 5.1.1 No such user")
    with transaction():
        rsvps.decline(factories.decision(rsvp))
    outbox.deliver(clock.now)
    retention.run(at=factories.NOW + timedelta(days=6))
    assert factories.letters("decline")[0].recipient == "gone@example.org"
    retention.run(at=factories.NOW + timedelta(days=7))
    db.session.expire_all()
    assert (factories.letters("decline")[0].recipient, factories.letters("decline")[0].error) == (None, None)


def test_the_operator_decides_how_long_each_thing_is_kept(app: Flask, clock: Moment) -> None:
    changes = {"unverified_hours": 1, "guest_days": 2, "decline_days": 3}
    app.extensions["settings"] = replace(app.extensions["settings"], **changes)
    factories.event()
    factories.ask()
    declined(factories.pending())
    clock.pass_by(hours=1)
    assert retention.run(at=clock.now()).participants == 1
    assert retention.run(at=LAST_END + timedelta(days=2)).participants == 1
    assert db.session.query(PastDecline).count() == 0, "it was declined longer ago than that is remembered"


def test_a_link_that_proves_an_address_works_as_long_as_the_request_is_kept(app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], unverified_hours=3)
    factories.event()
    person = factories.ask()
    token = db.session.query(Token).one()
    assert token.expires_at == factories.NOW + timedelta(hours=3)
    assert requests.asked_for(person, at=token.expires_at - timedelta(seconds=1))
    assert not requests.asked_for(person, at=token.expires_at)
    assert "works for 3 hours" in (factories.letters("verification")[0].content or "")


def test_what_a_guest_is_told_is_when_they_are_erased() -> None:
    factories.event()
    factories.event("sovereignty", starts_at=factories.FIRST + timedelta(days=7))
    person = factories.approved("democracy", "sovereignty").participant
    until = retention.kept_until(person, at=factories.NOW)
    assert until == LAST_END + timedelta(days=37)
    assert retention.run(at=until - timedelta(seconds=1)).participants == 0
    assert retention.run(at=until).participants == 1


def test_who_proved_an_address_and_asked_for_nothing_is_erased_too() -> None:
    factories.event()
    person = factories.ask()
    with transaction():
        events.close(stories.named("democracy"), by="x", at=factories.NOW)
    factories.prove(person)
    retention.run(at=factories.NOW + timedelta(hours=48))
    assert retention.kept_until(person, at=factories.NOW) == factories.NOW + timedelta(days=30)
    assert retention.run(at=factories.NOW + timedelta(days=30)).participants == 1


def test_an_event_called_off_before_it_had_a_time_keeps_nobody() -> None:
    factories.event("officials", starts_at=None)
    person = factories.approved("officials").participant
    assert retention.is_waiting(person, at=factories.NOW)
    later = factories.NOW + timedelta(days=100)
    with transaction():
        events.call_off(stories.named("officials"), by="x", at=later)
    assert not retention.is_waiting(person, at=later)
    assert retention.kept_until(person, at=factories.NOW) == later + timedelta(days=30)
    assert retention.run(at=later + timedelta(days=30)).participants == 1


def test_a_request_for_a_lost_link_that_nobody_answered_is_gone_after_a_day() -> None:
    with transaction():
        db.session.add(LinkRequest(email="sok.dara@example.org", asked_at=factories.NOW))
    retention.run(at=factories.NOW + timedelta(hours=23))
    assert db.session.query(LinkRequest).count() == 1
    retention.run(at=factories.NOW + timedelta(hours=24))
    assert db.session.query(LinkRequest).count() == 0


def test_a_letter_that_came_back_forgets_the_words_of_the_other_server() -> None:
    factories.event()
    factories.pending()
    letter = factories.letters("receipt")[0]
    with transaction():
        letter = db.session.merge(letter)
        letter.state, letter.error = "bounced", "sok.dara@example.org is unknown"
    retention.run(at=factories.NOW + timedelta(days=7))
    db.session.expire_all()
    assert factories.letters("receipt")[0].error is None


def test_a_past_decline_is_forgotten_after_a_year() -> None:
    factories.event()
    declined(factories.pending())
    retention.run(at=LAST_END + timedelta(days=30))
    mark = db.session.query(PastDecline).one()
    assert mark.declined_at == factories.NOW
    retention.run(at=factories.NOW + timedelta(days=365, seconds=-1))
    assert db.session.query(PastDecline).count() == 1
    retention.run(at=factories.NOW + timedelta(days=365))
    assert db.session.query(PastDecline).count() == 0


@pytest.fixture
def elsewhere(app: Flask, database_url: str) -> Iterator[Engine]:
    """The database as another process has it that waits for nobody."""
    limits = {"timeout": 0} if db.engine.dialect.name == "sqlite" else {"options": "-c lock_timeout=1"}
    engine = create_engine(db.engine.url, connect_args=limits)
    yield engine
    engine.dispose()


def test_between_a_few_who_are_erased_and_the_next_others_write(
    elsewhere: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.event()
    for _ in range(5):
        factories.approved()
    monkeypatch.setattr(retention, "BATCH", 2)
    left: list[int] = []

    def write(_session: object, ended: SessionTransaction) -> None:
        if ended.parent is not None:
            return
        with elsewhere.begin() as connection:
            connection.execute(text("UPDATE event SET capacity = 7"))
            left.append(connection.execute(text("SELECT count(*) FROM participant")).scalar_one())

    event.listen(db.session, "after_transaction_end", write)
    try:
        erased = retention.run(at=LAST_END + timedelta(days=30))
    finally:
        event.remove(db.session, "after_transaction_end", write)
    assert list(dict.fromkeys(left)) == [5, 3, 1, 0]
    assert erased.participants == 5
    assert stories.named("democracy").capacity == 7


def test_who_can_not_be_erased_keeps_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    factories.event()
    broken, *others = [factories.approved().participant_id for _ in range(3)]
    with transaction():
        db.session.execute(text("UPDATE participant SET name = 'broken' WHERE id = :id"), {"id": broken})
    assert retention.run(at=LAST_END + timedelta(days=30)).participants == len(others)
    assert list(db.session.scalars(db.select(Participant.id))) == [broken]
    assert f"participant not erased id={broken}" in caplog.text


def test_who_asks_again_while_others_are_erased_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.event()
    factories.event("later", starts_at=LAST_END + timedelta(days=60))
    people = [factories.approved().participant_id for _ in range(2)]
    monkeypatch.setattr(retention, "BATCH", 1)
    end = LAST_END + timedelta(days=30)

    hold_people = locks.hold_people
    asked: list[object] = []

    def hold_after_one_asked(ids: Sequence[int]) -> list[Participant]:
        if not asked:
            asked.append(own_requests.ask(db.session.get_one(Participant, people[1]), ["later"], at=end))
        return hold_people(ids)

    monkeypatch.setattr(locks, "hold_people", hold_after_one_asked)
    assert retention.run(at=end).participants == 1
    assert list(db.session.scalars(db.select(Participant.id))) == [people[1]]


def declined(rsvp: Rsvp) -> None:
    with transaction():
        rsvps.decline(factories.decision(rsvp))
