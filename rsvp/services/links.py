"""Hand out the secret links in letters, and open what a link opens.

Only digests are stored; a link that is wrong, old, revoked or for something else opens nothing.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

import config
from rsvp import tokens
from rsvp.db import db
from rsvp.models.letter import Letter, LetterState
from rsvp.models.participant import Participant
from rsvp.models.token import Purpose, Token
from rsvp.services import locks

LIFETIMES = {
    Purpose.PLACES: timedelta(days=180),
    Purpose.FEED: timedelta(days=365),
}


def issue(participant: Participant, purpose: Purpose, *, at: datetime) -> str:
    """Return a new token of 256 random bits for that one purpose."""
    token, digest = tokens.new_token()
    expires_at = at + lifetime(purpose)
    db.session.add(Token(digest=digest, purpose=purpose, participant=participant, created_at=at, expires_at=expires_at))
    return token


def lifetime(purpose: Purpose) -> timedelta:
    """Return how long a link works; one that proves an address works as long as what waits for the proof is kept."""
    if purpose in (Purpose.VERIFICATION, Purpose.ADDRESS):
        return timedelta(hours=config.current().unverified_hours)
    return LIFETIMES[purpose]


def open_link(token: str, purpose: Purpose, *, at: datetime) -> Participant | None:
    """Return whose link it is, or None for every link that doesn't open this purpose now."""
    found = _find(token)
    return found.participant if found and found.opens(purpose, at=at) else None


def hold_link(token: str, purpose: Purpose, *, at: datetime) -> Participant | None:
    """Do what `open_link` does for an act: its owner is held, and still there, until the transaction ends.

    The owner is held before the link's own row, as everybody holds people first: who erases them takes both.
    """
    found = _find(token)
    owner = locks.hold_person(found.participant_id) if found is not None and found.opens(purpose, at=at) else None
    if owner is None:
        return None
    now = _find(token)  # the owner may have got a newer link while this waited
    return owner if now is not None and now.opens(purpose, at=at) else None


def use_link(token: str, purpose: Purpose, *, at: datetime) -> Participant | None:
    """Open a link that works once: afterwards it opens nothing."""
    owner = hold_link(token, purpose, at=at)
    if owner is not None:
        db.session.execute(update(Token).where(Token.digest == tokens.digest(token)).values(used_at=at))
    return owner


def is_used(token: str, purpose: Purpose, *, at: datetime) -> bool:
    """Whether a link worked once and its time isn't over, so that its owner can be told instead of left alone."""
    found = _find(token)
    return found is not None and found.used_at is not None and found.is_for(purpose, at=at)


def revoke(participant: Participant, purpose: Purpose, *, at: datetime) -> None:
    """End every link of that purpose that the participant holds."""
    held = (Token.participant_id == participant.id, Token.purpose == purpose, Token.revoked_at.is_(None))
    db.session.execute(update(Token).where(*held).values(revoked_at=at))


def forget(participant_id: int, *, made_at: datetime) -> None:
    """Let nothing remain of a letter's links to the participant's page, where every letter of its instant is void."""
    written = (Letter.participant_id == participant_id, Letter.created_at == made_at)
    stands = select(Letter.id).where(*written, or_(Letter.state != LetterState.SUPERSEDED, Letter.attempts > 0))
    made = (Token.participant_id == participant_id, Token.purpose == Purpose.PLACES, Token.created_at == made_at)
    db.session.execute(delete(Token).where(*made, ~stands.exists()))


def is_held(participant: Participant, purpose: Purpose, *, at: datetime) -> bool:
    """Whether the participant holds a link of that purpose that works."""
    chosen = select(Token.id).where(
        Token.participant_id == participant.id,
        Token.purpose == purpose,
        Token.revoked_at.is_(None),
        Token.expires_at > at,
    )
    return db.session.scalars(chosen.limit(1)).one_or_none() is not None


def verification_url(token: str, language: str) -> str:
    """Return the address of the page whose button proves an address."""
    return f"{config.current().base_url}/{language}/verifications/{token}"


def address_url(token: str, language: str) -> str:
    """Return the address of the page whose button moves somebody to a new address."""
    return f"{config.current().base_url}/{language}/addresses/{token}"


def lost_url(language: str) -> str:
    """Return the address of the form that sends the link to one's own page again."""
    return f"{config.current().base_url}/{language}/links/new"


def feed_url(token: str, language: str) -> str:
    """Return the address of the participant's own calendar."""
    return f"{config.current().base_url}/{language}/feeds/{token}.ics"


def places_url(token: str, language: str) -> str:
    """Return the address of the participant's own page."""
    return f"{config.current().base_url}/{language}/places/{token}"


def _find(token: str) -> Token | None:
    """Return a link's row as it stands now."""
    chosen = select(Token).where(Token.digest == tokens.digest(token))
    return db.session.scalars(chosen, execution_options={"populate_existing": True}).one_or_none()
