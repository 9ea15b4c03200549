"""Decide about many requests at once: each by itself, so that one that can't be decided doesn't stop the others."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.rsvp import Rsvp
from rsvp.services import rsvps
from rsvp.services.rsvps import Decision, Held

Verb = Callable[[Decision, Held], Rsvp]
# Written together: their letters are let go of before the next are written.
TOGETHER = 100


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
    verb, held = _verbs(reason)[act], Held(decision.public_id for decision in decisions)
    # Who asked first is decided first, whatever the order of the list.
    order = {public_id: number for number, public_id in enumerate(held.rsvps)}
    in_order = sorted(decisions, key=lambda decision: order.get(decision.public_id, 0))
    results: dict[Decision, Result] = {}
    for some in _chunks(in_order):
        # Nothing asks for what another's decision wrote: it goes to the database together.
        with db.session.no_autoflush:
            results |= {decision: _one(verb, decision, held) for decision in some}
        db.session.flush()
    return [results[decision] for decision in decisions]


def _chunks(decisions: list[Decision]) -> Iterator[list[Decision]]:
    return (decisions[start : start + TOGETHER] for start in range(0, len(decisions), TOGETHER))


def _verbs(reason: str | None) -> Mapping[Act, Verb]:
    return {
        Act.APPROVAL: rsvps.approve,
        Act.DECLINE: lambda decision, held: rsvps.decline(decision, held, reason=reason),
        Act.WAITLISTING: rsvps.waitlist,
        Act.UNDOING: rsvps.undo,
    }


def _one(verb: Verb, decision: Decision, held: Held) -> Result:
    """Decide one. A verb refuses before it writes anything, so nothing has to be taken back."""
    try:
        return Result(decision, verb(decision, held))
    except Refusal as refusal:
        return Result(decision, held.rsvps.get(decision.public_id), refusal)
