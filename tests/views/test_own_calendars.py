"""One place taken into a calendar from the guest's page: as a file, by letter again, or in a calendar on the web."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Letter
from rsvp.models.token import Purpose
from rsvp.services import events, links
from tests import factories
from tests.factories import Moment
from tests.views import pages
from tests.views.own import words
from tests.views.test_headers import GOLDEN, strict

CALENDARS = ("calendar.google.com", "outlook.live.com", "outlook.office.com")
PASSCODE = "482 913"


@pytest.fixture
def places(site: Flask) -> str:
    """The path of the page of a guest with a place at an event with a link, without its language."""
    with site.app_context():
        factories.event(link=factories.LINK, passcode=PASSCODE)
        factories.event("sovereignty")
        factories.pending("democracy", "sovereignty")
        rsvp = factories.approved("democracy", "sovereignty")
        with transaction():
            return f"/places/{links.issue(db.session.merge(rsvp).participant, Purpose.PLACES, at=factories.NOW)}"


def offers(client: FlaskClient, places: str, language: str = "en") -> dict[str, dict[str, str]]:
    """Return what the page's addresses tell each calendar."""
    found = {}
    for link in pages.check(client.get(f"/{language}{places}")).iter(f"{pages.XHTML}a"):
        address = urlsplit(link.get("href") or "")
        if address.hostname in CALENDARS:
            assert link.get("rel") == "noreferrer"
            found[address.hostname] = {name: values[0] for name, values in parse_qs(address.query).items()}
    return found


def guard() -> None:
    event = events.named("democracy")
    assert event is not None
    events.change(event, {"link_mode": "guarded"}, by="x", at=factories.NOW)


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_page_leads_to_a_file_that_a_phone_keeps(client: FlaskClient, places: str, language: str) -> None:
    page = pages.check(client.get(f"/{language}{places}"))
    (file,) = [link.get("href") for link in page.iter(f"{pages.XHTML}a") if link.get("type") == "text/calendar"]
    answer = client.get(file)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert strict(answer.headers) == GOLDEN
    assert answer.data.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.mark.parametrize("slug", ["sovereignty", "nothing", "democracy%2F..", "%00"])
def test_what_the_guest_has_no_place_at_answers_as_nonsense(client: FlaskClient, places: str, slug: str) -> None:
    nonsense = client.get("/en/no-such-page")
    for address in (f"/en{places}/{slug}.ics", "/en/places/nobody/democracy.ics"):
        answer = client.get(address)
        assert (answer.status_code, answer.data, dict(answer.headers)) == (404, nonsense.data, dict(nonsense.headers))


def test_a_place_taken_back_takes_its_file_along(client: FlaskClient, site: Flask, places: str) -> None:
    address = f"/en{places}/democracy.ics"
    assert client.get(address).status_code == 200
    client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
    assert client.get(address).status_code == 404
    assert ".ics" not in words(client.get(f"/en{places}"))


def test_the_invitation_is_sent_again_and_too_often_is_refused_in_plain_words(
    client: FlaskClient, site: Flask, places: str, clock: Moment
) -> None:
    address, form = f"/en{places}/invitations", {"event": "democracy"}
    answer = client.post(address, data=form)
    assert answer.status_code == 409
    assert "less than ten minutes ago" in words(answer)
    clock.pass_by(minutes=10)
    answer = client.post(address, data=form)
    assert (answer.status_code, answer.location) == (303, f"/en{places}?done=sent")
    assert "on its way to your mail" in words(client.get(answer.location))
    with site.app_context():
        assert db.session.query(Letter).filter_by(kind="invitation").count() == 2
    for slug in ("sovereignty", "nothing", ""):
        answer = client.post(address, data={"event": slug})
        assert answer.status_code == 409
        assert "There is no invitation for this event now." in words(answer)
    assert client.post("/en/places/nobody/invitations", data=form).status_code == 404


def test_web_calendars_get_what_the_invitation_holds(client: FlaskClient, places: str) -> None:
    found = offers(client, places)
    assert tuple(found) == CALENDARS
    for told in found.values():
        assert told["location"] == factories.LINK
        words_ = told.get("details") or told["body"]
        assert factories.LINK in words_
        assert PASSCODE in words_
        assert "http://localhost/en/events/democracy" in words_
    assert found["calendar.google.com"]["dates"] == "20250712T200000Z/20250712T220000Z"
    assert "and the link to the meeting" in words(client.get(f"/en{places}"))


@pytest.mark.parametrize("language", ["en", "km"])
def test_web_calendars_learn_no_secret_of_a_guarded_event(
    client: FlaskClient, site: Flask, places: str, language: str
) -> None:
    with site.app_context(), transaction():
        guard()
    page = client.get(f"/{language}{places}")
    token = places.rpartition("/")[2]
    told = offers(client, places, language)
    assert tuple(told) == CALENDARS
    for values in told.values():
        said = " ".join(values.values())
        assert [secret for secret in ("zoom.example", PASSCODE, token, "/places/", "/join/") if secret in said] == []
        assert f"http://localhost/{language}/events/democracy" in said
    assert "zoom.example" not in page.text


def test_an_event_without_a_place_or_an_hour_is_offered_to_no_calendar(
    client: FlaskClient, site: Flask, places: str
) -> None:
    assert "sovereignty" not in str(offers(client, places))
    with site.app_context(), transaction():
        event = events.named("democracy")
        assert event is not None
        events.change(event, {"starts_at": None}, by="x", at=factories.NOW)
    assert offers(client, places) == {}
