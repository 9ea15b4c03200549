"""Write a letter anew that has not reached its reader: the same matter, the same calendar entry, a new Message-ID."""

from datetime import datetime

from rsvp.errors import Refusal
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import invitations, journal, letters


class NotResendable(Refusal):
    """The letter isn't true any more, or isn't about a request."""


# What each kind is true of.
TRUE_OF = {
    LetterKind.DECLINE: (State.DECLINED,),
    LetterKind.WAITLISTING: (State.WAITLISTED,),
    LetterKind.CANCELLATION: (State.REVOKED, State.WITHDRAWN),
}


def resend(letter: Letter, *, by: str, at: datetime) -> Letter:
    """Write to the same person about the same matter as it stands now.

    Raises:  NotResendable.
    """
    if letter.rsvp is None:
        raise NotResendable
    journal.record(f"resending {letter.kind}", f"rsvp:{letter.rsvp.public_id}", by=by, at=at)
    return _write(LetterKind(letter.kind), letter.rsvp, at=at)


def _write(kind: LetterKind, rsvp: Rsvp, *, at: datetime) -> Letter:
    if kind == LetterKind.CANCELLATION and rsvp.state in TRUE_OF[kind]:
        return invitations.resend_cancellation(rsvp, at=at)
    if kind in TRUE_OF and rsvp.state in TRUE_OF[kind]:
        return letters.send(kind, rsvp, at=at)
    if rsvp.state == State.APPROVED and not rsvp.event.is_cancelled and kind not in TRUE_OF:
        return invitations.resend(rsvp, at=at)
    raise NotResendable
