"""The life of an event, as the calendars of its guests see it."""

from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.models import Event, JournalEntry, Rsvp
from rsvp.services import events, invitations, outbox, rsvps
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

LATER = factories.FIRST + timedelta(days=7)


def change(slug: str = "democracy", **facts: object) -> int:
    with transaction():
        return events.change(named(slug), facts, by="coordinator-one", at=factories.NOW)


def named(slug: str = "democracy") -> Event:
    event = events.named(slug)
    assert event is not None
    return event


def send_all() -> None:
    outbox.deliver(lambda: factories.NOW)


def sequence(rsvp: Rsvp) -> tuple[str, int]:
    invitation = invitations.of(rsvp)
    assert invitation is not None
    return invitation.method, invitation.sequence


@pytest.mark.parametrize(
    "facts",
    [
        {"starts_at": LATER},
        {"minutes": 90},
        {"title": {"en": "Another title", "km": "ចំណងជើងថ្មី"}},
        {"link": "https://zoom.example/j/2"},
        {"passcode": "777"},
    ],
    ids=["time", "length", "title", "link", "passcode"],
)
def test_a_change_that_matters_updates_every_approved_guest_once(facts: dict[str, object]) -> None:
    factories.event()
    guests = [factories.approved(), factories.approved(language="km")]
    factories.pending()
    send_all()
    assert change(**facts) == 2
    assert change(**facts) == 0
    assert [letter.kind for letter in factories.letters()][-2:] == ["update", "update"]
    assert [sequence(rsvp) for rsvp in guests] == [("REQUEST", 1), ("REQUEST", 1)]


@pytest.mark.parametrize(
    "facts",
    [
        {"summary": {"en": "New words.", "km": "ពាក្យថ្មី។"}},
        {"capacity": 30},
        {"reminders": "60"},
        {"recording_url": "https://video.example/1"},
    ],
    ids=["summary", "capacity", "reminders", "recording"],
)
def test_a_change_that_matters_to_nobody_writes_to_nobody(facts: dict[str, object]) -> None:
    factories.event()
    rsvp = factories.approved()
    send_all()
    before = len(factories.letters())
    assert change(**facts) == 0
    assert len(factories.letters()) == before
    assert (sequence(rsvp), named().sequence) == (("REQUEST", 0), 0)


def test_a_title_changed_in_one_language_writes_to_its_readers_only() -> None:
    factories.event()
    factories.approved(language="en")
    reader = factories.approved(language="km")
    send_all()
    assert change(title=named().title | {"km": "ចំណងជើងថ្មី"}) == 1
    assert factories.letters("update")[0].rsvp_id == reader.id


def test_the_coordinator_sees_beforehand_how_many_letters_a_change_sends() -> None:
    factories.event()
    for _ in range(3):
        factories.approved()
    send_all()
    before = len(factories.letters())
    with transaction():
        assert events.letters_for(named(), {"starts_at": LATER}, at=factories.NOW) == 3
        assert events.letters_for(named(), {"capacity": 4}, at=factories.NOW) == 0
    db.session.expire_all()
    assert (named().starts_at, len(factories.letters())) == (factories.FIRST, before)
    assert db.session.query(JournalEntry).count() == 3


def test_a_guest_who_has_no_letter_yet_is_told_of_a_place_and_not_of_a_change() -> None:
    factories.event()
    factories.approved()
    change(starts_at=LATER)
    assert [(letter.kind, letter.state) for letter in factories.letters()][2:] == [
        ("invitation", "superseded"),
        ("invitation", "queued"),
    ]


def test_cancelling_an_event_takes_it_out_of_every_calendar_and_restoring_puts_it_back() -> None:
    factories.event()
    rsvp = factories.approved()
    send_all()
    with transaction():
        assert events.call_off(named(), by="x", at=factories.NOW) == 1
    assert sequence(rsvp) == ("CANCEL", 1)
    assert rsvp.state == "approved"
    send_all()
    with transaction():
        assert events.call_off(named(), by="x", at=factories.NOW) == 0
        assert events.restore(named(), by="x", at=factories.NOW) == 1
    assert sequence(rsvp) == ("REQUEST", 2)


def test_cancelling_an_event_without_a_time_writes_to_who_has_a_place() -> None:
    factories.event("officials", starts_at=None)
    factories.approved("officials")
    send_all()
    with transaction():
        assert events.call_off(named("officials"), by="x", at=factories.NOW) == 1
    send_all()
    with transaction():
        assert events.restore(named("officials"), by="x", at=factories.NOW) == 1
    assert [letter.kind for letter in factories.letters()][2:] == ["approval", "cancellation", "approval"]


def test_setting_the_time_sends_everybody_approved_their_first_invitation() -> None:
    factories.event("officials", starts_at=None)
    rsvp = factories.approved("officials", zone="Asia/Seoul")
    factories.pending("officials")
    send_all()
    assert change("officials", starts_at=factories.FIRST) == 1
    assert sequence(rsvp) == ("REQUEST", 0)
    letter = factories.letters("invitation")[0]
    assert "SEQUENCE:0" in (letter.content or "")
    assert "5:00 AM" in (letter.content or "")


def test_setting_the_time_back_to_unknown_cancels_the_old_hour_and_setting_it_again_renews_the_same_entry() -> None:
    factories.event()
    rsvp = factories.approved()
    send_all()
    uid = invitations.of(rsvp).uid
    assert change(starts_at=None) == 1
    assert sequence(rsvp) == ("CANCEL", 1)
    assert "20250712T160000" in (factories.letters("cancellation")[0].content or "")
    send_all()
    assert change(starts_at=LATER) == 1
    assert (sequence(rsvp), invitations.of(rsvp).uid) == (("REQUEST", 2), uid)


def test_a_guest_revoked_before_the_mail_server_came_back_never_sees_the_link() -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.approved()
    with transaction():
        rsvps.revoke(factories.decision(rsvp))
    assert not [letter for letter in factories.letters() if factories.LINK in (letter.content or "")]
    assert [letter.state for letter in factories.letters("invitation")] == ["superseded"]


def test_every_change_stands_in_the_journal_by_its_name() -> None:
    factories.event()
    change(starts_at=LATER, capacity=20)
    acts = {(entry.act, entry.subject, entry.by) for entry in db.session.query(JournalEntry)}
    assert acts == {
        ("event starts_at", "event:democracy", "coordinator-one"),
        ("event capacity", "event:democracy", "coordinator-one"),
    }


def test_a_guest_revoked_reopened_and_declined_still_loses_the_entry_and_its_link() -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.approved()
    send_all()
    for verb in (rsvps.revoke, rsvps.reopen, rsvps.decline):
        with transaction():
            verb(factories.decision(rsvp))
    send_all()
    states = {letter.kind: letter.state for letter in factories.letters()}
    assert (states["cancellation"], states["decline"]) == ("sent", "sent")


def test_a_guest_revoked_and_approved_again_before_any_letter_left_is_only_invited() -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.approved()
    send_all()
    for verb in (rsvps.revoke, rsvps.reopen, rsvps.approve):
        with transaction():
            verb(factories.decision(rsvp))
    states = [(letter.kind, letter.state) for letter in factories.letters()][3:]
    assert states == [("cancellation", "superseded"), ("invitation", "queued")]
