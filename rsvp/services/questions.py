"""Ask a guest about their request, and take the answer: the request waits on, and stands as it stood.

Decides nothing about places.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import select

from rsvp import tokens
from rsvp.db import db
from rsvp.errors import MoveRefused, Refusal
from rsvp.models.letter import LetterKind
from rsvp.models.question import Question
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import journal, letters, links, outbox, rsvps

ASKABLE = (State.PENDING, State.WAITLISTED)


class UnknownQuestion(Refusal):
    """The guest was asked no such question, or has answered it."""

    message = _("This question has been answered already.")


class AnsweredTooLate(Refusal):
    """The request that the question is about has been decided."""

    message = _("The coordinator has decided meanwhile. How it stands now is written below.")


def ask(decision: rsvps.Decision, words: str) -> Question:
    """Write to the guest; the answer comes back on their places page. Until its letter leaves it can be taken back.

    Raises:  DecidedAlready, MoveRefused when the request is decided, UnknownRsvp.
    """
    rsvp = rsvps.claim(decision)
    if rsvp.state not in ASKABLE:
        raise MoveRefused
    question = Question(
        public_id=tokens.new_public_id(), rsvp=rsvp, words=words, asked_at=decision.at, asked_by=decision.by
    )
    db.session.add(question)
    journal.record("question", f"rsvp:{rsvp.public_id}", by=decision.by, at=decision.at)
    letter = letters.send(LetterKind.QUESTION, rsvp, at=decision.at, enclosed=letters.Enclosed(question=words))
    letter.due_at = decision.at + decision.undo
    if decision.undo:
        rsvp.stay(until=letter.due_at)
    return question


def undo(decision: rsvps.Decision) -> Rsvp:
    """Take back what was done last about a request while its letter waits: a question of one's own, or a decision.

    Raises:  DecidedAlready, MoveRefused when its moment is over, UnknownRsvp.
    """
    held = rsvps.Held([decision.public_id])
    rsvp = rsvps.claim(decision, held)
    return _take_back(rsvp, decision) if rsvp.is_unmoved else rsvps.undo(decision, held)


def _take_back(rsvp: Rsvp, decision: rsvps.Decision) -> Rsvp:
    question = newest([rsvp.id]).get(rsvp.id)
    if question is None or question.asked_by != decision.by:
        raise MoveRefused
    rsvp.go_back(at=decision.at)
    outbox.take_back(LetterKind.QUESTION, [rsvp.id], written_at=question.asked_at)
    links.forget(rsvp.participant_id, made_at=question.asked_at)
    db.session.delete(question)
    journal.record("question_undoing", f"rsvp:{rsvp.public_id}", by=decision.by, at=decision.at)
    return rsvp


def answer(participant_id: int, public_id: str, words: str, *, at: datetime) -> Question:
    """Keep a guest's answer, once, while it may help to decide.

    Raises:  UnknownQuestion, AnsweredTooLate.
    """
    question = next((asked for asked in of_participant(participant_id) if asked.public_id == public_id), None)
    if question is None or question.answered_at is not None:
        raise UnknownQuestion
    if question.rsvp.told(at=at) not in ASKABLE:
        raise AnsweredTooLate
    question.answer, question.answered_at = words, at
    return question


def of_participant(participant_id: int) -> list[Question]:
    """Return everything that a guest was asked, the oldest first."""
    chosen = select(Question).join(Rsvp).where(Rsvp.participant_id == participant_id).order_by(Question.id)
    return list(db.session.scalars(chosen))


def told(participant_id: int, *, at: datetime) -> list[Question]:
    """Return what a guest was asked as far as they may know: what can be taken back is nobody's news yet."""
    asked = of_participant(participant_id)
    last = {question.rsvp_id: question for question in asked}
    return [question for question in asked if not (question is last[question.rsvp_id] and _waits(question, at))]


def _waits(question: Question, at: datetime) -> bool:
    rsvp = question.rsvp
    return rsvp.is_unmoved and rsvp.undo_until is not None and at < rsvp.undo_until


def newest(rsvp_ids: Sequence[int]) -> dict[int, Question]:
    """Return the newest question about each request, by the request's id."""
    chosen = select(Question).where(Question.rsvp_id.in_(rsvp_ids)).order_by(Question.id)
    return {question.rsvp_id: question for question in db.session.scalars(chosen)}
