"""The form that sends a lost link again: the same for every address."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import LinkRequest
from rsvp.services import link_requests, rsvps
from tests import factories
from tests.views import pages

ADDRESS = "sok.dara@example.org"


def send(client: FlaskClient, language: str = "en", **changes: str) -> TestResponse:
    page = client.get(f"/{language}/links/new")
    values = {"stamp": pages.stamp(page.text), "email": ADDRESS, "website": ""} | changes
    return client.post(f"/{language}/links/new", data=values)


def test_the_answer_is_the_same_for_every_address(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event()
        factories.ask(email="unverified@example.org")
        factories.pending(email="pending@example.org")
        factories.approved(email="approved@example.org")
        declined = factories.pending(email="declined@example.org")
        with transaction():
            rsvps.decline(factories.decision(declined))
            link_requests.receive("answered@example.org", at=factories.NOW)
        factories.pending(email="answered@example.org")
        link_requests.answer_all(at=factories.NOW)
    answers = set()
    for name in ("new", "unverified", "pending", "approved", "declined", "answered"):
        answer = send(client, email=f"{name}@example.org")
        followed = client.get(answer.location)
        answers.add((answer.status_code, answer.location, answer.data, str(answer.headers), followed.data))
    assert len(answers) == 1
    assert answers.pop()[:2] == (303, "/en/links")


def test_the_page_looks_nothing_up_and_keeps_the_address_encrypted(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event()
        factories.pending(email=ADDRESS)
        before = len(factories.letters())
    assert send(client).status_code == 303
    with site.app_context():
        assert db.session.query(LinkRequest).one().email == ADDRESS
        assert len(factories.letters()) == before, "the worker answers, not the page"
        raw = db.session.connection().exec_driver_sql("SELECT email FROM link_request").scalar_one()
        assert ADDRESS not in str(raw)


@pytest.mark.parametrize(
    ("field", "value"), [("email", ""), ("email", "sok@"), ("email", "x" * 300), ("website", "x"), ("stamp", "forged")]
)
@pytest.mark.parametrize("language", ["en", "km"])
def test_what_cannot_be_taken_comes_back_with_words_and_what_was_typed(
    client: FlaskClient, site: Flask, field: str, value: str, language: str
) -> None:
    answer = send(client, language, **{field: value})
    assert answer.status_code == 422
    pages.check(answer)
    assert pages.fields(answer, "/links/new")["email"] == (value if field == "email" else ADDRESS)
    with site.app_context():
        assert db.session.query(LinkRequest).count() == 0


def test_a_flood_from_one_network_is_stopped_and_requests_for_places_are_not(client: FlaskClient, site: Flask) -> None:
    page = client.get("/en/links/new")
    form = {"stamp": pages.stamp(page.text), "email": ADDRESS}
    codes = [client.post("/en/links/new", data=form).status_code for _ in range(61)]
    assert codes == [303] * 60 + [429]
    assert client.get("/en/links/new").status_code == 200
    assert client.post("/en/rsvps", data={}).status_code == 422


@pytest.mark.parametrize("address", ["/en/nothing", "/en/places/nobody", "/en/rsvps", "/en/rsvps/new", "/en/"])
def test_who_lost_the_link_finds_the_way_where_they_look(client: FlaskClient, site: Flask, address: str) -> None:
    assert client.get(address).text.count('href="/en/links/new"') == 1
