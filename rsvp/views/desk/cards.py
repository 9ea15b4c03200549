"""What the desk shows of a request: a row in the list, and everything about the person beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from rsvp import languages
from rsvp.languages import LocalTime, local_time
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.participant import Participant
from rsvp.models.question import Question
from rsvp.models.rsvp import Mover, Rsvp, State, can_move
from rsvp.services import coordinators, deliveries, hints, histories, invitations, questions, rsvps
from rsvp.services.hints import Hint
from rsvp.views.desk.notices import undo_seconds
from rsvp.views.languages import current
from rsvp.views.states import LETTER_KINDS
from rsvp.zones import HOME

MOVES = {
    "approval": State.APPROVED,
    "decline": State.DECLINED,
    "waitlisting": State.WAITLISTED,
    "revocation": State.REVOKED,
    "reopening": State.PENDING,
}
WAITING = (State.PENDING, State.WAITLISTED)
HINTS = {
    Hint.DECLINED_BEFORE: _("A place was refused to this address before."),
    Hint.NEAR_ANOTHER: _("The address is almost the same as somebody else's:"),
    Hint.MOVED: _("They moved to another address after the decision. A letter sent there confirmed it."),
    Hint.DISPOSABLE: _("Anybody gets an address at this provider for an hour."),
    Hint.BURST: _("Many people asked within ten minutes of this request."),
    Hint.REFERRER_KNOWN: _("The person whom they name has a place:"),
    Hint.REFERRER_REFUSED: _("The person whom they name was refused a place:"),
    Hint.REFERRER_UNKNOWN: _("The person whom they name has no place here."),
}
ACTS = {
    "approval": _("approved"),
    "decline": _("declined"),
    "waitlisting": _("put on the waiting list"),
    "revocation": _("place taken back"),
    "reopening": _("reopened"),
    "undoing": _("decision taken back"),
    "question": _("question asked"),
    "question_undoing": _("question taken back"),
    "note": _("note written"),
    "addition": _("added by hand"),
    "resending": _("letter written anew"),
}


@dataclass(frozen=True)
class Row:
    """One request in the list."""

    rsvp: Rsvp
    title: str
    asked: LocalTime  # Washington time
    question: Question | None  # the newest


@dataclass(frozen=True)
class Act:
    """A line of the journal about the person: what was done, about which event, by whom, when."""

    words: object
    title: str
    by: str
    at: LocalTime


@dataclass(frozen=True)
class Asked:
    """A question with its answer, if there is one."""

    question: Question
    title: str
    at: LocalTime
    answered: LocalTime | None


@dataclass(frozen=True)
class Panel:
    """Everything about one request and the person behind it."""

    rsvp: Rsvp
    title: str
    language: str
    local: LocalTime | None  # the event in the person's zone
    home: LocalTime | None  # and in Washington
    asked: LocalTime
    moved: LocalTime | None  # when the person moved to the address that they have now
    taken: int
    letter: Letter | None
    opened: LocalTime | None  # when they first opened the meeting from their own page
    reply: str | None  # what their calendar answered (PARTSTAT)
    moves: frozenset[str]
    undo_seconds: int
    hints: Sequence[tuple[object, tuple[Participant, ...]]]
    others: Sequence[tuple[Rsvp, str]]
    together: Sequence[Rsvp]  # what of theirs waits for a decision, this request included
    questions: Sequence[Asked]
    acts: Sequence[Act]


def rows(found: Sequence[Rsvp]) -> list[Row]:
    """Return the rows of a list."""
    asked = questions.newest([rsvp.id for rsvp in found])
    return [Row(rsvp, title_of(rsvp), desk_time(rsvp.requested_at), asked.get(rsvp.id)) for rsvp in found]


def panel(rsvp: Rsvp) -> Panel:
    """Return everything about one request."""
    event, person, history = rsvp.event, rsvp.participant, histories.of(rsvp)
    waiting = [one for one in (rsvp, *history.others) if one.state in WAITING]
    return Panel(
        rsvp=rsvp,
        title=title_of(rsvp),
        language=languages.LANGUAGES[person.language],
        local=local_time(event.starts_at, person.zone, current()) if event.starts_at else None,
        home=desk_time(event.starts_at) if event.starts_at else None,
        asked=desk_time(rsvp.requested_at),
        moved=desk_time(person.moved_at) if person.moved_at else None,
        taken=rsvps.places_taken(event),
        letter=deliveries.newest([rsvp.id]).get(rsvp.id),
        opened=desk_time(rsvp.opened_at) if rsvp.opened_at else None,
        reply=invitations.replies([rsvp.id]).get(rsvp.id),
        moves=frozenset(act for act, to in MOVES.items() if can_move(State(rsvp.state), to, by=Mover.COORDINATOR)),
        undo_seconds=undo_seconds(rsvp),
        hints=[(HINTS[noticed.hint], noticed.people) for noticed in hints.of(rsvp)],
        others=[(one, title_of(one)) for one in history.others],
        together=waiting if rsvp.state in WAITING and len(waiting) > 1 else (),
        questions=[_asked(question) for question in history.questions],
        acts=_acts(history),
    )


def title_of(rsvp: Rsvp) -> str:
    """Return the event's title in the language of the page."""
    return languages.text(rsvp.event.title, current())


def desk_time(at: datetime) -> LocalTime:
    """Return an instant as the desk writes it: Washington time."""
    return local_time(at, HOME, current())


def who_decided(rsvp: Rsvp) -> str:
    """Return the address of who decided the request, or nothing."""
    return coordinators.emails().get(rsvp.decided_by or "", "")


def _asked(question: Question) -> Asked:
    answered = desk_time(question.answered_at) if question.answered_at else None
    return Asked(question, title_of(question.rsvp), desk_time(question.asked_at), answered)


def _acts(history: histories.History) -> list[Act]:
    who = coordinators.emails()
    titles = {f"rsvp:{one.public_id}": title_of(one) for one in (history.rsvp, *history.others)}
    return [
        Act(_act_words(act.act), titles[act.subject], who.get(act.by, act.by), desk_time(act.at))
        for act in reversed(history.acts)
    ]


def _act_words(act: str) -> str:
    """Return what was done; an act on a letter also names its kind."""
    kind, _space, letter = act.partition(" ")
    words = str(ACTS.get(kind, kind))
    return f"{words} ({LETTER_KINDS[LetterKind(letter)]})" if letter in set(LetterKind) else words
