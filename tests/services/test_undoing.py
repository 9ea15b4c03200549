"""A decision taken back within its moment: nobody hears of it, and every calendar stays true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready, MoveRefused
from rsvp.models import Letter, Rsvp
from rsvp.models.letter import LetterState
from rsvp.services import invitations, joins, journal, moves, outbox, rsvps
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

UNDO = timedelta(seconds=10)


def decide(verb: Callable[[rsvps.Decision], Rsvp], rsvp: Rsvp, clock: Moment) -> Rsvp:
    with transaction():
        return verb(replace(factories.decision(db.session.merge(rsvp), at=clock.now()), undo=UNDO))


def undo(rsvp: Rsvp, clock: Moment) -> Rsvp:
    with transaction():
        return rsvps.undo(factories.decision(db.session.merge(rsvp), at=clock.now()))


def states(kind: str) -> list[str]:
    db.session.expire_all()
    return [letter.state for letter in factories.letters(kind)]


def sent_to(rsvp: Rsvp) -> list[Letter]:
    db.session.expire_all()
    return [letter for letter in factories.letters() if letter.rsvp_id == rsvp.id and letter.state == LetterState.SENT]


def pass_until_letters_leave(clock: Moment) -> None:
    clock.at += UNDO
    outbox.deliver(clock.now)


def test_a_decisions_letter_waits_ten_seconds_and_then_leaves(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = decide(rsvps.approve, factories.pending(), clock)
    clock.at += UNDO - timedelta(seconds=1)
    outbox.deliver(clock.now)
    assert states("invitation") == [LetterState.QUEUED]
    clock.at += timedelta(seconds=1)
    outbox.deliver(clock.now)
    assert [letter.kind for letter in sent_to(rsvp)] == ["invitation"]


@pytest.mark.parametrize("verb", [rsvps.approve, rsvps.decline, rsvps.waitlist])
def test_a_pending_guest_hears_nothing_of_a_decision_taken_back(
    verb: Callable[[rsvps.Decision], Rsvp], mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    rsvp = decide(verb, factories.pending(), clock)
    clock.at += UNDO / 2
    rsvp = undo(rsvp, clock)
    assert (rsvp.state, rsvp.decided_by, rsvp.reason) == ("pending", None, None)
    pass_until_letters_leave(clock)
    assert sent_to(rsvp) == []
    assert invitations.of(rsvp) is None
    assert journal.broken() is None


def test_a_guest_approved_again_after_an_approval_taken_back_gets_one_first_invitation(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    rsvp = undo(decide(rsvps.approve, factories.pending(), clock), clock)
    rsvp = decide(rsvps.approve, rsvp, clock)
    pass_until_letters_leave(clock)
    assert [letter.kind for letter in sent_to(rsvp)] == ["invitation"]
    invitation = invitations.of(rsvp)
    assert invitation is not None
    assert invitation.sequence == 0


def test_a_revocation_taken_back_leaves_the_guests_calendar_alone(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.approved()
    outbox.deliver(clock.now)
    rsvp = undo(decide(rsvps.revoke, rsvp, clock), clock)
    pass_until_letters_leave(clock)
    assert rsvp.state == "approved"
    assert [letter.kind for letter in sent_to(rsvp)] == ["invitation"]
    invitation = invitations.of(rsvp)
    assert invitation is not None
    assert invitation.method == "REQUEST"


def test_an_invitation_that_hadnt_left_when_its_guest_was_revoked_leaves_once_that_is_taken_back(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    rsvp = undo(decide(rsvps.revoke, factories.approved(), clock), clock)
    pass_until_letters_leave(clock)
    assert [letter.kind for letter in sent_to(rsvp)] == ["invitation"]


def test_a_cancellation_that_hadnt_left_when_its_guest_was_approved_again_leaves_once_that_is_taken_back(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    rsvp = factories.approved()
    outbox.deliver(clock.now)
    for verb in (rsvps.revoke, rsvps.reopen):
        with transaction():
            rsvp = verb(factories.decision(db.session.merge(rsvp), at=clock.now()))
    rsvp = undo(decide(rsvps.approve, rsvp, clock), clock)
    pass_until_letters_leave(clock)
    assert rsvp.state == "pending"
    assert [letter.kind for letter in sent_to(rsvp)] == ["invitation", "cancellation"]


def test_a_waiting_list_letter_that_hadnt_left_leaves_once_the_approval_is_taken_back(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    rsvp = decide(rsvps.waitlist, factories.pending(), clock)
    rsvp = undo(decide(rsvps.approve, rsvp, clock), clock)
    pass_until_letters_leave(clock)
    assert rsvp.state == "waitlisted"
    assert [letter.kind for letter in sent_to(rsvp)] == ["waitlisting"]


def test_a_decision_cannot_be_taken_back_once_its_moment_is_over(clock: Moment) -> None:
    factories.event()
    rsvp = decide(rsvps.approve, factories.pending(), clock)
    clock.at += UNDO
    with pytest.raises(MoveRefused):
        undo(rsvp, clock)


def test_a_decision_is_taken_back_once_and_only_by_who_has_seen_it(clock: Moment) -> None:
    factories.event()
    rsvp = decide(rsvps.approve, factories.pending(), clock)
    seen = factories.decision(rsvp, at=clock.now())
    undo(rsvp, clock)
    with pytest.raises(DecidedAlready), transaction():
        rsvps.undo(seen)
    with pytest.raises(MoveRefused):
        undo(rsvp, clock)


def test_a_place_taken_by_an_approval_is_free_again_once_it_is_taken_back(clock: Moment) -> None:
    factories.event(capacity=1)
    first, second = factories.pending(), factories.pending()
    undo(decide(rsvps.approve, first, clock), clock)
    assert decide(rsvps.approve, second, clock).state == "approved"


def test_a_guest_who_withdraws_within_the_moment_stays_withdrawn(clock: Moment) -> None:
    factories.event()
    rsvp = decide(rsvps.approve, factories.pending(), clock)
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=clock.now())
    with pytest.raises(MoveRefused):
        undo(rsvp, clock)


def test_without_a_moment_a_letter_is_due_at_once(clock: Moment) -> None:
    factories.event()
    due: datetime = factories.letters("invitation")[-1].due_at if factories.approved() else clock.now()
    assert due == clock.now()


@pytest.mark.parametrize("link_mode", ["direct", "guarded"])
def test_a_revocation_taken_back_invites_anew_who_moved_meanwhile_and_leaves_the_old_page_ended(
    link_mode: str, mail_server: MailServer, clock: Moment
) -> None:
    factories.event(link=factories.LINK, link_mode=link_mode)
    rsvp = factories.approved()
    old = (joins.door(rsvp).address or "").rpartition("/")[2]
    outbox.deliver(clock.now)
    clock.pass_by(minutes=5)
    with transaction():
        factories.ask_to_move(db.session.merge(rsvp).participant, "new@guests.example", at=clock.now())
    proof = factories.token_in(factories.letters("address")[-1])
    rsvp = decide(rsvps.revoke, rsvp, clock)
    clock.pass_by(seconds=3)
    with transaction():
        moves.adopt(proof, at=clock.now())
    clock.pass_by(seconds=3)
    rsvp = undo(rsvp, clock)
    assert joins.named(old, at=clock.now()) is None
    assert (joins.door(rsvp).address is not None, old in (joins.door(rsvp).address or "")) == (
        True,
        link_mode == "direct",
    )
    waiting = [letter for letter in factories.letters("invitation") if letter.state == LetterState.QUEUED]
    assert [letter.recipient for letter in waiting] == ["new@guests.example"]
