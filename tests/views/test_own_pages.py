"""What holds for every page behind a guest's secret address, whatever it is for."""

import logging
import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from werkzeug.routing import Rule

from rsvp.db import db, transaction
from rsvp.views.access import Audience, audience_of
from tests.factories import FIRST, Moment
from tests.views import own, pages
from tests.views.pages import XHTML, World

# The meeting, and the calendars that a guest may choose to tell of it.
ABROAD = {
    "places.show": {"zoom.example", "calendar.google.com", "outlook.live.com", "outlook.office.com"},
    "own_calendars.make_feed": {"zoom.example", "calendar.google.com", "outlook.live.com", "outlook.office.com"},
}
LEADS = ("href", "src", "action", "formaction", "srcset", "data", "poster", "cite")
FORMS = {"event": "democracy", "events": "sovereignty", "question": "none", "answer": "Because."}


@pytest.fixture
def world(site: Flask) -> World:
    return pages.build(site)


def secret(site: Flask, world: World) -> Iterator[tuple[Rule, str]]:
    """Return every rule whose address holds a guest's right to see it, with such an address."""
    for rule, address in list(pages.addresses(site, world)):
        if audience_of(site, rule.endpoint) == Audience.GUEST:
            yield rule, address


def hosts(answer: object) -> set[str]:
    """Return the foreign hosts that a page names where a browser could go."""
    found = set()
    for element in pages.check(answer).iter():  # type: ignore[arg-type]
        for name in LEADS:
            host = urlsplit(element.get(name) or "").hostname
            if host and host != "localhost":
                assert element.tag == f"{XHTML}a", "nothing is fetched from others"
                assert "noreferrer" in (element.get("rel") or ""), element.get(name)
                found.add(host)
    return found


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_leads_outside_to_the_meeting_and_the_calendars_only(site: Flask, world: World, method: str) -> None:
    looked_at = 0
    for rule, address in secret(site, world):
        if method not in (rule.methods or ()) or "erasure" in rule.rule:
            continue
        answer = site.test_client().open(address, method=method)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            assert hosts(answer) == ABROAD.get(rule.endpoint, set()), rule.rule
            looked_at += 1
    assert looked_at >= 1


def test_a_page_is_kept_by_nobody_found_by_nobody_and_tells_nobody_where_it_was(site: Flask, world: World) -> None:
    for rule, address in secret(site, world):
        for method in {"GET", "POST"} & (rule.methods or set()):
            answer = site.test_client().open(address, method=method, data=FORMS if method == "POST" else None)
            told = {name: answer.headers.get(name) for name in ("Cache-Control", "X-Robots-Tag", "Referrer-Policy")}
            assert told == {
                "Cache-Control": "no-store",
                "X-Robots-Tag": "noindex, nofollow",
                "Referrer-Policy": "no-referrer",
            }, f"{method} {rule.rule}"
            assert "Set-Cookie" not in answer.headers
            answer.close()


def test_a_secret_address_stands_in_no_log(site: Flask, world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.testing = False
    visited = set()
    for rule, address in secret(site, world):
        for method in {"GET", "POST"} & (rule.methods or set()):
            data = FORMS if method == "POST" else None
            site.test_client().open(address, method=method, data=data).close()
            site.test_client().open(address.replace(world.places, "wrong"), method=method, data=data).close()
        visited.add(rule.endpoint)
    assert {"places.show", "own_requests.ask", "own_requests.withdraw", "own_calendars.take"} <= visited
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert logged, "the worker's wake-up at least is logged"
    for token in (world.places, world.feed, world.verification, world.join, world.address):
        assert token not in logged
        assert token[:20] not in logged
    assert [path for path in ("/places/", "/join/", "/addresses/", "/feeds/") if path in logged] == []


def test_a_page_that_breaks_is_logged_by_its_route_and_not_by_its_address(
    site: Flask, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    site.testing = False
    with site.app_context(), transaction():
        db.session.execute(text("DROP TABLE question"))
    assert site.test_client().get(f"/en/places/{world.places}").status_code == 500
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "/places/<token>" in logged
    assert world.places not in logged


def test_an_act_that_cannot_be_kept_is_logged_by_its_route_and_not_by_its_address(
    site: Flask, world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_out_of_room() -> None:
        raise OperationalError("COMMIT", None, sqlite3.OperationalError("database or disk is full"))

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(db.session, "commit", run_out_of_room)
    broken = set()
    for rule, address in secret(site, world):
        if "POST" in (rule.methods or ()):
            answer = site.test_client().post(address, data=FORMS | {"events": "officials"})
            broken |= {rule.endpoint} if answer.status_code == 500 else set()
            assert answer.status_code != 500 or "Something broke on our side" in answer.text
    assert {"own_calendars.make_feed", "own_requests.ask", "own_requests.withdraw", "addresses.adopt"} <= broken
    logged = "\n".join(f"{record.getMessage()} {record.exc_text or ''}" for record in caplog.records)
    assert "/places/<token>/feeds" in logged
    assert [token for token in (world.places, world.verification, world.join, world.address) if token in logged] == []


@pytest.mark.parametrize(("minutes", "outside"), [(0, {"zoom.example"}), (120, {"video.example"})])
def test_a_meeting_page_that_is_open_or_over_leads_to_the_meeting_or_its_recording_only(
    site: Flask, world: World, clock: Moment, minutes: int, outside: set[str]
) -> None:
    own.change(site, recording_url="https://video.example/1" if minutes else None)
    clock.at = FIRST + timedelta(minutes=minutes)
    client, address = site.test_client(), f"/en/join/{world.join}"
    assert hosts(client.get(address)) == outside - {"zoom.example"}
    assert hosts(client.post(address)) == outside
