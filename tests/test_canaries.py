"""What a guest types is nowhere to be read: not in the database and its files, not in the queue, not in a log."""

import base64
import logging
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Text, select, type_coerce
from werkzeug.datastructures import MultiDict

from rsvp.db import db, transaction
from rsvp.models import Participant, PastDecline, Rsvp, Token
from rsvp.models.event import LinkMode
from rsvp.models.token import Purpose
from rsvp.services import joins, links, outbox
from rsvp.views.desk.notices import UNDO
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer
from tests.views import pages

CANARIES = {
    "name": "Kanarinam",
    "email": "kanarimail@kanaridomain.org",
    "country": "Kanariland",
    "organisation": "Kanariorga",
    "referrer": "Kanarifriend",
    "message": "Kanarimessage",
}
DESK_CANARIES = {
    "reason": "Kanarireason",
    "link": "https://kanarizoom.example/j/1",
    "passcode": "kanaricode",
    "note": "Kanarinote",
    "question": "Kanariquestion",
}
ANSWER = "Kanarianswer"


def forms_of(word: str) -> list[bytes]:
    """Return a word as it might lie in a file: in three encodings, and inside base64 at each offset."""
    plain = word.encode()
    found = [plain, word.encode("utf-16-le"), word.encode("utf-16-be")]
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        found.append(coded[4 if offset else 0 : -4])
    return found


def fill(site: Flask, mail_server: MailServer, clock: Moment) -> None:
    """Walk through the service by HTTP, as guest and coordinator, letters and refusals included."""
    with site.app_context():
        factories.event(slug="democracy")
    pages.build_desk(site)
    guest = site.test_client()
    form = MultiDict({"stamp": pages.stamp(guest.get("/en/rsvps/new").text), "events": "democracy", "consent": "y"})
    form.update(CANARIES | {"zone": "Asia/Phnom_Penh", "language": "en"})
    assert guest.post("/en/rsvps", data=form).status_code == 303
    guest.post("/en/rsvps", data=form | {"email": "kanarimail@"})
    deliver(site, clock)
    path = re.search(r"/en/verifications/[\w-]+", mail_server.received[-1].message.get_body(("plain",)).get_content())
    assert path
    shown = re.search(r'name="shown" value="(\w+)"', guest.get(path[0]).text)
    assert shown
    places = guest.post(path[0], data={"shown": shown[1]}).location
    change_details(guest, places)
    desk = pages.sign_in(site.test_client())
    queue = desk.get("/desk/").text
    token = pages.csrf_token(queue)
    link = {"csrf_token": token, "link": DESK_CANARIES["link"], "passcode": DESK_CANARIES["passcode"]}
    assert desk.post("/desk/events/democracy/link", data=link).status_code == 303
    decision = re.search(r"/desk/rsvps/[\w-]+", queue)
    assert decision
    data = {"csrf_token": token, "version": "1", "reason": DESK_CANARIES["reason"]}
    mail_server.refuse(CANARIES["email"], f"550 no {CANARIES['email']} here")
    note = {"csrf_token": token, "note": DESK_CANARIES["note"]}
    assert desk.post(f"{decision[0]}/note", data=note).status_code == 303
    question = {"csrf_token": token, "version": "1", "question": DESK_CANARIES["question"]}
    assert desk.post(f"{decision[0]}/question", data=question).status_code == 303
    clock.at += UNDO
    act_on_own_page(guest, places)
    search = {"csrf_token": token, "words": CANARIES["name"]}
    assert desk.post("/desk/searches", data=search).status_code == 303
    assert desk.get("/desk/?search=on").status_code == 200
    assert desk.post(f"{decision[0]}/decline", data=data).status_code == 303
    clock.at += UNDO
    deliver(site, clock)


def act_on_own_page(guest: FlaskClient, places: str) -> None:
    """Answer what was asked, and press every other button of the page."""
    asked = re.search(r'name="question" value="([\w-]+)"', guest.get(places).text)
    assert asked
    assert guest.post(f"{places}/answers", data={"question": asked[1], "answer": ANSWER}).status_code == 303
    assert ANSWER in guest.get(f"{places}?done=answered").text
    for act in ("rsvps", "withdrawals", "invitations"):
        form = {"events": ["democracy", CANARIES["message"]], "event": CANARIES["message"]}
        assert guest.post(f"{places}/{act}", data=form).status_code in (303, 409)
    assert guest.get(f"{places}/{CANARIES['message']}.ics").status_code == 404


def change_details(guest: FlaskClient, places: str) -> None:
    """Ask for a lost link, and to be written to at another address."""
    stamp = pages.stamp(guest.get("/en/links/new").text)
    assert guest.post("/en/links/new", data={"stamp": stamp, "email": CANARIES["email"]}).status_code == 303
    details = CANARIES | {"email": f"new{CANARIES['email']}", "city": "Paris", "language": "en"}
    assert guest.post(f"{places}/preferences", data=details).status_code == 303


def deliver(site: Flask, clock: Moment) -> None:
    with site.app_context():
        outbox.deliver(clock.now)


def test_no_word_of_a_guest_lies_readable_in_any_file_or_log(
    site: Flask, mail_server: MailServer, clock: Moment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fill(site, mail_server, clock)
    assert_hidden((*CANARIES.values(), *DESK_CANARIES.values(), ANSWER, "kanari"), tmp_path, caplog)


def test_no_secret_of_a_guarded_meeting_lies_readable_in_any_file_or_log(
    site: Flask, clock: Moment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    meeting = {name: DESK_CANARIES[name] for name in ("link", "passcode")}
    with site.app_context():
        factories.event(**meeting, link_mode=LinkMode.GUARDED)
        address = joins.door(factories.approved()).address or ""
    deliver(site, clock)
    clock.at = factories.FIRST
    guest = site.test_client()
    assert guest.get(address).status_code == 200
    assert meeting["link"] in guest.post(address).text
    assert_hidden((address.rpartition("/")[2], *meeting.values()), tmp_path, caplog)


def assert_hidden(words: Iterable[str], folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Check that none of the words lies in a file or stands in a log, however written."""
    assert {"rsvp.sqlite", "queue.sqlite"} <= {file.name for file in folder.rglob("*")}
    stored = _files(folder)
    # The mail server of the test logs what it is told; it isn't ours.
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log").encode()
    assert logged
    for word in words:
        for form in forms_of(word):
            assert form not in stored, f"a canary lies in the files as {form[:4]!r}…"
            assert form not in logged, "a canary stands in the log"


def test_after_erasing_nothing_of_a_guest_is_left_but_numbers(
    site: Flask, mail_server: MailServer, clock: Moment, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    fill(site, mail_server, clock)
    with site.app_context():
        person = db.session.query(Participant).one()
        theirs = {person.public_id, person.email_index, *(token.digest for token in db.session.query(Token))}
        # What is encrypted is no more readable, and gone all the same.
        columns = (Participant.__table__.c.name, Participant.__table__.c.email, Rsvp.__table__.c.note)
        theirs |= {str(db.session.scalar(select(type_coerce(column, Text)))) for column in columns}
        with transaction():
            token = links.issue(db.session.query(Participant).one(), Purpose.PLACES, at=clock.now())
    assert all(form in _files(tmp_path) for word in theirs for form in forms_of(word)[:1])
    assert site.test_client().post(f"/en/places/{token}/erasure").status_code == 200
    with site.app_context():
        site.extensions["forget"].call_local()
        mark = db.session.query(PastDecline).one().email_index
    stored = _files(tmp_path)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name != "mail.log").encode()
    for word in {*CANARIES.values(), "kanarinam", token, *theirs} - {mark}:
        for form in forms_of(word):
            assert form not in stored, f"a piece of somebody who was erased lies in the files as {form[:4]!r}…"
            assert form not in logged
    assert mark.encode() in stored, "they were declined: the mark stays"


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def test_the_search_for_canaries_finds_one_that_is_there(tmp_path: Path) -> None:
    word = CANARIES["name"]
    for offset in range(3):
        text = base64.b64encode(b"x" * offset + word.encode() + b"yy")
        assert any(form in text for form in forms_of(word))
    assert any(form in word.encode("utf-16-le") for form in forms_of(word))
