"""Another address, proven by a letter before anything goes there."""

import dataclasses
from datetime import timedelta

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready
from rsvp.models import Invitation, Participant, Rsvp, Token
from rsvp.models.event import LinkMode
from rsvp.models.token import Purpose
from rsvp.services import addresses, claims, events, hints, joins, links, moves, outbox, requests, rsvps
from rsvp.services.hints import Hint
from tests import factories, stories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

OLD, NEW = "sok.dara@example.org", "dara.sok@example.org"


def ask(email: str = NEW, *, at: Moment | None = None) -> str:
    person = db.session.query(Participant).filter_by(email_index=addresses.index(OLD)).one()
    with transaction():
        letter = factories.ask_to_move(db.session.merge(person), email, at=at.now() if at else factories.NOW)
        return factories.token_in(letter)


def adopt(token: str) -> str | None:
    with transaction():
        return moves.adopt(token, at=factories.NOW)


def test_a_guest_is_found_and_invited_at_the_new_address_once_it_is_proven(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    factories.approved(email=OLD)
    outbox.deliver(clock.now)
    token = ask()
    outbox.deliver(clock.now)
    assert mail_server.received[-1].recipient == NEW
    assert factories.only_participant().email == OLD, "nothing changes before the button"
    assert adopt(token)
    person = factories.only_participant()
    assert (person.email, person.email_index) == (NEW, addresses.index(NEW))
    before = len(mail_server.received)
    outbox.deliver(clock.now)
    notice, invitation = sorted(mail_server.received[before:], key=lambda received: received.recipient, reverse=True)
    assert (notice.recipient, invitation.recipient) == (OLD, NEW)
    assert NEW not in notice.raw.decode()
    assert "/places/" not in notice.message.get_body(("plain",)).get_content()
    entry = next(part for part in invitation.message.walk() if part.get_content_type() == "text/calendar")
    assert f"mailto:{NEW}" in entry.get_content().replace("\r\n ", "")
    assert db.session.query(Invitation).one().sequence == 1


def test_the_letter_to_a_new_address_holds_no_word_that_anybody_typed() -> None:
    factories.event()
    factories.pending(email=OLD, name="Buy my watches", message="Cheap watches")
    ask()
    assert "atches" not in (factories.letters("address")[0].content or "")


def test_the_old_address_hears_of_a_move_before_it_happens_and_how_to_end_it() -> None:
    factories.event()
    factories.pending(email=OLD)
    ask()
    (letter,) = factories.letters("moving")
    assert (letter.state, letter.recipient) == ("queued", OLD)
    assert "/en/links/new" in (letter.content or "")
    assert NEW not in (letter.content or "")


def test_every_older_link_to_the_page_ends_and_a_new_one_opens_it() -> None:
    factories.event()
    old = factories.prove(factories.ask(email=OLD))
    new = adopt(ask())
    assert new is not None
    assert links.open_link(old, Purpose.PLACES, at=factories.NOW) is None
    assert links.open_link(new, Purpose.PLACES, at=factories.NOW) is not None


def test_who_reads_the_old_mailbox_gets_into_no_guarded_meeting() -> None:
    factories.event(link=factories.LINK, link_mode=LinkMode.GUARDED)
    rsvp = factories.approved(email=OLD)
    old = (joins.door(rsvp).address or "").rpartition("/")[2]
    adopt(ask())
    new = (joins.door(factories.rsvp_of(factories.only_participant())).address or "").rpartition("/")[2]
    assert joins.named(old, at=factories.NOW) is None
    assert joins.named(new, at=factories.NOW) is not None
    assert f"/join/{new}" in (factories.letters("invitation")[-1].content or "")


def test_a_calendar_that_followed_an_address_before_the_move_learns_nothing_more() -> None:
    factories.event(link=factories.LINK)
    person = factories.approved(email=OLD).participant
    with transaction():
        feed = links.issue(db.session.merge(person), Purpose.FEED, at=factories.NOW)
    adopt(ask())
    assert links.open_link(feed, Purpose.FEED, at=factories.NOW) is None


def test_a_letter_to_the_old_address_proves_nothing_after_the_move() -> None:
    factories.event()
    factories.event("sovereignty")
    factories.pending(email=OLD)
    factories.ask("sovereignty", email=OLD)
    stale = factories.token_in(factories.letters("verification")[-1])
    adopt(ask())
    assert links.open_link(stale, Purpose.VERIFICATION, at=factories.NOW) is None
    assert factories.letters("verification")[-1].state == "superseded"
    factories.ask("sovereignty", email=NEW)
    person = factories.only_participant()
    assert len(requests.asked_for(person, at=factories.NOW)) == 1, "at the new one the request can be confirmed"
    assert factories.letters("verification")[-1].recipient == NEW


def test_a_link_moves_once_and_only_the_newest_one() -> None:
    factories.event()
    factories.pending(email=OLD)
    first, second = ask(), ask("third@example.org")
    assert adopt(first) is None
    assert adopt(second) is not None
    assert adopt(second) is None
    assert factories.only_participant().email == "third@example.org"
    assert {token.email for token in db.session.query(Token)} == {None}


def test_a_link_to_a_new_address_works_as_long_as_it_says() -> None:
    factories.event()
    factories.pending(email=OLD)
    token = ask()
    assert moves.named(token, at=factories.NOW + timedelta(hours=48)) is None
    assert moves.named(token, at=factories.NOW + timedelta(hours=47)) == NEW


def test_at_most_three_addresses_are_written_to_in_a_day(clock: Moment) -> None:
    factories.event()
    factories.pending(email=OLD)
    for number in range(3):
        ask(f"new{number}@example.org", at=clock)
        clock.pass_by(hours=1)
    with pytest.raises(moves.TooManyTries):
        ask(at=clock)
    assert len(factories.letters("address")) == 3
    clock.pass_by(hours=22)
    assert ask(at=clock)


def test_nobody_moves_to_an_address_with_proven_requests_of_its_own() -> None:
    factories.event()
    factories.pending(email=OLD)
    token = ask()
    factories.pending(email=NEW)
    with pytest.raises(moves.AddressTaken):
        adopt(token)
    kept = {person.email for person in db.session.query(Participant)}
    assert kept == {OLD, NEW}
    assert moves.named(token, at=factories.NOW) == NEW, "nothing was used up"


def test_letters_that_wait_go_to_the_new_address_but_an_entry_leaves_the_calendar_that_it_is_in(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    factories.event("sovereignty")
    factories.approved(email=OLD)
    outbox.deliver(clock.now)
    factories.ask("sovereignty", email=OLD)
    factories.prove(factories.only_participant())
    with transaction():
        events.call_off(stories.named(), by="x", at=factories.NOW)
    adopt(ask())
    waiting = {letter.kind: letter.recipient for letter in factories.letters() if letter.state == "queued"}
    assert waiting == {"receipt": NEW, "cancellation": OLD, "address": NEW, "moving": OLD, "moved": OLD}


def test_nobody_is_approved_at_an_address_that_the_coordinator_did_not_see() -> None:
    factories.event()
    seen = factories.decision(factories.pending(email=OLD))
    adopt(ask())
    with pytest.raises(DecidedAlready), transaction():
        rsvps.approve(seen)


def test_nobody_gets_off_the_waiting_list_at_an_address_that_the_coordinator_did_not_see() -> None:
    factories.event()
    rsvp = factories.pending(email=OLD)
    with transaction():
        rsvps.waitlist(factories.decision(rsvp))
    seen = factories.decision(factories.rsvp_of(factories.only_participant()))
    adopt(ask())
    with pytest.raises(DecidedAlready), transaction():
        rsvps.approve(seen)


def test_a_letter_that_a_dead_worker_left_goes_to_the_new_address(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.pending(email=OLD)
    outbox.deliver(clock.now)
    with transaction():
        rsvps.decline(factories.decision(rsvp), reason="For this address only.")
    claims.claim(clock.now())
    adopt(ask())
    clock.pass_by(minutes=10)
    outbox.deliver(clock.now)
    bodies = [(letter.recipient, letter.message.get_body(("plain",))) for letter in mail_server.received]
    assert [to for to, body in bodies if body and "For this address" in body.get_content()] == [NEW]


def test_letters_to_new_addresses_wait_for_their_turn_with_those_that_prove_requests(app: Flask, clock: Moment) -> None:
    limited = dataclasses.replace(app.extensions["settings"], verification_letters_per_hour=2)
    app.extensions["settings"] = limited
    factories.event()
    factories.pending(email=OLD)
    ask()
    ask("second@example.org")
    due = [letter.due_at - factories.NOW for letter in factories.letters("address")]
    assert due == [timedelta(), timedelta(hours=1)]


def test_nobody_keeps_a_guest_from_an_address_by_typing_it_into_the_form() -> None:
    factories.event()
    factories.event("sovereignty")
    factories.event("officials")
    guest = factories.approved("democracy", "officials", email=OLD).participant_id
    with transaction():
        rsvps.withdraw(guest, "officials", at=factories.NOW)
    factories.ask("democracy", "sovereignty", "officials", email=NEW, name="Somebody Else", message="Typed")
    typed = factories.letters("verification")[-1]
    assert adopt(ask())
    person = factories.only_participant()
    assert (person.id, person.email, person.name, person.message) == (guest, NEW, "Sok Dara", None)
    assert states(person) == {"democracy": "approved", "sovereignty": "unverified", "officials": "withdrawn"}
    assert typed.state == "queued", "its button still brings what was typed to the desk"
    with transaction():
        shown = requests.waiting(person, at=factories.NOW)
        assert requests.verify(factories.token_in(typed), shown=shown.digest, at=factories.NOW)
    assert shown.details["message"] == "Typed"
    assert states(person) == {"democracy": "approved", "sovereignty": "pending", "officials": "pending"}


def states(person: Participant) -> dict[str, str]:
    """Return how each request stands, by its event."""
    held = db.session.query(Rsvp).filter_by(participant_id=person.id).populate_existing()
    return {rsvp.event.slug: rsvp.state for rsvp in held}


def test_the_desk_points_out_who_moved_after_the_decision_and_says_when() -> None:
    factories.event()
    factories.event("sovereignty")
    rsvp = factories.approved("democracy", "sovereignty", email=OLD)
    waiting = db.session.query(Rsvp).filter_by(state="pending").one()
    assert adopt(ask())
    assert factories.only_participant().moved_at == factories.NOW
    assert Hint.MOVED in [noticed.hint for noticed in hints.of(rsvp)]
    assert Hint.MOVED not in [noticed.hint for noticed in hints.of(waiting)]
