"""Asking for a place by the form."""

import time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from rsvp import create_app
from rsvp.db import db, transaction
from rsvp.models import Letter, Participant, Rsvp
from rsvp.services import rsvps
from tests import factories
from tests.databases import Databases
from tests.factories import Moment
from tests.views import pages

ADDRESS = "sok.dara@example.org"


@pytest.fixture(autouse=True)
def programme(site: Flask) -> None:
    with site.app_context():
        factories.event()
        factories.event("sovereignty")


def filled(client: FlaskClient, **changes: str | list[str]) -> MultiDict[str, str]:
    values: dict[str, str | list[str]] = {
        "stamp": pages.stamp(client.get("/en/rsvps/new").text),
        "name": "Sok Dara",
        "email": ADDRESS,
        "events": ["democracy"],
        "zone": "Asia/Phnom_Penh",
        "language": "km",
        "consent": "y",
    }
    return MultiDict(values | changes)


def send(client: FlaskClient, page: str = "en", **changes: str | list[str]) -> TestResponse:
    return client.post(f"/{page}/rsvps", data=filled(client, **changes))


def stored(site: Flask) -> int:
    with site.app_context():
        return db.session.query(Rsvp).count()


def test_a_request_is_kept_and_the_guest_is_told_to_look_at_their_mail(client: FlaskClient, site: Flask) -> None:
    answer = send(client, events=["democracy", "sovereignty"])
    assert (answer.status_code, answer.location) == (303, "/en/rsvps")
    assert stored(site) == 2
    pages.check(client.get("/en/rsvps"))


def test_everything_that_was_typed_is_still_there_beside_the_errors(client: FlaskClient, site: Flask) -> None:
    answer = send(
        client,
        name="",
        email="sok.dara@",
        events=["sovereignty"],
        organisation="The library & friends",
        message="Line one\nline two",
        referrer="Somebody",
        country="Kampuchea",
    )
    assert answer.status_code == 422
    tree = pages.check(answer)
    assert stored(site) == 0
    html = f"{pages.XHTML}input"
    values = {field.get("name"): field.get("value") for field in tree.iter(html) if field.get("type") != "checkbox"}
    assert values["email"] == "sok.dara@"
    assert (values["organisation"], values["referrer"], values["country"]) == (
        "The library & friends",
        "Somebody",
        "Kampuchea",
    )
    checked = {(field.get("name"), field.get("value")) for field in tree.iter(html) if field.get("checked") is not None}
    assert ("events", "sovereignty") in checked
    assert ("events", "democracy") not in checked
    assert "Line one\nline two" in "".join(tree.find(f".//{pages.XHTML}textarea").itertext())
    assert "A pseudonym is fine." in answer.text
    assert "No mail can reach this address." in answer.text


def test_errors_are_in_the_language_of_the_page(client: FlaskClient) -> None:
    page = send(client, "km", name="", email="x").text
    assert 'lang="km"' in page
    assert "No mail can reach" not in page
    assert "pseudonym" not in page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 10_000),
        ("name", "   "),
        ("name", "\u200b\u200b"),
        ("name", "\u3164"),
        ("name", "Sok\U000e0041Dara"),
        ("name", "Sok\x01Dara"),
        ("name", "Sok\u202eDara"),
        ("name", "Sok\r\nBcc: other@example.org"),
        ("email", "no-at-sign"),
        ("email", "two@@example.org"),
        ("email", "sok@example..org"),
        ("email", "sok@localhost"),
        ("email", "sok@example.org\r\nBcc: other@example.org"),
        ("email", "x" * 10_000 + "@example.org"),
        ("events", "no-such-event"),
        ("zone", "Mars/Base"),
        ("zone", ""),
        ("language", "xx"),
        ("consent", ""),
        ("consent", "false"),
        ("website", "https://spam.example"),
        ("message", "x" * 10_000),
        ("country", "\u2066Kampuchea"),
        ("stamp", "forged"),
        ("stamp", ""),
    ],
    ids=lambda value: "" if len(value) > 12 else None,
)
@pytest.mark.parametrize("language", ["en", "km"])
def test_bad_input_is_refused_with_words_and_nothing_is_stored(
    client: FlaskClient, site: Flask, field: str, value: str, language: str
) -> None:
    answer = send(client, language, **{field: value})
    assert answer.status_code == 422
    pages.check(answer)
    assert stored(site) == 0


def test_khmer_names_with_word_breaks_are_kept_as_they_are(client: FlaskClient, site: Flask) -> None:
    assert send(client, name="សុខ\u200bដារ៉ា").status_code == 303
    with site.app_context():
        assert db.session.query(Participant).one().name == "សុខ\u200bដារ៉ា"


def test_a_form_that_was_open_too_long_asks_for_the_button_again(client: FlaskClient, clock: Moment) -> None:
    form = filled(client)
    clock.pass_by(hours=25)
    answer = client.post("/en/rsvps", data=form)
    assert answer.status_code == 422
    again = MultiDict(form)
    again["stamp"] = pages.stamp(answer.text)
    assert client.post("/en/rsvps", data=again).status_code == 303


def test_a_machine_that_answers_at_once_is_asked_again(databases: Databases, tmp_path, clock: Moment) -> None:
    folder = tmp_path / "slow"
    folder.mkdir()
    changes = {"DATABASE_URL": databases.sqlite(folder), "MINIMUM_FILL_SECONDS": "3"}
    app = create_app(factories.settings(folder, **changes), clock)
    with app.app_context():
        factories.event()
    client = app.test_client()
    form = filled(client)
    assert client.post("/en/rsvps", data=form).status_code == 422
    clock.pass_by(seconds=3)
    assert client.post("/en/rsvps", data=form).status_code == 303


def test_a_repeated_post_changes_nothing_more(client: FlaskClient, site: Flask) -> None:
    form = filled(client)
    for _ in range(3):
        assert client.post("/en/rsvps", data=form).status_code == 303
    with site.app_context():
        assert (db.session.query(Rsvp).count(), db.session.query(Letter).count()) == (1, 1)


def test_too_much_text_is_refused_with_a_page(client: FlaskClient) -> None:
    answer = client.post("/en/rsvps", data={"message": "x" * 200_000})
    assert answer.status_code == 413
    pages.check(answer)


def test_a_flood_from_one_network_is_stopped_with_a_page(client: FlaskClient) -> None:
    form = filled(client)
    codes = [client.post("/en/rsvps", data=form).status_code for _ in range(61)]
    assert codes[:60] == [303] * 60
    assert codes[60] == 429


def test_the_answer_is_the_same_for_every_address(client: FlaskClient, site: Flask) -> None:
    with site.app_context():
        factories.ask(email="unverified@example.org")
        factories.pending(email="pending@example.org")
        factories.approved(email="approved@example.org")
        declined = factories.pending(email="declined@example.org")
        with transaction():
            rsvps.decline(factories.decision(declined))
        for _ in range(3):
            factories.ask(email="limit@example.org")
    answers = set()
    for name in ("new", "unverified", "pending", "approved", "declined", "limit"):
        answer = send(client, email=f"{name}@example.org")
        followed = client.get(answer.location)
        answers.add((answer.status_code, answer.data, str(answer.headers), followed.data, str(followed.headers)))
    assert len(answers) == 1


def test_the_answer_takes_a_fixed_while_whoever_is_asked_for(client: FlaskClient, site: Flask) -> None:
    site.config["LEVELLED_SECONDS"] = 0.2
    for email in ("new@example.org", "new@example.org"):
        form = filled(client, email=email)
        began = time.monotonic()
        assert client.post("/en/rsvps", data=form).status_code == 303
        assert time.monotonic() - began >= 0.2
