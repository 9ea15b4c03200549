"""My details: the page on which guests change what they said about themselves, and another address."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Participant
from rsvp.services import rsvps
from tests import factories
from tests.views import pages

ADDRESS, NEW = "sok.dara@example.org", "dara.sok@example.org"
KEPT = {"name": "Sok Dara", "email": ADDRESS, "city": "", "zone": "Asia/Phnom_Penh", "language": "en"}


@pytest.fixture
def token(site: Flask) -> str:
    """The token of a guest whose request waits."""
    with site.app_context():
        factories.event()
        return factories.prove(factories.ask(email=ADDRESS))


def send(client: FlaskClient, token: str, page: str = "en", **changes: str) -> TestResponse:
    return client.post(f"/{page}/places/{token}/preferences", data=KEPT | changes)


def person(site: Flask) -> Participant:
    with site.app_context():
        return factories.only_participant()


def approve(site: Flask) -> None:
    with site.app_context(), transaction():
        rsvps.approve(factories.decision(factories.rsvp_of(factories.only_participant())))


def test_the_answer_to_a_new_language_is_the_page_in_that_language(
    client: FlaskClient, site: Flask, token: str
) -> None:
    approve(site)
    answer = send(client, token, language="km", city="Paris")
    assert (answer.status_code, answer.location) == (303, f"/km/places/{token}/preferences?done=saved")
    page = client.get(answer.location)
    assert pages.check(page).get("lang") == "km"
    assert 'role="status"' in page.text
    assert (person(site).language, person(site).zone) == ("km", "Europe/Paris")
    with site.app_context():
        assert [letter.language for letter in factories.letters("invitation")] == ["en", "km"]


def test_saving_what_was_there_says_nothing_and_sends_nothing(client: FlaskClient, site: Flask, token: str) -> None:
    approve(site)
    answer = send(client, token)
    assert answer.location == f"/en/places/{token}/preferences"
    with site.app_context():
        assert len(factories.letters("invitation")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        ("name", ""),
        ("name", "Sok\u202eDara"),
        ("email", ""),
        ("email", "sok@"),
        ("zone", "Mars/Base"),
        ("city", "Atlantis"),
        ("language", "xx"),
    ],
)
@pytest.mark.parametrize("language", ["en", "km"])
def test_what_cannot_be_taken_comes_back_with_words_and_nothing_is_lost(
    client: FlaskClient, site: Flask, token: str, wrong: tuple[str, str], language: str
) -> None:
    field, value = wrong
    changes = {"name": "Chan Sophea", "email": NEW, field: value}
    answer = send(client, token, language, **changes)
    assert answer.status_code == 422
    tree = pages.check(answer)
    assert tree.get("lang") == language
    assert 'aria-invalid="true"' in answer.text or field == "language"
    sent = pages.fields(answer, "/preferences")
    for name in {"name", "email"} - {field}:
        assert sent[name] == changes[name]
    assert person(site).name == "Sok Dara"
    with site.app_context():
        assert factories.letters("address") == []


def test_a_name_that_was_decided_about_is_shown_with_whom_to_write_to(
    client: FlaskClient, site: Flask, token: str
) -> None:
    assert 'name="name"' in client.get(f"/en/places/{token}/preferences").text
    approve(site)
    page = client.get(f"/en/places/{token}/preferences")
    pages.check(page)
    assert 'name="name"' not in page.text
    assert "Sok Dara" in page.text
    assert "write to the coordinator" in page.text
    late = send(client, token, name="Chan Sophea", language="km")
    assert late.status_code == 422
    assert "a request was decided under it" in late.text
    assert (person(site).name, person(site).language) == ("Sok Dara", "en")
    without = {name: value for name, value in KEPT.items() if name != "name"} | {"language": "km"}
    assert client.post(f"/en/places/{token}/preferences", data=without).status_code == 303
    assert person(site).language == "km"


def test_the_answer_is_the_same_whether_the_new_address_is_known_or_not(
    client: FlaskClient, site: Flask, token: str
) -> None:
    with site.app_context():
        factories.pending(email="known@example.org")
    answers = set()
    for email in ("known@example.org", "unknown@example.org"):
        answer = send(client, token, email=email)
        page = client.get(answer.location).text.replace(email, "…")
        answers.add((answer.status_code, answer.location, str(answer.headers), page))
    assert len(answers) == 1


def test_a_guest_moves_to_another_address_by_the_letters_button(client: FlaskClient, site: Flask, token: str) -> None:
    assert send(client, token, email=NEW).status_code == 303
    page = client.get(f"/en/places/{token}/preferences").text
    assert f'value="{NEW}"' in page
    assert ADDRESS in page, "until then everything goes there"
    with site.app_context():
        link = factories.token_in(factories.letters("address")[0])
    before = pages.fingerprint(site)
    shown = client.get(f"/en/addresses/{link}")
    pages.check(shown)
    assert NEW in shown.text
    assert pages.fingerprint(site) == before
    moved = client.post(f"/en/addresses/{link}")
    assert moved.status_code == 303
    assert token not in moved.location
    pages.check(client.get(moved.location))
    assert person(site).email == NEW
    assert client.get(f"/en/places/{token}").status_code == 404
    for again in (client.get(f"/en/addresses/{link}"), client.post(f"/en/addresses/{link}")):
        assert again.status_code == 200
        pages.check(again)
        assert NEW not in again.text


@pytest.mark.parametrize("language", ["en", "km"])
def test_an_address_with_requests_of_its_own_is_refused_in_plain_words(
    client: FlaskClient, site: Flask, token: str, language: str
) -> None:
    send(client, token, email=NEW)
    with site.app_context():
        factories.pending(email=NEW)
        link = factories.token_in(factories.letters("address")[0])
    answer = client.post(f"/{language}/addresses/{link}")
    assert answer.status_code == 409
    assert pages.check(answer).get("lang") == language
    with site.app_context():
        assert {each.email for each in db.session.query(Participant)} == {ADDRESS, NEW}


def test_a_fourth_address_in_a_day_is_refused_beside_the_field(client: FlaskClient, site: Flask, token: str) -> None:
    for number in range(3):
        assert send(client, token, email=f"new{number}@example.org").status_code == 303
    answer = send(client, token, email=NEW, language="km")
    assert answer.status_code == 422
    assert "You have named three addresses today." in answer.text
    assert person(site).language == "en", "all of it or nothing"


def test_a_guest_who_named_a_wrong_address_takes_it_back_by_saving_their_own(
    client: FlaskClient, site: Flask, token: str
) -> None:
    send(client, token, email=NEW)
    with site.app_context():
        proof = factories.token_in(factories.letters("address")[0])
    assert NEW in client.get(f"/en/places/{token}/preferences").text
    answer = send(client, token)
    assert answer.location == f"/en/places/{token}/preferences?done=saved"
    assert NEW not in client.get(answer.location).text
    assert client.post(f"/en/addresses/{proof}").status_code == 404
    assert person(site).email == ADDRESS
    with site.app_context():
        assert [letter.state for letter in factories.letters("address")] == ["superseded"]


def test_a_guest_who_presses_twice_gets_one_letter_whose_link_works(
    client: FlaskClient, site: Flask, token: str
) -> None:
    for _ in range(5):
        assert send(client, token, email=NEW).status_code == 303
    with site.app_context():
        (letter,) = factories.letters("address")
        link = factories.token_in(letter)
    assert client.get(f"/en/addresses/{link}").status_code == 200


def test_a_guest_who_changes_something_else_meanwhile_still_moves(client: FlaskClient, site: Flask, token: str) -> None:
    send(client, token, email=NEW)
    send(client, token, email=NEW, language="km")
    with site.app_context():
        link = factories.token_in(factories.letters("address")[0])
    assert client.post(f"/en/addresses/{link}").status_code == 303
    assert (person(site).email, person(site).language) == (NEW, "km")


def test_no_strangers_mailbox_is_filled_by_guests_who_name_it(client: FlaskClient, site: Flask, token: str) -> None:
    with site.app_context():
        others = [factories.prove(factories.ask()) for _ in range(4)]
    answers = {send(client, each, email="stranger@example.org").status_code for each in (token, *others)}
    assert answers == {303}
    with site.app_context():
        assert len(factories.letters("address")) == 2
    pages_shown = {
        "stranger@example.org" in client.get(f"/en/places/{each}/preferences").text for each in (token, *others)
    }
    assert pages_shown == {True}, "nobody learns what others named"


def test_a_reader_who_saves_something_else_stays_in_the_language_of_the_page(
    client: FlaskClient, site: Flask, token: str
) -> None:
    answer = send(client, token, page="km", city="Paris")
    assert answer.location == f"/km/places/{token}/preferences?done=saved"
    assert person(site).language == "en"


def test_a_wrong_link_to_a_new_address_looks_like_nonsense(client: FlaskClient, site: Flask, token: str) -> None:
    nonsense = client.get("/en/no-such-page")
    for wrong in ("wrong", token):
        for answer in (client.get(f"/en/addresses/{wrong}"), client.post(f"/en/addresses/{wrong}")):
            assert (answer.status_code, answer.data) == (404, nonsense.data)
    assert client.get("/en/places/nobody/preferences").data == nonsense.data
    assert client.post("/en/places/nobody/preferences", data=KEPT).status_code == 404


def test_a_coordinator_who_saw_another_name_is_asked_to_look_again(
    client: FlaskClient, site: Flask, token: str
) -> None:
    pages.build_desk(site)
    desk = pages.sign_in(site.test_client())
    queue = desk.get("/desk/").text
    with site.app_context():
        seen = factories.rsvp_of(factories.only_participant())
        address, form = f"/desk/rsvps/{seen.public_id}", {"version": str(seen.version)}
    assert send(client, token, name="Chan Sophea").status_code == 303
    answer = desk.post(f"{address}/approval", data=form | {"csrf_token": pages.csrf_token(queue)})
    assert answer.status_code == 409
    assert "This request has changed since you opened it." in answer.text
    assert "Chan Sophea" in desk.get(address).text
