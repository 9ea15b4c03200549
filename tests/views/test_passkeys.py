"""Passkeys over HTTP: which ones open the desk, and which answers open nothing."""

import html
import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import factories
from tests.views import accounts, pages
from tests.views.devices import PRESENT, VERIFIED, Device, text

KEYS = "/desk/account/passkeys"
DOOR = "/desk/session/passkey"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


@pytest.fixture
def device(desk: FlaskClient) -> Device:
    """A device with a passkey of the coordinator's."""
    made = Device()
    assert make(desk, made).location == "/desk/account/recovery-codes"
    return made


def options(page: TestResponse) -> dict:
    """Return what a page tells the browser about passkeys."""
    found = re.search(r'<script type="application/json">(.*?)</script>', page.text)
    assert found, page.text
    return json.loads(found[1])


def make(client: FlaskClient, device: Device, name: str = "My phone") -> TestResponse:
    page = client.get(KEYS)
    form = {"csrf_token": pages.csrf_token(page.text), "name": name, "answer": device.make(options(page))}
    return client.post(KEYS, data=form)


def knock(site: Flask, device: Device, **changes: str) -> bool:
    """Sign in with a device; say whether the desk is open."""
    client = site.test_client()
    page = client.get("/desk/session")
    form = {"csrf_token": pages.csrf_token(page.text), "answer": device.sign(options(page), **changes)}
    answer = client.post(DOOR, data=form)
    assert answer.status_code == 303
    is_open = accounts.is_signed_in(client)
    assert answer.location == ("/desk/" if is_open else "/desk/session")
    return is_open


def test_a_passkey_opens_the_desk_alone_again_and_again(site: Flask, device: Device) -> None:
    accounts.in_production(site)
    assert [knock(site, device) for _ in range(3)] == [True] * 3


def test_with_a_passkey_the_password_alone_opens_nothing(site: Flask, device: Device) -> None:
    client = site.test_client()
    page = client.get(accounts.give_password(client).location)
    pages.check(page)
    assert options(page)["userVerification"] == "required"
    assert not accounts.is_signed_in(client)


def test_the_sign_in_page_names_no_account(site: Flask, device: Device) -> None:
    page = site.test_client().get("/desk/session")
    pages.check(page)
    said = options(page)
    assert (said["rpId"], said["userVerification"], said["allowCredentials"]) == ("localhost", "required", [])


def test_a_new_passkey_must_verify_its_owner_and_sign_in_by_itself(site: Flask, desk: FlaskClient) -> None:
    page = desk.get(KEYS)
    pages.check(page)
    asked = options(page)["authenticatorSelection"]
    assert (asked["residentKey"], asked["userVerification"]) == ("required", "required")
    assert make(desk, Device(flags=PRESENT)).location == KEYS
    assert make(desk, Device(origin="http://evil.example")).location == KEYS
    assert not accounts.account(site).fs_webauthn_user_handle


@pytest.mark.parametrize("flags", [PRESENT, VERIFIED, 0])
def test_a_device_that_did_not_verify_its_owner_opens_nothing(site: Flask, device: Device, flags: int) -> None:
    device.flags = flags
    assert not knock(site, device)


def test_an_answer_made_for_another_page_opens_nothing(site: Flask, device: Device) -> None:
    device.origin = "http://evil.example"
    assert not knock(site, device)


def test_a_copied_device_that_counts_from_behind_opens_nothing(site: Flask, device: Device) -> None:
    device.count = 7
    assert knock(site, device)
    device.count = 3
    assert not knock(site, device)


def test_a_passkey_opens_no_other_account(site: Flask, device: Device) -> None:
    accounts.enrol(site)
    foreign = text(accounts.account(site, accounts.NEW).public_id.encode())
    assert not knock(site, device, userHandle=foreign)


def test_an_unknown_device_opens_nothing(site: Flask, device: Device) -> None:
    assert not knock(site, Device(owner=device.owner))
    assert not knock(site, Device(owner=device.owner, credential_id=device.credential_id))


def test_an_answer_opens_the_desk_once(site: Flask, device: Device) -> None:
    client, thief = site.test_client(), site.test_client()
    page = client.get("/desk/session")
    form = {"csrf_token": pages.csrf_token(page.text), "answer": device.sign(options(page))}
    cookie = client.get_cookie("desk")
    assert cookie is not None
    thief.set_cookie("desk", cookie.value)
    device.count = 0
    assert client.post(DOOR, data=form).location == "/desk/"
    with_a_higher_count = form | {"answer": Device(**vars(device) | {"count": 50}).sign(options(page))}
    assert thief.post(DOOR, data=with_a_higher_count).location == "/desk/session"
    assert not accounts.is_signed_in(thief)


def test_an_answer_that_comes_late_opens_nothing(site: Flask, device: Device, clock: factories.Moment) -> None:
    client = site.test_client()
    page = client.get("/desk/session")
    form = {"csrf_token": pages.csrf_token(page.text), "answer": device.sign(options(page))}
    clock.pass_by(minutes=10)
    assert client.post(DOOR, data=form).location == "/desk/session"


@pytest.mark.parametrize("answer", ["", "{}", "[]", "nonsense", '{"id":"a","rawId":"a","type":"public-key"}'])
def test_what_is_no_answer_opens_nothing(site: Flask, device: Device, answer: str) -> None:
    client = site.test_client()
    token = pages.csrf_token(client.get("/desk/session").text)
    assert client.post(DOOR, data={"csrf_token": token, "answer": answer}).location == "/desk/session"
    assert not accounts.is_signed_in(client)


def test_a_passkey_is_named_and_removed(site: Flask, desk: FlaskClient, device: Device) -> None:
    name = {"passkey": text(device.credential_id)}
    assert accounts.send(desk, f"{KEYS}/name", KEYS, name="ទូរសព្ទ", **name).status_code == 303
    assert "ទូរសព្ទ" in desk.get(KEYS).text
    assert accounts.send(desk, f"{KEYS}/name", KEYS, name="", **name).status_code == 422
    assert accounts.send(desk, f"{KEYS}/removal", KEYS, **name).status_code == 303
    assert not knock(site, device)
    assert accounts.send(desk, f"{KEYS}/removal", KEYS, **name).status_code == 404
    assert [entry[0] for entry in accounts.journal(site)] == ["passkey", "passkey_removal"]


def test_in_production_the_only_second_factor_stays(site: Flask, desk: FlaskClient, device: Device) -> None:
    accounts.in_production(site)
    accounts.send(desk, f"{KEYS}/removal", KEYS, passkey=text(device.credential_id))
    assert "only second factor" in html.unescape(desk.get(KEYS).text)
    assert knock(site, device)


def test_an_authenticator_app_is_removed_where_a_passkey_remains_and_its_codes_open_nothing_more(
    site: Flask, desk: FlaskClient, device: Device, clock: factories.Moment
) -> None:
    accounts.in_production(site)
    secret = accounts.set_up_app(desk, clock.now())
    assert "/desk/account/app/removal" in desk.get("/desk/account").text
    assert accounts.send(desk, "/desk/account/app/removal", "/desk/account").location == "/desk/account"
    page = desk.get("/desk/account")
    pages.check(page)
    assert "The authenticator app is removed." in page.text
    assert "/desk/account/app/removal" not in page.text
    stranger = site.test_client()
    accounts.give_password(stranger)
    clock.pass_by(minutes=1)
    shown = accounts.code(secret, clock.now())
    assert accounts.send(stranger, "/desk/session/code", code=shown).status_code == 422
    assert not accounts.is_signed_in(stranger)
    assert knock(site, device)
    assert [entry[0] for entry in accounts.journal(site)][-1] == "authenticator_removal"


def test_an_app_that_is_the_only_second_factor_stays(site: Flask, desk: FlaskClient, clock: factories.Moment) -> None:
    accounts.set_up_app(desk, clock.now())
    accounts.send(desk, "/desk/account/app/removal", "/desk/account")
    page = html.unescape(desk.get("/desk/account").text)
    assert "only second factor" in page
    assert "After your password the desk asks for a code of the app." in page
    assert accounts.account(site).has_app


def test_nobody_touches_the_passkey_of_another(site: Flask, desk: FlaskClient, device: Device) -> None:
    other = accounts.enrol(site)
    name = {"passkey": text(device.credential_id)}
    assert accounts.send(other, f"{KEYS}/removal", KEYS, **name).status_code == 404
    assert make(other, Device(credential_id=device.credential_id)).location == KEYS
    assert knock(site, device)


def test_a_removed_coordinators_passkey_opens_nothing(site: Flask, device: Device) -> None:
    accounts.enrol(site)
    site.test_cli_runner().invoke(args=["coordinators", "remove", pages.EMAIL])
    assert not knock(site, device)


def test_a_passkey_is_a_fresh_proof_of_its_owner(
    site: Flask, desk: FlaskClient, device: Device, clock: factories.Moment
) -> None:
    other = accounts.enrol(site, "third@example.org")
    make(other, Device())
    clock.pass_by(minutes=11)
    for client, is_open in ((desk, True), (other, False)):
        page = client.get("/desk/proof?next=/desk/account/app")
        form = {"csrf_token": pages.csrf_token(page.text), "next": "/desk/account/app"}
        client.post("/desk/proof/passkey", data=form | {"answer": device.sign(options(page))})
        assert (client.get("/desk/account/app").status_code == 200) == is_open


def test_with_a_passkey_the_password_alone_proves_nothing(
    desk: FlaskClient, device: Device, clock: factories.Moment
) -> None:
    codes = accounts.keep_codes(desk)
    clock.pass_by(minutes=11)
    pages.check(desk.get("/desk/proof"))
    assert accounts.send(desk, "/desk/proof", password=pages.PASSWORD).status_code == 422
    assert accounts.send(desk, "/desk/proof", password=pages.PASSWORD, recovery_code=codes[0]).status_code == 303


def test_where_the_service_is_no_name_a_page_says_where_passkeys_work(site: Flask, desk: FlaskClient) -> None:
    site.config["TRUSTED_HOSTS"] = ["localhost", "127.0.0.1"]
    page = site.test_client().get("/desk/session", base_url="http://127.0.0.1")
    pages.check(page)
    assert "http://localhost/desk/session" in page.text
