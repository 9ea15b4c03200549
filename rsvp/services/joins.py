"""Lead approved guests to their meeting: by its own address, or by a page of their own that opens it when it begins.

The one place that says which address a guest is told. Where an event is guarded, nothing but that page ever holds the
meeting's own address, and the page does so for as long as the guest has the place and the meeting is near.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, delete, select, update

import config
from rsvp import tokens
from rsvp.db import db
from rsvp.models.event import Event
from rsvp.models.rsvp import Rsvp, State
from rsvp.models.token import Purpose, Token

# How long before the start the page opens the meeting.
EARLY = timedelta(minutes=30)
# How long the page can be found after the event. The guest's data is erased much earlier, and the page with it.
LIFE = timedelta(days=365)

_OF = (
    select(Token)
    .where(Token.rsvp_id == bindparam("wanted"), Token.purpose == Purpose.JOIN, Token.revoked_at.is_(None))
    .order_by(Token.id.desc())
    .limit(1)
)


class Stage(StrEnum):
    """What the page of a guest has to say at an instant."""

    CALLED_OFF = "called off"
    UNTIMED = "untimed"  # the time is open again
    EARLY = "early"
    OPEN = "open"
    LINKLESS = "linkless"  # it should be open, and the meeting's address isn't known yet
    OVER = "over"


@dataclass(frozen=True)
class Door:
    """The address that a guest is told of a meeting, if there is one yet, and the passcode that it asks for.

    A guarded one is the guest's own page.
    """

    address: str | None = None
    passcode: str | None = None
    is_guarded: bool = False


CLOSED = Door()


def door(rsvp: Rsvp) -> Door:
    """Return what letters, calendars and pages tell an approved guest. Reads only."""
    if not rsvp.event.is_guarded:
        return Door(rsvp.event.link, rsvp.event.passcode)
    token = _of(rsvp)
    return _to(token) if token else CLOSED


def prepare(rsvp: Rsvp, *, at: datetime) -> Door:
    """Return what `door` does, and see that the guest has a page where the event is guarded, for long enough.

    Every version of an invitation repeats one address: a calendar that gets the same SEQUENCE again ignores another.
    """
    if not rsvp.event.is_guarded:
        return door(rsvp)
    token = _of(rsvp) or _issue(rsvp, at=at)
    token.expires_at = max(at, rsvp.event.ends_at or at) + LIFE
    return _to(token)


def end(rsvp: Rsvp, *, at: datetime) -> None:
    """End the page of a guest who has no place any more; a later approval makes another."""
    held = (Token.rsvp_id == rsvp.id, Token.purpose == Purpose.JOIN, Token.revoked_at.is_(None))
    db.session.execute(update(Token).where(*held).values(revoked_at=at))


def forget(rsvp: Rsvp, *, newer_than: datetime | None) -> None:
    """Let nothing remain of a page that was made after the guest's newest letter: nobody has heard of it."""
    made = [Token.rsvp_id == rsvp.id, Token.purpose == Purpose.JOIN]
    unheard = [Token.created_at > newer_than] if newer_than else []
    db.session.execute(delete(Token).where(*made, *unheard))


def revive(rsvp: Rsvp, *, ended_at: datetime | None) -> None:
    """Let the page live that a decision ended which is taken back before anybody hears of it: their letter names it.

    One that something else ended stays so. The caller sees that its guest hasn't moved to another address since.
    """
    theirs = (Token.rsvp_id == rsvp.id, Token.purpose == Purpose.JOIN, Token.revoked_at == ended_at)
    db.session.execute(update(Token).where(*theirs).values(revoked_at=None))


def named(token: str, *, at: datetime) -> Rsvp | None:
    """Return the approved request whose page it is, or None for every link that opens no such page now.

    An approval that may still be taken back opens nothing.
    """
    found = db.session.scalars(select(Token).where(Token.digest == tokens.digest(token))).one_or_none()
    if found is None or not found.opens(Purpose.JOIN, at=at):
        return None
    rsvp = found.rsvp
    return rsvp if rsvp is not None and rsvp.state == rsvp.told(at=at) == State.APPROVED else None


def hold(token: str, *, at: datetime) -> Rsvp | None:
    """Return what `named` does, its row held until the transaction ends: a place that is taken back isn't opened."""
    found = named(token, at=at)
    if found is None:
        return None
    chosen = select(Rsvp).where(Rsvp.id == found.id, Rsvp.state == State.APPROVED)
    fresh = {"populate_existing": True}
    held = db.session.scalars(chosen.with_for_update(of=Rsvp), execution_options=fresh).one_or_none()
    return held if held is not None and held.told(at=at) == State.APPROVED else None


def stage(event: Event, *, at: datetime) -> Stage:
    """Return what a page for that event has to say."""
    if event.is_cancelled:
        return Stage.CALLED_OFF
    if event.starts_at is None:
        return Stage.UNTIMED
    if event.is_past(at):
        return Stage.OVER
    if at < event.starts_at - EARLY:
        return Stage.EARLY
    return Stage.OPEN if event.link else Stage.LINKLESS


def opens_at(event: Event) -> datetime | None:
    """Return from when the pages of an event open its meeting, None while its time is unknown."""
    return event.starts_at - EARLY if event.starts_at else None


def pass_through(rsvp: Rsvp, *, at: datetime) -> bool:
    """Let a guest in if the meeting is open, and keep when they first came; from where isn't kept."""
    if stage(rsvp.event, at=at) != Stage.OPEN:
        return False
    rsvp.opened_at = rsvp.opened_at or at
    return True


def _of(rsvp: Rsvp) -> Token | None:
    return db.session.scalars(_OF, {"wanted": rsvp.id}).one_or_none()


def _issue(rsvp: Rsvp, *, at: datetime) -> Token:
    text, digest = tokens.new_token()
    token = Token(
        digest=digest,
        text=text,
        purpose=Purpose.JOIN,
        participant=rsvp.participant,
        rsvp=rsvp,
        created_at=at,
        expires_at=at + LIFE,
    )
    db.session.add(token)
    return token


def _to(token: Token) -> Door:
    language = token.participant.language
    return Door(f"{config.current().base_url}/{language}/join/{token.text}", is_guarded=True)
