"""Signing in to the desk: which passwords open it, how often one may be tried, and in which words."""

import logging
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Coordinator
from rsvp.services import coordinators
from rsvp.views import security
from rsvp.views.limits import limiter
from tests import factories
from tests.quickness import TRUE_COST
from tests.views import pages

WRONG = "The address or the password is wrong."
# Counts like any other wrong password and is refused without argon2, so that a test needn't wait.
TOO_LONG = "x" * 5000
OTHER = "other.coordinator@example.org"
TRIES = 10


@pytest.fixture(autouse=True)
def _true_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here passwords cost what they cost in service."""
    monkeypatch.setattr(security, "HASHING", TRUE_COST)


@pytest.fixture
def desk_site(site: Flask) -> Flask:
    """The application with two coordinators."""
    pages.build_desk(site)
    with site.app_context(), transaction():
        coordinators.add(OTHER, password=pages.PASSWORD, at=factories.NOW)
    return site


def try_to_sign_in(client: FlaskClient, email: str = pages.EMAIL, password: str = pages.PASSWORD) -> TestResponse:
    token = pages.csrf_token(client.get("/desk/session").text)
    return client.post("/desk/session", data={"email": email, "password": password, "csrf_token": token})


def fail(site: Flask, email: str, times: int, password: str = TOO_LONG) -> list[int]:
    return [try_to_sign_in(site.test_client(), email, password).status_code for _ in range(times)]


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/desk/").status_code == 200


def password_of(site: Flask, email: str = pages.EMAIL) -> str | None:
    with site.app_context():
        return db.session.query(Coordinator).filter_by(email=email).one().password


@contextmanager
def second_connection(folder: Path) -> Iterator[sqlite3.Connection]:
    """A writer elsewhere that doesn't wait for anybody."""
    with closing(sqlite3.connect(folder / "rsvp.sqlite", timeout=0, isolation_level=None)) as connection:
        yield connection


def test_a_wrong_password_and_an_unknown_account_read_the_same(desk_site: Flask) -> None:
    answers = set()
    for email in (pages.EMAIL, "nobody@example.org"):
        answer = try_to_sign_in(desk_site.test_client(), email, "wrong")
        pages.check(answer)
        answers.add((answer.status_code, WRONG in answer.text))
    assert answers == {(200, True)}


@pytest.mark.parametrize("password", ["x" * 4097, "x" * 100_000, "\ufdfa" * 4000])
@pytest.mark.parametrize("email", [pages.EMAIL, "nobody@example.org"])
def test_a_password_that_nobody_can_have_is_simply_wrong(desk_site: Flask, email: str, password: str) -> None:
    answer = try_to_sign_in(desk_site.test_client(), email, password)
    assert (answer.status_code, WRONG in answer.text) == (200, True)


@pytest.mark.parametrize(("password", "code"), [(pages.PASSWORD, 302), ("wrong", 200)])
def test_a_coordinator_signs_in_while_somebody_else_is_writing(
    desk_site: Flask, tmp_path: Path, password: str, code: int
) -> None:
    with second_connection(tmp_path) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert try_to_sign_in(desk_site.test_client(), password=password).status_code == code
        writer.execute("ROLLBACK")


def test_nobody_who_writes_waits_for_passwords_that_are_being_verified(desk_site: Flask, tmp_path: Path) -> None:
    threads = [threading.Thread(target=fail, args=(desk_site, f"nobody{n}@example.org", 4, "wrong")) for n in range(4)]
    for thread in threads:
        thread.start()
    written = 0
    with second_connection(tmp_path) as writer:
        while any(thread.is_alive() for thread in threads):
            writer.execute("BEGIN IMMEDIATE")  # refused at once if a sign-in held the lock
            writer.execute("ROLLBACK")
            written += 1
            time.sleep(0.001)
    assert written > 20


def test_a_password_is_kept_as_a_slow_hash_that_leaves_a_small_server_its_memory(desk_site: Flask) -> None:
    kind, _version, costs = (password_of(desk_site) or "").split("$")[1:4]
    assert (kind, costs) == ("argon2id", "m=19456,t=6,p=1")


def test_a_hash_of_an_older_kind_is_renewed_when_its_password_is_next_given(desk_site: Flask) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(pages.PASSWORD)
    with desk_site.app_context(), transaction():
        db.session.query(Coordinator).filter_by(email=pages.EMAIL).update({"password": old})
    assert is_signed_in(pages.sign_in(desk_site.test_client()))
    assert password_of(desk_site) not in (None, old)
    assert is_signed_in(pages.sign_in(desk_site.test_client()))


def test_a_password_changed_while_the_old_one_is_verified_lets_nobody_in(desk_site: Flask, tmp_path: Path) -> None:
    with desk_site.app_context():
        engine = db.engine

    def change(_connection: object) -> None:
        with second_connection(tmp_path) as writer:
            writer.execute("UPDATE coordinator SET fs_uniquifier = 'new', password = 'new' WHERE id = 1")

    # The transaction in which the account was found ends; the password is verified next.
    client = desk_site.test_client()
    token = pages.csrf_token(client.get("/desk/session").text)
    event.listen(engine, "rollback", change, once=True)
    form = {"email": pages.EMAIL, "password": pages.PASSWORD, "csrf_token": token}
    answer = client.post("/desk/session", data=form)
    assert (answer.status_code, WRONG in answer.text) == (200, True)
    assert not is_signed_in(client)
    assert password_of(desk_site) == "new"


@pytest.mark.parametrize("email", [pages.EMAIL, "nobody@example.org"])
def test_after_ten_wrong_passwords_even_the_right_one_waits(desk_site: Flask, email: str) -> None:
    assert fail(desk_site, email, TRIES, "wrong") == [200] * TRIES
    answer = try_to_sign_in(desk_site.test_client(), email)
    assert answer.status_code == 429
    assert "Too many tries to sign in" in answer.text
    pages.check(answer)


def test_an_account_under_attack_keeps_no_other_coordinator_out(desk_site: Flask) -> None:
    fail(desk_site, pages.EMAIL, TRIES + 2)
    assert try_to_sign_in(desk_site.test_client(), OTHER).status_code == 302


def test_a_coordinator_who_is_at_the_desk_stays_while_the_account_is_under_attack(desk_site: Flask) -> None:
    desk = pages.sign_in(desk_site.test_client())
    assert fail(desk_site, pages.EMAIL, TRIES + 1)[-1] == 429
    assert is_signed_in(desk)


def test_the_ways_to_write_an_address_share_one_count(desk_site: Flask) -> None:
    fail(desk_site, pages.EMAIL, TRIES // 2)
    fail(desk_site, pages.EMAIL.title(), TRIES // 2)
    assert try_to_sign_in(desk_site.test_client()).status_code == 429


def test_signing_in_often_is_not_held_against_a_coordinator(desk_site: Flask) -> None:
    assert {try_to_sign_in(desk_site.test_client()).status_code for _ in range(TRIES + 2)} == {302}


def test_the_right_password_forgives_the_wrong_ones(desk_site: Flask) -> None:
    fail(desk_site, pages.EMAIL, TRIES - 1)
    pages.sign_in(desk_site.test_client())
    assert fail(desk_site, pages.EMAIL, TRIES) == [200] * TRIES


def test_one_network_can_not_try_account_after_account(desk_site: Flask) -> None:
    codes = [fail(desk_site, f"nobody{n}@example.org", 1) for n in range(51)]
    assert codes == [[200]] * 50 + [[429]]
    elsewhere = desk_site.test_client()
    elsewhere.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert try_to_sign_in(elsewhere).status_code == 302


def test_a_coordinator_who_must_wait_reads_so_in_khmer(desk_site: Flask) -> None:
    fail(desk_site, pages.EMAIL, TRIES)
    client = desk_site.test_client()
    token = pages.csrf_token(client.get("/desk/session").text)
    form = {"email": pages.EMAIL, "password": pages.PASSWORD, "csrf_token": token}
    answer = client.post("/desk/session", data=form, headers={"Accept-Language": "km"})
    assert answer.status_code == 429
    assert '<html lang="km">' in answer.text


def test_whose_sign_in_failed_stands_in_no_log_and_no_count(desk_site: Flask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    fail(desk_site, "Kanari.Mail@example.org", TRIES + 1)
    counts = vars(limiter.storage)["storage"]
    assert counts
    assert "kanari" not in (caplog.text + str(counts)).lower()


def test_a_sign_in_that_is_no_form_is_refused_and_yields_no_token(desk_site: Flask) -> None:
    client = desk_site.test_client()
    token = pages.csrf_token(client.get("/desk/session").text)
    answer = client.post(
        "/desk/session?include_auth_token",
        json={"email": pages.EMAIL, "password": pages.PASSWORD},
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 415
    assert "token" not in answer.text.lower()
    assert not is_signed_in(client)


def test_a_program_that_asks_for_json_gets_the_page_that_everybody_gets(desk_site: Flask) -> None:
    client = desk_site.test_client()
    page = client.get("/desk/session", headers={"Accept": "application/json"})
    pages.check(page)
    form = {"email": pages.EMAIL, "password": pages.PASSWORD, "csrf_token": pages.csrf_token(page.text)}
    answer = client.post("/desk/session?include_auth_token", data=form, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.location) == (302, "/desk/")
    assert "authentication_token" not in answer.text


def test_a_coordinator_chooses_the_language_before_signing_in(desk_site: Flask) -> None:
    client = desk_site.test_client()
    assert 'href="/desk/session?language=km"' in client.get("/desk/session").text
    page = client.get("/desk/session?language=km")
    pages.check(page)
    assert '<html lang="km">' in page.text
    assert 'action="/desk/session?language=km"' in page.text
    assert '<html lang="en">' in client.get("/desk/session").text
    form = {"email": pages.EMAIL, "password": "wrong", "csrf_token": pages.csrf_token(page.text)}
    assert '<html lang="km">' in client.post("/desk/session?language=km", data=form).text
    client.post("/desk/session?language=km", data=form | {"password": pages.PASSWORD})
    assert '<html lang="km">' in client.get("/desk/").text


def test_a_language_that_is_none_is_ignored(desk_site: Flask) -> None:
    page = desk_site.test_client().get("/desk/session?language=%22xx")
    pages.check(page)
    assert '<html lang="en">' in page.text


def test_no_browser_keeps_the_sign_in_page(desk_site: Flask) -> None:
    assert desk_site.test_client().get("/desk/session").headers["Cache-Control"] == "no-store"
