"""Many people from a list: a preview of every row, then just what it showed."""

import base64
import logging
import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import Letter, Participant, Rsvp
from rsvp.services import additions, outbox
from rsvp.views.desk import lists
from tests import factories
from tests.factories import NOW, Moment
from tests.views import pages

NEW, IMPORTS = "/desk/people/imports/new", "/desk/people/imports"
HEAD = "name,email,events\n"
SOK = "Sok Dara,sok@example.org,democracy\n"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    with site.app_context():
        factories.event()
        factories.event("sovereignty", title={"en": "Sovereignty", "km": "អធិបតេយ្យ"})
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def preview(desk: FlaskClient, text: str = "", file: bytes | None = None) -> TestResponse:
    form: dict[str, object] = {"csrf_token": pages.csrf_token(desk.get(NEW).text), "text": text}
    if file is not None:
        form["file"] = (BytesIO(file), "people.csv")
    answer = desk.post(NEW, data=form, content_type="multipart/form-data")
    pages.check(answer)
    return answer


def confirm(desk: FlaskClient, shown: TestResponse, **changes: str) -> TestResponse:
    found = re.findall(r'<input type="hidden" name="(csrf_token|text|digest)" value="([^"]*)"', shown.text)
    form = {name: unescape(value).replace("\n", "\r\n") for name, value in found} | changes
    answer = desk.post(IMPORTS, data=form, content_type="multipart/form-data")
    pages.check(answer)
    return answer


def stored(site: Flask) -> list[tuple[str, str, str]]:
    with site.app_context():
        found = db.session.query(Rsvp).order_by(Rsvp.id)
        return [(rsvp.participant.name, rsvp.event.slug, rsvp.state) for rsvp in found]


def test_nothing_is_stored_before_the_list_is_confirmed(site: Flask, desk: FlaskClient) -> None:
    before = pages.fingerprint(site)
    shown = preview(desk, f'{HEAD}"Sok, Dara",sok@example.org,democracy; sovereignty\n')
    for words in ("Sok, Dara", "new person", "Democracy and the Political Process; Sovereignty", "Add 1 person"):
        assert words in shown.text
    assert pages.fingerprint(site) == before
    done = confirm(desk, shown)
    assert done.status_code == 200
    assert "The list was added" in done.text
    assert stored(site) == [("Sok, Dara", "democracy", "pending"), ("Sok, Dara", "sovereignty", "pending")]
    with site.app_context():
        assert [letter.kind for letter in db.session.query(Letter)] == ["receipt"]


def test_each_row_says_what_it_would_do(site: Flask, desk: FlaskClient) -> None:
    with site.app_context():
        factories.approved(email="approved@example.org", name="Stored Name")
    shown = preview(desk, f"{HEAD}Other Name,approved@example.org,democracy sovereignty\nA,b@example.org,democracy\n")
    for words in ("known person", "Into the queue: Sovereignty", "(approved)", "kept so: Name<", "Line 3"):
        assert words in shown.text
    confirm(desk, shown)
    assert stored(site)[:2] == [("Stored Name", "democracy", "approved"), ("Stored Name", "sovereignty", "pending")]


BAD_ROWS = [
    (",a@example.org,democracy", "name", "Please write a name."),
    ("A,a@,democracy", "email", "No mail can reach this address."),
    ("A,a@example.org,", "events", "Please choose at least one event."),
    ("A,a@example.org,democracy nothing", "events", "Nobody can be added to this event: nothing."),
    ("A\u202eB,a@example.org,democracy", "name", "invisible characters"),
    ("A,a@example.org,democracy,more", None, "more cells than columns"),
    ("A,SOK@example.org,democracy", "email", "The same address stands on line 2."),
]


@pytest.mark.parametrize(("row", "column", "words"), BAD_ROWS, ids=[words for _row, _column, words in BAD_ROWS])
def test_a_bad_row_is_named_with_its_line_and_column(
    site: Flask, desk: FlaskClient, row: str, column: str | None, words: str
) -> None:
    shown = preview(desk, HEAD + SOK + row)
    assert "Rows left out: 1." in shown.text
    part = shown.text[shown.text.index("bad-heading") : shown.text.index('id="to-mend"')]
    assert "Line 3" in part
    assert words in part
    assert (f"<code>{column}</code>" in part) == (column is not None)
    done = confirm(desk, shown)
    assert "Line 3" in done.text
    assert stored(site) == [("Sok Dara", "democracy", "pending")]


def test_bad_rows_are_handed_back_as_a_list_that_can_be_mended(desk: FlaskClient) -> None:
    shown = preview(desk, HEAD + SOK + '=A,"a@\nb",democracy\n')
    given = re.search(r'<textarea id="to-mend"[^>]*>\n?(.*?)</textarea>', shown.text, re.DOTALL)
    assert given
    mended = unescape(given[1]).replace("a@\nb", "a@example.org")
    assert pages.fields(shown, NEW)["text"].strip() == unescape(given[1]).replace("\r", "").strip()
    again = preview(desk, mended)
    assert "Rows left out: 0." in again.text
    assert "<strong>=A</strong>" in again.text


REFUSED = [
    ("", "There is nothing to read here."),
    ("name,email\nA,a@example.org", "Line 1: These columns are missing on the first line: events."),
    ("name,name,email,events\n", "stands there twice: name"),
    (f'{HEAD}{SOK}A,"b', "Line 3: The quotation marks"),
    (HEAD + "".join(f"A,a{number}@example.org,democracy\n" for number in range(501)), "At most 500 rows"),
    (HEAD + "A,a@example.org,democracy" + " " * lists.MOST_BYTES, "This list is too long"),
]


@pytest.mark.parametrize(("text", "words"), REFUSED, ids=[words for _text, words in REFUSED])
def test_a_list_that_cannot_be_read_is_refused_and_not_lost(desk: FlaskClient, text: str, words: str) -> None:
    answer = preview(desk, text)
    assert answer.status_code == 422
    assert words in answer.text
    assert text[:20].strip() in unescape(answer.text)


@pytest.mark.parametrize(
    "text", [f"{HEAD}សុខ,sok@example.org,democracy", "Name;EMAIL;Events\r\nសុខ;sok@example.org;democracy"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_can_be_uploaded(site: Flask, desk: FlaskClient, text: str, encoding: str) -> None:
    assert confirm(desk, preview(desk, file=text.encode(encoding))).status_code == 200
    assert stored(site) == [("សុខ", "democracy", "pending")]


def test_a_file_in_another_encoding_and_two_lists_at_once_are_refused(desk: FlaskClient) -> None:
    assert "UTF-16" in preview(desk, file=HEAD.encode("utf-16")).text
    assert "Windows-1252" in preview(desk, file=f"{HEAD}Zoé".encode("cp1252")).text
    assert "not both" in preview(desk, SOK, file=HEAD.encode()).text


def test_only_what_was_shown_is_added(site: Flask, desk: FlaskClient) -> None:
    shown = preview(desk, HEAD + SOK)
    other = confirm(desk, shown, text=f"{HEAD}Other,other@example.org,democracy")
    assert other.status_code == 409
    assert "Nothing was added" in other.text
    with site.app_context(), transaction():
        additions.add(factories.asked(email="sok@example.org"), by="another", at=NOW)
    assert confirm(desk, shown).status_code == 409
    assert len(stored(site)) == 1


def test_confirming_twice_adds_nobody_twice(site: Flask, desk: FlaskClient) -> None:
    shown = preview(desk, HEAD + SOK)
    confirm(desk, shown)
    assert confirm(desk, shown).status_code == 409
    assert len(stored(site)) == 1


def test_five_hundred_people_are_added_at_once(site: Flask, desk: FlaskClient) -> None:
    rows = "".join(f"អ្នកចូលរួមទី {n},person{n}@example.org,democracy sovereignty,Paris\n" for n in range(500))
    shown = preview(desk, "name,email,events,zone\n" + rows)
    assert "Add 500 people" in shown.text
    assert confirm(desk, shown).status_code == 200
    with site.app_context():
        assert db.session.query(Participant).filter_by(zone="Europe/Paris").count() == 500
        assert db.session.query(Rsvp).filter_by(state="pending").count() == 1000


def test_no_word_of_a_list_lies_in_a_log_or_a_file(
    site: Flask, desk: FlaskClient, clock: Moment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    words = ("Kanarinam", "kanarimail@kanaridomain.org", "Kanariorga")
    rows = f"{words[0]},{words[1]},democracy,{words[2]}\n{words[0]},kanaribad@,democracy,{words[2]}"
    confirm(desk, preview(desk, f"name,email,events,organisation\n{rows}"))
    with site.app_context():
        assert outbox.deliver(clock.now) == 1
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log")
    assert logged
    kept = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    for word in (*words, "kanari"):
        assert word.lower() not in logged.lower()
        assert word.encode() not in kept
        assert base64.b64encode(word.encode())[:-4] not in kept
