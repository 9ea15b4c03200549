"""Several people acting at the same moment, on both databases, each with a connection of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready, EventFull, EventNameTaken, MoveRefused, Refusal
from rsvp.models import Event, JournalEntry, Participant, Programme, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import additions, decisions, drafts, journal, requests, rsvps
from rsvp.services.decisions import Act
from tests import factories

THREADS = 8


def together(app: Flask, acts: list[Callable[[], object]]) -> list[object]:
    """Run every act in a thread and a transaction of its own; return results or the refusals raised."""
    db.session.remove()

    def run(act: Callable[[], object]) -> object:
        with app.app_context():
            try:
                with transaction():
                    return act()
            except Refusal as refusal:
                return refusal

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, acts))


def approvals(rsvps_: list[Rsvp]) -> list[Callable[[], object]]:
    decisions = [factories.decision(rsvp) for rsvp in rsvps_]
    return [lambda decision=decision: rsvps.approve(decision) for decision in decisions]


def approved_count() -> int:
    return db.session.query(Rsvp).filter_by(state=State.APPROVED).count()


def test_fifty_parallel_approvals_on_ten_places_give_exactly_ten(app: Flask) -> None:
    factories.event(capacity=10)
    waiting = [factories.pending() for _ in range(50)]
    results = together(app, approvals(waiting))
    assert approved_count() == 10
    assert sum(isinstance(result, EventFull) for result in results) == 40
    assert len(factories.letters("invitation")) == 10
    assert journal.broken() is None


def test_the_last_place_is_given_twice_when_the_lock_is_let_go_between_counting_and_taking(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.event(capacity=1)
    waiting = [factories.pending() for _ in range(2)]
    meeting = threading.Barrier(2, timeout=20)
    counted = rsvps.Held.is_full

    def count_and_let_go(held: rsvps.Held, event: Event) -> bool:
        is_full = counted(held, event)
        db.session.commit()
        meeting.wait()
        return is_full

    monkeypatch.setattr(rsvps.Held, "is_full", count_and_let_go)
    together(app, approvals(waiting))
    assert approved_count() == 2, "the control must oversell, or the test above proves nothing"


def test_two_approvals_at_the_last_place_give_it_once(app: Flask) -> None:
    factories.event(capacity=1)
    waiting = [factories.pending() for _ in range(2)]
    results = together(app, approvals(waiting))
    assert approved_count() == 1
    assert sum(isinstance(result, EventFull) for result in results) == 1


def test_two_coordinators_deciding_one_request_make_one_decision_and_one_letter(app: Flask) -> None:
    factories.event()
    rsvp = factories.pending()
    first, second = (factories.decision(rsvp, by=name) for name in ("first", "second"))
    results = together(app, [lambda: rsvps.approve(first), lambda: rsvps.decline(second)])
    assert sum(isinstance(result, DecidedAlready | MoveRefused) for result in results) == 1
    assert len(factories.letters("invitation")) + len(factories.letters("decline")) == 1
    assert db.session.query(JournalEntry).count() == 1


def test_in_a_hundred_races_one_coordinator_wins_and_the_other_reads_who_decided(app: Flask) -> None:
    factories.event()
    waiting = [factories.pending() for _ in range(100)]
    seen = [[factories.decision(rsvp, by=name) for name in ("first", "second")] for rsvp in waiting]
    pairs = [
        together(app, [lambda first=first: rsvps.approve(first), lambda second=second: rsvps.decline(second)])
        for first, second in seen
    ]
    assert {sum(isinstance(result, DecidedAlready) for result in pair) for pair in pairs} == {1}
    decided = db.session.query(Rsvp).order_by(Rsvp.id).all()
    winners = ["second" if isinstance(pair[0], DecidedAlready) else "first" for pair in pairs]
    assert [(rsvp.decided_by, rsvp.decided_at) for rsvp in decided] == [(name, factories.NOW) for name in winners]
    told = [letter.rsvp_id for letter in factories.letters() if letter.kind in ("invitation", "decline")]
    assert sorted(told) == sorted(rsvp.id for rsvp in decided)
    assert db.session.query(JournalEntry).count() == 100
    assert journal.broken() is None


def test_two_coordinators_with_one_list_in_two_orders_decide_each_request_once(app: Flask) -> None:
    factories.event()
    factories.event("sovereignty")
    for _ in range(10):
        factories.pending("democracy", "sovereignty")
    waiting = db.session.query(Rsvp).order_by(Rsvp.id).all()
    first, second = ([factories.decision(rsvp, by=name) for rsvp in waiting] for name in ("first", "second"))
    acts = [(Act.APPROVAL, first), (Act.DECLINE, second[::-1])]
    lists = together(app, [lambda act=act, seen=seen: decisions.decide(act, seen) for act, seen in acts])
    refusals = [[type(result.refusal) for result in results] for results in lists]  # type: ignore[attr-defined]
    assert sorted(refusals, key=str) == [[type(None)] * 20, [DecidedAlready] * 20]
    assert db.session.query(JournalEntry).count() == 20
    assert journal.broken() is None


def test_two_requests_of_one_new_address_make_one_participant_with_both_wishes(app: Flask) -> None:
    factories.event()
    factories.event("sovereignty")
    forms = [factories.asked(slug, email="sok@example.org") for slug in ("democracy", "sovereignty") * 4]
    together(app, [lambda form=form: requests.receive(form, at=factories.NOW) for form in forms])
    assert db.session.query(Participant).count() == 1
    assert db.session.query(Rsvp).count() == 2
    assert len(factories.letters("verification")) == 1


def test_two_lists_with_the_same_people_in_two_orders_add_each_of_them_once(app: Flask) -> None:
    factories.event()
    factories.event("sovereignty")
    known = [factories.pending("sovereignty").participant.email for _ in range(10)]
    emails = [email for pair in zip(known, (f"new{n}@example.org" for n in range(10)), strict=True) for email in pair]
    people = [factories.asked("democracy", email=email) for email in emails]
    acts = [
        lambda seen=seen, by=by: additions.add_all(seen, by=by, at=factories.NOW)
        for seen, by in ((people, "first"), (people[::-1], "second"))
    ]
    done = together(app, acts)
    requested = [[addition.requested for addition in each] for each in done]  # type: ignore[attr-defined]
    assert sorted(requested) == [[()] * 20, [("democracy",)] * 20]
    assert db.session.query(Rsvp).count() == 30
    assert len(factories.letters("receipt")) == 30
    assert journal.broken() is None


def test_a_guest_who_asks_for_more_never_waits_for_the_decisions_about_them(app: Flask) -> None:
    for slug in ("democracy", "sovereignty"):
        factories.event(slug)
    asking = factories.pending("democracy")
    seen = [factories.decision(rsvp) for rsvp in (asking, factories.pending("sovereignty"))]
    more = factories.asked("sovereignty", email=asking.participant.email)
    is_held, has_asked = threading.Event(), threading.Event()

    def decide() -> list[Rsvp]:
        held = rsvps.Held(decision.public_id for decision in seen)
        is_held.set()
        has_asked.wait(1)  # on SQLite, which has one writer, in vain
        return [rsvps.approve(decision, held) for decision in seen]

    def ask() -> None:
        is_held.wait()
        requests.receive(more, at=factories.NOW)
        db.session.flush()
        has_asked.set()

    together(app, [decide, ask])
    assert approved_count() == 2
    assert db.session.query(Rsvp).count() == 3


@pytest.mark.parametrize(("typed", "names"), [({"slug": "digital-rights"}, 1), ({}, 2)])
def test_two_events_named_alike_at_the_same_instant_never_share_a_name(
    app: Flask, typed: dict[str, str], names: int
) -> None:
    factories.event()
    title = {"en": "Digital Rights"}
    facts = {"kind": "discussion", "zone": "America/New_York", "minutes": 60, "title": title, "summary": {}}

    def begin() -> str:
        programme = Programme.current()
        assert programme is not None
        return drafts.begin(programme, facts | typed, by=factories.COORDINATOR, at=factories.NOW).slug

    results = together(app, [begin, begin])
    refused = sum(isinstance(result, EventNameTaken) for result in results)
    assert (len({result for result in results if isinstance(result, str)}), refused) == (names, 2 - names)
