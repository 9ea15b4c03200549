"""A coordinator's own account: the password, a proof that it is still the coordinator, an end to every session."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.views.access import FRESH
from tests import factories
from tests.views import accounts, pages

PROOF = "/desk/proof"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def fresh_acts(site: Flask) -> set[tuple[str, str]]:
    """Return method and address of everything at the desk that asks for a proof and takes no argument."""
    views = site.view_functions
    rules = [rule for rule in site.url_map.iter_rules() if hasattr(views[rule.endpoint], "needs_proof")]
    return {(method, rule.rule) for rule in rules if not rule.arguments for method in rule.methods or ()}


def test_what_opens_the_desk_is_changed_only_by_who_just_proved_to_be_there(
    site: Flask, desk: FlaskClient, clock: factories.Moment
) -> None:
    acts = {(method, address) for method, address in fresh_acts(site) if method in ("GET", "POST")}
    assert {("GET", "/desk/account/app"), ("POST", "/desk/account/app"), ("POST", "/desk/coordinators/")} <= acts
    clock.at += FRESH
    assert accounts.is_signed_in(desk)
    before = pages.fingerprint(site)
    token = pages.csrf_token(desk.get("/desk/account").text)
    for method, address in acts:
        answer = desk.open(address, method=method, data={"csrf_token": token})
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, PROOF), f"{method} {address}"
    assert pages.fingerprint(site) == before


def test_a_proof_leads_back_to_what_was_wanted(desk: FlaskClient, clock: factories.Moment) -> None:
    clock.at += FRESH
    page = desk.get("/desk/account/app", follow_redirects=True)
    pages.check(page)
    asked = desk.get("/desk/account/app").location
    assert accounts.send(desk, PROOF, asked, password="wrong").status_code == 422
    answer = accounts.send(desk, PROOF, asked, password=pages.PASSWORD)
    assert (answer.status_code, answer.location) == (303, "/desk/account/app")
    assert desk.get("/desk/account/app").status_code == 200


def test_a_proof_asks_for_the_app_too(site: Flask, desk: FlaskClient, clock: factories.Moment) -> None:
    secret = accounts.set_up_app(desk, clock.now())
    clock.at += FRESH
    assert accounts.send(desk, PROOF, password=pages.PASSWORD).status_code == 422
    shown = accounts.code(secret, clock.now())
    assert accounts.send(desk, PROOF, password="wrong", code=shown).status_code == 422
    assert accounts.send(desk, PROOF, password=pages.PASSWORD, code=shown).status_code == 303


def test_a_recovery_code_proves_it_too_once(site: Flask, desk: FlaskClient, clock: factories.Moment) -> None:
    accounts.set_up_app(desk, clock.now())
    codes = accounts.keep_codes(desk)
    clock.at += FRESH
    for status in (303, 422):
        answer = accounts.send(desk, PROOF, password=pages.PASSWORD, recovery_code=codes[0])
        assert answer.status_code == status


def test_proving_often_is_not_held_against_a_coordinator(desk: FlaskClient) -> None:
    assert {accounts.send(desk, PROOF, password=pages.PASSWORD).status_code for _ in range(12)} == {303}


@pytest.mark.parametrize(
    "wanted", ["//evil.example/desk/", "https://evil.example/desk/", "/en/", "/desk/session", "/desk/nothing", "", "\\"]
)
def test_a_proof_leads_nowhere_else(desk: FlaskClient, wanted: str) -> None:
    token = pages.csrf_token(desk.get(PROOF).text)
    form = {"csrf_token": token, "password": pages.PASSWORD, "next": wanted}
    assert desk.post(PROOF, data=form).location == "/desk/"


def test_proofs_are_counted_like_sign_ins(site: Flask, desk: FlaskClient) -> None:
    for _ in range(10):
        assert accounts.send(desk, PROOF, password="wrong").status_code == 422
    assert accounts.send(desk, PROOF, password=pages.PASSWORD).status_code == 429


def test_a_changed_password_ends_every_other_session(site: Flask, desk: FlaskClient) -> None:
    other = pages.sign_in(site.test_client())
    pages.check(desk.get("/desk/account/password"))
    answer = accounts.send(
        desk, "/desk/account/password", current=pages.PASSWORD, password=accounts.GOOD, again=accounts.GOOD
    )
    assert answer.status_code == 303
    assert accounts.is_signed_in(desk)
    assert not accounts.is_signed_in(other)
    assert accounts.give_password(site.test_client()).status_code == 200
    assert accounts.give_password(site.test_client(), password=accounts.GOOD).status_code == 302
    assert [entry[0] for entry in accounts.journal(site)] == ["password"]


@pytest.mark.parametrize("current", ["", "wrong", "x" * 5000, accounts.GOOD])
def test_the_password_is_changed_only_by_who_knows_it(site: Flask, desk: FlaskClient, current: str) -> None:
    before = pages.fingerprint(site)
    answer = accounts.send(desk, "/desk/account/password", current=current, password=accounts.GOOD, again=accounts.GOOD)
    assert answer.status_code == 422
    pages.check(answer)
    assert pages.fingerprint(site) == before


def test_one_button_signs_the_coordinator_out_everywhere(site: Flask, desk: FlaskClient) -> None:
    other = pages.sign_in(site.test_client())
    answer = accounts.send(desk, "/desk/account/sessions/end", "/desk/account")
    assert (answer.status_code, answer.location) == (303, "/desk/session")
    assert not accounts.is_signed_in(desk)
    assert not accounts.is_signed_in(other)
    public_id = accounts.account(site).public_id
    assert accounts.journal(site) == [("sign_out_everywhere", f"coordinator:{public_id}", public_id)]


def test_the_secret_of_an_app_comes_from_our_own_page(site: Flask, desk: FlaskClient, clock: factories.Moment) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    form = {"secret": secret, "code": accounts.code(secret, clock.now())}
    assert accounts.send(desk, "/desk/account/app", **form).status_code == 400
    assert not accounts.account(site).has_app


def test_an_app_that_shows_another_code_is_not_taken_into_use(site: Flask, desk: FlaskClient) -> None:
    answer = accounts.send(desk, "/desk/account/app", code="000000")
    assert answer.status_code == 422
    pages.check(answer)
    assert not accounts.account(site).has_app


@pytest.mark.parametrize("address", ["/desk/account", "/desk/account/app", "/desk/account/recovery-codes", PROOF])
def test_the_account_speaks_the_coordinators_language(site: Flask, desk: FlaskClient, address: str) -> None:
    answer = accounts.send(desk, "/desk/language", "/desk/account", language="km", next=address)
    assert (answer.status_code, answer.location) == (303, address)
    page = desk.get(address)
    pages.check(page)
    assert '<html lang="km">' in page.text
    elsewhere = pages.sign_in(site.test_client())
    assert '<html lang="km">' in elsewhere.get("/desk/").text
