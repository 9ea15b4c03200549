"""What a participant's own page shows of each request, in the reader's language and zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _

import config
from rsvp import calendar_links
from rsvp.languages import text
from rsvp.models.event import Event
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import joins, places
from rsvp.services.joins import Door
from rsvp.services.letters import PLACE
from rsvp.times import in_zone
from rsvp.views import guests
from rsvp.views.guests import EventCard
from rsvp.views.languages import current

SOON = timedelta(hours=1)


class Nearness(StrEnum):
    """How near an event is, as far as that changes what its guest should do."""

    NOW = "now"
    SOON = "soon"  # within the hour
    TODAY = "today"  # where the guest lives
    FAR = "far"


@dataclass(frozen=True)
class Calendars:
    """Addresses at which web calendars offer the entry. `tells_link` says that they learn the meeting's link too."""

    google: str
    outlook: str
    office: str
    tells_link: bool


@dataclass(frozen=True)
class PlaceCard:
    """One request as its participant sees it. `door` leads to the meeting for one that they may join only."""

    event: EventCard
    state: str
    reason: str | None
    nearness: Nearness
    door: Door
    calendars: Calendars | None
    is_late: bool
    can_withdraw: bool
    can_ask_again: bool


@dataclass(frozen=True)
class Board:
    """All requests in the order in which they matter: the next event first, what came to nothing and is past last."""

    next: PlaceCard | None
    coming: Sequence[PlaceCard]
    past: Sequence[PlaceCard]

    @property
    def cards(self) -> tuple[PlaceCard, ...]:
        """Every request."""
        return (*([self.next] if self.next else []), *self.coming, *self.past)

    @property
    def withdrawable(self) -> tuple[PlaceCard, ...]:
        """The requests and places that can be given up."""
        return tuple(card for card in self.cards if card.can_withdraw)


def board(participant: Participant, *, at: datetime) -> Board:
    """Return the participant's requests."""
    held = places.of(participant)
    joined = [rsvp for rsvp in held if places.may_join(rsvp, at=at) and rsvp.event.starts_at]
    following = joined[0] if joined else None
    coming = [rsvp for rsvp in held if rsvp is not following and not rsvp.event.is_past(at)]
    coming.sort(key=lambda rsvp: rsvp.event.is_cancelled or places.told(rsvp, at=at) in places.ENDED)
    past = [rsvp for rsvp in held if rsvp.event.is_past(at)]
    return Board(
        next=_card(following, at) if following else None,
        coming=[_card(rsvp, at) for rsvp in coming],
        past=[_card(rsvp, at) for rsvp in reversed(past)],
    )


def _card(rsvp: Rsvp, at: datetime) -> PlaceCard:
    event, zone, state = rsvp.event, rsvp.participant.zone, places.told(rsvp, at=at)
    door = joins.door(rsvp) if places.may_join(rsvp, at=at) else joins.CLOSED
    return PlaceCard(
        event=guests.card(event, zone=zone, at=at),
        state=state,
        reason=rsvp.reason if state in (State.DECLINED, State.REVOKED) else None,
        nearness=_nearness(event, zone, at),
        door=door,
        calendars=_calendars(event, door) if places.may_join(rsvp, at=at) else None,
        is_late=places.is_late(rsvp, at=at),
        can_withdraw=places.may_withdraw(rsvp, at=at),
        can_ask_again=places.may_ask_again(rsvp, at=at),
    )


def _calendars(event: Event, door: Door) -> Calendars | None:
    """Return where the entry is offered: with the link as invitations hold it, and no secret of a guarded event."""
    if event.starts_at is None:
        return None
    page = config.current().base_url + url_for("events.show", slug=event.slug)
    link = None if door.is_guarded else door.address
    entry = calendar_links.Entry(
        title=text(event.title, current()),
        starts_at=event.starts_at,
        minutes=event.minutes,
        location=link or PLACE[current()],
        details=(*_way_in(door), page),
    )
    return Calendars(
        google=calendar_links.google(entry),
        outlook=calendar_links.outlook(entry),
        office=calendar_links.office(entry),
        tells_link=link is not None,
    )


def _way_in(door: Door) -> list[str]:
    if door.is_guarded:
        return [_("The way into the meeting stands on your own page, which our letters lead to.")]
    if door.address is None:
        return [_("The link to the meeting comes by letter.")]
    # As Zoom says it everywhere; Khmer would make each of the addresses half a kilobyte longer.
    return [f"Zoom: {door.address}", *([f"Passcode: {door.passcode}"] if door.passcode else [])]


def _nearness(event: Event, zone: str, at: datetime) -> Nearness:
    if event.starts_at is None or event.is_past(at):
        return Nearness.FAR
    if event.starts_at <= at:
        return Nearness.NOW
    if event.starts_at - at <= SOON:
        return Nearness.SOON
    is_today = in_zone(event.starts_at, zone).date() == in_zone(at, zone).date()
    return Nearness.TODAY if is_today else Nearness.FAR
