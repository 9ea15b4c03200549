"""New events at the desk: drafts, publishing, the end of requests."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp import create_app
from rsvp.db import db
from rsvp.models import Event, JournalEntry
from tests import factories
from tests.databases import Databases, release
from tests.views import pages

TYPED = {
    "title_en": "Digital Rights",
    "title_km": "សិទ្ធិឌីជីថល",
    "summary_en": "What phones tell.",
    "summary_km": "អ្វីដែលទូរសព្ទប្រាប់។",
    "day": "2025-08-23",
    "hour": "16:00",
}
PUBLIC = ("/en/", "/km/", "/en/schedule.ics", "/schedule.json", "/sitemap.xml", "/en/rsvps/new", "/km/rsvps/new")


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build(site)
    return pages.sign_in(site.test_client())


def create(desk: FlaskClient, **changes: str) -> TestResponse:
    form = pages.fields(desk.get("/desk/events/new"), "/desk/events/")
    return desk.post("/desk/events/", data=form | TYPED | changes)


def press(desk: FlaskClient, act: str, slug: str = "digital-rights") -> TestResponse:
    token = pages.csrf_token(desk.get(f"/desk/events/{slug}").text)
    return desk.post(f"/desk/events/{slug}/{act}", data={"csrf_token": token})


def change(desk: FlaskClient, event: str = "digital-rights", **changes: str) -> TestResponse:
    form = pages.fields(desk.get(f"/desk/events/{event}"), "/changes")
    return desk.post(f"/desk/events/{event}/changes", data=form | changes)


def journal(site: Flask) -> list[tuple[str, str]]:
    with site.app_context():
        return [(entry.act, entry.subject) for entry in db.session.query(JournalEntry).order_by(JournalEntry.id)]


def test_of_two_who_give_one_name_at_the_same_instant_the_second_reads_that_it_is_taken(
    databases: Databases, tmp_path: Path, clock: factories.Moment
) -> None:
    site = create_app(factories.settings(tmp_path, DATABASE_URL=databases.postgresql()), clock)
    pages.build(site)
    desks = [pages.sign_in(site.test_client()) for _ in range(2)]
    forms = [pages.fields(desk.get("/desk/events/new"), "/desk/events/") | TYPED for desk in desks]
    meeting = threading.Barrier(2)

    def send(number: int, slug: str) -> TestResponse:
        meeting.wait()
        return desks[number].post("/desk/events/", data=forms[number] | {"slug": slug})

    with ThreadPoolExecutor(2) as threads:
        for slug in ("rights", "voices", "return"):
            answers = sorted(threads.map(send, (0, 1), (slug, slug)), key=lambda answer: answer.status_code)
            assert [answer.status_code for answer in answers] == [303, 422]
            pages.check(answers[1])
            assert "Another event has this name." in answers[1].text
    with site.app_context():
        release(site)


def test_nobody_outside_the_desk_learns_of_a_draft(desk: FlaskClient, site: Flask) -> None:
    answer = create(desk)
    assert (answer.status_code, answer.location) == (303, "/desk/events/digital-rights")
    page = desk.get(answer.location)
    pages.check(page)
    assert "only coordinators see it" in page.text
    guest = site.test_client()
    for address in PUBLIC:
        shown = guest.get(address)
        assert shown.status_code == 200, address
        assert "digital-rights" not in shown.text, address
        assert "Digital Rights" not in shown.text, address
    for address in ("/en/events/digital-rights", "/km/events/digital-rights.ics", "/en/events/digital-rights/zones"):
        assert guest.get(address).status_code == 404, address


def test_a_place_at_a_draft_cannot_be_asked_for(desk: FlaskClient, site: Flask) -> None:
    create(desk)
    guest = site.test_client()
    form = {"stamp": pages.stamp(guest.get("/en/rsvps/new").text), "name": "Sok", "email": "sok@example.org"}
    asked = form | {"events": "digital-rights", "zone": "Asia/Phnom_Penh", "language": "en", "consent": "y"}
    assert guest.post("/en/rsvps", data=asked).status_code == 422


def test_publishing_is_an_act_of_its_own(desk: FlaskClient, site: Flask) -> None:
    create(desk)
    answer = press(desk, "publication")
    assert answer.status_code == 303
    assert "Published." in desk.get(answer.location).text
    for address in PUBLIC:
        assert "digital-rights" in site.test_client().get(address).text, address
    assert journal(site)[-1] == ("publication", "event:digital-rights")


def test_a_missing_language_is_said_on_the_list_and_on_the_event_and_keeps_it_unpublished(
    desk: FlaskClient, site: Flask
) -> None:
    assert create(desk, title_km="", summary_km="").status_code == 303
    assert "Khmer is missing." in desk.get("/desk/events/").text
    page = desk.get("/desk/events/digital-rights").text
    assert "It can be published as soon as this is written:" in page
    assert "<li>Title in Khmer</li><li>Summary in Khmer</li>" in page
    assert "Publish the event" not in page
    refused = press(desk, "publication")
    assert refused.status_code == 409
    pages.check(refused)
    assert "missing in one of the languages" in refused.text
    assert change(desk, title_km="សិទ្ធិ", summary_km="សង្ខេប").status_code == 303
    assert press(desk, "publication").status_code == 303
    assert "Khmer is missing." not in desk.get("/desk/events/").text


def test_a_title_in_no_language_is_no_draft(desk: FlaskClient) -> None:
    answer = create(desk, title_en="", title_km="")
    assert answer.status_code == 422
    pages.check(answer)
    assert "Please write the title in one language at least." in answer.text


@pytest.mark.parametrize("slug", ["democracy", "Digital Rights", "new", "a--b", "x" * 81, "../etc"])
def test_an_address_that_is_taken_or_is_none_is_refused(desk: FlaskClient, slug: str) -> None:
    answer = create(desk, slug=slug)
    assert answer.status_code == 422
    pages.check(answer)
    assert "What phones tell." in answer.text


def test_the_address_changes_while_it_is_a_draft_and_stays_afterwards(desk: FlaskClient, site: Flask) -> None:
    create(desk)
    assert change(desk, slug="rights").location == "/desk/events/rights"
    assert press(desk, "publication", "rights").status_code == 303
    assert change(desk, "rights", slug="other").location == "/desk/events/rights"
    assert site.test_client().get("/en/events/rights").status_code == 200


def test_requests_are_closed_and_opened_again(desk: FlaskClient, site: Flask) -> None:
    asked = "/en/rsvps/new?events=democracy"
    assert press(desk, "closing", "democracy").status_code == 303
    page = desk.get("/desk/events/democracy")
    pages.check(page)
    assert "Requests are closed" in page.text
    assert 'value="democracy"' not in site.test_client().get(asked).text
    assert press(desk, "reopening", "democracy").status_code == 303
    assert 'value="democracy"' in site.test_client().get(asked).text
    assert [act for act, _subject in journal(site)][-2:] == ["closing", "reopening"]


def test_a_draft_is_deleted_and_a_published_event_is_not(desk: FlaskClient, site: Flask) -> None:
    create(desk)
    assert press(desk, "deletion").location == "/desk/events/"
    assert desk.get("/desk/events/digital-rights").status_code == 404
    assert press(desk, "deletion", "officials").status_code == 409
    assert press(desk, "cancellation", "officials").status_code == 303
    create(desk)
    assert press(desk, "cancellation").status_code == 409
    with site.app_context():
        assert {event.slug: event.status for event in db.session.query(Event)}["digital-rights"] == "draft"


def test_what_is_typed_is_shown_in_the_cities_without_being_saved(desk: FlaskClient, site: Flask) -> None:
    before = pages.fingerprint(site)
    answer = create(desk, preview="1", title_en="", day="2025-08-23", hour="16:00")
    assert answer.status_code == 200
    pages.check(answer)
    row = re.search(r"<tr><th scope=\"row\">Phnom Penh</th>.*?</tr>", answer.text)
    assert row is not None
    assert "3:00 AM" in row[0]
    assert "Sunday, 24 August 2025 <strong>(the day after)</strong>" in row[0]
    assert "What phones tell." in answer.text
    shown = change(desk, "democracy", preview="1", day="2025-12-06", hour="09:30", title_km="កំពុងសរសេរ")
    assert shown.status_code == 200
    assert "9:30 PM" in shown.text
    assert "កំពុងសរសេរ" in shown.text
    assert pages.fingerprint(site) == before


def test_a_preview_says_why_an_hour_is_none(desk: FlaskClient) -> None:
    answer = create(desk, preview="1", title_en="", minutes="", day="2026-03-08", hour="02:15")
    assert answer.status_code == 422
    pages.check(answer)
    assert "jump over 2:15 AM" in answer.text
    assert "Length in minutes</a>" not in answer.text
