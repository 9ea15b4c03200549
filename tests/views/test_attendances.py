"""Noting at the desk who attended."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Participant, Rsvp
from rsvp.models.event import LinkMode
from rsvp.services import erasures, joins
from tests import factories
from tests.factories import FIRST, Moment
from tests.views import pages

ADDRESS = "/desk/events/democracy/attendance"


@pytest.fixture
def desk(site: Flask, clock: Moment) -> FlaskClient:
    """A coordinator at the desk while a guarded event takes place: one guest of two has opened the meeting."""
    with site.app_context():
        factories.event(link=factories.LINK, link_mode=LinkMode.GUARDED)
        came = factories.approved(name="Sok Dara")
        factories.approved(name="Chan Thea")
        with transaction():
            joins.pass_through(db.session.merge(came), at=FIRST)
    pages.build_desk(site)
    clock.at = FIRST + timedelta(minutes=5)
    return pages.sign_in(site.test_client())


def boxes(page: str) -> dict[str, bool]:
    """Return who can be ticked, and whether they are."""
    found = re.findall(r'<input id="(came-\d+)"[^>]*?( checked)?><label for="\1"><span dir="auto">([^<]+)', page)
    return {name: bool(checked) for _id, checked, name in found}


def form(page: str) -> dict[str, object]:
    """Return what a browser sends of the list."""
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    came = re.findall(r'name="came" value="([\w-]+)" autocomplete="off" checked', page)
    return {"csrf_token": pages.csrf_token(page), "seen": seen[1], "came": came}


def test_the_list_proposes_who_opened_the_meeting_and_keeps_what_is_saved(desk: FlaskClient, site: Flask) -> None:
    page = desk.get(ADDRESS).text
    assert boxes(page) == {"Chan Thea": False, "Sok Dara": True}
    assert page.count("opened the meeting</span>") == 1
    with site.app_context():
        other = next(rsvp.public_id for rsvp in db.session.query(Rsvp) if rsvp.opened_at is None)
    answer = desk.post(ADDRESS, data=form(page) | {"came": [other]})
    assert answer.status_code == 303
    after = desk.get(answer.location).text
    assert "Saved. 1 person attended." in after
    assert boxes(after) == {"Chan Thea": True, "Sok Dara": False}
    assert pages.EMAIL in after
    event = desk.get("/desk/events/democracy").text
    assert re.search(r"<dt>Attended</dt><dd>1 ", event)
    assert re.search(r"<dt>Opened the meeting</dt><dd>1 of 2</dd>", event)


def test_an_old_page_overwrites_nothing(desk: FlaskClient) -> None:
    first = second = desk.get(ADDRESS).text
    assert desk.post(ADDRESS, data=form(first)).status_code == 303
    answer = desk.post(ADDRESS, data=form(second) | {"came": []})
    assert answer.status_code == 409
    pages.check(answer)
    assert "Somebody else noted who attended" in answer.text
    assert boxes(desk.get(ADDRESS).text)["Sok Dara"]


def test_before_the_event_there_is_nothing_to_tick(desk: FlaskClient, clock: Moment) -> None:
    clock.at = FIRST - timedelta(minutes=1)
    desk = pages.sign_in(desk.application.test_client())
    page = desk.get(ADDRESS).text
    assert "once the event has begun" in page
    assert boxes(page) == {}
    token = pages.csrf_token(page)
    assert desk.post(ADDRESS, data={"csrf_token": token, "seen": "0"}).status_code == 409
    assert ADDRESS not in desk.get("/desk/events/democracy").text


@pytest.mark.parametrize("seen", ["", "x", "9" * 30])
def test_a_form_that_is_none_of_ours_saves_nothing(desk: FlaskClient, seen: str) -> None:
    token = pages.csrf_token(desk.get(ADDRESS).text)
    assert desk.post(ADDRESS, data={"csrf_token": token, "seen": seen}).status_code == 409


def test_beside_a_request_stands_whether_the_guest_opened_the_meeting(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        found = {rsvp.opened_at is not None: rsvp.public_id for rsvp in db.session.query(Rsvp)}
    assert "4:00 PM EDT" in said(desk, found[True])
    assert said(desk, found[False]) == "not yet"


def said(desk: FlaskClient, public_id: str) -> str:
    """Return what stands beside a request about opening the meeting."""
    page = desk.get(f"/desk/rsvps/{public_id}?state=approved").text
    found = re.search(r"<dt>Opened the meeting</dt><dd>([^<]*)</dd>", page)
    assert found
    return found[1]


def test_how_many_opened_the_meeting_stands_beside_who_attended(desk: FlaskClient, site: Flask) -> None:
    with site.app_context(), transaction():
        for person in db.session.query(Participant).all():
            erasures.erase(person, at=FIRST)
    page = desk.get(ADDRESS).text
    assert "<dt>Opened the meeting</dt><dd>1</dd>" in page
    assert "<dt>Opened the meeting</dt><dd>1 of 2</dd>" in desk.get("/desk/events/democracy").text
