"""Every address of the service, with real tokens and ids in it, and what a page must be to be a page."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models.event import LinkMode
from rsvp.models.rsvp import Rsvp
from rsvp.models.token import Purpose, Token
from rsvp.services import coordinators, joins, links
from tests import factories

EMAIL, PASSWORD = "nalen.smith@example.org", "a good long password"
INVITED = "invited@example.org"
WITH_APP = "with.an.app@example.org"
XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True)
class World:
    """One of everything that an address can name."""

    verification: str
    places: str
    feed: str
    join: str
    address: str
    enrolment: str
    coordinator: str
    rsvp: str
    version: int


def build(site: Flask) -> World:
    """Store a programme with guests in several states, and say what addresses need."""
    with site.app_context():
        factories.event(link=factories.LINK, passcode="482 913")
        factories.event("officials", kind="officials", starts_at=None, title={"en": "Officials", "km": "មន្ត្រី"})
        past = factories.NOW.replace(month=3)
        factories.event("preparatory", kind="preparatory", starts_at=past, title={"en": "Preparation", "km": "រៀបចំ"})
        factories.pending("democracy", "officials", message="Please let me in.", country="Cambodia")
        approved = factories.approved("democracy", language="km", name="សុខ ដារ៉ា")
        unproven = factories.ask("democracy")
        build_desk(site)
        with transaction():
            verification = links.issue(unproven, Purpose.VERIFICATION, at=factories.NOW)
            places = links.issue(approved.participant, Purpose.PLACES, at=factories.NOW)
            feed = links.issue(approved.participant, Purpose.FEED, at=factories.NOW)
            join = _make_join(approved)
            address = _ask_to_move(approved)
            enrolment = coordinators.invite(INVITED, by=factories.COORDINATOR, at=factories.NOW)
            coordinator = coordinators.everybody()[0].public_id
        ids = coordinator, approved.public_id, approved.version
        return World(verification, places, feed, join, address, enrolment, *ids)


def _ask_to_move(rsvp: Rsvp) -> str:
    token = links.issue(rsvp.participant, Purpose.ADDRESS, at=factories.NOW)
    db.session.query(Token).filter_by(purpose=Purpose.ADDRESS).one().email = "new.address@example.org"
    return token


def _make_join(rsvp: Rsvp) -> str:
    """Return the secret of a page from when the event was guarded."""
    rsvp.event.link_mode = LinkMode.GUARDED
    joins.prepare(rsvp, at=factories.NOW)
    address = joins.door(rsvp).address or ""
    rsvp.event.link_mode = LinkMode.DIRECT
    return address.rpartition("/")[2]


def build_desk(site: Flask) -> None:
    """Store the coordinator's account."""
    with site.app_context(), transaction():
        coordinators.add(EMAIL, password=PASSWORD, at=factories.NOW)


def sign_in(client: FlaskClient) -> FlaskClient:
    """Sign the coordinator in."""
    page = client.get("/desk/session")
    answer = client.post(
        "/desk/session", data={"email": EMAIL, "password": PASSWORD, "csrf_token": csrf_token(page.text)}
    )
    assert answer.status_code == 302, answer.text
    return client


def csrf_token(page: str) -> str:
    """Return the token that a form of the desk carries."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, "the page has no CSRF token"
    return found[1]


def stamp(page: str) -> str:
    """Return the stamp that a guest's form carries."""
    found = re.search(r'name="stamp"[^>]*value="([^"]+)"', page)
    assert found, "the page has no stamp"
    return found[1]


def addresses(site: Flask, world: World, language: str = "en") -> Iterator[tuple[Rule, str]]:
    """Return every rule with an address that it answers.

    All are built before the first is used: a request made inside the context would share its visitor with the next.
    """
    values = {
        "language": language,
        "slug": "democracy",
        "filename": "site.css",
        "key": "nothing",
    }
    found = []
    with site.test_request_context():
        for rule in site.url_map.iter_rules():
            tokens = {"verifications": world.verification, "places": world.places, "feeds": world.feed}
            tokens |= {"join": world.join, "enrolments": world.enrolment, "addresses": world.address}
            token = next((value for word, value in tokens.items() if f"/{word}/" in rule.rule), "")
            public_id = world.coordinator if "/coordinators/" in rule.rule else world.rsvp
            known = {name: {**values, "token": token, "public_id": public_id}[name] for name in rule.arguments}
            built = rule.build(known, append_unknown=False)
            assert built is not None, rule.rule
            found.append((rule, built[1]))
    yield from found


def static_address(site: Flask, name: str) -> str:
    """Return the address that a page gives a static file."""
    with site.test_request_context():
        return site.url_for("static", filename=name)


def check(response: TestResponse) -> Element:
    """Check that an answer is a whole page: valid HTML, a title, one h1, unique ids, forms that lead somewhere."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=True)
    tree = parser.parse(response.text)
    assert not parser.errors, parser.errors
    assert tree.get("lang") in ("en", "km")
    assert (tree.findtext(f".//{XHTML}title") or "").strip()
    assert len(tree.findall(f".//{XHTML}h1")) == 1
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids)), "ids are not unique"
    for form in tree.iter(f"{XHTML}form"):
        assert form.get("action"), "a form leads nowhere"
    for element in tree.iter():
        assert not element.get("style"), "the policy forbids inline styles"
        assert not [name for name in element.attrib if name.startswith("on")], "the policy forbids inline scripts"
    return tree


def fields(response: TestResponse, action: str) -> dict[str, str]:
    """Return what a browser would send of the form whose action ends so, as the page filled it in."""
    form = next(form for form in check(response).iter(f"{XHTML}form") if (form.get("action") or "").endswith(action))
    values = {
        field.get("name") or "": field.get("value") or "".join(field.itertext())
        for tag in ("input", "textarea")
        for field in form.iter(f"{XHTML}{tag}")
        if field.get("type") != "radio" or field.get("checked") is not None
    }
    for select in form.iter(f"{XHTML}select"):
        options = list(select.iter(f"{XHTML}option"))
        chosen = next((option for option in options if option.get("selected") is not None), options[0])
        values[select.get("name") or ""] = chosen.get("value") or ""
    return values


def visit(client: FlaskClient, address: str, method: str = "GET") -> TestResponse:
    """Return an answer that has been read to its end and closed."""
    answer = client.open(address, method=method)
    assert answer.data is not None
    answer.close()
    return answer


def fingerprint(site: Flask) -> str:
    """Return everything that the database holds, as one text."""
    with site.app_context():
        lines = [
            f"{table.name} {tuple(row)}"
            for table in db.metadata.sorted_tables
            for row in db.session.execute(table.select())
        ]
        db.session.rollback()
    return "\n".join(lines)
