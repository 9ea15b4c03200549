"""Point out what the coordinator may want to look at twice before deciding. Hints, never verdicts.

They are worked out when somebody looks, kept nowhere, and no request is sorted or refused by them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from disposable_email_domains import blocklist
from sqlalchemy import exists, func, select

from rsvp.db import db
from rsvp.models.participant import Participant
from rsvp.models.past_decline import PastDecline
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import participants, searches

# What stands before the @ and behind it.
Address = tuple[str, str]

BURST = timedelta(minutes=10)
BURST_REQUESTS = 8


class Hint(StrEnum):
    """What was noticed."""

    DECLINED_BEFORE = "declined before"
    MOVED = "moved"  # letters go to another address than when it was decided
    NEAR_ANOTHER = "near another"  # an address like somebody else's
    DISPOSABLE = "disposable"  # an address that anybody gets for an hour
    BURST = "burst"  # many requests came in around this one
    REFERRER_KNOWN = "referrer known"  # who they name has a place
    REFERRER_REFUSED = "referrer refused"
    REFERRER_UNKNOWN = "referrer unknown"  # who they name never asked here


@dataclass(frozen=True)
class Noticed:
    """One hint, and the people whom it is about beside the one who asks."""

    hint: Hint
    people: tuple[Participant, ...] = ()


def of(rsvp: Rsvp) -> list[Noticed]:
    """Return what there is to notice about a request."""
    person = rsvp.participant
    noticed = [
        Noticed(Hint.DECLINED_BEFORE) if _was_declined(rsvp) else None,
        Noticed(Hint.MOVED) if _has_moved_since(rsvp) else None,
        Noticed(Hint.DISPOSABLE) if person.email.rpartition("@")[2].casefold() in blocklist else None,
        Noticed(Hint.BURST) if _requests_around(rsvp) >= BURST_REQUESTS else None,
        *_about_others(person),
    ]
    return [found for found in noticed if found is not None]


def _was_declined(rsvp: Rsvp) -> bool:
    """Whether this address was refused or shut out before, here or in what was erased since."""
    past = exists().where(PastDecline.email_index == rsvp.participant.email_index)
    refused = exists().where(
        Rsvp.participant_id == rsvp.participant_id,
        Rsvp.id != rsvp.id,
        Rsvp.state.in_((State.DECLINED, State.REVOKED)),
    )
    return bool(db.session.scalar(select(past | refused)))


def _has_moved_since(rsvp: Rsvp) -> bool:
    """Whether the person moved to another address after a coordinator decided about them."""
    moved_at = rsvp.participant.moved_at
    return moved_at is not None and rsvp.decided_at is not None and rsvp.decided_at <= moved_at


def _requests_around(rsvp: Rsvp) -> int:
    """Return how many people asked within ten minutes of this request, before or after."""
    first, last = rsvp.requested_at - BURST, rsvp.requested_at + BURST
    people = select(func.count(Rsvp.participant_id.distinct())).where(Rsvp.requested_at.between(first, last))
    return db.session.scalar(people) or 0


def _about_others(person: Participant) -> list[Noticed | None]:
    """Compare the person with everybody else: once for all that is asked of others."""
    emails = participants.everybody(Participant.email)
    near = [id for id in _near(_bare(person.email), emails) if id != person.id]
    named = searches.folded(person.referrer or "").split()
    names = participants.everybody(Participant.name) if named else {}
    referrers = [id for id, name in names.items() if searches.folded(name).split() == named and id != person.id]
    return [
        Noticed(Hint.NEAR_ANOTHER, _people(near)) if near else None,
        Noticed(_standing(referrers), _people(referrers)) if named else None,
    ]


def _people(ids: list[int]) -> tuple[Participant, ...]:
    return tuple(db.session.scalars(select(Participant).where(Participant.id.in_(ids)).order_by(Participant.id)))


def _standing(ids: list[int]) -> Hint:
    states = set(db.session.scalars(select(Rsvp.state).where(Rsvp.participant_id.in_(ids))))
    if State.APPROVED in states:
        return Hint.REFERRER_KNOWN
    return Hint.REFERRER_REFUSED if states & {State.DECLINED, State.REVOKED} else Hint.REFERRER_UNKNOWN


def _near(email: Address, others: dict[int, str]) -> Iterator[int]:
    """Return whose addresses reach the same person at many providers, or differ by one slip of a finger."""
    local, domain = email
    for id, other in others.items():
        other_local, other_domain = _bare(other)
        if (other_domain == domain and _is_slip(local, other_local)) or (
            other_local == local and _is_slip(domain, other_domain)
        ):
            yield id


def _bare(email: str) -> Address:
    """Return an address without what many providers ignore: capitals, what follows a plus, dots in the name."""
    local, _, domain = email.casefold().rpartition("@")
    return local.partition("+")[0].replace(".", ""), domain


def _is_slip(one: str, other: str) -> bool:
    """Whether two words are the same, or one edit apart. Where both halves differ there are more, found out at once."""
    short = min(len(one), len(other))
    half = max(0, short - 2) // 2
    is_half = one[:half] == other[:half] or one[len(one) - half :] == other[len(other) - half :]
    return one == other or (is_half and abs(len(one) - len(other)) <= 1 and _is_one_edit_away(one, other))


def _is_one_edit_away(one: str, other: str) -> bool:
    """Whether one letter more, less or other, or two swapped, make one word the other."""
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    return (
        rest[1:] == other_rest[1:]
        or rest[1:] == other_rest
        or rest == other_rest[1:]
        or (rest[1::-1] == other_rest[:2] and rest[2:] == other_rest[2:])
    )
