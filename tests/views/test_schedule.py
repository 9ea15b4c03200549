"""The schedule as a visitor reads it."""

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import transaction
from rsvp.services import programmes
from tests import factories
from tests.factories import Moment


@pytest.fixture(autouse=True)
def programme(site: Flask) -> None:
    with site.app_context(), transaction():
        programmes.load(factories.PROGRAMME_FILE.read_text(encoding="utf-8"), at=factories.NOW)


def words(page: str) -> str:
    """Return what the page shows."""
    body = html5lib.parse(page, namespaceHTMLElements=False).find("body")
    hidden = [element for name in ("script", "style") for element in body.iter(name)]
    for element in hidden:
        element.text = ""
    return " ".join("".join(body.itertext()).split())


def test_a_visitor_in_phnom_penh_reads_sunday_beside_washingtons_saturday(client: FlaskClient) -> None:
    page = words(client.get("/en/?zone=Asia/Phnom_Penh").text)
    assert "Sunday for you" in page
    assert "3:00 AM" in page
    assert "4:00 PM EDT" in page


def test_a_visitor_who_reads_khmer_reads_khmer_hours(client: FlaskClient) -> None:
    page = words(client.get("/km/?zone=Asia/Phnom_Penh").text)
    assert "សម្រាប់អ្នក គឺថ្ងៃអាទិត្យ" in page
    assert "ម៉ោង ៣ ទៀបភ្លឺ" in page
    assert "ម៉ោង ៤ ល្ងាច EDT" in page


def test_a_visitor_in_paris_keeps_the_day(client: FlaskClient) -> None:
    page = words(client.get("/en/?zone=Europe/Paris").text)
    assert "10:00 PM" in page
    assert "for you" not in page


def test_the_officials_session_is_to_be_announced(client: FlaskClient) -> None:
    assert "to be announced" in words(client.get("/en/").text).lower()


def test_a_session_that_has_been_is_past_and_takes_no_requests(client: FlaskClient, clock: Moment) -> None:
    assert "/rsvps/new" in client.get("/en/events/democracy").text
    clock.at = factories.FIRST.replace(hour=22)
    assert "events=democracy" not in client.get("/en/").text
    assert "events=democracy" not in client.get("/en/events/democracy").text


@pytest.mark.parametrize("zone", ["Mars/Base", "Europe/", "<script>", "Etc/GMT+5", "x" * 5000, "../../etc/passwd"])
@pytest.mark.parametrize("page", ["", "events/democracy"])
def test_an_unknown_zone_is_said_and_the_schedule_is_still_there(client: FlaskClient, zone: str, page: str) -> None:
    answer = client.get(f"/en/{page}", query_string={"zone": zone})
    assert answer.status_code == 400
    assert "Democracy and the Political Process" in answer.text
    assert "<script>" not in answer.text.replace("<script src", "").replace('<script type="application/json"', "")


@pytest.mark.parametrize("zone", ["EST", "EDT", "ET", "DC"])
def test_the_words_of_the_published_page_mean_washington(client: FlaskClient, zone: str) -> None:
    answer = client.get("/en/", query_string={"zone": zone})
    assert answer.status_code == 200
    assert "America/New_York" in answer.text


def test_an_event_shows_the_hour_in_eight_cities(client: FlaskClient) -> None:
    page = words(client.get("/en/events/democracy").text)
    for city in ("Phnom Penh", "Bangkok", "Melbourne", "Seoul", "Paris", "Washington", "Long Beach", "Auckland"):
        assert city in page
