"""Tell the desk about one person: their requests, what they were asked, and what was done, by whom and when."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.journal import JournalEntry
from rsvp.models.letter import Letter
from rsvp.models.question import Question
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import questions


@dataclass(frozen=True)
class History:
    """Everything about the person behind one request. `acts` is the journal, oldest first."""

    rsvp: Rsvp
    others: tuple[Rsvp, ...]
    questions: tuple[Question, ...]
    letters: tuple[Letter, ...]
    acts: tuple[JournalEntry, ...]


def of(rsvp: Rsvp) -> History:
    """Return the history of the person behind a request."""
    asked = select(Rsvp).where(Rsvp.participant_id == rsvp.participant_id, Rsvp.state != State.UNVERIFIED)
    theirs = list(db.session.scalars(asked.order_by(Rsvp.id).options(joinedload(Rsvp.event))))
    subjects = [f"rsvp:{one.public_id}" for one in theirs]
    acts = select(JournalEntry).where(JournalEntry.subject.in_(subjects)).order_by(JournalEntry.id)
    letters = select(Letter).where(Letter.participant_id == rsvp.participant_id).order_by(Letter.id)
    return History(
        rsvp=rsvp,
        others=tuple(one for one in theirs if one.id != rsvp.id),
        questions=tuple(questions.of_participant(rsvp.participant_id)),
        letters=tuple(db.session.scalars(letters)),
        acts=tuple(db.session.scalars(acts)),
    )
