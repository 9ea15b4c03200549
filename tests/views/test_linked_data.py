"""What machines learn of an event."""

import json
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import transaction
from rsvp.services import events
from tests import factories
from tests.views.heads import Head

LANGUAGES = ("en", "km")
ORG = "https://schema.org/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_event_says_what_it_is_when_and_that_it_is_online(site: Flask, client: FlaskClient, language: str) -> None:
    with site.app_context():
        event = factories.event(link=factories.LINK, passcode="482 913")
        title, summary, organiser = event.title, event.summary, event.programme.organiser
    (said,) = Head(client, f"/{language}/events/democracy?zone=Asia/Seoul").data
    page = f"http://localhost/{language}/events/democracy"
    picture = rf"http://localhost/static/previews/{language}\.[0-9a-f]{{12}}\.png"
    assert re.fullmatch(picture, str(said.pop("image")))
    assert said == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": title[language],
        "description": summary[language],
        "url": page,
        "startDate": "2025-07-12T16:00:00-04:00",
        "endDate": "2025-07-12T18:00:00-04:00",
        "eventStatus": f"{ORG}EventScheduled",
        "eventAttendanceMode": f"{ORG}OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": page},
        "organizer": {"@type": "Organization", "name": organiser[language], "url": f"http://localhost/{language}/"},
        "inLanguage": "km",
    }


def test_an_event_over_a_change_of_the_clocks_ends_with_the_other_offset(site: Flask, client: FlaskClient) -> None:
    with site.app_context():
        factories.event(starts_at=datetime.fromisoformat("2025-11-02T01:30:00-04:00"), minutes=60, kind="officials")
    (said,) = Head(client, "/en/events/democracy").data
    assert (said["startDate"], said["endDate"]) == ("2025-11-02T01:30:00-04:00", "2025-11-02T01:30:00-05:00")
    length = datetime.fromisoformat(said["endDate"]) - datetime.fromisoformat(said["startDate"])
    assert length == timedelta(minutes=60)
    assert "inLanguage" not in said


def test_a_cancelled_event_says_so(site: Flask, client: FlaskClient) -> None:
    with site.app_context(), transaction():
        events.call_off(factories.event(), by=factories.COORDINATOR, at=factories.NOW)
    head = Head(client, "/en/events/democracy")
    assert [said["eventStatus"] for said in head.data] == [f"{ORG}EventCancelled"]
    assert (head.metas["description"] or "").startswith("Cancelled · ")


def test_an_event_without_a_time_says_nothing_to_machines(site: Flask, client: FlaskClient) -> None:
    with site.app_context():
        factories.event(starts_at=None)
    assert Head(client, "/en/events/democracy").data == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_neither_the_link_nor_the_passcode_nor_a_guest_is_in_any_head(
    site: Flask, client: FlaskClient, language: str
) -> None:
    with site.app_context():
        factories.event(link="https://kanarizoom.example/j/1", passcode="kanaricode", capacity=4321)
        factories.approved(name="Kanarinam", email="kanarimail@example.org")
    for page in ("", "events/democracy", "rsvps/new"):
        head = client.get(f"/{language}/{page}").text.partition("</head>")[0]
        assert "og:title" in head
        assert not re.search("kanari|4321", head, re.IGNORECASE)


def test_what_a_title_holds_never_ends_the_block_nor_an_attribute(site: Flask, client: FlaskClient) -> None:
    words = {"en": '</script><script src="//x.example"> <!-- "quoted" & \'both\'', "km": "</script>ប្រជាធិបតេយ្យ"}
    with site.app_context():
        factories.event(title=words, summary=words)
    for language in LANGUAGES:
        answer = client.get(f"/{language}/events/democracy")
        head = Head(client, f"/{language}/events/democracy")
        assert [said["name"] for said in head.data] == [words[language]]
        assert head.metas["og:title"] == words[language]
        block = re.search(r"ld\+json\">(.*?)</script>", answer.text)
        assert block
        assert not set("<>&'") & set(block[1])
        assert json.loads(block[1])["description"] == words[language]
        assert "ប្រជា" in block[1] or language == "en"
