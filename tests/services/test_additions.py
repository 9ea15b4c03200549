"""People whom a coordinator adds by hand."""

from datetime import timedelta

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import JournalEntry, Participant, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import additions, requests, rsvps
from rsvp.services.additions import Addition
from tests import factories
from tests.factories import COORDINATOR, NOW

ADDRESS = "sok@example.org"


@pytest.fixture(autouse=True)
def _events(app: Flask) -> None:
    factories.event()
    factories.event("sovereignty")


def add(*slugs: str, email: str = ADDRESS, **details: str) -> Addition:
    with transaction():
        return additions.add(factories.asked(*slugs, email=email, **details), by=COORDINATOR, at=NOW)


def states() -> dict[str, str]:
    return {rsvp.event.slug: rsvp.state for rsvp in db.session.query(Rsvp).order_by(Rsvp.id)}


def acts() -> list[str]:
    return [entry.act for entry in db.session.query(JournalEntry).order_by(JournalEntry.id)]


def test_somebody_added_by_hand_waits_in_the_queue_on_the_coordinators_word() -> None:
    done = add("democracy", "sovereignty")
    assert done == Addition(True, ("democracy", "sovereignty"), (), {}, ())
    assert states() == {"democracy": "pending", "sovereignty": "pending"}
    person = factories.only_participant()
    assert (person.verified_at, person.added_by) == (NOW, COORDINATOR)
    subjects = {entry.subject for entry in db.session.query(JournalEntry).filter_by(act="addition", by=COORDINATOR)}
    assert subjects == {f"rsvp:{rsvp.public_id}" for rsvp in db.session.query(Rsvp)}


def test_somebody_added_by_hand_gets_the_receipt_with_their_page_and_no_question_for_proof() -> None:
    add("democracy", "sovereignty")
    [letter] = factories.letters()
    assert letter.kind == "receipt"
    assert "/en/places/" in (letter.content or "")


def test_adding_the_same_request_twice_does_nothing_more() -> None:
    add()
    done = add(email=ADDRESS.upper())
    assert (done.requested, done.standing) == ((), {"democracy": "pending"})
    assert (len(factories.letters()), acts()) == (1, ["addition"])


@pytest.mark.parametrize("decide", [rsvps.approve, rsvps.decline, rsvps.waitlist])
def test_what_was_decided_stands_and_is_said(decide: object) -> None:
    rsvp = factories.pending(email=ADDRESS)
    with transaction():
        decide(factories.decision(rsvp))
    decided = rsvp.state
    done = add("democracy", "sovereignty")
    assert (done.standing, done.requested) == ({"democracy": decided}, ("sovereignty",))
    assert states() == {"democracy": decided, "sovereignty": "pending"}


def test_a_revoked_guest_is_not_let_in_again_by_being_added() -> None:
    rsvp = factories.approved(email=ADDRESS)
    with transaction():
        rsvps.revoke(factories.decision(rsvp))
    before = len(factories.letters())
    assert add().standing == {"democracy": State.REVOKED}
    assert (states(), len(factories.letters())) == ({"democracy": "revoked"}, before)


def test_who_withdrew_and_asks_again_by_telephone_waits_again() -> None:
    rsvp = factories.pending(email=ADDRESS)
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=NOW)
    done = add()
    assert (done.requested, done.again) == (("democracy",), ("democracy",))
    assert states() == {"democracy": "pending"}


def test_an_unproven_form_gives_way_to_what_the_coordinator_wrote() -> None:
    factories.ask("democracy", "sovereignty", email=ADDRESS, name="Somebody Else", message="Not theirs")
    add(name="Sok Dara")
    person = factories.only_participant()
    assert (person.name, person.message, person.verified_at) == ("Sok Dara", None, NOW)
    assert states() == {"democracy": "pending", "sovereignty": "unverified"}


def test_a_proven_guests_details_stay_and_what_differs_is_said() -> None:
    factories.pending(email=ADDRESS, name="Sok Dara", country="Cambodia")
    done = add("sovereignty", name="Dara", organisation="A temple")
    assert done.differing == ("name", "organisation")
    person = factories.only_participant()
    assert (person.name, person.country, person.organisation) == ("Sok Dara", "Cambodia", None)
    assert person.added_by is None


def test_details_are_replaced_by_choice_and_an_empty_one_erases_nothing() -> None:
    factories.pending(email=ADDRESS, country="Cambodia")
    with transaction():
        additions.replace_details(factories.asked(email=ADDRESS, name="Dara"), by=COORDINATOR, at=NOW)
    person = factories.only_participant()
    assert (person.name, person.country) == ("Dara", "Cambodia")
    assert acts() == ["details"]


def test_nobody_is_added_to_an_event_that_is_past_or_cancelled_or_a_draft() -> None:
    factories.event("past", starts_at=NOW - timedelta(days=3))
    with transaction():
        for slug, status in (("sovereignty", "cancelled"), ("past", "published")):
            found = next(event for event in (db.session.query(additions.Event)) if event.slug == slug)
            found.status = status
    assert [event.slug for event in additions.events(at=NOW)] == ["democracy"]
    add("sovereignty", "past")
    assert (states(), factories.letters()) == ({}, [])


def test_a_coordinator_can_add_somebody_after_the_form_was_closed() -> None:
    with transaction():
        db.session.query(additions.Event).filter_by(slug="democracy").one().closed_at = NOW
    add()
    assert states() == {"democracy": "pending"}


def test_foreseeing_changes_nothing() -> None:
    [seen] = additions.foresee([factories.asked(email=ADDRESS)])
    assert seen.is_new
    assert (db.session.query(Participant).count(), factories.letters(), acts()) == (0, [], [])
    assert requests.open_events(NOW)
