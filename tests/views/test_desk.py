"""The coordinator's work at the desk."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.db import db
from rsvp.models import Coordinator, JournalEntry, Letter, Rsvp
from rsvp.services import outbox
from rsvp.views.desk.notices import UNDO
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer
from tests.views import pages


@pytest.fixture
def world(site: Flask) -> pages.World:
    return pages.build(site)


@pytest.fixture
def desk(site: Flask, world: pages.World) -> FlaskClient:
    return pages.sign_in(site.test_client())


def act(desk: FlaskClient, address: str, **form: object) -> TestResponse:
    token = pages.csrf_token(desk.get("/desk/").text)
    return desk.post(address, data={"csrf_token": token, **form})


def waiting(site: Flask) -> tuple[str, int]:
    with site.app_context():
        rsvp = db.session.query(Rsvp).filter_by(state="pending").order_by(Rsvp.id).first()
        return rsvp.public_id, rsvp.version


def state(site: Flask, public_id: str) -> str:
    with site.app_context():
        return db.session.query(Rsvp).filter_by(public_id=public_id).one().state


def test_a_request_shows_who_asks_for_what_and_the_hour_where_they_live(desk: FlaskClient, site: Flask) -> None:
    public_id, _ = waiting(site)
    page = desk.get(f"/desk/rsvps/{public_id}").text
    for words in ("Sok Dara", "Please let me in.", "Cambodia", "Democracy and the Political Process", "3:00 AM"):
        assert words in page


def test_an_approval_sends_the_invitation_and_stands_in_the_journal(desk: FlaskClient, site: Flask) -> None:
    public_id, version = waiting(site)
    answer = act(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    assert answer.status_code == 303
    assert "Approved." in desk.get(answer.location).text
    assert state(site, public_id) == "approved"
    with site.app_context():
        assert db.session.query(Letter).order_by(Letter.id.desc()).first().kind == "invitation"
        entry = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
        assert entry.by == db.session.query(Coordinator).filter_by(email=pages.EMAIL).one().public_id


def test_a_decline_carries_the_reason(desk: FlaskClient, site: Flask) -> None:
    public_id, version = waiting(site)
    act(desk, f"/desk/rsvps/{public_id}/decline", version=version, reason="We don't know you yet.")
    with site.app_context():
        rsvp = db.session.query(Rsvp).filter_by(public_id=public_id).one()
        assert (rsvp.state, rsvp.reason) == ("declined", "We don't know you yet.")


def test_the_second_of_two_coordinators_reads_who_decided_what(desk: FlaskClient, site: Flask) -> None:
    public_id, version = waiting(site)
    act(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    answer = act(desk, f"/desk/rsvps/{public_id}/decline", version=version)
    assert answer.status_code == 409
    pages.check(answer)
    assert pages.EMAIL in answer.text
    assert "approved" in answer.text
    assert state(site, public_id) == "approved"


@pytest.mark.parametrize("version", ["", "-1", "x", "1e3", "٣"])
def test_a_decision_without_the_version_that_was_shown_is_refused(desk: FlaskClient, site: Flask, version: str) -> None:
    public_id, _ = waiting(site)
    answer = act(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    assert answer.status_code == 400
    assert state(site, public_id) == "pending"


def test_a_decision_about_nothing_is_refused(desk: FlaskClient) -> None:
    assert act(desk, "/desk/rsvps/nothing/approval", version=1).status_code == 404


def test_a_decision_without_the_desks_own_form_is_refused(desk: FlaskClient, site: Flask) -> None:
    public_id, version = waiting(site)
    answer = desk.post(f"/desk/rsvps/{public_id}/approval", data={"version": version})
    assert answer.status_code == 400
    pages.check(answer)
    assert state(site, public_id) == "pending"


def test_approving_while_the_mail_server_is_down_stands_and_the_desk_says_that_the_letter_waits(
    desk: FlaskClient, site: Flask, mail_server: MailServer, clock: Moment
) -> None:
    public_id, version = waiting(site)
    mail_server.stop()
    act(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    clock.at += UNDO
    with site.app_context():
        outbox.deliver(clock.now)
    page = desk.get(f"/desk/rsvps/{public_id}").text
    assert state(site, public_id) == "approved"
    assert "mail server" in page
    assert "will be tried again" in page


def test_a_letter_that_the_server_refuses_is_shown_at_the_desk_with_its_words(
    desk: FlaskClient, site: Flask, mail_server: MailServer, clock: Moment
) -> None:
    with site.app_context():
        factories.ask(email="gone@example.org")
    mail_server.refuse("gone@example.org", "550 5.1.1 No such user")
    with site.app_context():
        outbox.deliver(clock.now)
    assert "550 5.1.1 No such user" in desk.get("/desk/letters/").text


def test_setting_the_link_sends_the_updated_invitation(desk: FlaskClient, site: Flask, clock: Moment) -> None:
    with site.app_context():
        outbox.deliver(clock.now)
    answer = act(desk, "/desk/events/democracy/link", link="https://zoom.example/j/999", passcode="")
    assert answer.status_code == 303
    assert "1 letter is on its way" in desk.get(answer.location).text
    with site.app_context():
        letter = db.session.query(Letter).order_by(Letter.id.desc()).first()
        assert letter.kind == "update"
        assert "https://zoom.example/j/999" in letter.content
        assert "SEQUENCE:1" in letter.content


@pytest.mark.parametrize(
    "link", ["http://zoom.example/j/1", "zoom", "javascript:alert(1)", "https://", "https://[", "x" * 3000]
)
def test_a_link_that_no_phone_would_open_is_refused_and_kept_in_the_form(
    desk: FlaskClient, site: Flask, link: str
) -> None:
    answer = act(desk, "/desk/events/democracy/link", link=link)
    assert answer.status_code == 422
    pages.check(answer)
    assert f'value="{link}"' in answer.text
