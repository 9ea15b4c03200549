"""What search engines are told to look for."""

import re
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp import create_app
from rsvp.db import transaction
from rsvp.models.event import Status
from rsvp.views.access import Audience, audience_of
from tests import factories
from tests.databases import Databases, release
from tests.views import pages
from tests.views.heads import Head

PLACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client: FlaskClient) -> dict[str, dict[str | None, str | None]]:
    """Return the addresses of the sitemap with their alternates."""
    answer = client.get("/sitemap.xml")
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    tree = ElementTree.fromstring(answer.text)
    assert tree.tag == f"{PLACE}urlset"
    return {
        url.findtext(f"{PLACE}loc") or "": {link.get("hreflang"): link.get("href") for link in url if link.get("rel")}
        for url in tree
    }


def test_the_sitemap_lists_each_page_to_find_in_both_languages_and_nothing_else(
    site: Flask, client: FlaskClient
) -> None:
    world = pages.build(site)
    with site.app_context():
        hidden = factories.event("not-yet")
        with transaction():
            hidden.status = Status.DRAFT
    names = ("", "rsvps/new", "events/democracy", "events/officials", "events/preparatory")
    found = listed(client)
    assert set(found) == {f"http://localhost/{language}/{name}" for language in ("en", "km") for name in names}
    for address, alternates in found.items():
        head = Head(client, address)
        assert head.is_findable
        assert head.canonical == [address]
        assert head.alternates == alternates
    for secret in (world.places, world.verification, world.feed, "desk", "not-yet"):
        assert secret not in client.get("/sitemap.xml").text


def test_search_engines_may_look_at_every_page_so_that_it_can_tell_them_not_to_list_it(
    site: Flask, client: FlaskClient
) -> None:
    answer = client.get("/robots.txt")
    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    robots = RobotFileParser()
    robots.parse(answer.text.splitlines())
    assert robots.site_maps() == ["http://localhost/sitemap.xml"]
    assert all(robots.can_fetch("Anybot", address) for _rule, address in pages.addresses(site, pages.build(site)))
    assert not any(word in answer.text for word in ("desk", "places", "verifications", "feeds"))


def test_every_page_that_is_not_to_be_found_says_so_and_names_no_address_of_itself(
    site: Flask,
) -> None:
    world = pages.build(site)
    stranger, coordinator = site.test_client(), pages.sign_in(site.test_client())
    found = set()
    for client in (stranger, coordinator):
        for rule, address in pages.addresses(site, world):
            answer = pages.visit(client, address)
            if answer.mimetype != "text/html" or answer.status_code in (301, 302, 308):
                continue
            head = Head(client, address)
            if head.is_findable:
                found.add(rule.endpoint)
            else:
                assert head.canonical == []
                assert head.alternates == {}
                assert not [name for name in head.metas if name and name.startswith(("og:", "twitter:"))]
                assert head.data == []
    assert found == {"schedule.show", "events.show", "rsvps.new"}


@pytest.mark.parametrize("address", ["/robots.txt", "/sitemap.xml"])
def test_the_lists_are_for_everybody_and_may_be_kept_for_a_while(
    site: Flask, client: FlaskClient, address: str
) -> None:
    answer = client.get(address)
    endpoint = site.url_map.bind("localhost").match(address)[0]
    assert audience_of(site, endpoint) == Audience.PUBLIC
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert not {"Set-Cookie", "X-Robots-Tag"} & set(answer.headers.keys())


def test_every_absolute_address_begins_with_the_one_that_the_operator_set(databases: Databases, tmp_path) -> None:
    base, url = "http://127.0.0.1:9999", databases.sqlite(tmp_path)
    settings = factories.settings(tmp_path, DATABASE_URL=url, BASE_URL=base, TRUSTED_HOSTS="localhost")
    app = create_app(settings, factories.Moment())
    with app.app_context():
        factories.event()
    client = app.test_client()
    assert all(address.startswith(f"{base}/") for address in listed(client))
    assert f"Sitemap: {base}/sitemap.xml" in client.get("/robots.txt").text
    head = Head(client, "/km/events/democracy")
    assert re.fullmatch(rf"{re.escape(base)}/static/previews/km\.[0-9a-f]{{12}}\.png", head.metas["og:image"])
    assert head.data[0]["location"]["url"] == head.metas["og:url"] == head.canonical[0] == f"{base}/km/events/democracy"
    with app.app_context():
        release(app)
