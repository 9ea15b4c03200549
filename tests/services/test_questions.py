"""Questions about a request, and their answers."""

import pytest

from rsvp.db import transaction
from rsvp.errors import DecidedAlready, MoveRefused
from rsvp.models import JournalEntry
from rsvp.services import questions, rsvps
from rsvp.services.questions import UnknownQuestion
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

WORDS = "Who in the community knows you?"


def test_a_guest_is_asked_by_letter_and_the_request_waits_on() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        questions.ask(factories.decision(rsvp), WORDS)
    assert rsvp.state == "pending"
    letter = factories.letters("question")[-1]
    assert letter.content is not None
    assert WORDS in letter.content
    entry = factories.db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    assert entry is not None
    assert (entry.act, entry.subject) == ("question", f"rsvp:{rsvp.public_id}")


def test_an_answer_stands_beside_the_request_once() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        question = questions.ask(factories.decision(rsvp), WORDS)
        public_id = question.public_id
    with transaction():
        questions.answer(rsvp.participant_id, public_id, "My aunt in Long Beach.", at=factories.NOW)
    assert [asked.answer for asked in questions.of_participant(rsvp.participant_id)] == ["My aunt in Long Beach."]
    with pytest.raises(UnknownQuestion), transaction():
        questions.answer(rsvp.participant_id, public_id, "Another.", at=factories.NOW)


def test_nobody_answers_what_another_was_asked() -> None:
    factories.event()
    asked, other = factories.pending(), factories.pending()
    with transaction():
        public_id = questions.ask(factories.decision(asked), WORDS).public_id
    with pytest.raises(UnknownQuestion), transaction():
        questions.answer(other.participant_id, public_id, "Me!", at=factories.NOW)


def test_a_decided_request_is_asked_nothing() -> None:
    factories.event()
    rsvp = factories.approved()
    with pytest.raises(MoveRefused), transaction():
        questions.ask(factories.decision(rsvp), WORDS)


def test_a_question_about_what_somebody_decided_meanwhile_is_not_asked() -> None:
    factories.event()
    rsvp = factories.pending()
    seen = factories.decision(rsvp)
    with transaction():
        rsvps.waitlist(seen)
    with pytest.raises(DecidedAlready), transaction():
        questions.ask(seen, WORDS)
    assert factories.letters("question") == []


def test_a_note_for_the_coordinators_reaches_no_letter() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.annotate(rsvp.public_id, "Ask Vanna first.", by=factories.COORDINATOR, at=factories.NOW)
    with transaction():
        rsvps.decline(factories.decision(rsvp))
    assert rsvp.note == "Ask Vanna first."
    assert not [letter for letter in factories.letters() if letter.content and "Vanna" in letter.content]
