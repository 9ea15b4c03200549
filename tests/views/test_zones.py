"""Choosing a city that isn't on the short list: a page of links, and a line of the form."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from rsvp import zones
from rsvp.db import db
from rsvp.models import Participant
from tests import factories
from tests.views import pages

LANGUAGES = ("en", "km")


@pytest.fixture(autouse=True)
def programme(site: Flask) -> None:
    with site.app_context():
        factories.event()


def links(answer: TestResponse) -> list[str]:
    """Return where the cities of a page lead."""
    main = pages.check(answer).find(f".//{pages.XHTML}main")
    return [link.get("href") for link in main.iter(f"{pages.XHTML}a") if link.get("href", "").partition("?")[2]]


def options(answer: TestResponse) -> list[str]:
    """Return the zones that a page's picker offers."""
    select = next(field for field in pages.check(answer).iter(f"{pages.XHTML}select") if field.get("name") == "zone")
    return [option.get("value") for option in select.iter(f"{pages.XHTML}option")]


def chosen(answer: TestResponse) -> list[str]:
    """Return the zone that a page's picker shows as chosen."""
    every = pages.check(answer).iter(f"{pages.XHTML}option")
    return [option.get("value") for option in every if option.get("selected") is not None]


def send(client: FlaskClient, language: str = "en", **changes: str) -> TestResponse:
    values = {
        "stamp": pages.stamp(client.get(f"/{language}/rsvps/new").text),
        "name": "Sok Dara",
        "email": "sok.dara@example.org",
        "events": "democracy",
        "zone": "Asia/Phnom_Penh",
        "language": language,
        "consent": "y",
    }
    return client.post(f"/{language}/rsvps", data=MultiDict(values | changes))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_with_hours_offers_the_communitys_cities_and_a_way_to_all_others(
    client: FlaskClient, language: str
) -> None:
    for page in ("", "events/democracy"):
        answer = client.get(f"/{language}/{page}")
        assert options(answer) == list(zones.COMMUNITY)
        every = f"/{language}/{page + '/' if page else ''}zones"
        assert f'href="{every}"' in answer.text
        found = links(client.get(every))
        assert len(found) > 400
        assert {link.partition("?")[0] for link in found} == {f"/{language}/{page}"}
        assert f"/{language}/{page}?zone=Asia/Kathmandu" in found


@pytest.mark.parametrize("link", ["?zone=Asia/Kathmandu", "events/democracy?zone=Asia/Kathmandu"])
def test_a_city_from_the_long_list_is_shown_and_stays_chosen(client: FlaskClient, link: str) -> None:
    answer = client.get(f"/en/{link}")
    assert "1:45 AM" in answer.text
    assert chosen(answer) == ["Asia/Kathmandu"]
    assert options(answer)[1:] == list(zones.COMMUNITY)


@pytest.mark.parametrize(("language", "words"), [("en", "nepal"), ("en", "នេប៉ាល់"), ("km", "Kathmandu")])
def test_a_visitor_finds_a_city_by_its_name_or_its_country(client: FlaskClient, language: str, words: str) -> None:
    answer = client.get(f"/{language}/zones", query_string={"city": words})
    assert links(answer) == [f"/{language}/?zone=Asia/Kathmandu"]
    assert words in answer.text


def test_a_city_that_is_not_known_is_said_and_the_whole_list_is_there(client: FlaskClient) -> None:
    answer = client.get("/en/zones", query_string={"city": '"><script>'})
    assert (answer.status_code, len(links(answer)) > 400) == (200, True)
    assert "We found no such city" in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize("query", ["next=//evil.example", "page=https://evil.example/", "zone=//evil.example"])
def test_the_list_leads_to_our_own_pages_only(client: FlaskClient, query: str) -> None:
    for page in ("/en/zones", "/en/events/democracy/zones"):
        assert "evil.example" not in client.get(f"{page}?{query}").text


def test_an_event_that_does_not_exist_has_no_list(client: FlaskClient) -> None:
    assert client.get("/en/events/none/zones").status_code == 404


@pytest.mark.parametrize(("language", "city"), [("en", "Kathmandu"), ("en", "នេប៉ាល់"), ("km", "nepal")])
def test_a_guest_writes_a_city_that_the_short_list_does_not_hold(
    client: FlaskClient, site: Flask, language: str, city: str
) -> None:
    assert "Asia/Kathmandu" not in options(client.get(f"/{language}/rsvps/new"))
    assert send(client, language, city=city).status_code == 303
    with site.app_context():
        assert db.session.query(Participant).one().zone == "Asia/Kathmandu"


def test_a_city_that_was_understood_stands_in_the_list_when_something_else_is_missing(client: FlaskClient) -> None:
    answer = send(client, city="Kathmandu", name="")
    assert answer.status_code == 422
    assert chosen(answer) == ["Asia/Kathmandu"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_city_that_we_do_not_know_is_named_and_every_zone_is_offered(
    client: FlaskClient, site: Flask, language: str
) -> None:
    answer = send(client, language, city="Battambang & Pailin", name="សុខ ដារ៉ា")
    assert answer.status_code == 422
    assert "Battambang &amp; Pailin" in answer.text
    assert "សុខ ដារ៉ា" in answer.text
    assert len(options(answer)) > 400
    assert chosen(answer) == ["Asia/Phnom_Penh"]
    with site.app_context():
        assert db.session.query(Participant).count() == 0


@pytest.mark.parametrize("city", ["Kath\u202emandu", "Kathmandu\x01", "x" * 300])
def test_a_city_with_what_cannot_be_read_is_sent_back(client: FlaskClient, city: str) -> None:
    answer = send(client, city=city)
    assert answer.status_code == 422
    pages.check(answer)
