"""What a coordinator is told whose act is refused: at the desk, with the way on that the sentence speaks of."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.services import rsvps
from tests import factories
from tests.views import pages

GUESTS_WAY = "Did you lose the link to your own page?"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def posted(desk: FlaskClient, path: str, **fields: str) -> tuple[int, list[tuple[str, str]], str]:
    """Send a form of the desk; return the status, the addresses and words of the page's own buttons, and the page."""
    token = pages.csrf_token(desk.get("/desk/").text)
    answer = desk.post(path, data={"csrf_token": token} | fields)
    return answer.status_code, ways(pages.check(answer)), answer.text


def ways(page: pages.Element) -> list[tuple[str, str]]:
    (main,) = page.iter(f"{pages.XHTML}main")
    return [(link.get("href", ""), "".join(link.itertext())) for link in main.iter(f"{pages.XHTML}a")]


def test_what_is_no_page_of_the_desk_is_said_in_its_frame(desk: FlaskClient) -> None:
    for path, way in (("/desk/events/nothing", "/desk/events/"), ("/desk/nothing", "/desk/")):
        answer = desk.get(path)
        assert answer.status_code == 404
        assert [address for address, _words in ways(pages.check(answer))] == [way]
        assert "Sign out" in answer.text
        assert GUESTS_WAY not in answer.text


def test_a_stranger_sees_the_guests_page_where_there_is_none(site: Flask, client: FlaskClient) -> None:
    answer = client.get("/desk/nothing")
    assert (answer.status_code, GUESTS_WAY in answer.text) == (404, True)
    assert "/desk/" not in answer.text


def test_who_decides_too_late_is_led_back_to_the_request(site: Flask, desk: FlaskClient) -> None:
    with site.app_context():
        factories.event()
        rsvp = factories.pending()
        with transaction():
            rsvps.decline(factories.decision(db.session.merge(rsvp)))
        path = f"/desk/rsvps/{rsvp.public_id}"
    status, way, page = posted(desk, f"{path}/approval", version="1")
    assert (status, way, "Sign out" in page) == (409, [(path, "Back to the request")], True)


def test_a_sentence_that_names_the_queue_leads_to_it(site: Flask, desk: FlaskClient) -> None:
    with site.app_context():
        factories.event()
        path = f"/desk/rsvps/{factories.pending().public_id}/revocation"
    status, way, _page = posted(desk, path, version="1")
    assert (status, way) == (409, [("/desk/", "Back to the queue")])


def test_who_saves_what_changed_meanwhile_is_led_back_to_the_event(site: Flask, desk: FlaskClient) -> None:
    with site.app_context():
        slug = factories.event().slug
    token = pages.csrf_token(desk.get("/desk/").text)
    fields = pages.fields(desk.get(f"/desk/events/{slug}"), f"/desk/events/{slug}/changes")
    answer = desk.post(f"/desk/events/{slug}/changes", data=fields | {"csrf_token": token, "seen": "long ago"})
    assert (answer.status_code, ways(pages.check(answer))) == (409, [(f"/desk/events/{slug}", "Back to the event")])


def test_a_page_open_for_too_long_leads_back_to_what_it_was_about(site: Flask, desk: FlaskClient) -> None:
    with site.app_context():
        slug = factories.event().slug
    answer = desk.post(f"/desk/events/{slug}/closing", data={"csrf_token": "old"})
    assert (answer.status_code, ways(pages.check(answer))) == (400, [(f"/desk/events/{slug}", "Back to the event")])


def test_a_desk_without_its_tables_still_says_that_something_broke(site: Flask, desk: FlaskClient) -> None:
    site.config["PROPAGATE_EXCEPTIONS"] = False
    with site.app_context():
        db.drop_all()
    answer = desk.get("/desk/")
    assert (answer.status_code, "Something broke on our side" in answer.text) == (500, True)


def test_who_guessed_too_often_is_led_back_to_the_sign_in(site: Flask, client: FlaskClient) -> None:
    pages.build_desk(site)
    token = pages.csrf_token(client.get("/desk/session").text)
    for _try in range(30):
        answer = client.post("/desk/session", data={"email": pages.EMAIL, "password": "wrong", "csrf_token": token})
        if answer.status_code == 429:
            break
    assert ways(pages.check(answer)) == [("/desk/session?language=en", "Sign in to the desk")]
