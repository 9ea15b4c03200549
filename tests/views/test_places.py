"""The guest's own page: what it says of each request."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.services import questions, rsvps
from tests import factories
from tests.factories import FIRST, NOW, Moment
from tests.views import own, pages
from tests.views.own import change, decide, read


@pytest.fixture
def places(site: Flask) -> str:
    """The path of a guest's page."""
    return own.open_page(site)


def test_a_request_that_waits_says_when_it_is_usually_answered(client: FlaskClient, places: str) -> None:
    assert "usually within 2 days" in read(client, places)
    assert "២ ថ្ងៃ" in read(client, places, "km")


def test_a_request_that_waits_longer_says_so_and_whom_to_write_to(
    client: FlaskClient, places: str, clock: Moment
) -> None:
    clock.pass_by(days=2)
    assert "longer than usual" not in read(client, places)
    clock.pass_by(minutes=1)
    said = read(client, places)
    assert "longer than usual" in said
    assert "Ms. Nalen Smith, nalen.smith@example.org" in said
    assert "usually within" not in said


def test_who_proved_their_address_late_or_was_reopened_waits_from_then_on(
    client: FlaskClient, site: Flask, clock: Moment
) -> None:
    with site.app_context():
        factories.event()
        person = factories.ask()
        clock.pass_by(hours=47)
        places = f"/places/{factories.prove(person, at=clock.at)}"
    clock.pass_by(hours=2)
    assert "longer than usual" not in read(client, places)
    decide(site, "decline")
    clock.pass_by(days=9)
    with site.app_context(), transaction():
        rsvps.reopen(factories.decision(db.session.query(Rsvp).one(), at=clock.at))
    assert "longer than usual" not in read(client, places)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("pending", "This event is over. You had no place."),
        ("waitlist", "This event is over. You had no place."),
        ("approve", "If there is a recording, it will stand here."),
        ("decline", "couldn't give you a place"),
        ("withdraw", "You withdrew before this event."),
    ],
)
def test_when_an_event_is_over_its_request_says_how_it_ended(
    client: FlaskClient, site: Flask, places: str, state: str, said: str
) -> None:
    if state == "withdraw":
        client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
    elif state != "pending":
        decide(site, state)
    change(site, starts_at=NOW - timedelta(days=1))
    page = read(client, places)
    assert said in page
    assert page.index("Past events") < page.index(said)
    assert "I can't come" not in page
    assert "zoom.example" not in page


def test_the_next_event_leads_with_its_hour_and_its_button(client: FlaskClient, site: Flask, places: str) -> None:
    change(site, "democracy", starts_at=FIRST + timedelta(days=7))
    change(site, "sovereignty", starts_at=FIRST)
    client.post(f"/en{places}/rsvps", data={"events": "sovereignty"})
    decide(site, "approve")
    page = client.get(f"/en{places}").text
    assert page.index("About democracy") < page.index("Join on Zoom") < page.index("About sovereignty")
    assert page.count("Join on Zoom") == 1


@pytest.mark.parametrize(
    "near",
    [
        (timedelta(days=1), []),
        (timedelta(hours=2), ["It is today."]),
        (timedelta(hours=1), ["It begins within the hour."]),
        (timedelta(0), ["It has begun."]),
        (timedelta(minutes=-119), ["It has begun."]),
    ],
    ids=lambda near: str(near[0]),
)
def test_the_page_says_when_the_event_is_near(
    client: FlaskClient, site: Flask, places: str, clock: Moment, near: tuple[timedelta, list[str]]
) -> None:
    decide(site, "approve")
    clock.at = FIRST - near[0]
    page = read(client, places)
    assert [said for said in ("It is today.", "It begins within the hour.", "It has begun.") if said in page] == near[1]
    assert "Join on Zoom" in page


def test_today_is_where_the_guest_lives(client: FlaskClient, site: Flask, places: str, clock: Moment) -> None:
    decide(site, "approve")
    clock.at = FIRST - timedelta(hours=5)  # 11 in the morning in Washington, and 10 at night in Phnom Penh
    assert "It is today." not in read(client, places)


@pytest.mark.parametrize("act", ["approve", "decline", "waitlist"])
def test_a_decision_that_may_be_taken_back_is_nobodys_news_yet(
    client: FlaskClient, site: Flask, places: str, clock: Moment, act: str
) -> None:
    with site.app_context(), transaction():
        questions.ask(factories.decision(db.session.query(Rsvp).one()), "Who knows you?")
    before = client.get(f"/en{places}").data
    with site.app_context(), transaction():
        rsvp = db.session.query(Rsvp).one()
        decision = replace(factories.decision(rsvp), undo=timedelta(seconds=10))
        getattr(rsvps, act)(decision)
    assert client.get(f"/en{places}").data == before
    assert client.get(f"/en{places}/democracy.ics").status_code == 404
    clock.pass_by(seconds=10)
    assert "waiting for a decision" not in read(client, places)


@pytest.mark.parametrize("done", ["", "nothing", "asked%00", "<script>alert(1)</script>", "https://elsewhere.example"])
def test_a_word_in_the_address_that_isnt_ours_says_nothing(client: FlaskClient, places: str, done: str) -> None:
    plain = client.get(f"/en{places}")
    assert client.get(f"/en{places}", query_string={"done": done}).data == plain.data


@pytest.mark.parametrize("done", ["asked", "withdrawn", "answered", "ended"])
@pytest.mark.parametrize("language", ["en", "km"])
def test_what_was_done_is_announced_and_takes_the_focus(
    client: FlaskClient, places: str, language: str, done: str
) -> None:
    tree = pages.check(client.get(f"/{language}{places}?done={done}"))
    (notice,) = [element for element in tree.iter() if element.get("role") == "status"]
    assert notice.get("autofocus") is not None


@pytest.mark.parametrize("act", ["withdrawals", "rsvps", "answers", "feeds"])
def test_a_page_that_answers_a_button_leads_to_itself_in_the_other_language(
    client: FlaskClient, places: str, act: str
) -> None:
    answer = client.post(f"/en{places}/{act}", data={"event": "none", "events": "none", "question": "none"})
    link = next(link for link in pages.check(answer).iter(f"{pages.XHTML}a") if link.get("hreflang") == "km")
    assert link.get("href") == f"/km{places}"


def test_a_question_that_nobody_waits_for_any_more_isnt_asked_again(
    client: FlaskClient, site: Flask, places: str
) -> None:
    with site.app_context(), transaction():
        rsvp = db.session.query(Rsvp).one()
        questions.ask(factories.decision(rsvp), "Who knows you?")
    assert "Who knows you?" in read(client, places)
    client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
    assert "Who knows you?" not in read(client, places)
    client.post(f"/en{places}/rsvps", data={"events": "democracy"})
    assert "Who knows you?" in read(client, places)


def test_who_waits_on_the_list_of_an_event_with_free_places_isnt_told_that_it_is_full(
    client: FlaskClient, site: Flask, places: str
) -> None:
    decide(site, "waitlist")
    page = read(client, places)
    assert "You are on the waiting list." in page
    assert "is taken" not in page


def test_each_way_into_a_calendar_names_its_event(client: FlaskClient, site: Flask, places: str) -> None:
    decide(site, "approve")
    page = read(client, places)
    ways = ("Calendar file", "E-mail it to me again", "Google", "Outlook", "Outlook at work")
    assert [way for way in ways if f"{way}: About democracy" not in page] == []


def test_the_guests_name_stands_in_our_greeting_as_theirs_and_runs_nothing(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event()
        token = factories.prove(factories.ask(name="សុខ <b>ដារ៉ា"))
    page = client.get(f"/en/places/{token}").text
    assert 'Hello <bdi dir="auto">សុខ &lt;b&gt;ដារ៉ា</bdi>. This page' in page
