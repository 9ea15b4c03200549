"""The calendars and the data that everybody may see."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import vobject
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import transaction
from rsvp.services import events
from tests import factories
from tests.meetings import lines, properties
from tests.views.test_headers import GOLDEN, strict

PUBLIC = ("/en/schedule.ics", "/km/schedule.ics", "/en/events/democracy.ics", "/km/events/democracy.ics")
EVERYBODYS = (*PUBLIC, "/schedule.json")
TITLES = {"en": "Democracy and the Political Process", "km": "ប្រជាធិបតេយ្យ និងដំណើរការនយោបាយ"}
LATER = factories.FIRST + timedelta(days=7)
GUEST = {"email": "sok.dara@guests.example", "name": "Sok Dara", "organisation": "The Library", "country": "Cambodia"}
PASSCODE = "482 913"


@pytest.fixture(autouse=True)
def programme(site: Flask) -> None:
    """Publish three events and keep a draft; let one guest in, and another wait."""
    with site.app_context():
        factories.event(link=factories.LINK, passcode=PASSCODE)
        factories.event("officials", kind="officials", starts_at=None)
        factories.event("sovereignty", starts_at=LATER, link=factories.LINK)
        factories.event("draft", link=factories.LINK)
        change("draft", status="draft")
        factories.pending("democracy", message="Please let me in.")
        factories.approved("democracy", **GUEST)


def change(slug: str = "democracy", *, at: datetime = factories.NOW, **facts: object) -> None:
    event = events.named(slug)
    assert event is not None
    with transaction():
        events.change(event, facts, by="x", at=at)


def call_off(slug: str = "democracy") -> None:
    event = events.named(slug)
    assert event is not None
    with transaction():
        events.call_off(event, by="x", at=factories.NOW)


def entries(body: bytes) -> dict[str, Any]:
    """Return what a calendar shows, by the first part of the UID."""
    return {event.uid.value.partition("@")[0]: event for event in vobject.readOne(body.decode()).vevent_list}


def value(client: FlaskClient, name: str, address: str = PUBLIC[2]) -> str:
    return properties(client.get(address).data)[name].removeprefix(":")


@pytest.mark.parametrize("address", EVERYBODYS)
def test_a_public_calendar_holds_no_link_and_nothing_of_a_guest(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    words = "".join(lines(answer.data))
    secrets = ("zoom.example", PASSCODE, *GUEST.values(), "guests.example", "ATTENDEE", "Please let me in", "VALARM")
    assert [secret for secret in secrets if secret in words] == []


@pytest.mark.parametrize("language", TITLES)
def test_the_schedule_holds_what_has_a_time_in_its_readers_language(client: FlaskClient, language: str) -> None:
    answer = client.get(f"/{language}/schedule.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert list(entries(answer.data)) == ["democracy", "sovereignty"]
    event = entries(answer.data)["democracy"]
    assert (event.summary.value, event.uid.value) == (TITLES[language], "democracy@example.org")
    assert (event.status.value, event.contents["class"][0].value) == ("CONFIRMED", "PUBLIC")
    assert f"http://localhost/{language}/events/" in event.description.value


def test_an_events_own_calendar_is_that_event_alone_and_not_its_page(client: FlaskClient) -> None:
    answer = client.get("/en/events/democracy.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert list(entries(answer.data)) == ["democracy"]
    assert entries(answer.data)["democracy"].dtstart.value == factories.FIRST
    assert client.get("/en/events/democracy").content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("slug", ["officials", "draft", "nothing", "democracy.ics"])
def test_an_event_without_a_time_a_draft_and_nonsense_have_no_calendar(client: FlaskClient, slug: str) -> None:
    answer = client.get(f"/en/events/{slug}.ics")
    nonsense = client.get("/en/no-such-page")
    assert (answer.status_code, answer.data) == (404, nonsense.data)


@pytest.mark.parametrize(("language", "name"), [("en", "A series"), ("km", "កម្មវិធី")])
def test_the_schedule_says_its_name_colour_and_when_to_ask_again(client: FlaskClient, language: str, name: str) -> None:
    head = properties(client.get(f"/{language}/schedule.ics").data, "VCALENDAR")
    assert (head["METHOD"], head["NAME"], head["X-WR-CALNAME"]) == (":PUBLISH", f":{name}", f":{name}")
    assert (head["COLOR"], head["REFRESH-INTERVAL"]) == (":goldenrod", ";VALUE=DURATION:PT1H")
    assert head["X-PUBLISHED-TTL"] == ":PT1H"


def test_a_cancelled_event_stays_in_public_as_cancelled(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        call_off()
    for address in PUBLIC:
        body = client.get(address).data
        assert entries(body)["democracy"].status.value == "CANCELLED"
    assert entries(client.get(PUBLIC[0]).data)["sovereignty"].status.value == "CONFIRMED"
    facts = client.get("/schedule.json").json["events"]  # type: ignore[index]
    assert {event["slug"]: event["status"] for event in facts}["democracy"] == "cancelled"


def test_the_data_hold_every_public_event_in_both_languages_a_time_to_be_announced_as_null(client: FlaskClient) -> None:
    found = {event["slug"]: event for event in client.get("/schedule.json").json["events"]}  # type: ignore[index]
    assert list(found) == ["democracy", "sovereignty", "officials"]
    assert found["officials"]["starts_at"] is None
    assert found["democracy"] == {
        "slug": "democracy",
        "kind": "discussion",
        "status": "published",
        "title": TITLES,
        "summary": {"en": "About democracy.", "km": "អំពីប្រជាធិបតេយ្យ។"},
        "starts_at": "2025-07-12T20:00:00+00:00",
        "zone": "America/New_York",
        "minutes": 120,
        "recording_url": None,
    }


def test_sequence_rises_in_public_when_the_event_moves_and_not_with_its_summary(
    client: FlaskClient, site: Flask
) -> None:
    assert value(client, "SEQUENCE") == "0"
    with site.app_context():
        change(at=factories.NOW + timedelta(hours=1), summary={"en": "New words.", "km": "ពាក្យថ្មី។"})
    assert (value(client, "SEQUENCE"), value(client, "DTSTAMP")) == ("0", "20250701T130000Z")
    assert "New words." in value(client, "DESCRIPTION")
    with site.app_context():
        change(at=factories.NOW + timedelta(hours=2), starts_at=LATER)
    assert (value(client, "SEQUENCE"), value(client, "UID")) == ("1", "democracy@example.org")
    assert entries(client.get(PUBLIC[0]).data)["democracy"].dtstart.value == LATER


@pytest.mark.parametrize("address", EVERYBODYS)
def test_who_has_the_newest_calendar_is_not_sent_it_again(client: FlaskClient, site: Flask, address: str) -> None:
    first = client.get(address)
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "X-Robots-Tag" not in first.headers
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, strict(again.headers)) == (304, b"", GOLDEN)
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    with site.app_context():
        change(starts_at=LATER)
    assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
