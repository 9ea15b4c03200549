"""How somebody becomes a coordinator: a link that works once, a password, a second factor."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.views import accounts, pages


@pytest.fixture
def link(site: Flask) -> str:
    return accounts.invitation(site)


def test_the_operators_command_prints_a_link_with_which_somebody_enrols(site: Flask, client: FlaskClient) -> None:
    result = site.test_cli_runner().invoke(args=["coordinators", "add", "New.Coordinator@Example.ORG"])
    assert result.exit_code == 0
    found = re.fullmatch(r"http://localhost(/desk/enrolments/[\w-]{43})\n", result.output)
    assert found, result.output
    answer = accounts.send(client, found[1], password=accounts.GOOD, again=accounts.GOOD)
    assert (answer.status_code, answer.location) == (303, "/desk/account")
    assert accounts.is_signed_in(client)
    assert [entry[0] for entry in accounts.journal(site)] == ["enrolment_link", "enrolment"]


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_page_behind_the_link_is_kept_by_nobody(client: FlaskClient, link: str, language: str) -> None:
    page = client.get(f"{link}?language={language}")
    pages.check(page)
    assert f'<html lang="{language}">' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_a_used_an_old_and_a_wrong_link_look_like_nonsense(
    site: Flask, client: FlaskClient, clock: factories.Moment, link: str
) -> None:
    newer = accounts.invitation(site)
    accounts.send(site.test_client(), newer, password=accounts.GOOD, again=accounts.GOOD)
    old = accounts.invitation(site, "late@example.org")
    clock.pass_by(hours=24)
    nonsense = client.get("/desk/no-such-page")
    for address in (link, newer, old, "/desk/enrolments/wrong", "/desk/enrolments/" + "x" * 3000):
        answer = client.get(address)
        assert (answer.status_code, answer.data) == (404, nonsense.data)
        assert dict(answer.headers) == dict(nonsense.headers)


def test_a_link_makes_one_account_even_when_its_page_was_opened_twice(site: Flask, link: str) -> None:
    first, second = site.test_client(), site.test_client()
    token = pages.csrf_token(second.get(link).text)
    assert accounts.send(first, link, password=accounts.GOOD, again=accounts.GOOD).status_code == 303
    form = {"csrf_token": token, "password": "another long password", "again": "another long password"}
    assert second.post(link, data=form).status_code == 404
    assert not accounts.is_signed_in(second)
    assert accounts.give_password(site.test_client(), accounts.NEW, accounts.GOOD).location == "/desk/"


def test_looking_at_the_link_uses_nothing_up(site: Flask, client: FlaskClient, link: str) -> None:
    before = pages.fingerprint(site)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert pages.fingerprint(site) == before


@pytest.mark.parametrize(
    ("password", "again"),
    [
        ("eleven char", "eleven char"),
        (accounts.GOOD, accounts.GOOD + "!"),
        ("", ""),
        (accounts.NEW, accounts.NEW),
        ("New.Coordinator", "New.Coordinator"),
        (f"my {accounts.NEW} 1", f"my {accounts.NEW} 1"),
        ("abababababababab", "abababababababab"),
        ("x y z " * 1000, "x y z " * 1000),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(client: FlaskClient, link: str, password: str, again: str) -> None:
    answer = accounts.send(client, link, password=password, again=again)
    assert answer.status_code == 422
    pages.check(answer)
    assert not password or password not in re.findall(r'value="([^"]*)"', answer.text)[2:]
    assert not accounts.is_signed_in(client)


def test_the_link_is_stored_as_a_digest_only(site: Flask, tmp_path: Path, link: str) -> None:
    token = link.rpartition("/")[2].encode()
    assert not [file for file in tmp_path.iterdir() if token in file.read_bytes()]


def test_nobody_signs_in_before_enrolling(site: Flask, link: str) -> None:
    answer = accounts.give_password(site.test_client(), accounts.NEW, accounts.GOOD)
    assert (answer.status_code, "is wrong" in answer.text) == (200, True)


def test_in_production_the_desk_opens_only_after_the_second_factor(site: Flask, clock: factories.Moment) -> None:
    accounts.in_production(site)
    client = accounts.enrol(site)
    for address in ("/desk/", "/desk/events/", "/desk/letters/"):
        assert client.get(address).location == "/desk/account"
    page = client.get("/desk/account")
    pages.check(page)
    assert "One step is left" in page.text
    accounts.set_up_app(client, clock.now())
    assert accounts.is_signed_in(client)


def test_in_production_a_password_alone_can_not_set_up_the_second_factor(site: Flask) -> None:
    accounts.in_production(site)
    accounts.enrol(site)
    client = site.test_client()
    answer = accounts.give_password(client, accounts.NEW, accounts.GOOD)
    page = client.get(answer.location)
    pages.check(page)
    assert "Ask another coordinator or the operator" in page.text
    for address in ("/desk/", "/desk/account", "/desk/account/app"):
        assert client.get(address).location == "/desk/session"


def test_in_the_demo_the_second_factor_may_be_left_out(site: Flask) -> None:
    assert accounts.is_signed_in(accounts.enrol(site))


def test_a_new_link_for_an_account_replaces_everything_that_opened_it(site: Flask, clock: factories.Moment) -> None:
    old = accounts.enrol(site)
    accounts.set_up_app(old, clock.now())
    accounts.keep_codes(old)
    result = site.test_cli_runner().invoke(args=["coordinators", "add", accounts.NEW])
    assert not accounts.is_signed_in(old)
    client = site.test_client()
    link = result.output.strip().removeprefix("http://localhost")
    accounts.send(client, link, password="quite another password", again="quite another password")
    stored = accounts.account(site, accounts.NEW)
    assert not stored.tf_totp_secret
    assert not stored.mf_recovery_codes
    answer = accounts.give_password(site.test_client(), accounts.NEW, accounts.GOOD)
    assert answer.status_code == 200


def test_the_operator_keeps_somebody_out_but_not_the_last_one(site: Flask) -> None:
    pages.build_desk(site)
    client = accounts.enrol(site)
    run = site.test_cli_runner().invoke
    assert run(args=["coordinators", "remove", accounts.NEW]).exit_code == 0
    assert not accounts.is_signed_in(client)
    assert accounts.give_password(site.test_client(), accounts.NEW, accounts.GOOD).status_code == 200
    assert run(args=["coordinators", "remove", accounts.NEW]).exit_code == 1
    assert run(args=["coordinators", "remove", pages.EMAIL]).exit_code == 1
    assert accounts.is_signed_in(pages.sign_in(site.test_client()))
