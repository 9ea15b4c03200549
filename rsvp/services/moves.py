"""Move a guest to another address: it is proven by a letter first, and the old one is told."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from rsvp import tokens
from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.letter import WAITING, Letter, LetterKind, LetterState
from rsvp.models.participant import Participant
from rsvp.models.token import Purpose, Token
from rsvp.services import addresses, handovers, letters, links, locks, participants, preferences, proofs

DAY = timedelta(days=1)
TRIES_PER_DAY = 3
# What a link in a letter to the old address opened or would prove, and what somebody made by it: whoever reads that
# mailbox is nobody's guest.
ENDED = (Purpose.PLACES, Purpose.VERIFICATION, Purpose.JOIN, Purpose.FEED)
# What these open has ended.
POINTLESS = (LetterKind.VERIFICATION, LetterKind.LINK)
# These are for the address that they name: an entry leaves the calendar that it is in.
FOR_THAT_ADDRESS = (LetterKind.CANCELLATION, LetterKind.ADDRESS, LetterKind.MOVING, LetterKind.MOVED)

UNSENT = (LetterState.QUEUED, LetterState.DEFERRED)


class TooManyTries(Refusal):
    """A guest named too many addresses in a day."""

    message = _("You have named three addresses today. Please try again tomorrow.")


class AddressTaken(Refusal):
    """Somebody proved the new address for requests of their own: two people's requests aren't put together."""

    message = _("Requests were made with this address already, so yours can't move to it.")


def is_another(participant: Participant, email: str) -> bool:
    """Whether it isn't the participant's own address, however written."""
    return addresses.index(email) != participant.email_index


def ask(participant: Participant, email: str, *, at: datetime) -> str | None:
    """Begin a move to another address, which is to be proven by the returned token, and tell the address that holds.

    None for the address that is asked for already. Whether anybody is known at it isn't looked at.
    Raises:  TooManyTries.
    """
    db.session.refresh(participant, with_for_update={"key_share": True})
    if addresses.index(waiting(participant, at=at) or "") == addresses.index(email):
        return None
    theirs = (Token.participant_id == participant.id, Token.purpose == Purpose.ADDRESS)
    lately = select(func.count()).select_from(Token).where(*theirs, Token.created_at > at - DAY)
    if (db.session.scalar(lately) or 0) >= TRIES_PER_DAY:
        raise TooManyTries
    end(participant, at=at)
    letters.send_moving(participant, at=at)
    token = links.issue(participant, Purpose.ADDRESS, at=at)
    made = select(Token).where(Token.digest == tokens.digest(token))
    db.session.scalars(made).one().email = email
    return token


def send_proof(participant: Participant, email: str, token: str, *, at: datetime) -> Letter:
    """Write to the address that is asked for; past so many such letters an hour it waits for its turn."""
    url = links.address_url(token, participant.language)
    return letters.send_address_proof(participant, email, url, at=at, due_at=proofs.turn(at))


def end(participant: Participant, *, at: datetime) -> bool:
    """End a move that waits for its proof, and take its letter back if it hasn't left; return whether there was one."""
    is_waiting = waiting(participant, at=at) is not None
    links.revoke(participant, Purpose.ADDRESS, at=at)
    _forget(participant)
    _take_back(participant, (LetterKind.ADDRESS,))
    return is_waiting


def waiting(participant: Participant, *, at: datetime) -> str | None:
    """Return the address that waits for its proof, or None."""
    theirs = (Token.participant_id == participant.id, Token.purpose == Purpose.ADDRESS)
    chosen = select(Token).where(*theirs, Token.email.is_not(None)).order_by(Token.id.desc()).limit(1)
    token = db.session.scalars(chosen).one_or_none()
    return token.email if token and token.opens(Purpose.ADDRESS, at=at) else None


def adopt(token: str, *, at: datetime) -> str | None:
    """Take the new address that a link proves; return a token for the places page.

    None for every token that doesn't open this.
    Raises:  AddressTaken.
    """
    email = named(token, at=at)
    participant = links.use_link(token, Purpose.ADDRESS, at=at)
    if participant is None or email is None:
        return None
    db.session.refresh(participant, with_for_update={"key_share": True})
    old = participant.email
    for purpose in ENDED:
        links.revoke(participant, purpose, at=at)
    participant.verification_at = None
    _take_back(participant, POINTLESS)
    _take(participant, email)  # before any event is held: it may wait for who takes the same address
    rsvps = locks.hold_all_of(participant)
    _forget(participant)
    participant.moved_at = at
    _readdress(participant, email)
    letters.send_moved(participant, old, at=at)
    preferences.outdate(rsvps)
    preferences.renew(rsvps, at=at)
    return links.issue(participant, Purpose.PLACES, at=at)


def named(token: str, *, at: datetime) -> str | None:
    """Return the address that a link would prove, or None for every link that proves none now."""
    found = db.session.scalars(select(Token).where(Token.digest == tokens.digest(token))).one_or_none()
    return found.email if found and found.opens(Purpose.ADDRESS, at=at) else None


def _take(participant: Participant, email: str) -> None:
    other = participants.find(email)
    if other is not None and other.id != participant.id:
        if other.verified_at is not None:
            raise AddressTaken
        handovers.hand_over(other, participant)
    try:
        with db.session.begin_nested():
            participant.email, participant.email_index = email, addresses.index(email)
    except IntegrityError:
        raise AddressTaken from None


def _forget(participant: Participant) -> None:
    """Forget which addresses were to be proven."""
    theirs = (Token.participant_id == participant.id, Token.purpose == Purpose.ADDRESS)
    db.session.execute(update(Token).where(*theirs).values(email=None))


def _readdress(participant: Participant, email: str) -> None:
    """Send what still waits to the new address: the old one may be what keeps it from leaving.

    So goes a letter in a worker's hands, should it come back from there or be left by a worker that died.
    """
    theirs = update(Letter).where(Letter.participant_id == participant.id, Letter.state.in_(WAITING))
    db.session.execute(theirs.where(Letter.kind.not_in(FOR_THAT_ADDRESS)).values(recipient=email))


def _take_back(participant: Participant, kinds: Collection[LetterKind]) -> None:
    theirs = (Letter.participant_id == participant.id, Letter.state.in_(UNSENT), Letter.kind.in_(kinds))
    emptied = {"state": LetterState.SUPERSEDED, "recipient": None, "content": None, "error": None}
    db.session.execute(update(Letter).where(*theirs).values(**emptied))
