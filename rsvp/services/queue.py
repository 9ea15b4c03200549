"""Show the coordinator what there is to decide."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import joinedload

from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import searches

PAGE = 50
# As many as are shown, and decided, at once.
WHOLE = 1_000
WAITING = (State.PENDING, State.WAITLISTED)


class Order(StrEnum):
    """Which request comes first."""

    OLDEST = "oldest"
    NEWEST = "newest"
    EVENT = "event"


@dataclass(frozen=True)
class View:
    """What the coordinator wants to see: a state or all, one event (slug) or all, who matches some words."""

    state: State | None = State.PENDING
    event: str = ""
    words: str = ""
    order: Order | None = None

    @cached_property
    def people(self) -> list[int]:
        """The ids of who matches the words. Everybody's name is read to find them, so they are looked for once."""
        return searches.people(self.words)


def of(view: View, *, page: int = 1, rows: int = PAGE) -> list[Rsvp]:
    """Return one page of requests; unless told otherwise, what waits longest or was decided last comes first."""
    shown = select(Rsvp).where(*_conditions(view), _is_in(view.state)).order_by(*_order(view))
    shown = shown.limit(rows).offset((page - 1) * rows)
    return list(db.session.scalars(shown.options(joinedload(Rsvp.participant), joinedload(Rsvp.event))))


def counts(view: View) -> dict[str, int]:
    """Return how many requests stand in each state, of those that the view is about in any state.

    The unproven ones are nobody's work yet.
    """
    counted = select(Rsvp.state, func.count()).where(*_conditions(view), _is_in(None)).group_by(Rsvp.state)
    return dict(db.session.execute(counted).all())


def after(rsvp: Rsvp, view: View) -> Rsvp | None:
    """Return the request that comes after this one in a view; behind the last one, the first."""
    conditions, order = [*_conditions(view), _is_in(view.state), Rsvp.id != rsvp.id], _order(view)
    first = select(Rsvp).where(*conditions).order_by(*order).limit(1)
    if view.order in (None, Order.OLDEST) and view.state in WAITING:
        behind = first.where(tuple_(Rsvp.requested_at, Rsvp.id) > tuple_(rsvp.requested_at, rsvp.id))
        found = db.session.scalars(behind).one_or_none()
        if found is not None:
            return found
    return db.session.scalars(first).one_or_none()


def _conditions(view: View) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if view.event:
        conditions.append(Rsvp.event_id.in_(select(Event.id).where(Event.slug == view.event)))
    if view.words.strip():
        conditions.append(Rsvp.participant_id.in_(view.people))
    return conditions


def _is_in(state: State | None) -> ColumnElement[bool]:
    return Rsvp.state == state if state else Rsvp.state != State.UNVERIFIED


def _order(view: View) -> tuple[ColumnElement[Any], ...]:
    by_state = Order.OLDEST if view.state in WAITING else None
    match view.order or by_state:
        case Order.OLDEST:
            return Rsvp.requested_at.asc(), Rsvp.id.asc()
        case Order.NEWEST:
            return Rsvp.requested_at.desc(), Rsvp.id.desc()
        case Order.EVENT:
            return Rsvp.event_id.asc(), Rsvp.requested_at.asc(), Rsvp.id.asc()
        case _:
            return Rsvp.decided_at.desc().nulls_last(), Rsvp.id.desc()
