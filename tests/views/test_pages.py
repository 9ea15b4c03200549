"""Every page is a whole page, in both languages."""

import pytest
from flask import Flask

from rsvp.views.access import Audience, audience_of
from tests.views import pages


@pytest.mark.parametrize("language", ["en", "km"])
def test_every_page_is_valid_and_in_its_language(site: Flask, language: str) -> None:
    world = pages.build(site)
    checked = 0
    for rule, address in pages.addresses(site, world, language):
        if "GET" not in (rule.methods or ()) or "<any(en, km):language>" not in rule.rule:
            continue
        answer = site.test_client().get(address)
        if answer.mimetype != "text/html":
            continue
        tree = pages.check(answer)
        assert (answer.status_code, tree.get("lang")) == (200, language), rule.rule
        checked += 1
    assert checked >= 6


@pytest.mark.parametrize("language", ["en", "km"])
def test_every_page_of_the_desk_is_valid_and_in_the_language_chosen(site: Flask, language: str) -> None:
    world = pages.build(site)
    client = pages.sign_in(site.test_client())
    page = client.get("/desk/").text
    client.post("/desk/language", data={"language": language, "csrf_token": pages.csrf_token(page)})
    checked = 0
    for rule, address in pages.addresses(site, world):
        if "GET" not in (rule.methods or ()) or audience_of(site, rule.endpoint) != Audience.COORDINATOR:
            continue
        tree = pages.check(client.get(address))
        assert tree.get("lang") == language, rule.rule
        checked += 1
    assert checked >= 4


@pytest.mark.parametrize("state", ["pending", "waitlisted", "approved", "declined", "revoked", "withdrawn"])
def test_every_tab_of_the_queue_is_a_page(site: Flask, state: str) -> None:
    pages.build(site)
    answer = pages.sign_in(site.test_client()).get(f"/desk/?state={state}")
    assert answer.status_code == 200
    pages.check(answer)


@pytest.mark.parametrize(
    ("address", "language"), [("/en/nothing", "en"), ("/km/nothing", "km"), ("/xx/", "en"), ("/en/events/none", "en")]
)
def test_a_page_that_does_not_exist_says_so_in_the_readers_language(site: Flask, address: str, language: str) -> None:
    answer = site.test_client().get(address)
    assert answer.status_code == 404
    assert pages.check(answer).get("lang") == language


def test_the_bare_address_leads_to_the_language_that_the_browser_asks_for(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/", headers={"Accept-Language": "km-KH,km;q=0.9,en;q=0.5"}).location == "/km/"
    assert client.get("/", headers={"Accept-Language": "fr"}).location == "/en/"


def test_no_page_shows_the_link_to_anybody_but_an_approved_guest(site: Flask) -> None:
    world = pages.build(site)
    for rule, address in pages.addresses(site, world):
        if "GET" in (rule.methods or ()):
            shown = "zoom.example" in pages.visit(site.test_client(), address).text
            assert shown == (rule.endpoint == "places.show"), rule.rule
