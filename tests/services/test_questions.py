"""Questions about a request, and their answers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready, MoveRefused
from rsvp.models import JournalEntry, Rsvp
from rsvp.models.letter import LetterState
from rsvp.services import decisions, journal, outbox, questions, rsvps
from rsvp.services.decisions import Act
from rsvp.services.questions import UnknownQuestion
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer

pytestmark = pytest.mark.usefixtures("app")

WORDS = "Who in the community knows you?"
UNDO, SECOND = timedelta(seconds=10), timedelta(seconds=1)


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


def ask(rsvp: Rsvp, clock: Moment, *, by: str = factories.COORDINATOR, words: str = WORDS) -> None:
    with transaction():
        seen = factories.decision(db.session.merge(rsvp), at=clock.now(), by=by)
        questions.ask(replace(seen, undo=UNDO), words)


def undo(rsvp: Rsvp, clock: Moment, *, by: str = factories.COORDINATOR) -> Rsvp:
    with transaction():
        return questions.undo(factories.decision(db.session.merge(rsvp), at=clock.now(), by=by))


def letter_states() -> list[str]:
    db.session.expire_all()
    return [letter.state for letter in factories.letters("question")]


@pytest.fixture
def waiting(mail_server: MailServer, clock: Moment) -> Rsvp:
    """A request on the waiting list, whose letters have left."""
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.waitlist(factories.decision(rsvp))
    outbox.deliver(clock.now)
    return rsvp


def test_a_questions_letter_waits_ten_seconds_and_its_words_as_long(waiting: Rsvp, clock: Moment) -> None:
    ask(waiting, clock)
    clock.at += UNDO - SECOND
    outbox.deliver(clock.now)
    assert letter_states() == [LetterState.QUEUED]
    assert questions.told(waiting.participant_id, at=clock.now()) == []
    clock.at += SECOND
    outbox.deliver(clock.now)
    assert letter_states() == [LetterState.SENT]
    assert [asked.words for asked in questions.told(waiting.participant_id, at=clock.now())] == [WORDS]


def test_a_question_taken_back_was_never_asked_and_the_request_stands_as_it_stood(waiting: Rsvp, clock: Moment) -> None:
    before = (waiting.state, waiting.decided_at, waiting.decided_by)
    ask(waiting, clock)
    after = undo(waiting, clock)
    assert (after.state, after.decided_at, after.decided_by) == before
    clock.at += UNDO
    outbox.deliver(clock.now)
    assert letter_states() == [LetterState.SUPERSEDED]
    assert questions.of_participant(after.participant_id) == []
    assert [entry.act for entry in db.session.query(JournalEntry)][-2:] == ["question", "question_undoing"]
    assert journal.broken() is None


def test_an_earlier_question_stays_when_a_later_one_is_taken_back(waiting: Rsvp, clock: Moment) -> None:
    ask(waiting, clock)
    clock.at += UNDO
    ask(waiting, clock, words="And since when?")
    undo(waiting, clock)
    assert [asked.words for asked in questions.told(waiting.participant_id, at=clock.now())] == [WORDS]
    outbox.deliver(clock.now)
    assert letter_states() == [LetterState.SENT, LetterState.SUPERSEDED]


def test_a_question_is_taken_back_in_its_moment_by_who_asked_it(waiting: Rsvp, clock: Moment) -> None:
    ask(waiting, clock)
    with pytest.raises(MoveRefused):
        undo(waiting, clock, by="another")
    clock.at += UNDO
    with pytest.raises(MoveRefused):
        undo(waiting, clock)


def test_a_decision_after_a_question_is_what_is_taken_back(waiting: Rsvp, clock: Moment) -> None:
    ask(waiting, clock)
    with transaction():
        rsvps.approve(replace(factories.decision(db.session.merge(waiting), at=clock.now()), undo=UNDO))
    assert undo(waiting, clock).state == "waitlisted"
    assert [asked.words for asked in questions.of_participant(waiting.participant_id)] == [WORDS]


def test_taking_back_a_list_of_decisions_leaves_a_question_alone(waiting: Rsvp, clock: Moment) -> None:
    ask(waiting, clock)
    with transaction():
        seen = factories.decision(db.session.merge(waiting), at=clock.now())
        [result] = decisions.decide(Act.UNDOING, [seen])
    assert isinstance(result.refusal, MoveRefused)
    assert len(questions.of_participant(waiting.participant_id)) == 1


def test_a_note_for_the_coordinators_reaches_no_letter() -> None:
    factories.event()
    rsvp = factories.pending()
    with transaction():
        rsvps.annotate(rsvp.public_id, "Ask Vanna first.", by=factories.COORDINATOR, at=factories.NOW)
    with transaction():
        rsvps.decline(factories.decision(rsvp))
    assert rsvp.note == "Ask Vanna first."
    assert not [letter for letter in factories.letters() if letter.content and "Vanna" in letter.content]
