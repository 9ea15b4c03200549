"""Deciding about requests."""

import pytest

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready, EventClosed, EventFull, MoveRefused
from rsvp.models import JournalEntry, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import invitations, journal, rsvps
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def kinds() -> list[str]:
    return [letter.kind for letter in factories.letters()][2:]


def test_an_approved_guest_is_sent_the_invitation() -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.approved()
    assert rsvp.state == State.APPROVED
    assert kinds() == ["invitation"]


def test_a_declined_guest_receives_the_reason_and_no_calendar_file() -> None:
    factories.event(link=factories.LINK)
    rsvp = factories.pending()
    with transaction():
        rsvps.decline(factories.decision(rsvp), reason="We don't know you yet.")
    letter = factories.letters("decline")[0]
    assert "We don't know you yet." in (letter.content or "").replace("\\u2019", "'")
    assert '"calendar": null' in (letter.content or "")
    assert factories.LINK not in (letter.content or "")


def test_a_guest_on_the_waiting_list_learns_it_and_can_be_approved_later() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.waitlist(factories.decision(rsvp))
    with transaction():
        rsvps.approve(factories.decision(rsvp))
    assert kinds() == ["waitlisting", "invitation"]


def test_a_revoked_guest_receives_a_cancellation_of_the_same_entry() -> None:
    factories.event()
    rsvp = factories.approved()
    uid = invitations.of(rsvp).uid
    with transaction():
        rsvps.revoke(factories.decision(rsvp))
    cancelled = invitations.of(rsvp)
    assert (cancelled.uid, cancelled.sequence, cancelled.method) == (uid, 1, "CANCEL")
    assert "METHOD:CANCEL" in (factories.letters("cancellation")[0].content or "")


def test_a_guest_approved_again_keeps_the_entry_and_its_sequence_rises() -> None:
    factories.event()
    rsvp = factories.approved()
    for verb in (rsvps.revoke, rsvps.reopen, rsvps.approve):
        with transaction():
            verb(factories.decision(rsvp))
    assert (invitations.of(rsvp).sequence, invitations.of(rsvp).method) == (2, "REQUEST")


def test_a_guest_who_withdraws_an_approved_place_receives_a_cancellation() -> None:
    factories.event()
    rsvp = factories.approved()
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
    assert rsvp.state == State.WITHDRAWN
    assert kinds() == ["invitation", "cancellation"]


def test_a_guest_who_withdraws_a_pending_request_receives_no_letter() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
    assert kinds() == []


def test_nobody_can_withdraw_what_they_never_asked_for() -> None:
    factories.event()
    rsvp = factories.pending()
    with pytest.raises(rsvps.UnknownRsvp), transaction():
        rsvps.withdraw(rsvp.participant_id, "no-such-event", at=factories.NOW)


def test_a_coordinator_cannot_decide_what_has_changed_since_the_page_was_shown() -> None:
    factories.event()
    rsvp = factories.pending()
    shown = factories.decision(rsvp, by="second-coordinator")
    with transaction():
        rsvps.approve(factories.decision(rsvp))
    with pytest.raises(DecidedAlready), transaction():
        rsvps.decline(shown)
    db.session.expire_all()
    assert (rsvp.state, rsvp.decided_by) == (State.APPROVED, factories.COORDINATOR)
    assert kinds() == ["invitation"]
    assert db.session.query(JournalEntry).count() == 1


def test_an_approval_of_somebody_who_withdrew_is_refused() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
    with pytest.raises(MoveRefused), transaction():
        rsvps.approve(factories.decision(rsvp))


def test_an_approval_beyond_the_last_place_is_refused() -> None:
    factories.event(capacity=1)
    factories.approved()
    late = factories.pending()
    with pytest.raises(EventFull), transaction():
        rsvps.approve(factories.decision(late))
    db.session.expire_all()
    assert late.state == State.PENDING


def test_an_approval_for_a_past_event_is_refused() -> None:
    factories.event()
    rsvp = factories.pending()
    after = factories.FIRST.replace(hour=23)
    with pytest.raises(EventClosed), transaction():
        rsvps.approve(factories.decision(rsvp, at=after))


def test_an_approval_without_a_known_time_sends_a_letter_without_calendar() -> None:
    factories.event("officials", kind="officials", starts_at=None)
    rsvp = factories.approved("officials")
    assert kinds() == ["approval"]
    assert '"calendar": null' in (factories.letters("approval")[0].content or "")
    assert invitations.of(rsvp) is None


def test_every_decision_stands_in_the_journal_and_the_chain_holds() -> None:
    factories.event()
    rsvp = factories.approved()
    with transaction():
        rsvps.revoke(factories.decision(rsvp))
    acts = [(entry.act, entry.subject) for entry in db.session.query(JournalEntry).order_by(JournalEntry.id)]
    assert acts == [("approval", f"rsvp:{rsvp.public_id}"), ("revocation", f"rsvp:{rsvp.public_id}")]
    assert journal.broken() is None


def test_a_changed_journal_entry_is_found() -> None:
    factories.event()
    factories.approved()
    factories.approved()
    with transaction():
        db.session.query(JournalEntry).order_by(JournalEntry.id).first().act = "decline"
    assert journal.broken() == 1


def test_a_journal_entry_taken_off_the_end_is_missed() -> None:
    factories.event()
    factories.approved()
    with transaction():
        db.session.delete(db.session.query(JournalEntry).one())
    assert journal.broken() == 1


def test_a_request_is_found_by_its_public_id_only() -> None:
    factories.event()
    factories.pending()
    with pytest.raises(rsvps.UnknownRsvp), transaction():
        rsvps.approve(rsvps.Decision("1", 1, by="x", at=factories.NOW))
    assert db.session.query(Rsvp).one().state == State.PENDING
