"""A guest and a coordinator acting at the same moment, on both databases."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Event, Invitation, Letter, Participant, PastDecline, Rsvp
from rsvp.services import erasures, journal, locks, moves, own_requests, preferences, requests, rsvps, tallies
from rsvp.services.preferences import Preferences
from tests import factories
from tests.services.test_races import together

PAIRS = 16
IN_KHMER = Preferences("Sok Dara", "km", "Asia/Phnom_Penh")


def guest_of(guest_id: int) -> Participant:
    return db.session.get_one(Participant, guest_id)


def erase(guest_id: int) -> object:
    """Erase somebody, unless they are gone already."""
    found = db.session.get(Participant, guest_id)
    return erasures.erase(found, at=factories.NOW) if found else None


def test_who_erases_everything_while_being_approved_is_gone_and_gets_no_letter(app: Flask) -> None:
    factories.event()
    waiting = [factories.pending() for _ in range(PAIRS)]
    decisions, ids = [factories.decision(rsvp) for rsvp in waiting], [rsvp.participant_id for rsvp in waiting]
    acts: list[Callable[[], object]] = []
    for decision, guest in zip(decisions, ids, strict=True):
        acts.append(lambda decision=decision: rsvps.approve(decision))
        acts.append(lambda guest=guest: erase(guest))
    together(app, acts)
    assert [db.session.query(table).count() for table in (Participant, Rsvp, Invitation)] == [0, 0, 0]
    kept = {(letter.recipient, letter.content) for letter in db.session.query(Letter)}
    assert kept == {(None, None)}
    assert sum(tallies.all_counts().values()) == PAIRS
    assert journal.broken() is None


def test_who_presses_the_button_of_erasing_twice_is_counted_once(app: Flask) -> None:
    factories.event()
    guests = [factories.pending().participant_id for _ in range(PAIRS)]
    with transaction():
        for rsvp in db.session.query(Rsvp).all():
            rsvps.decline(factories.decision(rsvp))
    together(app, [lambda guest=guest: erase(guest) for guest in guests for _ in range(2)])
    assert sum(tallies.all_counts().values()) == PAIRS
    assert db.session.query(PastDecline).count() == PAIRS


def test_who_changes_the_language_while_being_approved_gets_one_true_invitation(app: Flask) -> None:
    factories.event()
    waiting = [factories.pending() for _ in range(PAIRS)]
    decisions, ids = [factories.decision(rsvp) for rsvp in waiting], [rsvp.participant_id for rsvp in waiting]
    acts: list[Callable[[], object]] = []
    for decision, guest in zip(decisions, ids, strict=True):
        acts.append(lambda decision=decision: rsvps.approve(decision))
        acts.append(lambda guest=guest: preferences.change(guest_of(guest), IN_KHMER, at=factories.NOW))
    together(app, acts)
    waiting_letters = [letter for letter in factories.letters("invitation") if letter.state == "queued"]
    assert sorted(letter.participant_id or 0 for letter in waiting_letters) == sorted(ids)
    assert {letter.language for letter in waiting_letters} == {"km"}


def test_two_guests_who_move_to_one_address_at_once_do_not_both_get_it(app: Flask) -> None:
    factories.event()
    guests = [factories.pending().participant_id for _ in range(8)]
    with transaction():
        letters = [factories.ask_to_move(guest_of(guest), "one@example.org", at=factories.NOW) for guest in guests]
        tokens = [factories.token_in(letter) for letter in letters]
    results = together(app, [lambda token=token: moves.adopt(token, at=factories.NOW) for token in tokens])
    assert sum(isinstance(result, moves.AddressTaken) for result in results) == 7
    assert sum(each.email == "one@example.org" for each in db.session.query(Participant)) == 1


@pytest.mark.parametrize("act", ["ask", "erase", "change"])
def test_the_public_form_and_the_own_page_never_wait_for_each_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, act: str
) -> None:
    factories.event()
    guest = factories.pending(email="sok.dara@example.org").participant_id
    with transaction():
        rsvps.withdraw(guest, "democracy", at=factories.NOW)
    is_held, has_begun = threading.Event(), threading.Event()
    open_events, hold_events, hold_rsvps = requests.open_events, locks.hold_events, locks.hold_rsvps
    acts: dict[str, Callable[[], object]] = {
        "ask": lambda: own_requests.ask(guest_of(guest), ["democracy"], at=factories.NOW),
        "erase": lambda: erase(guest),
        "change": lambda: preferences.change(guest_of(guest), IN_KHMER, at=factories.NOW),
    }

    def wait_for_the_own_page(at: datetime) -> list[Event]:
        is_held.set()
        has_begun.wait(1)  # in vain where the own page waits for the person, as it should
        return open_events(at)

    def say(hold: Callable[..., object]) -> Callable[..., object]:
        def held(*names: object) -> object:
            found = hold(*names)
            has_begun.set()
            return found

        return held

    def use_own_page() -> object:
        is_held.wait()
        return acts[act]()

    monkeypatch.setattr(requests, "open_events", wait_for_the_own_page)
    monkeypatch.setattr(locks, "hold_events", say(hold_events))
    monkeypatch.setattr(locks, "hold_rsvps", say(hold_rsvps))
    form = factories.asked(email="sok.dara@example.org")
    together(app, [lambda: requests.receive(form, at=factories.NOW), use_own_page])
    assert db.session.query(Participant).count() == (0 if act == "erase" else 1)
