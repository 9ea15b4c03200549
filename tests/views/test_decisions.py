"""Decisions taken back within their moment, and many at once, as the coordinator sees them."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from rsvp.db import db, transaction
from rsvp.models import JournalEntry, Letter, Participant, Rsvp
from rsvp.models.letter import LetterState
from rsvp.services import outbox, queue, rsvps
from rsvp.views.desk.notices import UNDO
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer
from tests.views import pages

Chosen = tuple[str, int]


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    with site.app_context():
        factories.event(capacity=2)
        factories.event("sovereignty")
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def pending(site: Flask, *slugs: str, **facts: str) -> Chosen:
    with site.app_context():
        rsvp = factories.pending(*slugs, **facts)
        return rsvp.public_id, rsvp.version


def send(desk: FlaskClient, address: str, **form: object) -> TestResponse:
    return desk.post(address, data={"csrf_token": pages.csrf_token(desk.get("/desk/").text), **form})


def decide(desk: FlaskClient, act: str, *chosen: Chosen, reason: str = "") -> TestResponse:
    form = MultiDict([("csrf_token", pages.csrf_token(desk.get("/desk/").text)), ("act", act), ("reason", reason)])
    for public_id, version in chosen:
        form.add("rsvps", f"{public_id}:{version}")
    return desk.post("/desk/decisions", data=form)


def states(site: Flask) -> list[str]:
    with site.app_context():
        return [rsvp.state for rsvp in db.session.query(Rsvp).order_by(Rsvp.id)]


def deliver(site: Flask, clock: Moment) -> None:
    with site.app_context():
        outbox.deliver(clock.now)


def sent(site: Flask) -> list[str]:
    with site.app_context():
        return [letter.kind for letter in db.session.query(Letter) if letter.state == LetterState.SENT]


def test_a_decision_taken_back_in_time_reaches_nobody(desk: FlaskClient, site: Flask, clock: Moment) -> None:
    public_id, version = pending(site, name="Keo Sophea")
    deliver(site, clock)
    told = sent(site)
    page = desk.get(send(desk, f"/desk/rsvps/{public_id}/decline", version=version).location).text
    notice = page[page.index("notice-jade") :]
    assert "Declined." in notice
    assert "Keo Sophea" in notice
    undo = re.search(rf'action="(/desk/rsvps/{public_id}/undoing)".*?name="version" value="(\d+)"', notice, re.DOTALL)
    assert undo
    clock.at += UNDO - timedelta(seconds=1)
    deliver(site, clock)
    answer = send(desk, undo[1], version=undo[2])
    assert (answer.status_code, answer.location) == (303, f"/desk/rsvps/{public_id}")
    assert "Taken back." in desk.get(answer.location).text
    clock.at += UNDO
    deliver(site, clock)
    assert states(site) == ["pending"]
    assert sent(site) == told


def test_taking_back_too_late_is_refused_politely(
    desk: FlaskClient, site: Flask, clock: Moment, mail_server: MailServer
) -> None:
    public_id, version = pending(site)
    send(desk, f"/desk/rsvps/{public_id}/decline", version=version)
    clock.at += UNDO
    deliver(site, clock)
    answer = send(desk, f"/desk/rsvps/{public_id}/undoing", version=version + 1)
    assert answer.status_code == 409
    pages.check(answer)
    assert "It is too late to take this back." in answer.text
    assert states(site) == ["declined"]
    assert "decline" in sent(site)
    assert "undoing" not in desk.get(f"/desk/rsvps/{public_id}").text


def test_while_a_letter_waits_for_an_undo_the_desk_says_nothing_of_crowds(desk: FlaskClient, site: Flask) -> None:
    public_id, version = pending(site)
    send(desk, f"/desk/rsvps/{public_id}/approval", version=version)
    assert "waits for its turn" not in desk.get("/desk/").text


def test_many_are_decided_at_once_and_each_row_says_what_became_of_it(
    desk: FlaskClient, site: Flask, clock: Moment
) -> None:
    chosen = [pending(site, name=name) for name in ("First", "Second", "Third")]
    late, erased = pending(site, name="Fourth"), ("nothing", 1)
    send(desk, f"/desk/rsvps/{late[0]}/decline", version=late[1])
    answer = decide(desk, "approval", *chosen, late, erased)
    assert answer.status_code == 200
    pages.check(answer)
    done, _heading, refused = answer.text.partition("Not changed")
    assert "First" in done
    assert "Second" in done
    assert "Every place at this event is taken." in refused[refused.index("Third") :]
    decided = refused[refused.index("Fourth") :]
    assert pages.EMAIL in decided
    assert "8:00 AM" in decided
    assert "isn&#39;t there any more" in refused or "isn't there any more" in refused
    assert states(site) == ["approved", "approved", "pending", "declined"]
    assert "Put 1 on the waiting list instead" in refused
    assert decide(desk, "waitlisting", chosen[2]).status_code == 200
    assert states(site)[2] == "waitlisted"


def test_many_decisions_are_taken_back_together(desk: FlaskClient, site: Flask) -> None:
    chosen = [pending(site) for _ in range(2)]
    page = decide(desk, "waitlisting", *chosen).text
    assert "Undo all of them" in page
    decide(desk, "undoing", *((public_id, version + 1) for public_id, version in chosen))
    assert states(site) == ["pending", "pending"]


def test_one_reason_goes_to_everybody_chosen(desk: FlaskClient, site: Flask) -> None:
    decide(desk, "decline", pending(site), pending(site), reason="Only members this time.")
    with site.app_context():
        letters = db.session.query(Letter).filter_by(kind="decline").all()
        assert ["Only members this time." in (letter.content or "") for letter in letters] == [True, True]


def test_a_reason_for_many_that_cannot_be_sent_comes_back_with_the_choice(desk: FlaskClient, site: Flask) -> None:
    public_id, version = pending(site)
    answer = decide(desk, "decline", (public_id, version), reason="Not \u202eyet")
    assert answer.status_code == 422
    pages.check(answer)
    assert f'value="{public_id}:{version}"' in answer.text
    assert 'name="act" value="decline"' in answer.text
    assert states(site) == ["pending"]


def test_one_decision_covers_every_event_that_a_person_asked_for(desk: FlaskClient, site: Flask) -> None:
    public_id, _ = pending(site, "democracy", "sovereignty")
    page = desk.get(f"/desk/rsvps/{public_id}").text
    form = page[page.index('class="together"') :]
    chosen = re.findall(r'name="rsvps" value="([\w-]+):(\d+)"', form)
    assert len(chosen) == 2
    decide(desk, "approval", *((name, int(version)) for name, version in chosen))
    assert states(site) == ["approved", "approved"]


def test_choosing_nobody_changes_nothing_and_says_so(desk: FlaskClient, site: Flask) -> None:
    answer = decide(desk, "approval")
    assert answer.status_code == 303
    assert "Please choose at least one request." in desk.get(answer.location).text


@pytest.mark.parametrize(
    ("act", "chosen"), [("", "x:1"), ("revocation", "x:1"), ("approval", "x"), ("approval", "x:-1"), ("approval", ":")]
)
def test_what_no_form_of_ours_sends_is_refused(desk: FlaskClient, site: Flask, act: str, chosen: str) -> None:
    assert send(desk, "/desk/decisions", act=act, rsvps=chosen).status_code == 400


def test_two_coordinators_who_decide_the_same_rows_make_one_letter_each(desk: FlaskClient, site: Flask) -> None:
    public_id, version = pending(site)
    with site.app_context(), transaction():
        rsvps.waitlist(rsvps.Decision(public_id, version, by="another", at=factories.NOW))
    assert "Somebody decided this request before you." in decide(desk, "decline", (public_id, version)).text
    with site.app_context():
        assert [entry.act for entry in db.session.query(JournalEntry)] == ["waitlisting"]
        assert db.session.query(Letter).filter(Letter.kind.in_(("waitlisting", "decline"))).count() == 1


def test_a_list_longer_than_a_page_is_chosen_and_decided_as_a_whole(desk: FlaskClient, site: Flask) -> None:
    with site.app_context(), transaction():
        person = factories.pending("sovereignty").participant
        facts = {name: getattr(person, name) for name in ("name", "language", "zone", "created_at", "verified_at")}
        event = db.session.query(Rsvp.event_id).scalar()
        for number in range(queue.PAGE):
            guest = Participant(public_id=f"p{number}", email=f"{number}@x.example", email_index=f"{number}", **facts)
            asked = {"state": "pending", "version": 1, "requested_at": factories.NOW, "event_id": event}
            db.session.add(Rsvp(public_id=f"r{number}", participant=guest, **asked))
    first = desk.get("/desk/")
    assert first.text.count('name="rsvps"') == queue.PAGE
    assert "Choose all 51" in first.text
    whole = desk.get("/desk/?rows=all")
    pages.check(whole)
    ticked = re.findall(r'name="rsvps" value="([\w-]+):(\d+)"[^>]* checked>', whole.text)
    assert len(ticked) == queue.PAGE + 1
    decide(desk, "approval", *((public_id, int(version)) for public_id, version in ticked))
    assert set(states(site)) == {"approved"}
