"""While a coordinator may still take a decision back, and after they did, none of the guest's own pages knows of it."""

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.models.event import LinkMode
from rsvp.models.token import Purpose
from rsvp.services import joins, links, rsvps
from tests import factories, stories
from tests.factories import FIRST, Moment

UNDO = timedelta(seconds=10)
MEETING = "zoom.example"


@dataclass(frozen=True)
class Guest:
    """A guest whose request waits, and the secrets that they hold: of their page, and of their calendar."""

    places: str
    feed: str


@pytest.fixture
def guest(site: Flask, clock: Moment) -> Guest:
    with site.app_context():
        stories.programme()
        rsvp = factories.pending(email="sok.dara@guests.example")
        with transaction():
            stories.named().link = factories.LINK
            owner = db.session.merge(rsvp.participant)
            secrets = [links.issue(owner, purpose, at=clock.now()) for purpose in (Purpose.PLACES, Purpose.FEED)]
    clock.pass_by(minutes=1)
    return Guest(*secrets)


def guard(site: Flask) -> None:
    with site.app_context(), transaction():
        stories.named().link_mode = LinkMode.GUARDED


def request() -> Rsvp:
    return factories.rsvp_of(factories.only_participant())


def decide(site: Flask, clock: Moment, act: str, undo: timedelta = UNDO, **more: str) -> None:
    with site.app_context(), transaction():
        getattr(rsvps, act)(replace(factories.decision(request(), at=clock.now()), undo=undo), **more)


def take_back(site: Flask, clock: Moment) -> None:
    with site.app_context(), transaction():
        rsvps.undo(factories.decision(request(), at=clock.now()))


def entry(client: FlaskClient, guest: Guest) -> str:
    """Return how the event stands in the guest's own calendar: its STATUS, or nothing where it isn't in it."""
    found = re.search(r"^STATUS:(\w+)", client.get(f"/en/feeds/{guest.feed}.ics").text, re.MULTILINE)
    return found[1] if found else ""


def test_a_fresh_approval_is_in_no_calendar_until_it_stands(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    decide(site, clock, "approve")
    clock.pass_by(seconds=9)
    assert (entry(client, guest), MEETING in client.get(f"/en/feeds/{guest.feed}.ics").text) == ("", False)
    clock.pass_by(seconds=1)
    assert (entry(client, guest), MEETING in client.get(f"/en/feeds/{guest.feed}.ics").text) == ("CONFIRMED", True)


def test_a_fresh_revocation_is_in_no_calendar_as_cancelled_until_it_stands(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    decide(site, clock, "approve", undo=timedelta(0))
    decide(site, clock, "revoke")
    assert entry(client, guest) == ""
    clock.pass_by(seconds=10)
    assert entry(client, guest) == "CANCELLED"


def test_an_old_entry_that_ended_stays_while_another_decision_is_fresh(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    for act in ("approve", "revoke", "reopen"):
        decide(site, clock, act, undo=timedelta(0))
    decide(site, clock, "decline")
    assert entry(client, guest) == "CANCELLED"


def test_a_fresh_approval_opens_no_meeting_page_until_it_stands(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    guard(site)
    clock.at = FIRST
    decide(site, clock, "approve")
    with site.app_context():
        page = (joins.door(request()).address or "").removeprefix("http://localhost")
        token = page.rpartition("/")[2]
        assert joins.hold(token, at=clock.now()) is None
    assert (client.get(page).status_code, client.post(page).status_code) == (404, 404)
    clock.pass_by(seconds=10)
    assert client.get(page).status_code == 200
    assert MEETING in client.post(page).text
