"""What has to follow the password: codes of an authenticator app and recovery codes, each good once."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.db import db, transaction
from rsvp.models import Coordinator
from tests import factories
from tests.views import accounts, pages

CODE_PAGE = "/desk/session/code"


@pytest.fixture
def secret(site: Flask, clock: factories.Moment) -> str:
    """The secret of the coordinator's app, set up a while ago."""
    pages.build_desk(site)
    made = accounts.set_up_app(pages.sign_in(site.test_client()), clock.now())
    clock.pass_by(minutes=5)
    return made


@pytest.fixture
def codes(site: Flask, secret: str, clock: factories.Moment) -> list[str]:
    """The coordinator's recovery codes."""
    client = halfway(site)
    accounts.send(client, CODE_PAGE, code=accounts.code(secret, clock.now()))
    clock.pass_by(minutes=5)
    return accounts.keep_codes(client)


def halfway(site: Flask) -> FlaskClient:
    """Return a browser that has given the right password."""
    client = site.test_client()
    assert accounts.give_password(client).location == CODE_PAGE
    return client


def test_the_password_alone_opens_nothing_once_an_app_is_set_up(site: Flask, secret: str) -> None:
    client = halfway(site)
    for address in ("/desk/", "/desk/account", "/desk/account/app", "/desk/events/"):
        assert client.get(address).location == "/desk/session"


def test_password_and_code_open_the_desk(site: Flask, secret: str, clock: factories.Moment) -> None:
    client = halfway(site)
    pages.check(client.get(CODE_PAGE))
    answer = accounts.send(client, CODE_PAGE, code=accounts.code(secret, clock.now()))
    assert (answer.status_code, answer.location) == (303, "/desk/")
    assert accounts.is_signed_in(client)


@pytest.mark.parametrize("seconds", [-30, 30])
def test_a_phone_whose_clock_is_a_little_wrong_is_understood(
    site: Flask, secret: str, clock: factories.Moment, seconds: int
) -> None:
    clock.pass_by(seconds=seconds)
    shown = accounts.code(secret, clock.now())
    clock.pass_by(seconds=-seconds)
    assert accounts.send(halfway(site), CODE_PAGE, code=shown).status_code == 303


@pytest.mark.parametrize("seconds", [-90, 90])
def test_a_code_of_another_minute_is_refused(site: Flask, secret: str, clock: factories.Moment, seconds: int) -> None:
    clock.pass_by(seconds=seconds)
    shown = accounts.code(secret, clock.now())
    clock.pass_by(seconds=-seconds)
    client = halfway(site)
    answer = accounts.send(client, CODE_PAGE, code=shown)
    assert answer.status_code == 422
    pages.check(answer)
    assert not accounts.is_signed_in(client)


@pytest.mark.parametrize("typed", ["", "abcdef", "12345", "1234567", "٣٤٥٦٧٨", "0" * 5000])
def test_what_is_no_code_is_simply_wrong(site: Flask, secret: str, typed: str) -> None:
    assert accounts.send(halfway(site), CODE_PAGE, code=typed).status_code == 422


def test_a_code_opens_the_desk_once(site: Flask, secret: str, clock: factories.Moment) -> None:
    shown = accounts.code(secret, clock.now())
    assert accounts.send(halfway(site), CODE_PAGE, code=shown).status_code == 303
    assert accounts.send(halfway(site), CODE_PAGE, code=shown).status_code == 422
    clock.pass_by(seconds=30)
    assert accounts.send(halfway(site), CODE_PAGE, code=shown).status_code == 422
    assert accounts.send(halfway(site), CODE_PAGE, code=accounts.code(secret, clock.now())).status_code == 303


def test_the_code_that_set_up_the_app_does_not_open_the_desk(site: Flask, clock: factories.Moment) -> None:
    pages.build_desk(site)
    secret = accounts.set_up_app(pages.sign_in(site.test_client()), clock.now())
    assert accounts.send(halfway(site), CODE_PAGE, code=accounts.code(secret, clock.now())).status_code == 422


def test_ten_codes_may_be_tried_in_an_hour(site: Flask, secret: str, clock: factories.Moment) -> None:
    client = halfway(site)
    assert [accounts.send(client, CODE_PAGE, code="000000").status_code for _ in range(10)] == [422] * 10
    answer = accounts.send(client, CODE_PAGE, code=accounts.code(secret, clock.now()))
    assert answer.status_code == 429
    pages.check(answer)
    again = halfway(site)
    assert accounts.send(again, CODE_PAGE, code=accounts.code(secret, clock.now())).status_code == 429


def test_a_right_password_forgives_no_wrong_code(site: Flask, secret: str, clock: factories.Moment) -> None:
    for _ in range(10):
        accounts.send(halfway(site), CODE_PAGE, code="000000")
    token = pages.csrf_token(site.test_client().get("/desk/session").text)
    assert token
    assert accounts.give_password(site.test_client()).status_code == 429


def test_the_code_must_follow_within_ten_minutes(site: Flask, secret: str, clock: factories.Moment) -> None:
    client = halfway(site)
    token = pages.csrf_token(client.get(CODE_PAGE).text)
    clock.pass_by(minutes=10)
    form = {"csrf_token": token, "code": accounts.code(secret, clock.now())}
    assert client.post(CODE_PAGE, data=form).location == "/desk/session"
    assert client.get(CODE_PAGE).location == "/desk/session"
    assert not accounts.is_signed_in(client)


def test_nobody_is_asked_for_a_code_without_the_password(site: Flask, secret: str) -> None:
    assert site.test_client().get(CODE_PAGE).location == "/desk/session"


def test_a_password_that_was_changed_in_between_takes_the_second_step_away(
    site: Flask, secret: str, clock: factories.Moment
) -> None:
    client = halfway(site)
    with site.app_context(), transaction():
        db.session.query(Coordinator).update({"fs_uniquifier": "new"})
    assert client.get(CODE_PAGE).location == "/desk/session"


def test_a_recovery_code_stands_in_for_the_phone_once(site: Flask, codes: list[str]) -> None:
    assert len(set(codes)) == 10
    client = halfway(site)
    assert accounts.send(client, CODE_PAGE, recovery_code=codes[3]).status_code == 303
    assert accounts.is_signed_in(client)
    assert accounts.send(halfway(site), CODE_PAGE, recovery_code=codes[3]).status_code == 422
    typed = f" {codes[4].replace('-', ' ').upper()} "
    assert accounts.send(halfway(site), CODE_PAGE, recovery_code=typed).status_code == 303
    assert len(accounts.account(site).mf_recovery_codes or []) == 8
    assert [entry[0] for entry in accounts.journal(site)][-3:] == ["recovery_codes", "recovery_code", "recovery_code"]


def test_a_recovery_code_does_not_stand_in_for_the_password(site: Flask, codes: list[str]) -> None:
    assert accounts.give_password(site.test_client(), password=codes[0]).status_code == 200


def test_new_recovery_codes_end_the_old_ones(site: Flask, codes: list[str]) -> None:
    client = halfway(site)
    accounts.send(client, CODE_PAGE, recovery_code=codes[0])
    newer = accounts.keep_codes(client)
    assert accounts.send(halfway(site), CODE_PAGE, recovery_code=codes[1]).status_code == 422
    assert accounts.send(halfway(site), CODE_PAGE, recovery_code=newer[1]).status_code == 303


def test_codes_that_were_shown_but_not_kept_open_nothing(site: Flask, codes: list[str]) -> None:
    client = halfway(site)
    accounts.send(client, CODE_PAGE, recovery_code=codes[0])
    shown = client.get("/desk/account/recovery-codes")
    pages.check(shown)
    assert accounts.send(halfway(site), CODE_PAGE, recovery_code=codes[1]).status_code == 303


def test_neither_secret_nor_codes_lie_in_the_database(
    site: Flask, tmp_path: Path, secret: str, codes: list[str]
) -> None:
    canaries = [secret, *codes, *(code.replace("-", "") for code in codes)]
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert not [canary for canary in canaries if canary.encode() in kept]
