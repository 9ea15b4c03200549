"""Lists that leave the desk, and the journal that says so."""

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp import sheets
from rsvp.db import db, transaction
from rsvp.models import JournalEntry
from rsvp.services import journal
from rsvp.views.access import FRESH
from rsvp.views.desk.journal import act_words
from tests import factories
from tests.factories import Moment
from tests.views import accounts, pages

EXPORTS, ADMISSIONS, JOURNAL = "/desk/exports", "/desk/events/democracy/admissions", "/desk/journal/"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build(site)
    return pages.sign_in(site.test_client())


def export(desk: FlaskClient, **fields: object) -> TestResponse:
    return accounts.send(desk, EXPORTS, **fields)


def test_the_file_opens_in_a_spreadsheet_and_runs_nothing_there(site: Flask, desk: FlaskClient) -> None:
    with site.app_context():
        factories.approved(name='=HYPERLINK("//evil.example")', message="a;=1\n+2")
    answer = export(desk, states=["approved"], event="democracy")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="requests-democracy.csv"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.data.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(sheets.decode(answer.data), newline="")))
    assert rows[-1]["name"] == '\'=HYPERLINK("//evil.example")'
    assert rows[-1]["message"] == "a;'=1\n'+2"
    assert accounts.journal(site)[-1][:2] == ("export", "event:democracy")


def test_an_export_of_nothing_says_what_to_choose(site: Flask, desk: FlaskClient) -> None:
    before = accounts.journal(site)
    answer = export(desk, states=["unverified"])
    assert answer.status_code == 422
    pages.check(answer)
    assert "Please choose at least one." in answer.text
    assert accounts.journal(site) == before


def test_the_hosts_list_names_the_approved_only(site: Flask, desk: FlaskClient) -> None:
    before = desk.get(ADMISSIONS)
    assert "សុខ ដារ៉ា" not in before.text
    answer = accounts.send(desk, ADMISSIONS)
    pages.check(answer)
    assert "សុខ ដារ៉ា" in answer.text
    assert "Sok Dara" not in answer.text
    assert "Waiting room" in answer.text
    assert accounts.journal(site)[-1][:2] == ("admissions", "event:democracy")


@pytest.mark.parametrize("address", [EXPORTS, ADMISSIONS])
def test_lists_ask_for_a_fresh_proof(site: Flask, desk: FlaskClient, clock: Moment, address: str) -> None:
    token = pages.csrf_token(desk.get(address).text)
    clock.at += FRESH
    before = accounts.journal(site)
    for answer in (desk.get(address), desk.post(address, data={"csrf_token": token, "states": "approved"})):
        assert answer.status_code == 303
        assert answer.location.startswith("/desk/proof")
    assert accounts.journal(site) == before


def test_the_journal_says_who_did_what_without_naming_a_guest(desk: FlaskClient) -> None:
    accounts.send(desk, ADMISSIONS)
    page = desk.get(JOURNAL)
    pages.check(page)
    for words in ("opened the admission list", pages.EMAIL, "gave a place", "Democracy", "The chain is whole"):
        assert words in page.text
    for guest in ("Sok Dara", "សុខ ដារ៉ា", "guest"):
        assert guest not in page.text.replace("names no guest", "")


def test_the_journal_names_the_entry_at_which_it_was_broken(site: Flask, desk: FlaskClient) -> None:
    accounts.send(desk, ADMISSIONS)
    with site.app_context(), transaction():
        first = db.session.query(JournalEntry).order_by(JournalEntry.id).first()
        first.by = "somebody-else"
        number = first.id
    page = desk.get(JOURNAL)
    pages.check(page)
    assert f"The chain breaks at entry {number}" in page.text
    result = site.test_cli_runner().invoke(args=["journal", "verify"])
    assert result.exit_code != 0
    assert f"entry {number}." in result.output


def test_a_long_journal_is_read_in_pages(site: Flask, desk: FlaskClient) -> None:
    with site.app_context(), transaction():
        for _number in range(journal.PAGE):
            journal.record("event link", "event:democracy", by="operator", at=factories.NOW)
    assert "the operator" in desk.get(JOURNAL).text
    second = desk.get(f"{JOURNAL}?page=2")
    pages.check(second)
    assert "Page 2 of 2" in second.text
    assert desk.get(f"{JOURNAL}?page=nonsense").status_code == 200


ACTS = [
    ("reopening", "rsvp:a", "opened a request again"),
    ("reopening", "event:a", "opened an event to requests again"),
    ("event starts_at", "event:a", "changed an event (day and hour)"),
    ("resending invitation", "rsvp:a", "wrote a letter anew (invitation)"),
    ("something new", "rsvp:a", "something (new)"),
]


@pytest.mark.parametrize(("act", "subject", "words"), ACTS)
def test_every_act_has_words_even_one_that_nobody_foresaw(site: Flask, act: str, subject: str, words: str) -> None:
    with site.test_request_context("/en/"):
        assert act_words(act, subject) == words
