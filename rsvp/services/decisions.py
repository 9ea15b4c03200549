"""Decide about many requests at once: each by itself, so that one that can't be decided doesn't stop the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.rsvp import Rsvp
from rsvp.services import rsvps
from rsvp.services.rsvps import Decision, UnknownRsvp


class Act(StrEnum):
    """What can be decided about many at once."""

    APPROVAL = "approval"
    DECLINE = "decline"
    WAITLISTING = "waitlisting"
    UNDOING = "undoing"  # of decisions made a moment ago


@dataclass(frozen=True)
class Result:
    """What became of one decision: `refusal` says why it didn't happen."""

    decision: Decision
    rsvp: Rsvp | None
    refusal: Refusal | None = None


def decide(act: Act, decisions: list[Decision], *, reason: str | None = None) -> list[Result]:
    """Decide each request, with one reason for all, and say what became of each, in the order given."""
    verb = _verbs(reason)[act]
    results = {decision: _one(verb, decision) for decision in _in_order_of_locks(decisions)}
    return [results[decision] for decision in decisions]


def _verbs(reason: str | None) -> Mapping[Act, Callable[[Decision], Rsvp]]:
    return {
        Act.APPROVAL: rsvps.approve,
        Act.DECLINE: lambda decision: rsvps.decline(decision, reason=reason),
        Act.WAITLISTING: rsvps.waitlist,
        Act.UNDOING: rsvps.undo,
    }


def _one(verb: Callable[[Decision], Rsvp], decision: Decision) -> Result:
    """Decide one. A verb refuses before it writes anything, so nothing has to be taken back."""
    try:
        return Result(decision, verb(decision))
    except UnknownRsvp as refusal:
        return Result(decision, None, refusal)
    except Refusal as refusal:
        return Result(decision, rsvps.named(decision.public_id), refusal)


def _in_order_of_locks(decisions: list[Decision]) -> list[Decision]:
    """Return the decisions by event, then by request: two coordinators with the same rows never wait for each other."""
    known = select(Rsvp.public_id, Rsvp.event_id, Rsvp.id).where(
        Rsvp.public_id.in_([decision.public_id for decision in decisions])
    )
    order = {public_id: (event_id, rsvp_id) for public_id, event_id, rsvp_id in db.session.execute(known)}
    return sorted(decisions, key=lambda decision: order.get(decision.public_id, (0, 0)))
