"""How pages travel: what is compressed, and what the browser may keep."""

import gzip

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.views.access import Audience, audience_of
from tests.views import pages

ASKED = {"Accept-Encoding": "gzip, deflate, br"}
LIGHT = ("schedule.show", "events.show", "zones.show", "zones.of_event", "rsvps.new")


@pytest.fixture
def world(site: Flask) -> pages.World:
    return pages.build(site)


@pytest.mark.parametrize("language", ["en", "km"])
def test_the_public_pages_are_compressed_and_small(site: Flask, world: pages.World, language: str) -> None:
    known = {rule.endpoint: address for rule, address in pages.addresses(site, world, language)}
    for endpoint in LIGHT:
        client = site.test_client()
        small, medium = (
            client.get(known[endpoint], headers=ASKED),
            client.get(known[endpoint], headers={"Accept-Encoding": "gzip"}),
        )
        assert (small.headers["Content-Encoding"], medium.headers["Content-Encoding"]) == ("br", "gzip"), endpoint
        assert brotli.decompress(small.data).endswith(b"</html>")
        assert gzip.decompress(medium.data).endswith(b"</html>")
        assert "Accept-Encoding" in small.headers["Vary"]
        assert len(small.data) < 12_000, endpoint
        assert "Content-Encoding" not in client.get(known[endpoint]).headers


def test_no_page_with_a_secret_is_compressed(site: Flask, world: pages.World) -> None:
    """Else whoever puts words into such a page learns the secret from its length (BREACH)."""
    coordinator = pages.sign_in(site.test_client())
    checked = 0
    for rule, address in pages.addresses(site, world):
        for method in ("GET", "POST"):
            answer = coordinator.open(address, method=method, headers=ASKED)
            is_open = audience_of(site, rule.endpoint) == Audience.PUBLIC and not address.startswith("/desk")
            if not is_open or method == "POST":
                assert "Content-Encoding" not in answer.headers, f"{method} {rule.rule}"
                checked += 1
            answer.close()
    assert checked > 20


def test_the_sign_in_is_not_compressed_though_everybody_may_see_it(client: FlaskClient) -> None:
    answer = client.get("/desk/session", headers=ASKED)
    assert pages.csrf_token(answer.text)
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize("address", ["/en/", "/km/", "/en/events/democracy", "/en/zones"])
def test_back_on_a_slow_line_a_page_that_has_not_changed_is_not_sent_again(
    client: FlaskClient, world: pages.World, address: str
) -> None:
    tags = set()
    for accepted in ("br", "gzip", "identity"):
        headers = {"Accept-Encoding": accepted}
        first = client.get(address, headers=headers)
        assert first.headers["Cache-Control"] == "private, no-cache"
        tags.add(first.headers["ETag"])
        again = client.get(address, headers=headers | {"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert "Content-Security-Policy" in again.headers
    assert len(tags) == 3
    other = client.get(f"{address}?zone=Europe/Paris", headers={"If-None-Match": tags.pop()})
    assert other.status_code == 200


@pytest.mark.parametrize("address", ["/en/rsvps/new", "/en/rsvps", "/en/nothing", "/en/?zone=Mars/Base"])
def test_on_a_shared_computer_no_form_answer_or_refusal_is_kept(
    client: FlaskClient, world: pages.World, address: str
) -> None:
    answer = client.get(address, headers=ASKED)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_only_the_bare_address_depends_on_the_browsers_language(site: Flask, world: pages.World) -> None:
    for rule, address in pages.addresses(site, world):
        if audience_of(site, rule.endpoint) == Audience.PUBLIC and "GET" in (rule.methods or ()):
            answer = pages.visit(site.test_client(), address)
            assert ("Accept-Language" in answer.headers.get("Vary", "")) == (rule.rule == "/"), rule.rule
