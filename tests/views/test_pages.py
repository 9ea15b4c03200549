"""Every page is a whole page, in both languages."""

import html5lib
import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Letter
from rsvp.views.access import Audience, audience_of
from tests import factories
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
            assert shown == (rule.endpoint in ("places.show", "own_calendars.take", "feeds.own")), rule.rule


@pytest.mark.parametrize("page", ["", "events/democracy"])
@pytest.mark.parametrize("zone", ["US/Pacific", "Asia/Saigon", "America/Los_Angeles", "Pacific/Auckland"])
def test_the_picker_names_the_zone_whose_hours_stand_on_the_page(site: Flask, page: str, zone: str) -> None:
    pages.build(site)
    answer = site.test_client().get(f"/en/{page}", query_string={"zone": zone})
    picker = html5lib.parse(answer.text, namespaceHTMLElements=False).find(".//select")
    assert [option.get("value") for option in picker.iter("option") if option.get("selected") is not None] == [zone]


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_visitor_can_take_each_event_with_a_time_into_a_calendar(site: Flask, language: str) -> None:
    world, client = pages.build(site), site.test_client()
    for page, leads in (("", True), ("events/democracy", True), ("events/officials", False)):
        links = pages.check(client.get(f"/{language}/{page}")).iter(f"{pages.XHTML}a")
        files = [link.get("href") for link in links if link.get("type") == "text/calendar"]
        assert len(files) == leads, page
        for file in files:
            answer = client.get(file)
            assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
            assert factories.LINK not in answer.text
    assert factories.LINK in client.get(f"/{language}/places/{world.places}").text.replace("&amp;", "&")


@pytest.mark.parametrize("language", ["en", "km"])
def test_a_foreign_host_is_refused_in_the_language_of_the_address(site: Flask, language: str) -> None:
    answer = site.test_client().get(f"/{language}/", headers={"Host": "elsewhere.example"})
    assert answer.status_code == 400
    assert pages.check(answer).get("lang") == language


def test_the_desk_tells_a_letter_that_has_not_arrived_from_the_others(site: Flask) -> None:
    pages.build(site)
    with site.app_context(), transaction():
        lost = db.session.query(Letter).order_by(Letter.id.desc()).first()
        lost.state, lost.error = "failed", "550 no such user"
    page = pages.sign_in(site.test_client()).get("/desk/letters/").text
    assert page.index("Not arrived") < page.index("550 no such user") < page.index("Sent and waiting")
    assert page.count("550 no such user") == 1


def test_a_change_that_cannot_be_made_shows_its_form_open_with_what_is_wrong_on_top(site: Flask) -> None:
    pages.build(site)
    client = pages.sign_in(site.test_client())
    page = client.get("/desk/events/democracy").text
    assert " open>" not in page
    form = {"csrf_token": pages.csrf_token(page), "minutes": "soon"}
    answer = client.post("/desk/events/democracy/changes", data=form)
    assert answer.status_code == 422
    pages.check(answer)
    assert answer.text.count(" open>") == 1
    assert answer.text.index('href="#minutes"') < answer.text.index('id="minutes"')
