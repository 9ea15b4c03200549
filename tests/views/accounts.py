"""What tests of the desk's accounts share: forms with their tokens, codes of an authenticator app, an enrolment."""

import re
from dataclasses import replace
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Coordinator
from rsvp.models.journal import JournalEntry
from rsvp.services import coordinators
from tests import factories
from tests.views import pages

NEW = "new.coordinator@example.org"
GOOD = "four words and more"


def in_production(site: Flask) -> Flask:
    """Let the desk ask for a second factor."""
    site.extensions["settings"] = replace(site.extensions["settings"], demo=False)
    return site


def send(client: FlaskClient, address: str, page: str | None = None, **fields: str) -> TestResponse:
    """Fill in a form of a page and send it; what the form carries hidden goes along."""
    shown = client.get(page or address)
    assert shown.status_code == 200, shown.location
    hidden = dict(re.findall(r'type="hidden" name="(secret|codes|next)" value="([^"]*)"', shown.text))
    return client.post(address, data={"csrf_token": pages.csrf_token(shown.text), **hidden, **fields})


def invitation(site: Flask, email: str = NEW) -> str:
    """Return the address of a new enrolment link."""
    with site.app_context(), transaction():
        return f"/desk/enrolments/{coordinators.invite(email, by=factories.COORDINATOR, at=factories.NOW)}"


def enrol(site: Flask, email: str = NEW, password: str = GOOD) -> FlaskClient:
    """Let somebody enrol; return their browser."""
    client = site.test_client()
    answer = send(client, invitation(site, email), password=password, again=password)
    assert (answer.status_code, answer.location) == (303, "/desk/account"), answer.text
    return client


def code(secret: str, at: datetime) -> str:
    """Return what an authenticator app shows."""
    return str(TOTP(key=secret).generate(time=at).token)


def set_up_app(client: FlaskClient, at: datetime) -> str:
    """Set up an authenticator app; return its secret."""
    page = client.get("/desk/account/app").text
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found, page
    carried = re.search(r'name="secret" value="([^"]+)"', page)
    assert carried
    secret = found[1].replace(" ", "")
    form = {"csrf_token": pages.csrf_token(page), "secret": carried[1], "code": code(secret, at)}
    answer = client.post("/desk/account/app", data=form)
    assert answer.status_code == 303, answer.text
    return secret


def keep_codes(client: FlaskClient) -> list[str]:
    """Keep new recovery codes; return them."""
    page = client.get("/desk/account/recovery-codes").text
    codes = re.findall(r"\b[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}\b", page)
    carried = re.search(r'name="codes" value="([^"]+)"', page)
    assert carried
    form = {"csrf_token": pages.csrf_token(page), "codes": carried[1]}
    assert client.post("/desk/account/recovery-codes", data=form).status_code == 303
    return codes


def give_password(client: FlaskClient, email: str = pages.EMAIL, password: str = pages.PASSWORD) -> TestResponse:
    """Take the first step of signing in."""
    return send(client, "/desk/session", email=email, password=password)


def is_signed_in(client: FlaskClient) -> bool:
    """Whether the desk is open."""
    return client.get("/desk/").status_code == 200


def account(site: Flask, email: str = pages.EMAIL) -> Coordinator:
    """Return the row of an account, to be read."""
    with site.app_context():
        found = db.session.query(Coordinator).filter_by(email=email).one()
        db.session.expunge(found)
        return found


def journal(site: Flask) -> list[tuple[str, str, str]]:
    """Return act, subject and actor of every entry."""
    with site.app_context():
        rows = db.session.query(JournalEntry).order_by(JournalEntry.id)
        return [(entry.act, entry.subject, entry.by) for entry in rows]
