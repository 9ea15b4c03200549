"""Asking for more, asking again and withdrawing by the buttons of the guest's own page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Event, Participant, Rsvp
from rsvp.services import rsvps
from tests import factories
from tests.factories import NOW
from tests.views import own, pages
from tests.views.own import SLUGS, change, decide, read, states, words


@pytest.fixture
def places(site: Flask) -> str:
    """The path of a guest's page."""
    return own.open_page(site)


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


def test_who_withdraws_while_a_decline_may_be_taken_back_is_asked_to_look_again(
    client: FlaskClient, site: Flask, places: str
) -> None:
    with site.app_context(), transaction():
        decision = replace(factories.decision(db.session.query(Rsvp).one()), undo=timedelta(seconds=10))
        rsvps.decline(decision, reason="Because.")
    answer = client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
    assert answer.status_code == 409
    assert "deciding about it right now" in words(answer)
    assert "Because." not in answer.text


def test_who_withdraws_while_an_approval_may_be_taken_back_has_withdrawn(
    client: FlaskClient, site: Flask, places: str
) -> None:
    with site.app_context(), transaction():
        rsvps.approve(replace(factories.decision(db.session.query(Rsvp).one()), undo=timedelta(seconds=10)))
    assert client.post(f"/en{places}/withdrawals", data={"event": "democracy"}).status_code == 303
    assert states(site) == {"democracy": "withdrawn"}


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


def test_nobody_acts_with_a_link_that_isnt_theirs(client: FlaskClient, site: Flask, places: str) -> None:
    with site.app_context():
        assert db.session.query(Participant).count() == 1
        assert db.session.query(Event).count() == len(SLUGS)
    for act in ("rsvps", "withdrawals"):
        answer = client.post(f"/en/places/nobody/{act}", data={"event": "democracy", "events": "sovereignty"})
        assert (answer.status_code, answer.data) == (404, client.get("/en/no-such-page").data)
    assert states(site) == {"democracy": "pending"}


def test_who_asks_and_withdraws_all_day_fills_no_mailbox(client: FlaskClient, site: Flask, places: str) -> None:
    answers = []
    for _ in range(7):
        client.post(f"/en{places}/withdrawals", data={"event": "democracy"})
        answers.append(client.post(f"/en{places}/rsvps", data={"events": "democracy"}).location)
    with site.app_context():
        assert len(factories.letters("receipt")) == 5
    assert answers == [f"/en{places}?done=asked"] * 4 + [f"/en{places}?done=noted"] * 3
    last = words(client.get(answers[-1]))
    assert "Your request has reached the coordinator." in last
    assert "A letter to you" not in last


@pytest.mark.parametrize("language", ["en", "km"])
def test_one_guest_uses_up_nobody_elses_tries_and_is_led_back(
    client: FlaskClient, site: Flask, places: str, language: str
) -> None:
    with site.app_context():
        other = f"/places/{factories.prove(factories.ask('democracy'))}"
    codes = [client.post(f"/{language}{places}/rsvps").status_code for _ in range(61)]
    assert codes == [422] * 60 + [429]
    answer = client.post(f"/{language}{places}/rsvps")
    assert pages.check(answer).get("lang") == language
    assert f'href="/{language}{places}"' in answer.text
    assert client.get(f"/{language}{places}").status_code == 200
    assert client.post(f"/{language}{other}/rsvps", data={"events": "sovereignty"}).status_code == 303
