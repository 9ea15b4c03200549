"""Writing to everybody with a place, and the overview, at the desk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db
from rsvp.models import Coordinator, Letter
from tests import factories
from tests.views import pages

WRITTEN = {
    "subject_en": "Before Saturday",
    "subject_km": "មុនថ្ងៃសៅរ៍",
    "body_en": "Be early.\n\nBring questions.",
    "body_km": "សូមមកមុន។",
}
ADDRESS = "/desk/events/democracy/broadcasts"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build(site)
    return pages.sign_in(site.test_client())


def form(desk: FlaskClient) -> dict[str, str]:
    page = desk.get(f"{ADDRESS}/new")
    pages.check(page)
    number = re.search(r'name="number" value="([^"]+)"', page.text)
    assert number
    return {"csrf_token": pages.csrf_token(page.text), "number": number[1], **WRITTEN}


def send(desk: FlaskClient, **fields: str) -> TestResponse:
    return desk.post(ADDRESS, data=form(desk) | fields)


def broadcasts(site: Flask) -> int:
    with site.app_context():
        return db.session.query(Letter).filter_by(kind="broadcast").count()


def test_the_coordinator_sees_what_each_reader_gets_before_anything_is_sent(desk: FlaskClient, site: Flask) -> None:
    answer = send(desk)
    pages.check(answer)
    assert answer.status_code == 200
    assert "This sends 1 letter." in answer.text
    assert "សូមមកមុន។" in answer.text
    assert "ម៉ោង ៣ ទៀបភ្លឺ" in answer.text
    assert factories.LINK not in answer.text
    assert broadcasts(site) == 0


def test_what_was_previewed_is_sent_once_though_the_button_is_pressed_twice(desk: FlaskClient, site: Flask) -> None:
    fields = form(desk) | {"confirmed": "1"}
    assert desk.post(ADDRESS, data=fields).status_code == 303
    again = desk.post(ADDRESS, data=fields)
    assert again.status_code == 409
    assert "sent already" in again.text
    assert broadcasts(site) == 1


def test_what_was_sent_can_be_taken_back_on_the_events_page_for_ten_seconds(
    desk: FlaskClient, site: Flask, clock: factories.Moment
) -> None:
    address = "/desk/events/democracy/broadcasts/undoing"
    page = desk.post(ADDRESS, data=form(desk) | {"confirmed": "1"}, follow_redirects=True)
    offer = pages.fields(page, "/broadcasts/undoing")
    assert re.search(r"\d letters? leaves? in ten seconds", page.text)
    assert "on its way" not in page.text
    answer = desk.post(address, data=offer, follow_redirects=True)
    pages.check(answer)
    assert "Taken back. Nobody was written to." in answer.text
    assert "/broadcasts/undoing" not in answer.text
    with site.app_context():
        assert {each.state for each in db.session.query(Letter).filter_by(kind="broadcast")} == {"superseded"}
    assert "took back what was written to everybody with a place" in desk.get("/desk/journal/").text

    page = desk.post(ADDRESS, data=form(desk) | {"confirmed": "1"}, follow_redirects=True)
    offer = pages.fields(page, "/broadcasts/undoing")
    clock.pass_by(seconds=10)
    late = desk.post(address, data=offer)
    pages.check(late)
    assert (late.status_code, "It is too late to take this back." in late.text) == (409, True)


def test_the_text_can_be_changed_after_the_preview_and_nothing_is_lost(desk: FlaskClient, site: Flask) -> None:
    answer = send(desk, changing="1")
    pages.check(answer)
    for words in ("Before Saturday", "Bring questions.", "សូមមកមុន។"):
        assert words in answer.text
    assert broadcasts(site) == 0


@pytest.mark.parametrize("missing", sorted(WRITTEN))
def test_a_letter_in_one_language_only_is_refused_and_nothing_is_lost(
    desk: FlaskClient, site: Flask, missing: str
) -> None:
    answer = send(desk, confirmed="1", **{missing: ""})
    pages.check(answer)
    assert answer.status_code == 422
    assert "Please write this in both languages." in answer.text
    assert all(words.split("\n")[0] in answer.text for name, words in WRITTEN.items() if name != missing)
    assert broadcasts(site) == 0


def test_an_event_without_places_given_sends_nothing(desk: FlaskClient, site: Flask) -> None:
    fields = form(desk)
    preview = desk.post("/desk/events/officials/broadcasts", data=fields)
    assert "Nobody has a place at this event yet." in preview.text
    refused = desk.post("/desk/events/officials/broadcasts", data=fields | {"confirmed": "1"})
    assert refused.status_code == 409
    assert broadcasts(site) == 0


def test_an_event_that_is_not_there_is_nobodys_to_write_about(desk: FlaskClient) -> None:
    assert desk.get("/desk/events/nothing/broadcasts/new").status_code == 404


def test_the_overview_says_in_numbers_what_its_pictures_draw(desk: FlaskClient) -> None:
    page = desk.get("/desk/overview")
    tree = pages.check(page)
    drawn = [picture for picture in tree.iter(f"{pages.XHTML}svg") if picture.get("class") == "bars"]
    assert drawn == [] or all(picture.get("aria-labelledby") for picture in drawn)
    assert "Requests to decide" in page.text
    assert re.search(r"<th scope=\"row\">Tuesday, 1 July 2025</th><td>\d+</td>", page.text)
    assert "3:00 AM" in page.text
    assert "guest" not in page.text.lower().replace("guests", "")


def test_a_coordinator_chooses_how_often_a_digest_comes(desk: FlaskClient, site: Flask) -> None:
    token = pages.csrf_token(desk.get("/desk/overview").text)
    assert desk.post("/desk/digests", data={"csrf_token": token, "hours": "24"}).status_code == 303
    with site.app_context():
        chosen = db.session.query(Coordinator.email, Coordinator.digest_hours).filter(Coordinator.digest_hours > 0)
        assert [tuple(row) for row in chosen] == [(pages.EMAIL, 24)]
    assert desk.post("/desk/digests", data={"csrf_token": token, "hours": "1"}).status_code == 400
    assert re.search(r'value="24" checked', desk.get("/desk/overview").text)


def test_the_preview_carries_every_line_of_the_text_on(desk: FlaskClient, site: Flask) -> None:
    carried = pages.fields(send(desk), "/broadcasts")
    assert {name: carried[name].replace("\r\n", "\n") for name in WRITTEN} == WRITTEN
    assert desk.post(ADDRESS, data=carried | {"confirmed": "1"}).status_code == 303
    assert broadcasts(site) == 1
