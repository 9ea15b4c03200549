"""Who may see which page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp import create_app
from rsvp.views.access import Audience, audience_of
from tests import factories
from tests.databases import release
from tests.views import pages

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture
def world(site: Flask) -> pages.World:
    return pages.build(site)


def test_every_page_says_for_whom_it_is(site: Flask) -> None:
    assert [rule.endpoint for rule in site.url_map.iter_rules() if audience_of(site, rule.endpoint) is None] == []


def test_a_page_that_says_nothing_is_shown_to_nobody(site: Flask) -> None:
    site.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert site.test_client().get("/forgotten").status_code == 404


@pytest.mark.parametrize("method", METHODS)
def test_a_stranger_at_the_desk_is_sent_to_the_sign_in_or_sees_nothing(
    site: Flask, world: pages.World, method: str
) -> None:
    before = pages.fingerprint(site)
    for rule, address in pages.addresses(site, world):
        if audience_of(site, rule.endpoint) in (Audience.PUBLIC, Audience.GUEST, Audience.ENTRANCE):
            continue
        answer = pages.visit(site.test_client(), address, method)
        assert answer.status_code in (302, 404, 405), f"{method} {rule.rule}"
        if answer.status_code == 302:
            assert answer.location == "/desk/session"
        assert "Sok Dara" not in answer.text
    assert pages.fingerprint(site) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("is_signed_in", [False, True], ids=["stranger", "coordinator"])
def test_looking_changes_nothing(site: Flask, world: pages.World, method: str, is_signed_in: bool) -> None:
    client = site.test_client()
    if is_signed_in:
        pages.sign_in(client)
    before = pages.fingerprint(site)
    for rule, address in pages.addresses(site, world):
        answer = pages.visit(client, address, method)
        assert answer.status_code < 500, rule.rule
        assert pages.fingerprint(site) == before, f"{method} {rule.rule} changed the database"


def test_no_guest_ever_gets_a_cookie(site: Flask, world: pages.World) -> None:
    for rule, address in pages.addresses(site, world):
        of_the_desk = (Audience.COORDINATOR, Audience.ENTRANCE, Audience.NOBODY)
        if audience_of(site, rule.endpoint) in of_the_desk:
            continue
        for method in ("GET", "POST"):
            answer = pages.visit(site.test_client(), address, method)
            assert "Set-Cookie" not in answer.headers, f"{method} {rule.rule}"
            assert "Cookie" not in answer.headers.get("Vary", ""), f"{method} {rule.rule}"


def test_a_wrong_link_looks_like_nonsense(client: FlaskClient, world: pages.World) -> None:
    nonsense = client.get("/en/no-such-page")
    for address in ("verifications", "places", "join"):
        for token in ("wrong", "x" * 3000, world.places if address == "verifications" else world.verification):
            answer = client.get(f"/en/{address}/{token}")
            assert (answer.status_code, answer.data) == (404, nonsense.data)
            assert dict(answer.headers) == dict(nonsense.headers)


WITH_NUL = [
    ("rsvps", {"events": "\0"}),
    ("withdrawals", {"event": "a\0b"}),
    ("invitations", {"event": "\0"}),
    ("answers", {"question": "\0", "answer": "Yes"}),
    ("preferences", {"name": "Sok Dara", "zone": "\0"}),
    ("preferences", {"na\0me": "Sok Dara"}),
]


@pytest.fixture
def anywhere(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The application on one of the databases, outside any context."""
    made = create_app(factories.settings(tmp_path, DATABASE_URL=database_url), factories.Moment())
    yield made
    with made.app_context():
        release(made)


def test_what_nobody_can_type_is_refused_in_the_readers_language(anywhere: Flask) -> None:
    with anywhere.app_context():
        factories.event()
        token = factories.prove(factories.ask())
    titles = {"en": "We couldn't read that", "km": "យើងអានអ្វីដែលអ្នកបានផ្ញើមិនបានទេ"}
    for path, form in WITH_NUL:
        for language, title in titles.items():
            answer = anywhere.test_client().post(f"/{language}/places/{token}/{path}", data=form)
            assert (answer.status_code, title in answer.text) == (400, True), path
            assert "\0" not in answer.text
            pages.check(answer)


@pytest.mark.parametrize("address", ["/en/events/a%00b", "/en/places/%00", "/km/events/%00.ics"])
def test_an_address_that_nothing_can_have_is_no_page(client: FlaskClient, world: pages.World, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_foreign_host_is_refused_without_its_name(client: FlaskClient) -> None:
    answer = client.get("/en/", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "evil.example" not in answer.text
