"""Say in plain words how a request or a letter stands."""

from flask import Flask
from flask_babel import lazy_gettext as _

from rsvp.models.letter import LetterKind, LetterState
from rsvp.models.rsvp import State

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
}
LETTER_KINDS = {
    LetterKind.VERIFICATION: _("address confirmation"),
    LetterKind.RECEIPT: _("receipt"),
    LetterKind.INVITATION: _("invitation"),
    LetterKind.APPROVAL: _("approval without a time"),
    LetterKind.UPDATE: _("changed invitation"),
    LetterKind.CANCELLATION: _("cancellation"),
    LetterKind.WAITLISTING: _("waiting list"),
    LetterKind.DECLINE: _("decline"),
}


def init(app: Flask) -> None:
    """Give the words to the templates."""
    words = {"state_words": STATES, "letter_state_words": LETTER_STATES, "letter_kind_words": LETTER_KINDS}
    app.context_processor(lambda: words)
