"""A guest's own page for tests: whose it is, what it says, and what happens to its requests."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.services import events, rsvps
from tests import factories
from tests.views import pages

SLUGS = ("democracy", "sovereignty", "officials")


def open_page(site: Flask) -> str:
    """Return the path of the page of a guest who asked for one of three events, without its language."""
    with site.app_context():
        for slug in SLUGS:
            factories.event(slug, title={"en": f"About {slug}", "km": f"អំពី {slug}"}, link=factories.LINK)
        return f"/places/{factories.prove(factories.ask('democracy'))}"


def read(client: FlaskClient, places: str, language: str = "en") -> str:
    """Return the words of the page."""
    answer = client.get(f"/{language}{places}")
    assert answer.status_code == 200
    return words(answer)


def words(answer: TestResponse) -> str:
    """Return the words of an answer's main part."""
    main = pages.check(answer).find(f".//{pages.XHTML}main")
    assert main is not None
    return " ".join("".join(main.itertext()).split())


def decide(site: Flask, act: str, **more: str) -> None:
    """Let the coordinator decide about the guest's first request."""
    with site.app_context(), transaction():
        rsvp = db.session.query(Rsvp).order_by(Rsvp.id).first()
        assert rsvp is not None
        getattr(rsvps, act)(factories.decision(rsvp), **more)


def change(site: Flask, slug: str = "democracy", **facts: object) -> None:
    """Change an event, and write to nobody."""
    with site.app_context(), transaction():
        event = events.named(slug)
        assert event is not None
        for name, value in facts.items():
            setattr(event, name, value)


def states(site: Flask) -> dict[str, str]:
    """Return how each request stands, by its event."""
    with site.app_context():
        return {rsvp.event.slug: rsvp.state for rsvp in db.session.query(Rsvp)}
