"""Decide about many requests at once: each by itself, so that one that can't be decided doesn't stop the others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import joinedload

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
    verb, known = _verbs(reason)[act], _known(decisions)
    # By event, then by request: two coordinators with the same rows never wait for each other.
    order = {rsvp.public_id: (rsvp.event_id, rsvp.id) for rsvp in known}
    in_order = sorted(decisions, key=lambda decision: order.get(decision.public_id, (0, 0)))
    results = {decision: _one(verb, decision) for decision in in_order}
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


def _known(decisions: list[Decision]) -> list[Rsvp]:
    """Return the requests with their people, read at once."""
    named = select(Rsvp).where(Rsvp.public_id.in_([decision.public_id for decision in decisions]))
    return list(db.session.scalars(named.options(joinedload(Rsvp.participant))))
