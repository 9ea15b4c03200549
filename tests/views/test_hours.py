"""Finding an hour for an event at the desk."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db
from rsvp.models import Event, Letter
from tests import factories
from tests.factories import Moment
from tests.views import pages

PAGE = "/desk/events/officials/hours"


@pytest.fixture
def desk(site: Flask, clock: Moment) -> FlaskClient:
    pages.build(site)
    return pages.sign_in(site.test_client())


def cells(page: str) -> list[str]:
    return re.findall(r'<td class="heat-\w+">', page)


def test_next_week_is_shown_by_counts_and_names_nobody(desk: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.pending("officials", name="Sok Nobody", zone="Europe/Paris", email="nobody@example.org")
    answer = desk.get(PAGE)
    pages.check(answer)
    assert len(cells(answer.text)) == 7 * 24
    assert 'value="2025-07-07"' in answer.text
    assert "2 people have asked for a place" in answer.text
    # 9 in Washington: 15 in Paris, 20 in Phnom Penh; 16: 22 and 3 in the night.
    assert "Mon 7, 9:00 AM: 2 awake, 0 at night" in answer.text
    assert "Mon 7, 4:00 PM: 0 awake, 2 at night" in answer.text
    assert "8:00 AM or later, and before 10:00 PM" in answer.text
    assert "Nobody@" not in answer.text
    assert "Sok Nobody" not in answer.text


def test_another_week_is_chosen_by_any_of_its_days(desk: FlaskClient) -> None:
    page = desk.get(f"{PAGE}?week=2025-09-04").text
    assert 'value="2025-09-01"' in page
    assert "week=2025-08-25" in page
    assert "week=2025-09-08" in page
    for nonsense in ("soon", "9999-12-31", "0001-01-01", "2025-02-30"):
        assert 'value="2025-07-07"' in desk.get(f"{PAGE}?week={nonsense}").text


def test_an_hour_that_clocks_skip_or_repeat_cannot_be_clicked_and_the_page_says_why(desk: FlaskClient) -> None:
    spring, autumn = desk.get(f"{PAGE}?week=2026-03-02"), desk.get(f"{PAGE}?week=2026-10-26")
    assert cells(spring.text).count('<td class="heat-none">') == 1
    assert "On Sunday, 8 March 2026 clocks in Washington are set forward and jump over 2:00 AM" in spring.text
    assert "On Sunday, 1 November 2026 clocks in Washington are set back and show 1:00 AM twice" in autumn.text
    pages.check(spring)
    clicked = desk.get(f"{PAGE}?week=2026-03-02&day=2026-03-08&hour=2")
    assert "Set this time" not in clicked.text


def test_a_clicked_hour_is_shown_city_by_city_and_set_after_the_count_of_letters(
    desk: FlaskClient, site: Flask
) -> None:
    with site.app_context():
        factories.approved("officials", zone="Europe/Paris")
        before = db.session.query(Letter).count()
    page = desk.get(f"{PAGE}?week=2025-09-01&day=2025-09-06&hour=9")
    pages.check(page)
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td>', page.text)
    assert rows == [
        ("Phnom Penh", "1", "Saturday, 8:00 PM", "10:00 PM"),
        ("Paris", "1", "Saturday, 3:00 PM", "5:00 PM"),
    ]
    review = desk.post("/desk/events/officials/changes", data=pages.fields(page, "/changes"))
    assert review.status_code == 200
    assert "This change sends 1 letter." in review.text
    assert "Saturday, 6 September 2025, 9:00 AM EDT" in review.text
    answer = desk.post("/desk/events/officials/changes", data=pages.fields(review, "/changes"))
    assert answer.status_code == 303
    with site.app_context():
        event = db.session.query(Event).filter_by(slug="officials").one()
        assert event.starts_at is not None
        assert event.starts_at.isoformat() == "2025-09-06T13:00:00+00:00"
        assert event.kind == "officials"
        assert db.session.query(Letter).count() == before + 1


@pytest.mark.parametrize("asked", ["day=2025-09-07&hour=24", "day=2025-09-10&hour=9", "day=x&hour=y", "hour=9"])
def test_an_hour_that_is_not_of_the_week_is_no_choice(desk: FlaskClient, asked: str) -> None:
    page = desk.get(f"{PAGE}?week=2025-09-01&{asked}")
    assert page.status_code == 200
    assert "Set this time" not in page.text


def test_an_event_that_nobody_asked_for_says_so(desk: FlaskClient) -> None:
    answer = desk.get("/desk/events/preparatory/hours")
    pages.check(answer)
    assert "Nobody has asked for a place at this event yet" in answer.text
    assert cells(answer.text) == []


def test_the_map_is_in_khmer_too(desk: FlaskClient) -> None:
    token = pages.csrf_token(desk.get(PAGE).text)
    desk.post("/desk/language", data={"csrf_token": token, "language": "km"})
    answer = desk.get(f"{PAGE}?week=2026-03-02&day=2026-03-07&hour=9")
    pages.check(answer)
    assert "នាក់នៅភ្ញាក់" in answer.text
    assert "កំណត់យកម៉ោងនេះ" in answer.text
