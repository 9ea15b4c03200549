"""A known guest asks by the public form under other details: the same rules hold as on their own page."""

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready
from rsvp.models import Rsvp
from rsvp.models.rsvp import State
from rsvp.services import requests, rsvps
from tests import factories

EMAIL = "sok.dara@example.org"


@pytest.fixture(autouse=True)
def two_events(app: Flask) -> None:
    """Store two events, so that somebody known has something new to ask for."""
    factories.event()
    factories.event("sovereignty")


def fill_the_form_again(**changes: str) -> None:
    factories.prove(factories.ask("sovereignty", email=EMAIL, **changes))


@pytest.mark.parametrize("changes", [{"name": "Chan Sophea"}, {"message": "Let me in"}, {"referrer": "Bopha"}])
def test_nobody_is_approved_under_words_that_the_coordinator_did_not_see(changes: dict[str, str]) -> None:
    seen = factories.decision(factories.pending(email=EMAIL))
    fill_the_form_again(**changes)
    with pytest.raises(DecidedAlready), transaction():
        rsvps.approve(seen)


def test_nobody_gets_off_the_waiting_list_under_words_that_the_coordinator_did_not_see() -> None:
    rsvp = factories.pending(email=EMAIL)
    with transaction():
        rsvps.waitlist(factories.decision(rsvp))
    seen = factories.decision(db.session.query(Rsvp).filter_by(state=State.WAITLISTED).one())
    fill_the_form_again(message="Let me in")
    with pytest.raises(DecidedAlready), transaction():
        rsvps.approve(seen)


def test_what_the_coordinator_saw_can_be_approved_after_the_same_details_came_in_again() -> None:
    seen = factories.decision(factories.pending(email=EMAIL))
    fill_the_form_again()
    with transaction():
        rsvps.approve(seen)


def test_a_name_that_was_decided_about_stays_and_the_page_with_the_button_shows_it() -> None:
    factories.approved(email=EMAIL)
    person = factories.ask("sovereignty", email=EMAIL, name="Chan Sophea", message="Hello")
    details = requests.waiting(person, at=factories.NOW).details
    assert (details["name"], details["message"]) == ("Sok Dara", "Hello")
    factories.prove(person)
    person = factories.only_participant()
    assert (person.name, person.message, person.proposed) == ("Sok Dara", "Hello", None)


@pytest.mark.parametrize("changes", [{"language": "km"}, {"zone": "Europe/Paris"}])
def test_an_invitation_is_sent_again_as_the_guest_is_to_read_it_now(changes: dict[str, str]) -> None:
    factories.approved(email=EMAIL)
    fill_the_form_again(**changes)
    invited = factories.letters("invitation")
    assert len(invited) == 2
    assert invited[-1].language == changes.get("language", "en")
