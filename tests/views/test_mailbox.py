"""The demo's mailbox: each letter as text, HTML and calendar."""

import base64
import mailbox
from email.message import Message
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp import create_app
from rsvp.mailbox import FOLDER
from rsvp.services import outbox
from tests import factories
from tests.databases import Databases
from tests.mailserver import MailServer
from tests.views import pages

PRODUCTION = {
    "DEMO": "0",
    "BASE_URL": "https://rsvp.example.org",
    "MAIL_SERVER": "127.0.0.1",
    "PROXIES": "1",
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "DATA_KEYS": base64.b64encode(bytes(range(100, 132))).decode(),
    "INDEX_KEY": base64.b64encode(bytes(range(50, 82))).decode(),
}


@pytest.fixture
def stored(site: Flask, mail_server: MailServer) -> list[str]:
    """The keys of the letters about an approved request, newest first: invitation, receipt, confirmation."""
    with site.app_context():
        factories.event(link=factories.LINK)
        factories.approved(email="guest@example.org", language="km", name="សុខ ដារ៉ា")
        outbox.deliver(site.extensions["clock"].now)
    folder = mailbox.Maildir(Path(site.instance_path) / FOLDER)
    for letter in mail_server.received:
        _store(folder, letter.raw, letter.recipient)
    page = pages.check(site.test_client().get("/mailbox/"))
    links = [link.get("href") or "" for link in page.iter(f"{pages.XHTML}a")]
    return [link.removeprefix("/mailbox/") for link in links if link.startswith("/mailbox/")]


def _store(folder: mailbox.Maildir, raw: bytes, recipient: str) -> None:
    """Keep a message as aiosmtpd does: with the address that the server was told."""
    message = mailbox.MaildirMessage(raw)
    Message.add_header(message, "X-RcptTo", recipient)
    folder.add(message)


def test_an_empty_mailbox_says_so(client: FlaskClient) -> None:
    page = client.get("/mailbox/")
    pages.check(page)
    assert "No letter has arrived yet." in page.text


def test_letters_are_listed_with_the_newest_first(client: FlaskClient, stored: list[str]) -> None:
    page = client.get("/mailbox/")
    assert page.text.count("guest@example.org") == len(stored) == 3
    calendars = ["BEGIN:VCALENDAR" in client.get(f"/mailbox/{key}").text for key in stored]
    assert calendars == [True, False, False]


def test_a_letter_is_shown_as_text_and_calendar_with_links_that_open(client: FlaskClient, stored: list[str]) -> None:
    page = client.get(f"/mailbox/{stored[0]}")
    tree = pages.check(page)
    links = {link.get("href") for link in tree.iter(f"{pages.XHTML}a")}
    assert {f"/mailbox/{stored[0]}/html", f"/mailbox/{stored[0]}.ics", factories.LINK} <= links
    assert "សុខ ដារ៉ា" in page.text
    assert "METHOD:REQUEST" in page.text


def test_a_letter_without_a_calendar_offers_none(client: FlaskClient, stored: list[str]) -> None:
    assert ".ics" not in client.get(f"/mailbox/{stored[-1]}").text
    assert client.get(f"/mailbox/{stored[-1]}.ics").status_code == 404


def test_the_calendar_file_is_the_one_that_was_mailed(
    client: FlaskClient, stored: list[str], mail_server: MailServer
) -> None:
    answer = client.get(f"/mailbox/{stored[0]}.ics")
    mailed = [part for part in mail_server.received[-1].message.walk() if part.get_content_type() == "text/calendar"]
    assert answer.data == mailed[0].get_payload(decode=True)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invite.ics"'


def test_the_html_is_shown_with_its_styles_and_can_run_nothing(client: FlaskClient, stored: list[str]) -> None:
    answer = client.get(f"/mailbox/{stored[0]}/html")
    assert "style=" in answer.text
    directives = answer.headers["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "style-src 'unsafe-inline'", "sandbox", "frame-ancestors 'none'"} <= set(directives)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("key", ["nothing", "..", "%2e%2e%2f%2e%2e%2fdemo.json", "..%2f..%2fdemo", "1.M1P1Q1.host"])
@pytest.mark.parametrize("form", ["/mailbox/{}", "/mailbox/{}/html", "/mailbox/{}.ics"])
def test_an_unknown_key_finds_nothing(client: FlaskClient, stored: list[str], key: str, form: str) -> None:
    assert client.get(form.format(key)).status_code == 404


def test_production_has_no_mailbox(databases: Databases, tmp_path: Path) -> None:
    settings = factories.settings(tmp_path, DATABASE_URL=databases.sqlite(tmp_path), **PRODUCTION)
    site = create_app(settings, factories.Moment())
    assert not [rule for rule in site.url_map.iter_rules() if "mailbox" in rule.rule]
    assert "demo" not in site.cli.commands
    assert site.test_client().get("/mailbox/", base_url="https://rsvp.example.org").status_code == 404
