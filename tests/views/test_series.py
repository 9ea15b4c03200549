"""Repeating an event at the desk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db
from rsvp.models import Event
from tests.views import pages

PAGE = "/desk/events/democracy/copies"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build(site)
    return pages.sign_in(site.test_client())


def test_the_days_are_shown_before_anything_is_made(desk: FlaskClient, site: Flask) -> None:
    before = pages.fingerprint(site)
    page = desk.get(f"{PAGE}?count=17")
    pages.check(page)
    days = re.findall(r"<td>(Saturday, [^<]*)</td><td>([^<]*)</td>", page.text)
    assert len(days) == 17
    assert days[0] == ("Saturday, 19 July 2025", "4:00 PM EDT")
    assert days[-1] == ("Saturday, 8 November 2025", "4:00 PM EST")
    assert pages.fingerprint(site) == before
    answer = desk.post(PAGE, data={"csrf_token": pages.csrf_token(page.text), "count": "2"})
    assert answer.status_code == 303
    listed = desk.get(answer.location).text
    assert "2 drafts are made." in listed
    with site.app_context():
        drafts = [event.slug for event in db.session.query(Event).filter_by(status="draft").order_by(Event.id)]
    assert drafts == ["democracy-and-the-political-process", "democracy-and-the-political-process-2"]
    assert drafts[0] not in site.test_client().get("/en/").text


@pytest.mark.parametrize("count", ["0", "27", "-1", "many", "٣", ""])
def test_a_number_that_is_none_makes_nothing(desk: FlaskClient, site: Flask, count: str) -> None:
    page = desk.get(f"{PAGE}?count={count}")
    assert page.status_code == 200
    before = pages.fingerprint(site)
    assert desk.post(PAGE, data={"csrf_token": pages.csrf_token(page.text), "count": count}).status_code == 400
    assert pages.fingerprint(site) == before


def test_an_event_without_a_time_cannot_be_repeated_yet(desk: FlaskClient) -> None:
    answer = desk.get("/desk/events/officials/copies")
    assert answer.status_code == 409
    pages.check(answer)
