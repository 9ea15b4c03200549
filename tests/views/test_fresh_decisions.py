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
from rsvp.models.letter import LetterState
from rsvp.models.token import Purpose
from rsvp.services import joins, links, outbox, questions, rsvps
from tests import factories, stories
from tests.factories import FIRST, Moment
from tests.views import own, pages

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


def held(client: FlaskClient, guest: Guest) -> tuple[str, dict[str, object]]:
    """Return what the guest's data pages say: what is held about them, whenever it is asked for."""
    export = client.get(f"/en/places/{guest.places}/export.json").get_json()
    return client.get(f"/en/places/{guest.places}/data").text, {**export, "made_at": None}


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


@pytest.mark.parametrize("act", ["approve", "decline", "waitlist"])
def test_the_details_page_knows_of_no_fresh_decision_and_keeps_the_name_all_the_same(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest, act: str
) -> None:
    address = f"/en/places/{guest.places}/preferences"
    before = client.get(address)
    decide(site, clock, act)
    assert client.get(address).text == before.text
    answer = client.post(address, data=pages.fields(before, "/preferences") | {"name": "Somebody Else"})
    assert answer.status_code == 422
    assert "deciding about it right now" in own.words(answer)
    assert "was decided under" not in own.words(answer)
    clock.pass_by(seconds=10)
    assert "was decided under" in own.words(client.get(address))
    with site.app_context():
        assert factories.only_participant().name == "Sok Dara"


def test_who_withdraws_before_they_know_of_their_place_is_told_of_none(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    guard(site)
    with site.app_context():
        written = [letter.kind for letter in factories.letters() if letter.state == LetterState.QUEUED]
    decide(site, clock, "approve")
    assert client.post(f"/en/places/{guest.places}/withdrawals", data={"event": "democracy"}).status_code == 303
    assert entry(client, guest) == ""
    with site.app_context():
        assert [letter.kind for letter in factories.letters() if letter.state == LetterState.QUEUED] == written
        assert (request().state, request().decided_at) == ("withdrawn", None)


def test_who_withdraws_before_they_know_of_a_second_place_is_told_of_none(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    for act in ("approve", "revoke", "reopen"):
        decide(site, clock, act, undo=timedelta(0))
        with site.app_context():
            outbox.deliver(clock.now)
    decide(site, clock, "approve")
    client.post(f"/en/places/{guest.places}/withdrawals", data={"event": "democracy"})
    assert entry(client, guest) == "CANCELLED"
    with site.app_context():
        assert [letter.state for letter in factories.letters("cancellation")] == [LetterState.SENT]


def test_a_fresh_question_is_no_part_of_the_guests_data_until_it_stands(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    data = [f"/en/places/{guest.places}/{page}" for page in ("data", "export.json")]
    before = held(client, guest)
    with site.app_context(), transaction():
        questions.ask(replace(factories.decision(request(), at=clock.now()), undo=UNDO), "Whose aunt are you?")
    assert held(client, guest) == before
    with site.app_context(), transaction():
        questions.undo(factories.decision(request(), at=clock.now()))
    assert held(client, guest) == before
    with site.app_context(), transaction():
        questions.ask(replace(factories.decision(request(), at=clock.now()), undo=UNDO), "Whose aunt are you?")
    clock.pass_by(seconds=10)
    assert ["Whose aunt are you?" in client.get(address).text for address in data] == [True, True]
    assert "question" in {letter["kind"] for letter in client.get(data[1]).get_json()["letters"]}


@pytest.mark.parametrize("act", ["approve", "decline", "waitlist"])
def test_a_decision_that_was_taken_back_leaves_nothing_in_the_guests_data(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest, act: str
) -> None:
    guard(site)
    before = held(client, guest)
    decide(site, clock, act)
    assert held(client, guest) == before
    clock.pass_by(seconds=5)
    take_back(site, clock)
    clock.pass_by(minutes=5)
    assert held(client, guest) == before


def test_a_second_approval_that_was_taken_back_leaves_nothing_but_what_was_known(
    client: FlaskClient, site: Flask, clock: Moment, guest: Guest
) -> None:
    guard(site)
    for act in ("approve", "revoke", "reopen"):
        decide(site, clock, act, undo=timedelta(0))
        with site.app_context():
            outbox.deliver(clock.now)
        clock.pass_by(minutes=1)
    letters, links = (held(client, guest)[1][name] for name in ("letters", "links"))
    decide(site, clock, "approve")
    take_back(site, clock)
    export = held(client, guest)[1]
    assert (export["letters"], export["links"]) == (letters, links)
    assert [link["purpose"] for link in links].count("join") == 1  # type: ignore[attr-defined]
