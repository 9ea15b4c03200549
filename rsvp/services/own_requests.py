"""Do what guests ask for on their own page: ask for more, ask again, withdraw; each event by itself.

No proof of the address is needed there: who came by the page's link has given it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from rsvp import tokens
from rsvp.db import db
from rsvp.errors import EventClosed, EventOver, MoveRefused, Refusal
from rsvp.models.event import Event
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Mover, Rsvp, State
from rsvp.services import letters, locks, places, rsvps

# Who asks, withdraws and asks again fills nobody's mailbox.
RECEIPTS_A_DAY = 5
DAY = timedelta(days=1)


class CalledOff(EventClosed):
    """The event doesn't take place."""

    message = _("This event doesn't take place.")


class RequestsClosed(EventClosed):
    """The coordinator takes no more requests for the event."""

    message = _("Requests for this event are closed.")


class Settled(Refusal):
    """The coordinator has said no, or took the place back: only they open the request again."""

    message = _("The coordinator has decided about this one. To ask again, please write to the coordinator.")


class DecidedMeanwhile(Refusal):
    """The coordinator decided between the page that the guest saw and their button."""

    message = _("The coordinator has decided meanwhile. How it stands now is written below.")


class BeingDecided(Refusal):
    """The coordinator has decided, and may take it back for some seconds yet."""

    message = _("The coordinator is deciding about it right now. Please look again in a minute.")


class NeverAsked(Refusal):
    """The guest has no such request, or there is no such event."""

    message = _("We don't find one of the events. Please choose again.")


@dataclass(frozen=True)
class Refused:
    """One event for which it couldn't be done, and why. `event` is None for one that isn't known."""

    event: Event | None
    refusal: Refusal


@dataclass(frozen=True)
class Outcome:
    """What became of one act about several events. What stood so already is in neither list.

    `letter` tells the guest, if there is one.
    """

    done: tuple[Rsvp, ...]
    refused: tuple[Refused, ...]
    letter: Letter | None = None


Verb = Callable[[Participant, Event, datetime], Rsvp | None]


def ask(participant: Participant, slugs: Iterable[str], *, at: datetime) -> Outcome:
    """Bring requests to the desk at once; a letter lists those that are new there, but no more than a few a day."""
    outcome = _each(participant, slugs, _ask, at=at)
    if not outcome.done or _receipts(participant, since=at - DAY) >= RECEIPTS_A_DAY:
        return outcome
    return replace(outcome, letter=letters.send_receipt(participant, list(outcome.done), at=at))


def withdraw(participant: Participant, slugs: Iterable[str], *, at: datetime) -> Outcome:
    """Give up requests and places; those that can't be given up any more don't keep the others."""
    return _each(participant, slugs, _withdraw, at=at)


def _receipts(participant: Participant, *, since: datetime) -> int:
    theirs = (Letter.participant_id == participant.id, Letter.kind == LetterKind.RECEIPT, Letter.created_at > since)
    return db.session.scalar(select(func.count()).select_from(Letter).where(*theirs)) or 0


def _each(participant: Participant, slugs: Iterable[str], verb: Verb, *, at: datetime) -> Outcome:
    wanted = set(slugs)
    events = _hold(participant, wanted)
    unknown = wanted - {event.slug for event in events}
    done: list[Rsvp] = []
    refused = [Refused(None, NeverAsked())] if unknown else []
    for event in events:
        try:
            moved = verb(participant, event, at)
        except NeverAsked as refusal:
            refused.append(Refused(None, refusal))
        except Refusal as refusal:
            refused.append(Refused(event, refusal))
        else:
            done += [moved] if moved else []
    return Outcome(tuple(done), tuple(refused))


def _hold(participant: Participant, slugs: set[str]) -> list[Event]:
    """Hold the guest, events, and the guest's requests for them: in this order, as everybody does."""
    db.session.refresh(participant, with_for_update={"key_share": True})
    events = locks.hold_events(slugs)
    known = select(Rsvp.public_id).where(Rsvp.participant_id == participant.id, Rsvp.event.has(Event.slug.in_(slugs)))
    locks.hold_rsvps(db.session.scalars(known).all())
    return events


def _ask(participant: Participant, event: Event, at: datetime) -> Rsvp | None:
    if not event.is_public:
        raise NeverAsked
    rsvp = _held(participant, event)
    if rsvp is not None and rsvp.state in (State.PENDING, State.WAITLISTED, State.APPROVED):
        return None
    if rsvp is not None and rsvp.state in (State.DECLINED, State.REVOKED):
        raise Settled if places.told(rsvp, at=at) == rsvp.state else BeingDecided
    _refuse_closed(event, at)
    rsvp = rsvp or _new(participant, event, at)
    rsvp.move(State.PENDING, by=Mover.PARTICIPANT)
    # It waits from now on: what was decided before it was withdrawn is no part of it.
    rsvp.requested_at, rsvp.asked_again_at = at, None
    rsvp.decided_at = rsvp.decided_by = rsvp.reason = None
    return rsvp


def _withdraw(participant: Participant, event: Event, at: datetime) -> Rsvp | None:
    try:
        return rsvps.withdraw(participant.id, event.slug, at=at)
    except rsvps.UnknownRsvp:
        raise NeverAsked from None
    except MoveRefused:
        rsvp = _held(participant, event)
        if rsvp is not None and rsvp.state == State.WITHDRAWN:
            return None
        is_news = rsvp is None or places.told(rsvp, at=at) == rsvp.state
        raise (DecidedMeanwhile if is_news else BeingDecided) from None


def _held(participant: Participant, event: Event) -> Rsvp | None:
    """Return the participant's request as it stands, made a moment ago by the public form too."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id, Rsvp.event_id == event.id)
    return db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()


def _new(participant: Participant, event: Event, at: datetime) -> Rsvp:
    rsvp = Rsvp(
        public_id=tokens.new_public_id(),
        participant=participant,
        event=event,
        state=State.UNVERIFIED,
        version=0,
        requested_at=at,
    )
    db.session.add(rsvp)
    return rsvp


def _refuse_closed(event: Event, at: datetime) -> None:
    if event.is_cancelled:
        raise CalledOff
    if event.is_past(at):
        raise EventOver
    if not event.takes_requests(at):
        raise RequestsClosed
