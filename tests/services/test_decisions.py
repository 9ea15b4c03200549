"""Many decisions at once, and who is next in line."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready, EventFull
from rsvp.models import Rsvp
from rsvp.services import decisions, rsvps, waiting_lists
from rsvp.services.decisions import Act, Result
from rsvp.services.rsvps import Decision, UnknownRsvp
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def decide(act: Act, seen: list[Decision], reason: str | None = None) -> list[Result]:
    with transaction():
        return decisions.decide(act, seen, reason=reason)


def test_many_are_approved_at_once_with_a_letter_each() -> None:
    factories.event()
    waiting = [factories.pending() for _ in range(5)]
    results = decide(Act.APPROVAL, [factories.decision(rsvp) for rsvp in waiting])
    assert [result.refusal for result in results] == [None] * 5
    assert [rsvp.state for rsvp in waiting] == ["approved"] * 5
    assert len(factories.letters("invitation")) == 5


def test_many_are_declined_with_one_reason_that_each_of_them_reads() -> None:
    factories.event()
    waiting = [factories.pending() for _ in range(3)]
    decide(Act.DECLINE, [factories.decision(rsvp) for rsvp in waiting], reason="Only members this time.")
    told = [letter.content or "" for letter in factories.letters("decline")]
    assert [("Only members this time" in words) for words in told] == [True] * 3


def test_what_is_no_longer_pending_is_named_and_stops_nobody_else() -> None:
    factories.event()
    first, second, third = (factories.pending() for _ in range(3))
    seen = [factories.decision(rsvp) for rsvp in (first, second, third)]
    with transaction():
        rsvps.decline(factories.decision(second))
    missing = Decision("nothing", 0, by=factories.COORDINATOR, at=factories.NOW)
    results = decide(Act.APPROVAL, [*seen, missing])
    assert [type(result.refusal) for result in results] == [type(None), DecidedAlready, type(None), UnknownRsvp]
    assert [rsvp.state for rsvp in (first, second, third)] == ["approved", "declined", "approved"]
    assert results[1].rsvp == second


def test_the_last_places_go_to_those_who_asked_first_and_the_rest_is_told_that_it_is_full() -> None:
    factories.event(capacity=2)
    waiting = [factories.pending() for _ in range(3)]
    results = decide(Act.APPROVAL, [factories.decision(rsvp) for rsvp in reversed(waiting)])
    assert [type(result.refusal) for result in results] == [EventFull, type(None), type(None)]
    assert [rsvp.state for rsvp in waiting] == ["approved", "approved", "pending"]


def test_one_decision_covers_all_events_that_a_person_asked_for() -> None:
    factories.event()
    factories.event("sovereignty")
    person = factories.pending("democracy", "sovereignty").participant
    theirs = factories.db.session.query(Rsvp).filter_by(participant_id=person.id).all()
    decide(Act.WAITLISTING, [factories.decision(rsvp) for rsvp in theirs])
    assert [rsvp.state for rsvp in theirs] == ["waitlisted"] * 2


def test_however_many_are_decided_at_once_their_rows_are_read_and_held_once(app: Flask) -> None:
    factories.event(capacity=50)
    factories.event("sovereignty")
    few, many = ([factories.pending("democracy", "sovereignty") for _ in range(count)] for count in (2, 9))
    readings: list[str] = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if re.match(r"SELECT .*\sFROM \(?(event|rsvp|participant|programme)\b", statement, re.DOTALL):
            readings.append(statement)

    def readings_of(people: list[Rsvp]) -> int:
        ids = [rsvp.participant_id for rsvp in people]
        seen = [factories.decision(rsvp) for rsvp in db.session.query(Rsvp).where(Rsvp.participant_id.in_(ids))]
        readings.clear()
        assert {result.refusal for result in decide(Act.APPROVAL, seen)} == {None}
        return len(readings)

    assert readings_of(few) == readings_of(many)


def test_when_a_place_frees_the_one_who_waited_longest_is_suggested_and_nothing_happens_by_itself() -> None:
    factories.event(capacity=1)
    holder = factories.approved()
    later = factories.pending(at=factories.NOW + timedelta(hours=2))
    longest = factories.pending(at=factories.NOW + timedelta(hours=1))
    for rsvp in (later, longest):
        with transaction():
            rsvps.waitlist(factories.decision(rsvp))
    assert waiting_lists.suggestions(at=factories.NOW) == []
    with transaction():
        rsvps.withdraw(holder.participant_id, "democracy", at=factories.NOW)
    (suggestion,) = waiting_lists.suggestions(at=factories.NOW)
    assert (suggestion.free, suggestion.next_in_line.id) == (1, longest.id)
    assert longest.state == "waitlisted"


def test_nobody_is_suggested_for_an_event_that_is_over() -> None:
    factories.event(capacity=1)
    with transaction():
        rsvps.waitlist(factories.decision(factories.pending()))
    assert len(waiting_lists.suggestions(at=factories.NOW)) == 1
    assert waiting_lists.suggestions(at=factories.FIRST + timedelta(hours=3)) == []
