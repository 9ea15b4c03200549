"""What a guest changes about themselves, and what is sent again because of it."""

from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready
from rsvp.models import Invitation, Participant, Rsvp
from rsvp.services import events, outbox, own_calendars, preferences, rsvps
from rsvp.services.preferences import NameFixed, Preferences
from rsvp.views.desk.notices import UNDO
from tests import factories, stories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

KHMER_IN_PARIS = Preferences("Sok Dara", "km", "Europe/Paris")
RENAMED = Preferences("Chan Sophea", "en", "Asia/Phnom_Penh")


def change(participant: Participant, wanted: Preferences = KHMER_IN_PARIS) -> bool:
    with transaction():
        return preferences.change(db.session.merge(participant), wanted, at=factories.NOW)


def test_every_letter_and_invitation_follows_a_new_language_and_zone(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.approved()
    outbox.deliver(clock.now)
    before = db.session.query(Invitation).one()
    uid, sequence = before.uid, before.sequence
    assert change(rsvp.participant)
    outbox.deliver(clock.now)
    letter = mail_server.received[-1].message
    words = letter.get_body(("plain",)).get_content()
    assert "ម៉ោង ១០ យប់" in words, "4 PM in Washington is 10 PM in Paris"
    assert "/km/places/" in words
    entry = next(part for part in letter.walk() if part.get_content_type() == "text/calendar").get_content()
    assert (f"UID:{uid}" in entry, f"SEQUENCE:{sequence + 1}" in entry) == (True, True)
    after = db.session.query(Invitation).one()
    assert (after.uid, after.sequence) == (uid, sequence + 1)
    assert factories.letters("invitation")[-1].language == "km"


def test_changing_back_and_forth_fills_no_mailbox_and_leaves_the_guest_a_letter(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    rsvp = factories.approved()
    outbox.deliver(clock.now)
    for number in range(12):
        clock.pass_by(seconds=20)
        wanted = Preferences("Sok Dara", ("km", "en")[number % 2], "Asia/Phnom_Penh")
        with transaction():
            preferences.change(db.session.merge(rsvp.participant), wanted, at=clock.now())
        outbox.deliver(clock.now)
    sent = [letter.state for letter in factories.letters("invitation")]
    assert sent == ["sent", "sent", "sent", "queued"]
    clock.pass_by(minutes=10)
    with transaction():
        own_calendars.send_again(db.session.merge(rsvp.participant), "democracy", at=clock.now())
    outbox.deliver(clock.now)
    assert factories.letters("invitation")[-1].state == "sent"


def test_the_last_change_of_a_full_day_is_followed_a_day_later(mail_server: MailServer, clock: Moment) -> None:
    factories.event()
    rsvp = factories.approved()
    outbox.deliver(clock.now)
    for language in ("km", "en", "km"):
        with transaction():
            wanted = Preferences("Sok Dara", language, "Asia/Phnom_Penh")
            preferences.change(db.session.merge(rsvp.participant), wanted, at=clock.now())
        outbox.deliver(clock.now)
    clock.pass_by(days=1)
    outbox.deliver(clock.now)
    sent = [(letter.language, letter.state) for letter in factories.letters("invitation")]
    assert sent == [("en", "sent"), ("km", "sent"), ("en", "sent"), ("km", "sent")]


def test_nothing_is_sent_where_nothing_changed() -> None:
    factories.event()
    rsvp = factories.approved()
    before = len(factories.letters())
    assert not change(rsvp.participant, preferences.of(rsvp.participant))
    assert len(factories.letters()) == before


def test_only_places_at_events_to_come_with_an_hour_are_written_about_again() -> None:
    factories.event()
    factories.event("officials", starts_at=None)
    factories.event("called-off")
    factories.event("past", starts_at=factories.NOW + timedelta(hours=1))
    factories.event("waiting")
    person = factories.pending("democracy", "officials", "called-off", "past", "waiting").participant
    with transaction():
        for rsvp in db.session.query(Rsvp).all():
            if rsvp.event.slug != "waiting":
                rsvps.approve(factories.decision(rsvp))
    with transaction():
        events.call_off(stories.named("called-off"), by="x", at=factories.NOW)
    before = len(factories.letters())
    later = factories.NOW + timedelta(hours=4)
    with transaction():
        preferences.change(db.session.merge(person), KHMER_IN_PARIS, at=later)
    (letter,) = factories.letters()[before:]
    assert letter.rsvp is not None
    assert (letter.kind, letter.rsvp.event.slug) == ("invitation", "democracy")


def test_a_decision_that_can_still_be_taken_back_is_not_told_early() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        decided = factories.decision(rsvp)
        rsvps.approve(rsvps.Decision(decided.public_id, decided.version, by="x", at=factories.NOW, undo=UNDO))
    change(rsvp.participant)
    assert factories.letters("invitation")[-1].due_at == factories.NOW + UNDO


def test_a_name_can_be_changed_while_nobody_has_decided_and_is_never_approved_unseen() -> None:
    factories.event()
    rsvp = factories.pending()
    seen = factories.decision(rsvp)
    assert change(rsvp.participant, RENAMED)
    assert factories.only_participant().name == "Chan Sophea"
    with pytest.raises(DecidedAlready), transaction():
        rsvps.approve(seen)
    with transaction():
        rsvps.approve(factories.decision(factories.rsvp_of(factories.only_participant())))


@pytest.mark.parametrize("decide", [rsvps.approve, rsvps.decline, rsvps.waitlist])
def test_a_name_that_was_decided_about_stays(decide: object) -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        decide(factories.decision(rsvp))  # type: ignore[operator]
    assert not preferences.may_rename(rsvp.participant)
    with pytest.raises(NameFixed):
        change(rsvp.participant, RENAMED)
    assert factories.only_participant().name == "Sok Dara"


def test_who_withdrew_may_take_another_name() -> None:
    factories.event()
    rsvp = factories.approved()
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
    assert change(rsvp.participant, RENAMED)
