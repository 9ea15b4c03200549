"""Asking for more, asking again and withdrawing on one's own page, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.errors import EventOver
from rsvp.models import Event, JournalEntry, Participant, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import drafts, events, own_requests, requests, rsvps, waiting_lists
from rsvp.services.own_requests import CalledOff, DecidedMeanwhile, NeverAsked, Outcome, RequestsClosed, Settled
from tests import factories
from tests.factories import NOW
from tests.services.test_races import together

LATER = NOW + timedelta(days=1)


@pytest.fixture
def guest(app: Flask) -> Participant:
    """A guest who has asked for one of three events."""
    for slug in ("democracy", "sovereignty", "officials"):
        factories.event(slug)
    return factories.pending("democracy").participant


def ask(guest: Participant, *slugs: str, at: datetime = LATER) -> Outcome:
    with transaction():
        return own_requests.ask(db.session.merge(guest), slugs, at=at)


def withdraw(guest: Participant, *slugs: str, at: datetime = LATER) -> Outcome:
    with transaction():
        return own_requests.withdraw(db.session.merge(guest), slugs, at=at)


def states(guest: Participant) -> dict[str, str]:
    db.session.rollback()
    held = db.session.query(Rsvp).filter_by(participant_id=guest.id)
    return {rsvp.event.slug: rsvp.state for rsvp in held}


def decide(guest: Participant, act: Callable[[rsvps.Decision], Rsvp], slug: str = "democracy") -> Rsvp:
    db.session.rollback()
    held = db.session.query(Rsvp).filter_by(participant_id=guest.id)
    with transaction():
        return act(factories.decision(next(rsvp for rsvp in held if rsvp.event.slug == slug)))


def whys(outcome: Outcome) -> list[type]:
    return [type(each.refusal) for each in outcome.refused]


def test_more_events_reach_the_desk_at_once_and_one_letter_lists_them(guest: Participant) -> None:
    outcome = ask(guest, "sovereignty", "officials")
    assert states(guest) == dict.fromkeys(("democracy", "sovereignty", "officials"), State.PENDING)
    assert (len(outcome.done), outcome.refused) == (2, ())
    assert len(factories.letters("receipt")) == 2  # the first told of the form
    assert len(factories.letters("verification")) == 1


def test_the_same_press_twice_does_nothing_twice(guest: Participant) -> None:
    ask(guest, "sovereignty")
    again = ask(guest, "sovereignty")
    assert again == Outcome((), ())
    assert len(factories.letters("receipt")) == 2


def test_two_presses_at_the_same_moment_make_one_request_and_one_letter(app: Flask, guest: Participant) -> None:
    guest_id = guest.id

    def press() -> object:
        found = db.session.get(Participant, guest_id)
        assert found is not None
        return own_requests.ask(found, ["sovereignty"], at=LATER)

    results = together(app, [press, press, press])
    assert all(isinstance(result, Outcome) for result in results), results
    assert states(guest)["sovereignty"] == State.PENDING
    assert len(factories.letters("receipt")) == 2


def test_the_public_form_and_the_own_page_at_the_same_moment_make_one_request(app: Flask, guest: Participant) -> None:
    guest_id, email = guest.id, guest.email
    slugs = [factories.event(f"more{number}").slug for number in range(6)]

    def press() -> object:
        found = db.session.get(Participant, guest_id)
        assert found is not None
        return own_requests.ask(found, slugs, at=LATER)

    def fill_in() -> None:
        requests.receive(factories.asked(*slugs, email=email), at=LATER)

    for _ in range(3):
        together(app, [press, fill_in, press, fill_in])
        held = states(db.session.get_one(Participant, guest_id))
        assert {slug: held[slug] for slug in slugs} == dict.fromkeys(slugs, State.PENDING)
        with transaction():
            db.session.query(Rsvp).filter(Rsvp.event.has(Event.slug.in_(slugs))).delete()


def test_who_withdrew_asks_again_and_waits_behind_those_who_stayed(guest: Participant) -> None:
    decide(guest, rsvps.waitlist)
    factories.pending("democracy", at=NOW + timedelta(hours=1))
    other = factories.rsvp_of(db.session.query(Participant).order_by(Participant.id.desc()).first())
    with transaction():
        rsvps.waitlist(factories.decision(other))
        rsvps.annotate(factories.rsvp_of(guest).public_id, "Sounds fine.", by="x", at=NOW)
    withdraw(guest, "democracy")
    ask(guest, "democracy")
    rsvp = factories.rsvp_of(guest)
    assert (rsvp.state, rsvp.requested_at, rsvp.decided_at, rsvp.decided_by) == (State.PENDING, LATER, None, None)
    assert (rsvp.note, rsvp.reason) == ("Sounds fine.", None)
    decide(guest, rsvps.waitlist)
    with transaction():
        _event("democracy").capacity = 1
    (suggestion,) = waiting_lists.suggestions(at=LATER)
    assert suggestion.next_in_line.public_id == other.public_id


def test_a_request_that_waited_for_the_letter_needs_it_no_more(guest: Participant) -> None:
    factories.ask("sovereignty", email=guest.email)
    assert states(guest)["sovereignty"] == State.UNVERIFIED
    ask(guest, "sovereignty")
    assert states(guest)["sovereignty"] == State.PENDING


@pytest.mark.parametrize("act", [rsvps.decline, rsvps.revoke], ids=["declined", "revoked"])
def test_what_was_refused_is_asked_for_again_by_letter_to_the_coordinator_only(
    guest: Participant, act: Callable[[rsvps.Decision], Rsvp]
) -> None:
    if act is rsvps.revoke:
        decide(guest, rsvps.approve)
    decide(guest, act)
    before, entries = states(guest), db.session.query(JournalEntry).count()
    assert whys(ask(guest, "democracy")) == [Settled]
    assert (states(guest), db.session.query(JournalEntry).count()) == (before, entries)


def test_an_event_that_takes_no_requests_is_refused_with_its_reason_and_the_others_are_asked_for(
    guest: Participant,
) -> None:
    for slug in ("off", "closed", "over"):
        factories.event(slug)
    with transaction():
        _event("off").status = "cancelled"
        _event("closed").closed_at = NOW
        _event("over").starts_at = NOW - timedelta(days=3)
    outcome = ask(guest, "off", "closed", "over", "nothing", "sovereignty")
    why = {each.event.slug if each.event else None: type(each.refusal) for each in outcome.refused}
    assert why == {"off": CalledOff, "closed": RequestsClosed, "over": EventOver, None: NeverAsked}
    assert set(states(guest)) == {"democracy", "sovereignty"}


def test_a_draft_is_no_more_to_be_found_than_nonsense(guest: Participant) -> None:
    with transaction():
        drafts.begin(_event("democracy").programme, _draft(), by="x", at=NOW)
    (draft,) = [event for event in db.session.query(Event) if event.is_draft]
    assert whys(ask(guest, draft.slug)) == whys(ask(guest, "nothing")) == [NeverAsked]
    assert whys(withdraw(guest, draft.slug)) == whys(withdraw(guest, "nothing")) == [NeverAsked]


def test_everything_is_withdrawn_at_once_and_what_is_over_is_named(guest: Participant) -> None:
    ask(guest, "sovereignty", "officials")
    decide(guest, rsvps.approve, "sovereignty")
    with transaction():
        _event("democracy").starts_at = NOW - timedelta(days=3)
    outcome = withdraw(guest, "democracy", "sovereignty", "officials")
    assert [(each.event.slug, type(each.refusal)) for each in outcome.refused if each.event] == [
        ("democracy", EventOver)
    ]
    assert states(guest) == {"democracy": "pending", "sovereignty": "withdrawn", "officials": "withdrawn"}
    assert len(factories.letters("cancellation")) == 1


def test_withdrawing_twice_says_nothing_new_and_writes_no_second_letter(guest: Participant) -> None:
    decide(guest, rsvps.approve)
    withdraw(guest, "democracy")
    assert withdraw(guest, "democracy") == Outcome((), ())
    assert len(factories.letters("cancellation")) == 1


def test_who_was_declined_a_moment_before_withdrawing_is_told_so(guest: Participant) -> None:
    decide(guest, rsvps.decline)
    assert whys(withdraw(guest, "democracy")) == [DecidedMeanwhile]
    assert states(guest)["democracy"] == State.DECLINED


def test_a_coordinator_and_a_guest_at_the_same_moment_leave_one_state_and_no_half_of_the_other(
    app: Flask, guest: Participant
) -> None:
    guest_id, decision = guest.id, factories.decision(factories.rsvp_of(guest))

    def give_up() -> object:
        found = db.session.get(Participant, guest_id)
        assert found is not None
        return own_requests.withdraw(found, ["democracy"], at=LATER)

    together(app, [lambda: rsvps.decline(decision), give_up])
    state = states(guest)["democracy"]
    assert state in (State.DECLINED, State.WITHDRAWN)
    assert len(factories.letters("decline")) == (state == State.DECLINED)


def _event(slug: str) -> Event:
    found = events.named(slug)
    assert found is not None
    return found


def _draft() -> dict[str, object]:
    texts = {"title": {"en": "Sample draft"}, "summary": {"en": "Still in writing."}}
    return {"kind": "discussion", "zone": "America/New_York", "minutes": 120, "starts_at": None, **texts}
