"""A coordinator adds people by hand at the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db
from rsvp.models import Participant, Rsvp
from tests import factories
from tests.views import pages

ROOM = "/desk/people/"
SOK = {"name": "Sok Dara", "email": "sok@example.org", "zone": "Asia/Phnom_Penh", "language": "km"}


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    with site.app_context():
        factories.event()
        factories.event("sovereignty")
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def add(desk: FlaskClient, **fields: object) -> TestResponse:
    token = pages.csrf_token(desk.get(f"{ROOM}new").text)
    return desk.post(ROOM, data={"csrf_token": token, "events": "democracy", **SOK, **fields})


def stored(site: Flask) -> list[tuple[str, str, str]]:
    with site.app_context():
        found = db.session.query(Rsvp).order_by(Rsvp.id)
        return [(rsvp.participant.name, rsvp.event.slug, rsvp.state) for rsvp in found]


def test_somebody_who_asked_by_telephone_waits_in_the_queue(site: Flask, desk: FlaskClient) -> None:
    answer = add(desk, events=["democracy", "sovereignty"], message="Called on Monday.")
    assert (answer.status_code, answer.location) == (303, ROOM)
    page = desk.get(ROOM)
    pages.check(page)
    assert "2 requests wait in the queue." in page.text
    assert "sok@example.org" not in page.text
    assert stored(site) == [("Sok Dara", "democracy", "pending"), ("Sok Dara", "sovereignty", "pending")]


def test_nothing_typed_is_lost_when_something_is_wrong(site: Flask, desk: FlaskClient) -> None:
    answer = add(desk, email="sok@", name="Sok <Dara>", message="From the temple")
    assert answer.status_code == 422
    pages.check(answer)
    for words in ("No mail can reach this address", "Sok &lt;Dara&gt;", "From the temple", 'value="sok@"'):
        assert words in answer.text
    assert stored(site) == []


def test_a_coordinator_is_asked_for_the_address_of_somebody_else(desk: FlaskClient) -> None:
    page = add(desk, email="").text
    assert "Please write their email address" in page
    assert "your email address" not in page


def test_the_coordinator_is_asked_which_details_hold(site: Flask, desk: FlaskClient) -> None:
    add(desk)
    answer = add(desk, name="Dara", country="France", events="sovereignty")
    assert answer.status_code == 422
    pages.check(answer)
    assert "Name, Country." in answer.text
    assert len(stored(site)) == 1
    assert add(desk, name="Dara", country="France", events="sovereignty", details="keep").status_code == 303
    with site.app_context():
        assert db.session.query(Participant).one().name == "Sok Dara"
    assert add(desk, name="Dara", country="France", events="sovereignty", details="replace").status_code == 303
    with site.app_context():
        person = db.session.query(Participant).one()
        assert (person.name, person.country) == ("Dara", "France")


def test_a_request_that_was_made_before_is_left_and_said(site: Flask, desk: FlaskClient) -> None:
    add(desk)
    add(desk)
    assert "Left as it was: Democracy and the Political Process (waiting for a decision)." in desk.get(ROOM).text
    assert len(stored(site)) == 1


def test_the_desks_door_stands_before_it(site: Flask, desk: FlaskClient) -> None:
    answer = site.test_client().post(ROOM, data=SOK | {"events": "democracy"})
    assert answer.status_code in (302, 400)
    assert desk.post(ROOM, data=SOK | {"events": "democracy"}).status_code == 400
    assert stored(site) == []
