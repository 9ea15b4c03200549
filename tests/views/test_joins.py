"""A guest's own page for a guarded meeting: what it says and when, and to whom it shows the meeting's address."""

import html
import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.models.event import LinkMode
from rsvp.services import events, joins, retention, rsvps
from tests import factories, stories
from tests.factories import FIRST, Moment
from tests.views import pages

CANARY, PASSCODE = "kanarizoom.example/j/1", "kanaricode"
LINK = f"https://{CANARY}?pwd=a&b=c"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OPENING, END = FIRST - 30 * MINUTE, FIRST + 120 * MINUTE


@pytest.fixture
def address(site: Flask) -> str:
    """The page of an approved guest in Phnom Penh."""
    with site.app_context():
        factories.event(link=LINK, passcode=PASSCODE, link_mode=LinkMode.GUARDED)
        found = joins.door(factories.approved()).address
        assert found is not None
        return found.removeprefix("http://localhost")


def words(page: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def change(site: Flask, **facts: object) -> None:
    with site.app_context(), transaction():
        events.change(stories.named(), facts, by="x", at=factories.NOW)


def opened_at(site: Flask) -> datetime | None:
    with site.app_context():
        return db.session.query(Rsvp).one().opened_at


def test_before_the_time_the_page_counts_and_holds_nothing_of_the_meeting(
    client: FlaskClient, clock: Moment, address: str
) -> None:
    for at, left in (
        (OPENING - 9 * DAY, "9 days"),
        (OPENING - timedelta(hours=47, minutes=59), "47 hours"),
        (OPENING - timedelta(hours=2), "2 hours"),
        (OPENING - timedelta(hours=1, minutes=59), "119 minutes"),
        (OPENING - 25 * MINUTE, "25 minutes"),
        (OPENING - timedelta(seconds=1), "1 minute"),
    ):
        clock.at = at
        page = client.get(address).text
        assert f"The meeting opens here in {left}." in words(page)
        assert "from Sunday, 13 July 2025, 2:30 AM (Phnom Penh time)" in words(page)
        assert (CANARY in page, PASSCODE in page, "<form" in page) == (False, False, False)


def test_the_hour_stands_there_as_the_guest_lives_it(client: FlaskClient, address: str) -> None:
    said = words(client.get(address).text)
    assert "3:00 AM" in said
    assert "Sunday for you" in said
    assert "4:00 PM EDT Saturday in Washington" in said


@pytest.mark.parametrize(
    ("at", "seconds"),
    [
        (OPENING - 9 * DAY, "600"),
        (OPENING - timedelta(seconds=601), "600"),
        (OPENING - timedelta(seconds=100), "100"),
        (OPENING - timedelta(seconds=99.5), "100"),
        (OPENING - timedelta(seconds=3), "20"),
        (OPENING, None),
        (END, None),
    ],
)
def test_the_page_comes_again_by_itself_when_there_is_something_new(
    client: FlaskClient, clock: Moment, address: str, at: datetime, seconds: str | None
) -> None:
    clock.at = at
    answer = client.get(address)
    assert answer.headers.get("Refresh") == seconds
    assert "http-equiv" not in answer.text.lower()


def test_in_time_there_is_a_button_and_only_behind_it_the_link(
    client: FlaskClient, site: Flask, clock: Moment, address: str
) -> None:
    clock.at = OPENING
    page = client.get(address)
    assert (CANARY in page.text, PASSCODE in page.text) == (False, False)
    assert pages.fields(page, address) == {}
    answer = client.post(address)
    pages.check(answer)
    assert answer.status_code == 200
    assert f'href="{html.escape(LINK)}" rel="noreferrer"' in answer.text
    assert PASSCODE in answer.text
    assert "Refresh" not in answer.headers
    assert opened_at(site) == OPENING


def test_a_second_opening_works_and_leaves_the_first_instant(
    client: FlaskClient, site: Flask, clock: Moment, address: str
) -> None:
    for clock.at in (FIRST, END - timedelta(seconds=1)):
        assert CANARY in client.post(address).text
    assert opened_at(site) == FIRST


@pytest.mark.parametrize("at", [OPENING - timedelta(seconds=1), END])
def test_pressing_the_button_out_of_time_shows_no_link(
    client: FlaskClient, site: Flask, clock: Moment, address: str, at: datetime
) -> None:
    clock.at = at
    answer = client.post(address)
    assert (answer.status_code, CANARY in answer.text, opened_at(site)) == (409, False, None)
    assert answer.headers.get("Refresh") == client.get(address).headers.get("Refresh")
    assert ("by itself" in answer.text) == ("Refresh" in answer.headers)
    pages.check(answer)


def test_without_a_link_in_time_the_page_says_so_and_looks_again(
    client: FlaskClient, site: Flask, clock: Moment, address: str
) -> None:
    change(site, link=None)
    clock.at = FIRST
    answer = client.get(address)
    assert answer.headers["Refresh"] == "60"
    assert "isn't here yet" in words(answer.text)
    assert "nalen.smith@example.org" in answer.text
    assert client.post(address).status_code == 409


def test_afterwards_it_thanks_and_has_the_recording_once_there_is_one(
    client: FlaskClient, site: Flask, clock: Moment, address: str
) -> None:
    clock.at = END
    assert "Thank you" in words(client.get(address).text)
    assert "recording" in words(client.get(address).text)
    change(site, recording_url="https://video.example/1")
    page = client.get(address).text
    assert 'href="https://video.example/1"' in page
    assert CANARY not in page


def test_a_cancelled_event_and_one_whose_time_is_open_say_so(
    client: FlaskClient, site: Flask, clock: Moment, address: str
) -> None:
    clock.at = FIRST
    change(site, starts_at=None)
    assert "The time of this event is open again." in words(client.get(address).text)
    change(site, starts_at=FIRST)
    with site.app_context(), transaction():
        events.call_off(stories.named(), by="x", at=factories.NOW)
    page = client.get(address).text
    assert "This event doesn't take place." in words(page)
    assert (CANARY in page, CANARY in client.post(address).text) == (False, False)


@pytest.mark.parametrize("end", ["revocation", "withdrawal", "erasure", "expiry"])
def test_a_page_that_ended_answers_as_nonsense_does(
    client: FlaskClient, site: Flask, clock: Moment, address: str, end: str
) -> None:
    clock.at = FIRST
    assert client.get(address).status_code == 200
    with site.app_context():
        _end(end, clock)
    for answer, nonsense in (
        (client.get(address), client.get("/en/no-such-page")),
        (client.post(address), client.post("/en/no-such-page")),
    ):
        assert (answer.status_code, answer.data) == (404, nonsense.data)
        assert dict(answer.headers) == dict(nonsense.headers)


def test_the_page_speaks_khmer_to_who_reads_khmer(client: FlaskClient, clock: Moment, address: str) -> None:
    clock.at = OPENING - 25 * MINUTE
    said = words(client.get(address.replace("/en/", "/km/")).text)
    assert "២៥ នាទី" in said


def _end(end: str, clock: Moment) -> None:
    """Let a guest's page end in one of the ways there are."""
    if end == "expiry":
        clock.at = FIRST + 366 * DAY
    elif end == "erasure":
        clock.at = FIRST + 40 * DAY
        retention.run(at=clock.at)
    else:
        rsvp = db.session.query(Rsvp).one()
        with transaction():
            if end == "revocation":
                rsvps.revoke(factories.decision(rsvp, at=clock.at))
            else:
                rsvps.withdraw(rsvp.participant_id, "democracy", at=clock.at)
