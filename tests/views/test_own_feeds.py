"""A participant's own calendar: made by a button, under a secret address, with the links of what they may join."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.models.token import Purpose
from rsvp.services import events, invitations, links, rsvps
from tests import factories
from tests.factories import Moment
from tests.meetings import lines, properties
from tests.views import pages
from tests.views.test_headers import GOLDEN, strict

TITLES = {"en": "Democracy and the Political Process", "km": "ប្រជាធិបតេយ្យ និងដំណើរការនយោបាយ"}
PASSCODE = "482 913"


@dataclass(frozen=True)
class Guest:
    """A guest with a place, and the secrets that they hold: of their page, and of their calendar's address."""

    rsvp: str
    places: str
    feed: str

    def stored(self) -> Rsvp:
        """Return their request as it stands now."""
        return db.session.query(Rsvp).filter_by(public_id=self.rsvp).one()


@pytest.fixture
def guest(site: Flask, client: FlaskClient) -> Guest:
    """A guest with a place, who has made an address for their calendar; another guest waits."""
    with site.app_context():
        factories.event(link=factories.LINK, passcode=PASSCODE)
        factories.pending("democracy", email="chan.thea@guests.example", name="Chan Thea")
        rsvp = factories.approved("democracy", email="sok.dara@guests.example")
        with transaction():
            places = links.issue(rsvp.participant, Purpose.PLACES, at=factories.NOW)
        public_id = rsvp.public_id
    return Guest(public_id, places, make_feed(client, places))


def make_feed(client: FlaskClient, places: str, language: str = "en") -> str:
    """Press the button on the places page; return the path of the address that it shows."""
    answer = client.post(f"/{language}/places/{places}/feeds")
    assert answer.status_code == 200
    pages.check(answer)
    (address,) = set(re.findall(r"http://localhost(/\w\w/feeds/[\w-]{43}\.ics)", html.unescape(answer.text)))
    assert "webcal:" not in answer.text, "some calendars open it without encryption"
    return str(address)


def refused(client: FlaskClient, address: str) -> bool:
    """Whether an address answers as nonsense does, byte for byte."""
    answer, nonsense = client.get(address), client.get("/en/no-such-page")
    same = (answer.data, dict(answer.headers)) == (nonsense.data, dict(nonsense.headers))
    return answer.status_code == 404 and same


def titles(body: bytes) -> list[str]:
    return [line.removeprefix("SUMMARY:") for line in lines(body) if line.startswith("SUMMARY:")]


def change(**facts: object) -> None:
    event = events.named("democracy")
    assert event is not None
    with transaction():
        events.change(event, facts, by="x", at=factories.NOW)


def test_the_address_of_a_guests_calendar_is_shown_once(client: FlaskClient, guest: Guest) -> None:
    page = client.get(f"/en/places/{guest.places}").text
    assert "/feeds/" in page  # the buttons that make and end one
    assert guest.feed not in page
    assert not re.search(r"feeds/[\w-]+\.ics", page)


def test_a_guests_calendar_holds_the_invitation_itself_with_its_link(
    client: FlaskClient, site: Flask, guest: Guest
) -> None:
    with site.app_context():
        invitation = invitations.of(guest.stored())
        assert invitation is not None
        uid = invitation.uid
        change(minutes=90)
    answer = client.get(guest.feed)
    assert answer.content_type == "text/calendar; charset=utf-8"
    event = properties(answer.data)
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (f":{uid}", ":1", ":CONFIRMED")
    assert (event["URL"], event["LOCATION"]) == (f":{factories.LINK}", f":{factories.LINK}")
    assert PASSCODE in event["DESCRIPTION"]
    assert event["CLASS"] == ":PRIVATE"


def test_a_guests_calendar_names_nobody(client: FlaskClient, guest: Guest) -> None:
    words = "".join(lines(client.get(guest.feed).data))
    assert [word for word in ("ATTENDEE", "Sok Dara", "guests.example", "guest1") if word in words] == []


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_guests_calendar_is_in_their_language(client: FlaskClient, site: Flask, language: str) -> None:
    with site.app_context():
        factories.event()
        token = factories.prove(factories.ask("democracy", language=language))
        rsvp = factories.rsvp_of(factories.only_participant())
        with transaction():
            rsvps.approve(factories.decision(rsvp))
    body = client.get(make_feed(client, token, language)).data
    assert titles(body) == [TITLES[language]]
    name = {"en": "My places", "km": "កម្មវិធីរបស់ខ្ញុំ"}[language]
    head = properties(body, "VCALENDAR")
    assert (head["NAME"], head["REFRESH-INTERVAL"]) == (f":{name}", ";VALUE=DURATION:PT1H")


def test_only_approved_events_are_in_a_guests_calendar(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        for slug in ("pending", "declined", "waitlisted", "approved"):
            factories.event(slug, title={"en": slug, "km": slug}, link=factories.LINK)
        participant = factories.ask("pending", "declined", "waitlisted", "approved")
        token = factories.prove(participant)
        held = {rsvp.event.slug: rsvp for rsvp in db.session.query(Rsvp)}
        with transaction():
            rsvps.decline(factories.decision(held["declined"]))
            rsvps.waitlist(factories.decision(held["waitlisted"]))
            rsvps.approve(factories.decision(held["approved"]))
    assert titles(client.get(make_feed(client, token)).data) == ["approved"]


@pytest.mark.parametrize("end", ["call off", "revoke", "withdraw", "open the time"])
def test_what_ended_stays_as_cancelled_under_its_own_uid_without_a_link(
    client: FlaskClient, site: Flask, guest: Guest, end: str
) -> None:
    before = properties(client.get(guest.feed).data)
    with site.app_context():
        _end(end, guest)
    body = client.get(guest.feed).data
    after = properties(body)
    assert (after["UID"], after["DTSTART"]) == (before["UID"], before["DTSTART"])
    assert (after["STATUS"], before["SEQUENCE"], after["SEQUENCE"]) == (":CANCELLED", ":0", ":1")
    words = "".join(lines(body))
    assert [word for word in ("zoom.example", PASSCODE, "URL", "CONFERENCE") if word in words] == []


def test_an_entry_that_ended_says_no_other_hour_than_its_own(client: FlaskClient, site: Flask, guest: Guest) -> None:
    with site.app_context():
        _end("revoke", guest)
        change(starts_at=factories.FIRST + timedelta(days=7))
    event = properties(client.get(guest.feed).data)
    assert event["DTSTART"].endswith(":20250712T160000")
    assert "July" not in event["DESCRIPTION"]
    assert event["DESCRIPTION"] == ":http://localhost/en/events/democracy"


def test_who_is_approved_again_finds_the_same_entry_confirmed(client: FlaskClient, site: Flask, guest: Guest) -> None:
    uid = properties(client.get(guest.feed).data)["UID"]
    with site.app_context():
        for act in (rsvps.revoke, rsvps.reopen):
            with transaction():
                act(factories.decision(guest.stored()))
    assert properties(client.get(guest.feed).data)["STATUS"] == ":CANCELLED"
    with site.app_context(), transaction():
        rsvps.approve(factories.decision(guest.stored()))
    after = properties(client.get(guest.feed).data)
    assert (after["UID"], after["STATUS"], after["SEQUENCE"]) == (uid, ":CONFIRMED", ":2")


def test_a_guest_without_a_place_yet_can_subscribe_and_sees_it_appear(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event()
        token = factories.prove(factories.ask("democracy"))
    address = make_feed(client, token)
    body = client.get(address).data
    assert titles(body) == []
    assert b"BEGIN:VTIMEZONE" in body
    with site.app_context(), transaction():
        rsvps.approve(factories.decision(factories.rsvp_of(factories.only_participant())))
    assert titles(client.get(address).data) == [TITLES["en"]]


def test_a_guests_calendar_is_kept_by_nobody_between_and_asked_for_each_time(
    client: FlaskClient, site: Flask, guest: Guest
) -> None:
    first = client.get(guest.feed)
    assert first.headers["Cache-Control"] == "no-store"
    assert first.headers["X-Robots-Tag"] == "noindex, nofollow"
    again = client.get(guest.feed, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, strict(again.headers)) == (304, b"", GOLDEN)
    assert again.headers["Cache-Control"] == "no-store"
    with site.app_context():
        _end("revoke", guest)
    assert client.get(guest.feed, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_an_ended_address_answers_as_nonsense_even_to_who_kept_its_calendar(client: FlaskClient, guest: Guest) -> None:
    etag = client.get(guest.feed).headers["ETag"]
    answer = client.post(f"/en/places/{guest.places}/feeds/revocation")
    assert answer.status_code == 303
    assert refused(client, guest.feed)
    assert client.get(guest.feed, headers={"If-None-Match": etag}).status_code == 404


def test_a_new_address_ends_the_old_one_and_no_other_guests(client: FlaskClient, site: Flask, guest: Guest) -> None:
    with site.app_context():
        others = make_feed(client, factories.prove(factories.ask("democracy")))
    newer = make_feed(client, guest.places)
    assert newer != guest.feed
    assert refused(client, guest.feed)
    assert [client.get(address).status_code for address in (newer, others)] == [200, 200]


def test_an_address_ends_by_itself_after_a_year(client: FlaskClient, clock: Moment, guest: Guest) -> None:
    clock.pass_by(days=364)
    assert client.get(guest.feed).status_code == 200
    clock.pass_by(days=1)
    assert refused(client, guest.feed)


def test_each_secret_opens_its_own_page_only(client: FlaskClient, site: Flask, guest: Guest) -> None:
    with site.app_context(), transaction():
        verification = links.issue(guest.stored().participant, Purpose.VERIFICATION, at=factories.NOW)
    for token in (guest.places, verification, "wrong", "x" * 3000):
        assert refused(client, f"/en/feeds/{token}.ics")
    token = guest.feed.removeprefix("/en/feeds/").removesuffix(".ics")
    assert refused(client, f"/en/places/{token}")
    assert refused(client, f"/en/verifications/{token}")
    for act in ("feeds", "feeds/revocation", "withdrawals"):
        assert client.post(f"/en/places/{token}/{act}").status_code == 404
    assert client.get(guest.feed).status_code == 200


def _end(end: str, guest: Guest) -> None:
    """Let a place or its event end in one of the ways there are."""
    if end == "call off":
        event = guest.stored().event
        with transaction():
            events.call_off(event, by="x", at=factories.NOW)
    elif end == "open the time":
        change(starts_at=None)
    else:
        rsvp = guest.stored()
        with transaction():
            if end == "revoke":
                rsvps.revoke(factories.decision(rsvp))
            else:
                rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
