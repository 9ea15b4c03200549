"""The guest's own page: what it says of each request, and what it answers to each button."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Event, Participant, Rsvp
from rsvp.services import events, questions, rsvps
from tests import factories
from tests.factories import FIRST, NOW, Moment
from tests.views import pages

SLUGS = ("democracy", "sovereignty", "officials")


@pytest.fixture
def places(site: Flask) -> str:
    """The path of the page of a guest who asked for one of three events, without its language."""
    with site.app_context():
        for slug in SLUGS:
            factories.event(slug, title={"en": f"About {slug}", "km": f"អំពី {slug}"}, link=factories.LINK)
        return f"/places/{factories.prove(factories.ask('democracy'))}"


def read(client: FlaskClient, places: str, language: str = "en") -> str:
    """Return the words of the page."""
    answer = client.get(f"/{language}{places}")
    assert answer.status_code == 200
    return words(answer)


def words(answer: TestResponse) -> str:
    main = pages.check(answer).find(f".//{pages.XHTML}main")
    assert main is not None
    return " ".join("".join(main.itertext()).split())


def decide(site: Flask, act: str, **more: str) -> None:
    """Let the coordinator decide about the guest's first request."""
    with site.app_context(), transaction():
        rsvp = db.session.query(Rsvp).order_by(Rsvp.id).first()
        assert rsvp is not None
        getattr(rsvps, act)(factories.decision(rsvp), **more)


def change(site: Flask, slug: str = "democracy", **facts: object) -> None:
    with site.app_context(), transaction():
        event = events.named(slug)
        assert event is not None
        for name, value in facts.items():
            setattr(event, name, value)


def states(site: Flask) -> dict[str, str]:
    with site.app_context():
        return {rsvp.event.slug: rsvp.state for rsvp in db.session.query(Rsvp)}


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


def test_more_events_are_asked_for_without_leaving_the_page(client: FlaskClient, site: Flask, places: str) -> None:
    offered = client.get(f"/en{places}").text
    assert 'value="democracy"' not in offered.partition('id="more"')[2].partition("</section>")[0]
    answer = client.post(f"/en{places}/rsvps", data={"events": ["sovereignty", "officials"]})
    assert (answer.status_code, answer.location) == (303, f"/en{places}?done=asked")
    assert states(site) == dict.fromkeys(SLUGS, "pending")
    after = client.get(answer.location)
    assert 'role="status"' in after.text
    assert "has reached the coordinator" in words(after)
    assert 'id="more"' not in after.text


def test_who_ticks_nothing_is_asked_to_choose(client: FlaskClient, places: str) -> None:
    for act in ("rsvps", "withdrawals"):
        answer = client.post(f"/en{places}/{act}")
        assert answer.status_code == 422
        assert "Please choose at least one event." in words(answer)


def test_what_was_withdrawn_can_be_asked_for_again(client: FlaskClient, site: Flask, places: str) -> None:
    answer = client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
    assert answer.location == f"/en{places}?done=withdrawn"
    assert "Ask again" in words(client.get(answer.location))
    client.post(f"/en{places}/rsvps", data={"events": "democracy"})
    assert states(site) == {"democracy": "pending"}
    client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
    change(site, closed_at=NOW)
    page = read(client, places)
    assert "Ask again" not in page
    assert "Requests for this event are closed." in page


def test_everything_is_withdrawn_by_one_button_and_what_is_over_is_named(
    client: FlaskClient, site: Flask, places: str
) -> None:
    assert "Withdraw from everything" not in read(client, places)
    client.post(f"/en{places}/rsvps", data={"events": ["sovereignty", "officials"]})
    page = client.get(f"/en{places}")
    assert "Withdraw from everything" in words(page)
    change(site, "sovereignty", starts_at=NOW - timedelta(days=1))
    answer = client.post(f"/en{places}/withdrawals", data={"event": list(SLUGS)})
    assert answer.status_code == 200
    assert "About sovereignty: This event is over." in words(answer)
    assert states(site) == {"democracy": "withdrawn", "sovereignty": "pending", "officials": "withdrawn"}


def test_a_decision_made_meanwhile_is_told_in_plain_words_on_the_page_itself(
    client: FlaskClient, site: Flask, places: str
) -> None:
    decide(site, "decline", reason="Because.")
    answer = client.post(f"/km{places}/withdrawals", data={"event": "democracy"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    said = words(client.post(f"/en{places}/withdrawals", data={"event": "democracy"}))
    assert "About democracy: The coordinator has decided meanwhile." in said
    assert "Because." in said


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


def test_nobody_acts_with_a_link_that_isnt_theirs(client: FlaskClient, site: Flask, places: str) -> None:
    with site.app_context():
        assert db.session.query(Participant).count() == 1
        assert db.session.query(Event).count() == len(SLUGS)
    for act in ("rsvps", "withdrawals"):
        answer = client.post(f"/en/places/nobody/{act}", data={"event": "democracy", "events": "sovereignty"})
        assert (answer.status_code, answer.data) == (404, client.get("/en/no-such-page").data)
    assert states(site) == {"democracy": "pending"}
