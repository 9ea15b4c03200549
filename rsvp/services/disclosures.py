"""Tell a participant all that is held about them, and until when: the page and the file say the same.

Each column of theirs is either in `HELD`, and told, or in `WITHHELD` with the reason; a test knows every column.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from rsvp.db import Base, db
from rsvp.models.invitation import Invitation
from rsvp.models.letter import Letter, LetterState
from rsvp.models.participant import Participant
from rsvp.models.past_decline import PastDecline
from rsvp.models.question import Question
from rsvp.models.reminder import Reminder
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Token
from rsvp.services import erasures, places, questions, retention

HELD = {
    "participant": ("name", "email", "language", "zone", "country", "organisation", "referrer", "message")
    + ("created_at", "verified_at", "verification_at", "moved_at", "proposed_at"),
    "rsvp": ("state", "requested_at", "asked_again_at", "decided_at", "reason", "opened_at", "attended_at"),
    "question": ("words", "asked_at", "answer", "answered_at"),
    "invitation": ("starts_at", "minutes", "created_at", "stamped_at", "partstat", "replied_at"),
    "reminder": ("starts_at", "minutes", "written_at"),
    "letter": ("kind", "language", "state", "attempts", "created_at", "due_at", "sent_at"),
    "token": ("purpose", "email", "created_at", "expires_at", "revoked_at", "used_at"),
    "past_decline": ("declined_at",),
}

_INTERNAL = "a number or name of the service's own, which says nothing of anybody"
_ELSEWHERE = "is told as what it points to"
_DIGEST = "made from what is told, and of no use without the service's key"
WITHHELD = {
    "participant.id": _INTERNAL,
    "participant.public_id": _INTERNAL,
    "participant.email_index": _DIGEST,
    "participant.proposed": "is told as `proposed_details`",
    "participant.added_by": "is told as whether a coordinator added them; which one is that coordinator's own",
    "rsvp.id": _INTERNAL,
    "rsvp.public_id": _INTERNAL,
    "rsvp.participant_id": _ELSEWHERE,
    "rsvp.event_id": _ELSEWHERE,
    "rsvp.version": _INTERNAL,
    "rsvp.decided_by": "a coordinator's name at the desk, which is that coordinator's own",
    "rsvp.note": "coordinators' notes for each other: the page says that there may be some, and whom to ask",
    "rsvp.undo_state": "holds for seconds, while a decision can be taken back",
    "rsvp.undo_until": "holds for seconds, while a decision can be taken back",
    "question.id": _INTERNAL,
    "question.public_id": _INTERNAL,
    "question.rsvp_id": _ELSEWHERE,
    "question.asked_by": "a coordinator's name at the desk, which is that coordinator's own",
    "invitation.id": _INTERNAL,
    "invitation.rsvp_id": _ELSEWHERE,
    "invitation.uid": "names the entry in their own calendar",
    "invitation.sequence": "counts the versions of the entry in their own calendar",
    "invitation.method": "is told by how the request stands",
    "invitation.told": _DIGEST,
    "invitation.first_message_id": _INTERNAL,
    "reminder.id": _INTERNAL,
    "reminder.rsvp_id": _ELSEWHERE,
    "letter.id": _INTERNAL,
    "letter.public_id": _INTERNAL,
    "letter.participant_id": _ELSEWHERE,
    "letter.rsvp_id": _ELSEWHERE,
    "letter.recipient": "their address, kept only until the letter has left",
    "letter.content": "what stands in the letter, kept only until it has left; it may hold links",
    "letter.leased_until": "holds for minutes, while the letter is being sent",
    "letter.error": "the mail server's words about a letter in trouble, kept only for days",
    "token.id": _INTERNAL,
    "token.digest": _DIGEST,
    "token.text": "opens a page: it stands in their letters only",
    "token.participant_id": _ELSEWHERE,
    "token.rsvp_id": _ELSEWHERE,
    "past_decline.id": _INTERNAL,
    "past_decline.email_index": _DIGEST,
}


@dataclass(frozen=True)
class Request:
    """One request with what belongs to it. What may still be taken back isn't told, nor what it made."""

    rsvp: Rsvp
    state: State
    decided_at: datetime | None
    reason: str | None
    questions: tuple[Question, ...]
    invitation: Invitation | None
    reminders: tuple[Reminder, ...]


@dataclass(frozen=True)
class Disclosure:
    """All that is held about one participant. `is_waiting` says that `kept_until` moves once an event gets its time.

    `mark_until` tells how long a digest of the address would stay if everything were erased now; None for not.
    """

    participant: Participant
    kept_until: datetime
    is_waiting: bool
    mark_until: datetime | None
    past_refusal: PastDecline | None
    past_refusal_until: datetime | None
    requests: tuple[Request, ...]
    letters: tuple[Letter, ...]
    links: tuple[Token, ...]

    @property
    def proposed(self) -> dict[str, str | None]:
        """What a form said that nobody has confirmed."""
        found: dict[str, str | None] = json.loads(self.participant.proposed or "{}")
        return found


def of(participant: Participant, *, at: datetime) -> Disclosure:
    """Return all that is held about a participant at that instant."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id).order_by(Rsvp.id).options(joinedload(Rsvp.event))
    rsvps = list(db.session.scalars(held))
    told = [rsvp for rsvp in rsvps if places.told(rsvp, at=at) == rsvp.state]
    asked, asked_of_them = questions.told(participant.id, at=at), questions.of_participant(participant.id)
    fresh = {rsvp.decided_at for rsvp in rsvps if rsvp not in told}
    fresh |= {question.asked_at for question in asked_of_them if question not in asked}
    written = select(Letter).where(Letter.participant_id == participant.id).order_by(Letter.id)
    made = select(Token).where(Token.participant_id == participant.id).order_by(Token.id)
    earlier = erasures.past_refusal(participant, at=at)
    return Disclosure(
        participant=participant,
        kept_until=retention.kept_until(participant, at=at),
        is_waiting=retention.is_waiting(participant, at=at),
        mark_until=erasures.mark_until(participant, told, at=at),
        past_refusal=earlier,
        past_refusal_until=erasures.expiry(earlier) if earlier else None,
        requests=tuple(_request(rsvp, asked, at) for rsvp in rsvps),
        letters=tuple(letter for letter in db.session.scalars(written) if _is_told(letter, fresh)),
        links=tuple(link for link in db.session.scalars(made) if link.expires_at > at and not _is_news(link, fresh)),
    )


def as_data(told: Disclosure, *, at: datetime) -> dict[str, object]:
    """Return it as plain data for JSON. It holds no link, no id of ours and no coordinator's note."""
    person = told.participant
    return {
        "made_at": at.isoformat(),
        "kept_until": _instant(told.kept_until),
        "mark_kept_until_if_erased_now": _instant(told.mark_until),
        "details": _told(person) | {"added_by_a_coordinator": person.added_by is not None},
        "proposed_details": told.proposed,
        "requests": [_request_data(request) for request in told.requests],
        "letters": _all(told.letters),
        "links": [_told(token) | {"event": _event(token.rsvp)} for token in told.links],
        "past_refusal": _told(told.past_refusal) | {"kept_until": _instant(told.past_refusal_until)}
        if told.past_refusal
        else None,
    }


def _is_told(letter: Letter, fresh: Collection[datetime | None]) -> bool:
    """Whether a letter isn't news. One that nobody tried to send is nothing: what it said was taken back in time."""
    is_void = letter.state == LetterState.SUPERSEDED and letter.attempts == 0
    return not is_void and not _is_news(letter, fresh)


def _is_news(row: Letter | Token, fresh: Collection[datetime | None]) -> bool:
    """Whether a letter or link came of an act that may still be taken back: both are made in its instant."""
    return row.created_at in fresh


def _request(rsvp: Rsvp, asked: Iterable[Question], at: datetime) -> Request:
    state = places.told(rsvp, at=at)
    is_told = state == rsvp.state
    entry = select(Invitation).where(Invitation.rsvp_id == rsvp.id)
    reminded = select(Reminder).where(Reminder.rsvp_id == rsvp.id).order_by(Reminder.id)
    return Request(
        rsvp=rsvp,
        state=state,
        decided_at=rsvp.decided_at if is_told else None,
        reason=rsvp.reason if is_told else None,
        questions=tuple(question for question in asked if question.rsvp_id == rsvp.id),
        invitation=db.session.scalars(entry).one_or_none() if is_told else None,
        reminders=tuple(db.session.scalars(reminded)),
    )


def _request_data(request: Request) -> dict[str, object]:
    return _told(request.rsvp) | {
        "state": request.state,
        "decided_at": _instant(request.decided_at),
        "reason": request.reason,
        "event": _event(request.rsvp),
        "questions": _all(request.questions),
        "calendar_entry": _told(request.invitation) if request.invitation else None,
        "reminders": _all(request.reminders),
    }


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _event(rsvp: Rsvp | None) -> dict[str, object] | None:
    return {"slug": rsvp.event.slug, "title": rsvp.event.title} if rsvp else None


def _all(rows: Iterable[Base]) -> list[dict[str, object]]:
    return [_told(row) for row in rows]


def _told(row: Base) -> dict[str, object]:
    """Return what of a row is told."""
    values = {name: getattr(row, name) for name in HELD[row.__tablename__]}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
