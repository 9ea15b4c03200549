"""Take requests for places from the public form, and keep them until the address is proven.

Does the same for every address, known or not; what differs is said by letter only.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from sqlalchemy import select, update

from rsvp import tokens
from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Mover, Rsvp, State
from rsvp.models.token import Purpose
from rsvp.services import letters, links, locks, outbox, participants, preferences, proofs
from rsvp.services.participants import DETAILS

VERIFICATION_EVERY = timedelta(hours=24)


@dataclass(frozen=True)
class PlacesRequest:
    """What one form asks: who, in which language and zone, for which events (slugs)."""

    email: str
    events: tuple[str, ...]
    name: str
    language: str
    zone: str
    country: str | None = None
    organisation: str | None = None
    referrer: str | None = None
    message: str | None = None

    @property
    def details(self) -> dict[str, str | None]:
        """What it says about the person: columns of a participant."""
        return {name: getattr(self, name) for name in DETAILS}


class ChangedMeanwhile(Refusal):
    """What waits for the proof isn't what its owner was shown."""

    message = _("Another form with your address came in just now. Please look again before you confirm.")


@dataclass(frozen=True)
class Waiting:
    """What waits for the proof of an address: the details by name, and the requests."""

    details: dict[str, str | None]
    rsvps: tuple[Rsvp, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of everything that is shown, so that the button confirms just that."""
        facts = [self.details, sorted(rsvp.public_id for rsvp in self.rsvps)]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def receive(asked: PlacesRequest, *, at: datetime) -> None:
    """Keep a request, and write to the address for proof unless it was written to within a day.

    Past so many confirmations an hour for the whole service, a letter waits for its turn.
    """
    participant = _participant(asked, at=at)
    for event in open_events(at):
        if event.slug in asked.events:
            _ask(participant, event, at=at)
    ask_for_proof(participant, at=at)


def ask_for_proof(participant: Participant, *, at: datetime) -> None:
    """Write to the address for proof, unless it was written to within a day. A known and a new one cost the same."""
    draft = letters.write_verification(participant, at=at)
    if participant.verification_at is None or at - participant.verification_at >= VERIFICATION_EVERY:
        participant.verification_at = at
        _keep_waiting(participant, at=at)
        outbox.add(draft, at=at, due_at=proofs.turn(at))


def verify(token: str, *, shown: str, at: datetime) -> str | None:
    """Take the proof of an address: its requests go to the desk. Return a token for the places page.

    `shown` is the digest of what the page with the button showed. None for every token that doesn't open this.
    Raises:  ChangedMeanwhile when another form with that address came in after the page was shown.
    """
    participant = links.use_link(token, Purpose.VERIFICATION, at=at)
    if participant is None:
        return None
    rsvps = locks.hold_all_of(participant)
    db.session.refresh(participant, with_for_update={"key_share": True})
    if shown != waiting(participant, at=at).digest:
        raise ChangedMeanwhile
    _adopt(participant, rsvps, at=at)
    participant.verified_at = participant.verified_at or at
    participant.verification_at = None
    proven = asked_for(participant, at=at)
    for rsvp in proven:
        rsvp.move(State.PENDING, by=Mover.PARTICIPANT)
        # Who withdrew and asks again waits from then on, behind those who stayed.
        rsvp.requested_at, rsvp.asked_again_at = rsvp.asked_again_at or rsvp.requested_at, None
        rsvp.decided_at = rsvp.decided_by = rsvp.reason = None
    if proven:
        letters.send_receipt(participant, proven, at=at)
    return links.issue(participant, Purpose.PLACES, at=at)


def waiting(participant: Participant, *, at: datetime) -> Waiting:
    """Return all that a proof would bring to the desk: the newest form may not have been its owner's."""
    details = _held_details(participant) | json.loads(participant.proposed or "{}")
    if not preferences.may_rename(participant):
        details["name"] = participant.name
    return Waiting(details=details, rsvps=tuple(asked_for(participant, at=at)))


def asked_for(participant: Participant, *, at: datetime) -> list[Rsvp]:
    """Return the requests that wait for the proof of the address and can still be made."""
    held = select(Rsvp).where(Rsvp.participant_id == participant.id).order_by(Rsvp.id)
    return [rsvp for rsvp in db.session.scalars(held) if _waits(rsvp, at) and rsvp.event.takes_requests(at)]


def open_events(at: datetime) -> list[Event]:
    """Return the events that take requests, the next one first and those without a time last."""
    events = [event for event in db.session.scalars(select(Event)) if event.takes_requests(at)]
    return sorted(events, key=lambda event: (event.starts_at is None, event.starts_at or at, event.id))


def _waits(rsvp: Rsvp, at: datetime) -> bool:
    asked_at = rsvp.asked_again_at if rsvp.state == State.WITHDRAWN else rsvp.requested_at
    is_unproven = rsvp.state in (State.UNVERIFIED, State.WITHDRAWN)
    return is_unproven and asked_at is not None and at - asked_at < links.lifetime(Purpose.VERIFICATION)


def _keep_waiting(participant: Participant, *, at: datetime) -> None:
    """Keep what waits for the proof as long as the newest letter's link works: it says so."""
    theirs = update(Rsvp).where(Rsvp.participant_id == participant.id)
    db.session.execute(theirs.where(Rsvp.state == State.UNVERIFIED).values(requested_at=at))
    db.session.execute(theirs.where(Rsvp.asked_again_at.is_not(None)).values(asked_again_at=at))


def _participant(asked: PlacesRequest, *, at: datetime) -> Participant:
    """Find the participant or make a new one. A proven one's data stays as it is until proven again."""
    found = participants.find_or_make(asked.email, asked.details, at=at)
    if found.verified_at is None:
        for name, value in asked.details.items():
            setattr(found, name, value)
    else:
        found.proposed = json.dumps(asked.details, ensure_ascii=False)
        found.proposed_at = at
    return found


def _ask(participant: Participant, event: Event, *, at: datetime) -> None:
    known = select(Rsvp).where(Rsvp.participant_id == participant.id, Rsvp.event_id == event.id)
    rsvp = db.session.scalars(known).one_or_none()
    if rsvp is None:
        db.session.add(
            Rsvp(
                public_id=tokens.new_public_id(),
                participant=participant,
                event=event,
                state=State.UNVERIFIED,
                requested_at=at,
            )
        )
    elif rsvp.state == State.UNVERIFIED:
        rsvp.requested_at = at
    elif rsvp.state == State.WITHDRAWN:
        rsvp.asked_again_at = at


def _held_details(participant: Participant) -> dict[str, str | None]:
    return {name: getattr(participant, name) for name in DETAILS}


def _adopt(participant: Participant, rsvps: list[Rsvp], *, at: datetime) -> None:
    """Let what the last form said about a proven participant take effect, as if they had changed it on their page."""
    held, wanted = _held_details(participant), waiting(participant, at=at).details
    for name, value in wanted.items():
        setattr(participant, name, value)
    participant.proposed = participant.proposed_at = None
    if wanted != held:
        preferences.outdate(rsvps)
    if any(wanted[name] != held[name] for name in ("language", "zone")):
        preferences.renew_in_turn(rsvps, at=at)
