"""What a guest reads of all that is held about them, takes along, and erases."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Letter, Participant, Reminder, Rsvp, inventory
from rsvp.models.token import Purpose
from rsvp.services import disclosures, erasures, invitations, links, outbox, questions, rsvps
from tests import factories, stories
from tests.factories import Moment
from tests.views import pages

NOTE = "Only for coordinators"
# Tables that hold nothing of a guest, or nothing that is a guest's alone.
OTHERS = {
    "programme": "published",
    "event": "published, or the coordinator's",
    "tally": "numbers",
    "journal_entry": "acts of coordinators, about ids that mean nothing once a guest is erased",
    "journal_head": "the journal's newest digest",
    "coordinator": "coordinators' accounts",
    "coordinator_role": "coordinators' accounts",
    "role": "coordinators' accounts",
    "passkey": "coordinators' accounts",
    "link_request": "an address that the worker answers within seconds, whoever has it",
}


@pytest.fixture
def token(site: Flask) -> str:
    """The token of a guest about whom everything is held that can be."""
    with site.app_context():
        stories.programme()
        with transaction():
            rsvp = db.session.merge(approve_everything())
            token = links.issue(rsvp.participant, Purpose.PLACES, at=factories.NOW)
            links.issue(rsvp.participant, Purpose.FEED, at=factories.NOW)
        return token


def approve_everything() -> Rsvp:
    details = {"country": "Cambodia", "organisation": "The library", "referrer": "My aunt", "message": "Please."}
    rsvp = factories.approved("democracy", email="sok.dara@example.org", **details)
    with transaction():
        rsvp = db.session.merge(rsvp)
        rsvp.opened_at = rsvp.attended_at = rsvp.asked_again_at = factories.NOW
        rsvp.note = NOTE
        rsvp.participant.proposed = json.dumps({"name": "Somebody Else"})
        rsvp.participant.proposed_at = rsvp.participant.verification_at = factories.NOW
        question = questions.Question(
            public_id="q", rsvp=rsvp, words="Who knows you?", asked_at=factories.NOW, asked_by="coordinator-one"
        )
        question.answer, question.answered_at = "My aunt.", factories.NOW
        entry = invitations.of(rsvp)
        assert entry is not None
        entry.partstat, entry.replied_at = "ACCEPTED", factories.NOW
        db.session.add(Reminder(rsvp_id=rsvp.id, starts_at=factories.FIRST, minutes=60, written_at=factories.NOW))
        db.session.add(question)
    return rsvp


def test_every_column_about_a_guest_is_told_or_withheld_for_a_reason() -> None:
    columns = {f"{table.name}.{column.name}" for table in db.metadata.sorted_tables for column in table.columns}
    theirs = {name for name in columns if name.split(".")[0] not in OTHERS}
    told = {f"{table}.{name}" for table, names in disclosures.HELD.items() for name in names}
    assert told | set(disclosures.WITHHELD) == theirs
    assert told & set(disclosures.WITHHELD) == set()
    assert set(OTHERS) <= set(inventory.PLAIN)


def test_the_file_holds_all_that_is_told_and_nothing_that_opens_anything(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/en/places/{token}/export.json")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(answer.data)
    assert set(disclosures.HELD["participant"]) <= set(data["details"])
    assert data["details"]["email"] == "sok.dara@example.org"
    assert data["proposed_details"] == {"name": "Somebody Else"}
    (request,) = data["requests"]
    assert (request["event"]["slug"], request["state"]) == ("democracy", "approved")
    assert request["questions"][0]["answer"] == "My aunt."
    assert request["calendar_entry"]["partstat"] == "ACCEPTED"
    assert request["reminders"][0]["minutes"] == 60
    assert {letter["kind"] for letter in data["letters"]} == {"verification", "receipt", "invitation"}
    assert {link["purpose"] for link in data["links"]} >= {"places", "feed"}
    assert data["kept_until"] == "2025-08-11T22:00:00+00:00"
    for secret in (token, "zoom.example", "482 913", NOTE, "coordinator-one", "public_id"):
        assert secret not in answer.text


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_page_says_in_plain_words_what_the_file_says(client: FlaskClient, token: str, language: str) -> None:
    page = client.get(f"/{language}/places/{token}/data")
    pages.check(page)
    data = json.loads(client.get(f"/{language}/places/{token}/export.json").data)
    details = data["details"]
    for name in ("name", "email", "country", "organisation", "referrer", "message"):
        assert details[name] in page.text
    for words in ("Who knows you?", "My aunt.", "Somebody Else"):
        assert words in page.text
    request = data["requests"][0]
    instants = [request[name] for name in ("requested_at", "asked_again_at", "decided_at", "opened_at", "attended_at")]
    for instant in (details["created_at"], details["verified_at"], request["reminders"][0]["written_at"], *instants):
        assert f'datetime="{instant}"' in page.text
    assert {"en": "Monday, 11 August 2025", "km": "១១ ខែសីហា"}[language] not in page.text, "it is the 12th in Phnom Penh"
    assert {"en": "Tuesday, 12 August 2025", "km": "ទី១២ ខែសីហា ឆ្នាំ២០២៥"}[language] in page.text
    assert NOTE not in page.text
    assert "zoom.example" not in page.text


def test_a_guest_erases_everything_and_every_link_of_theirs_is_nonsense(
    client: FlaskClient, site: Flask, token: str, clock: Moment
) -> None:
    with site.app_context(), transaction():
        feed = links.issue(db.session.query(Participant).one(), Purpose.FEED, at=factories.NOW)
    assert client.get(f"/en/feeds/{feed}.ics").status_code == 200
    answer = client.post(f"/en/places/{token}/erasure")
    assert answer.status_code == 200
    pages.check(answer)
    assert token not in answer.text
    assert "A mark made from your address" not in answer.text
    nonsense = client.get("/en/no-such-page").data
    for path in ("", "/data", "/export.json"):
        gone = client.get(f"/en/places/{token}{path}")
        assert (gone.status_code, gone.data) == (404, nonsense)
    assert client.get(f"/en/feeds/{feed}.ics").status_code == 404
    assert client.post(f"/en/places/{token}/erasure").status_code == 404
    with site.app_context():
        assert db.session.query(Participant).count() == 0
        assert {letter.content for letter in db.session.query(Letter)} == {None}
        assert outbox.deliver(clock.now) == 0


def test_who_presses_the_button_of_erasing_twice_reads_that_it_is_done(client: FlaskClient, token: str) -> None:
    client.post(f"/en/places/{token}/erasure")
    second, nonsense = (client.post(f"/en/places/{each}/erasure") for each in (token, "nonsense"))
    assert (second.status_code, second.data) == (404, nonsense.data)
    pages.check(second)
    assert "If you have just erased everything, it is done." in second.text


def test_the_log_of_the_database_is_emptied_after_an_erasure(client: FlaskClient, site: Flask, token: str) -> None:
    client.post(f"/en/places/{token}/erasure")
    waiting = {task.name for task in site.extensions["huey"].pending()}
    assert "forget" in waiting
    with site.app_context():
        log = next(file for file in site.extensions["settings"].instance.glob("rsvp.sqlite-wal"))
        assert log.stat().st_size > 0
        site.extensions["forget"].call_local()
        assert log.stat().st_size == 0


@pytest.mark.parametrize("language", ["en", "km"])
def test_what_erasing_means_is_said_before_and_after_it(client: FlaskClient, site: Flask, language: str) -> None:
    with site.app_context():
        factories.event()
        rsvp = factories.pending()
        with transaction():
            rsvps.decline(factories.decision(rsvp))
            token = links.issue(db.session.merge(rsvp.participant), Purpose.PLACES, at=factories.NOW)
    until = {"en": "Wednesday, 1 July 2026", "km": "ទី១ ខែកក្កដា ឆ្នាំ២០២៦"}[language]
    page = client.get(f"/{language}/places/{token}/data")
    assert until in page.text
    answer = client.post(f"/{language}/places/{token}/erasure")
    pages.check(answer)
    assert until in answer.text


def test_who_comes_back_after_erasing_is_told_of_the_mark_that_stayed(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event()
        rsvp = factories.pending(email="again@example.org")
        with transaction():
            rsvps.decline(factories.decision(rsvp))
            token = links.issue(db.session.merge(rsvp.participant), Purpose.PLACES, at=factories.NOW)
    client.post(f"/en/places/{token}/erasure")
    with site.app_context():
        again = factories.prove(factories.ask(email="again@example.org"))
    page = client.get(f"/en/places/{again}/data").text
    assert "was declined on Tuesday, 1 July 2025" in page
    assert page.count("stays until Wednesday, 1 July 2026") == 2, "where it is told, and before the button"
    data = json.loads(client.get(f"/en/places/{again}/export.json").data)
    assert data["past_refusal"]["kept_until"] == data["mark_kept_until_if_erased_now"] == "2026-07-01T12:00:00+00:00"
    assert "stays until Wednesday, 1 July 2026" in client.post(f"/en/places/{again}/erasure").text


def test_who_comes_back_after_the_mark_is_over_reads_of_none(client: FlaskClient, site: Flask, clock: Moment) -> None:
    with site.app_context():
        factories.event(starts_at=factories.FIRST + timedelta(days=400))
        rsvp = factories.pending(email="again@example.org")
        with transaction():
            rsvps.decline(factories.decision(rsvp))
            erasures.erase(db.session.merge(rsvp.participant), at=factories.NOW)
        clock.pass_by(days=366)
        again = factories.prove(factories.ask(email="again@example.org", at=clock.now()), at=clock.now())
    assert "mark made from" not in client.get(f"/en/places/{again}/data").text
    assert "mark made from" not in client.post(f"/en/places/{again}/erasure").text


def test_who_waits_for_an_event_without_a_time_is_told_the_last_day(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.event("officials", starts_at=None)
        token = factories.prove(factories.ask("officials"))
    words = "30 days after it, or on Wednesday, 1 July 2026 if it never gets a time."
    assert words in client.get(f"/en/places/{token}/data").text
    assert json.loads(client.get(f"/en/places/{token}/export.json").data)["kept_until"].startswith("2026-07-01")


def test_a_link_for_something_else_shows_no_data(client: FlaskClient, site: Flask, clock: Moment, token: str) -> None:
    with site.app_context(), transaction():
        feed = links.issue(db.session.query(Participant).one(), Purpose.FEED, at=factories.NOW)
    for path in ("data", "export.json"):
        assert client.get(f"/en/places/{feed}/{path}").status_code == 404
    assert client.post(f"/en/places/{feed}/erasure").status_code == 404
    clock.at += timedelta(days=181)
    assert client.get(f"/en/places/{token}/data").status_code == 404


def test_a_decision_that_may_still_be_taken_back_is_told_nowhere(
    client: FlaskClient, site: Flask, clock: Moment
) -> None:
    with site.app_context():
        stories.programme()
        rsvp = factories.pending(email="sok.dara@example.org")
        with transaction():
            token = links.issue(db.session.merge(rsvp.participant), Purpose.PLACES, at=factories.NOW)
    clock.pass_by(minutes=1)
    before = client.get(f"/en/places/{token}/data").text
    with site.app_context(), transaction():
        decided = factories.decision(factories.rsvp_of(factories.only_participant()), at=clock.now())
        rsvps.decline(replace(decided, undo=timedelta(seconds=10)), reason="No.")
    assert client.get(f"/en/places/{token}/data").text == before
    (request,) = json.loads(client.get(f"/en/places/{token}/export.json").data)["requests"]
    assert (request["state"], request["decided_at"], request["reason"]) == ("pending", None, None)


@pytest.mark.parametrize(("language", "words"), [("en", "after the last event"), ("km", "ចុងក្រោយ")])
def test_who_asked_for_nothing_reads_of_no_last_event(
    client: FlaskClient, site: Flask, language: str, words: str
) -> None:
    with site.app_context():
        factories.event()
        rsvp = factories.pending()
        token = factories.prove(rsvp.participant)
    address = f"/{language}/places/{token}/data"
    first = client.get(address).text
    with site.app_context(), transaction():
        db.session.delete(db.session.merge(rsvp))
    page = client.get(address)
    pages.check(page)
    assert first.count(words) == page.text.count(words) + 1
