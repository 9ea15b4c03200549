"""The coordinator's own words to everybody with a place."""

import json
from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.models import JournalEntry, Token
from rsvp.services import broadcasts, events, journal, outbox, rsvps
from rsvp.services.broadcasts import NoReaders, SentAlready, TooLate, Words
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

UNDO = timedelta(seconds=10)
WORDS = Words("n1", subject={"en": "Before Saturday", "km": "មុនថ្ងៃសៅរ៍"}, body={"en": "Be early.", "km": "សូមមកមុន។"})


def send(words: Words = WORDS) -> int:
    event = events.named("democracy")
    assert event is not None
    with transaction():
        return broadcasts.send(event, words, by=factories.COORDINATOR, at=factories.NOW)


def preview() -> list[broadcasts.Readers]:
    event = events.named("democracy")
    assert event is not None
    return broadcasts.preview(event, WORDS)


def test_everybody_with_a_place_is_written_to_in_their_language_and_nobody_else() -> None:
    factories.event()
    factories.event("sovereignty")
    english, khmer = factories.approved(), factories.approved(language="km")
    factories.pending()
    factories.approved("sovereignty")
    assert send() == 2
    sent = {letter.recipient: letter.content or "" for letter in factories.letters("broadcast")}
    assert set(sent) == {english.participant.email, khmer.participant.email}
    assert "Be early" in sent[english.participant.email]
    assert "សូមមកមុន" in sent[khmer.participant.email]
    assert "Be early" not in sent[khmer.participant.email]


def test_a_form_sent_twice_writes_once_and_a_new_one_writes_again() -> None:
    factories.event()
    factories.approved()
    send()
    with pytest.raises(SentAlready):
        send()
    assert len(factories.letters("broadcast")) == 1
    send(Words("n2", WORDS.subject, WORDS.body))
    assert len(factories.letters("broadcast")) == 2


def test_without_readers_nothing_is_sent_and_the_form_can_be_sent_later() -> None:
    factories.event()
    factories.pending()
    with pytest.raises(NoReaders):
        send()
    factories.approved()
    assert send() == 1


def test_the_journal_knows_of_it_without_its_words() -> None:
    factories.event()
    factories.approved()
    send()
    entry = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert entry is not None
    assert (entry.act, entry.subject, entry.by) == ("broadcast n1", "event:democracy", factories.COORDINATOR)
    assert journal.broken() is None


def test_the_preview_is_what_each_group_of_readers_gets_and_sends_nothing() -> None:
    factories.event()
    for zone in ("Asia/Phnom_Penh", "Asia/Phnom_Penh", "Europe/Paris"):
        factories.approved(zone=zone, language="km")
    tokens, letters = db.session.query(Token).count(), len(factories.letters())
    shown = preview()
    assert [(group.language, group.zone, group.count) for group in shown] == [
        ("km", "Asia/Phnom_Penh", 2),
        ("km", "Europe/Paris", 1),
    ]
    assert "ម៉ោង ៣ ទៀបភ្លឺ" in shown[0].letter.text
    assert "ម៉ោង ១០ យប់" in shown[1].letter.text
    db.session.flush()
    assert (db.session.query(Token).count(), len(factories.letters())) == (tokens, letters)


def test_what_is_previewed_is_what_is_sent_but_for_the_readers_own_link() -> None:
    factories.event()
    factories.approved()
    before = preview()[0].letter.text.splitlines()
    send()
    letter = factories.letters("broadcast")[0]
    assert letter.content is not None
    differing = [line for line in before if line not in json.loads(letter.content)["text"].splitlines()]
    assert differing == ["http://localhost/en/places/your-own-link"]


def test_a_guest_revoked_before_it_leaves_still_may_read_it_but_one_revoked_before_it_is_written_does_not() -> None:
    factories.event()
    rsvp = factories.approved()
    factories.approved()
    with transaction():
        rsvps.revoke(factories.decision(rsvp))
    assert send() == 1


def take_back(number: str = "n1", *, after: timedelta = timedelta(0)) -> int:
    event = events.named("democracy")
    assert event is not None
    with transaction():
        at = factories.NOW + after
        return broadcasts.take_back(event, number, by=factories.COORDINATOR, at=at, undo=UNDO)


def send_and_wait(words: Words = WORDS) -> int:
    event = events.named("democracy")
    assert event is not None
    with transaction():
        return broadcasts.send(event, words, by=factories.COORDINATOR, at=factories.NOW, undo=UNDO)


def test_letters_taken_back_in_their_moment_reach_nobody_and_the_form_can_be_sent_again(
    mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    for _ in range(2):
        factories.approved()
    outbox.deliver(clock.now)
    before = len(mail_server.received)
    send_and_wait()
    outbox.deliver(clock.now)
    assert take_back() == 2
    clock.at += UNDO
    outbox.deliver(clock.now)
    assert len(mail_server.received) == before
    assert send() == 2
    outbox.deliver(clock.now)
    assert len(mail_server.received) == before + 2
    acts = [entry.act for entry in db.session.query(JournalEntry).order_by(JournalEntry.id)]
    assert acts[-3:] == ["broadcast n1", "recall n1", "broadcast n1"]


@pytest.mark.parametrize(("number", "after"), [("n1", timedelta(seconds=10)), ("another", timedelta(0))])
def test_letters_are_taken_back_in_their_moment_only_and_by_their_forms_number(number: str, after: timedelta) -> None:
    factories.event()
    factories.approved()
    send_and_wait()
    with pytest.raises(TooLate):
        take_back(number, after=after)
    assert [letter.state for letter in factories.letters("broadcast")] == ["queued"]


def test_letters_are_taken_back_once() -> None:
    factories.event()
    factories.approved()
    send_and_wait()
    take_back()
    with pytest.raises(TooLate):
        take_back()
