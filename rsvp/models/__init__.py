"""Facts: one row each, with its columns and its legal moves. Knows no request, mail or clock."""

from rsvp.models.coordinator import Coordinator, Passkey, Role
from rsvp.models.event import Event
from rsvp.models.invitation import Invitation
from rsvp.models.journal import JournalEntry, JournalHead
from rsvp.models.letter import Letter
from rsvp.models.link_request import LinkRequest
from rsvp.models.participant import Participant
from rsvp.models.past_decline import PastDecline
from rsvp.models.programme import Programme
from rsvp.models.question import Question
from rsvp.models.reminder import Reminder
from rsvp.models.rsvp import Rsvp
from rsvp.models.tally import Tally
from rsvp.models.token import Token

__all__ = [
    "Coordinator",
    "Event",
    "Invitation",
    "JournalEntry",
    "JournalHead",
    "Letter",
    "LinkRequest",
    "Participant",
    "Passkey",
    "PastDecline",
    "Programme",
    "Question",
    "Reminder",
    "Role",
    "Rsvp",
    "Tally",
    "Token",
]
