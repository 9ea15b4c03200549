"""Say in plain words how a request or a letter stands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from rsvp.models.letter import LetterKind, LetterState
from rsvp.models.rsvp import State
from rsvp.services.replies import Outcome

STATES = {
    State.UNVERIFIED: _("not confirmed"),
    State.PENDING: _("waiting for a decision"),
    State.APPROVED: _("approved"),
    State.DECLINED: _("declined"),
    State.WAITLISTED: _("on the waiting list"),
    State.REVOKED: _("taken back"),
    State.WITHDRAWN: _("withdrawn"),
}
LETTER_STATES = {
    LetterState.QUEUED: _("waiting to be sent"),
    LetterState.SENDING: _("being sent"),
    LetterState.SENT: _("sent"),
    LetterState.DEFERRED: _("mail server not reached, will be tried again"),
    LetterState.FAILED: _("not delivered"),
    LetterState.BOUNCED: _("sent back by another mail server"),
    LetterState.SUPERSEDED: _("not sent: it wasn't true any more"),
}
LETTER_KINDS = {
    LetterKind.VERIFICATION: _("address confirmation"),
    LetterKind.RECEIPT: _("receipt"),
    LetterKind.INVITATION: _("invitation"),
    LetterKind.APPROVAL: _("approval without a time"),
    LetterKind.UPDATE: _("changed invitation"),
    LetterKind.CANCELLATION: _("cancellation"),
    LetterKind.REMINDER: _("reminder"),
    LetterKind.REGRET: _("question whether to withdraw"),
    LetterKind.WAITLISTING: _("waiting list"),
    LetterKind.DECLINE: _("decline"),
    LetterKind.QUESTION: _("question"),
    LetterKind.BROADCAST: _("letter to everybody with a place"),
    LetterKind.LINK: _("new link"),
    LetterKind.ADDRESS: _("confirmation of a new address"),
    LetterKind.MOVING: _("notice of a wish for another address"),
    LetterKind.MOVED: _("notice of another address"),
    LetterKind.DIGEST: _("digest"),
}
REPLIES = {
    "ACCEPTED": _("yes"),
    "TENTATIVE": _("maybe"),
    "DECLINED": _("no"),
}
OUTCOMES = {
    Outcome.RECORDED: _("answers of calendars"),
    Outcome.FOREIGN: _("answers about something else"),
    Outcome.FORGED: _("answers that weren't from the person invited"),
    Outcome.STALE: _("answers that came too late"),
    Outcome.MALFORMED: _("answers that couldn't be read"),
    Outcome.BOUNCED: _("letters sent back"),
    Outcome.OTHER: _("other mail"),
}


def init(app: Flask) -> None:
    """Give the words to the templates."""
    words = {
        "state_words": STATES,
        "letter_state_words": LETTER_STATES,
        "letter_kind_words": LETTER_KINDS,
        "reply_words": REPLIES,
        "outcome_words": OUTCOMES,
    }
    app.context_processor(lambda: words)
