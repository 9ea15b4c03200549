"""Passkeys in a real Chromium: made, used alone, and refused by devices that don't know their owner."""

import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route, expect

from tests.demos import ROOT, Demo, bare_environ

PASSWORD = "four words and more"
HONEST = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
_numbers = count(1)


@pytest.fixture
def page(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A browser at the demo's address that has a name."""
    context = browser.new_context(base_url=f"http://localhost:{demo.port}")
    yield context.new_page()
    context.close()


def give_device(page: Page, **changes: object) -> tuple[CDPSession, str]:
    """Give the browser a device for passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": HONEST | changes})
    return session, made["authenticatorId"]


def enrol(page: Page, demo: Demo) -> None:
    """Become a coordinator of the demo."""
    email = f"coordinator{next(_numbers)}@example.org"
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "coordinators", "add", email]
    environ = bare_environ() | {"INSTANCE": str(demo.instance), "PORT": str(demo.port)}
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    page.goto(done.stdout.strip().replace("127.0.0.1", "localhost"))
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.get_by_role("button", name="Choose this password").click()
    page.wait_for_url("**/desk/account")


def make_passkey(page: Page) -> None:
    """Make a passkey, up to what the page says about it."""
    page.goto("/desk/account/passkeys")
    page.fill("[data-passkey] input[name=name]", "My phone")
    page.get_by_role("button", name="Make a passkey").click()


def sign_out(page: Page) -> None:
    """Leave the desk."""
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/desk/session")


def test_a_coordinator_signs_in_with_a_passkey_alone(page: Page, demo: Demo) -> None:
    give_device(page)
    enrol(page, demo)
    make_passkey(page)
    page.wait_for_url("**/recovery-codes")
    page.get_by_role("button", name="I have kept them").click()
    page.wait_for_url("**/desk/account")
    sign_out(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/")
    expect(page.get_by_role("link", name="Queue")).to_be_visible()


def test_a_device_that_does_not_know_its_owner_opens_nothing(page: Page, demo: Demo) -> None:
    session, device = give_device(page)
    enrol(page, demo)
    make_passkey(page)
    page.wait_for_url("**/recovery-codes")
    sign_out(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("[data-passkey] [role=alert]")).to_be_visible()
    # A browser that was told not to ask the owner gets an answer; the server takes none.
    page.route("**/desk/session", do_not_ask_the_owner)
    page.goto("/desk/session")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey doesn't open the desk")).to_be_visible()
    page.unroute("**/desk/session")
    assert page.goto("/desk/")
    assert page.url.endswith("/desk/session")


def do_not_ask_the_owner(route: Route) -> None:
    """Change the page as a dishonest browser would."""
    answer = route.fetch()
    changed, found = re.subn(r'"userVerification": ?"required"', '"userVerification": "discouraged"', answer.text())
    assert found or answer.status == 302
    route.fulfill(response=answer, body=changed)


@pytest.mark.parametrize("lack", ["hasUserVerification", "hasResidentKey"])
def test_a_device_that_can_not_keep_a_passkey_for_its_owner_gets_none(page: Page, demo: Demo, lack: str) -> None:
    changes = {lack: False} | ({"isUserVerified": False} if lack == "hasUserVerification" else {})
    give_device(page, **changes)
    enrol(page, demo)
    make_passkey(page)
    expect(page.locator("[data-passkey] [role=alert]")).to_be_visible()
    assert page.url.endswith("/desk/account/passkeys")


def test_at_an_address_without_a_name_the_desk_says_where_passkeys_work(page: Page, demo: Demo) -> None:
    page.goto(f"{demo.address}/desk/session")
    page.get_by_role("link", name=f"http://localhost:{demo.port}/").click()
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_visible()
