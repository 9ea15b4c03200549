"""Write calendar objects that every calendar reads alike.

Takes values and returns bytes; knows no row, no request and no clock.
Source:  RFC 5545 (iCalendar), RFC 5546 (iTIP), RFC 7986 (CONFERENCE).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from icalendar import (
    Alarm,
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vRecur,
    vText,
)

from rsvp.times import in_zone, is_certain

PRODID = "-//Roundtable RSVP//Invitations//EN"
COLOR = "goldenrod"  # a CSS3 name, as RFC 7986 §5.9 asks
REFRESH = timedelta(hours=1)
REFRESH_WORDS = "PT1H"
ALARMS = (timedelta(days=-1), timedelta(minutes=-15))


class Method(StrEnum):
    """What a calendar object asks of who receives it (RFC 5546 §1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class Person:
    """A calendar user: the name shown and the address."""

    name: str
    email: str


@dataclass(frozen=True)
class Meeting:
    """One entry of one calendar. Instants are aware UTC, the length is in minutes."""

    uid: str
    sequence: int
    stamped_at: datetime
    created_at: datetime
    starts_at: datetime
    minutes: int
    zone: str
    title: str
    description: str
    location: str
    link: str | None
    organizer: Person
    attendee: Person | None
    is_cancelled: bool = False


@dataclass(frozen=True)
class _Rule:
    """One of the two yearly changes of a zone's clock."""

    name: str
    first: datetime
    month: int
    day: str
    before: timedelta
    after: timedelta


# The rules in force since 2007, written out: icalendar's own add_missing_timezones() lists single dates,
# which ical.js and vobject read an hour late. A zone that isn't here is written in UTC.
_RULES = {
    "America/New_York": (
        _Rule("EDT", datetime(2007, 3, 11, 2), 3, "2SU", timedelta(hours=-5), timedelta(hours=-4)),
        _Rule("EST", datetime(2007, 11, 4, 2), 11, "1SU", timedelta(hours=-4), timedelta(hours=-5)),
    )
}


_END_EVENT = b"END:VEVENT\r\n"
_END = b"END:VCALENDAR\r\n"


def build_invitation(meeting: Meeting) -> bytes:
    """Return the object that puts one meeting into one guest's calendar, or moves it there.

    Raises:  ValueError if the meeting has no attendee or no length.
    Source:  RFC 5546 §3.2.2 (REQUEST).
    """
    event = _addressed(meeting, Method.REQUEST)
    event.add("status", "CONFIRMED")
    return _calendar(Method.REQUEST, meeting, event, alarms=_alarms(meeting.title))


def build_cancellation(meeting: Meeting) -> bytes:
    """Return the object that takes a meeting out of one guest's calendar. It names no link but in the words given.

    Raises:  ValueError if the meeting has no attendee or no length.
    Source:  RFC 5546 §3.2.5 (CANCEL).
    """
    meeting = replace(meeting, link=None)
    event = _addressed(meeting, Method.CANCEL)
    event.add("status", "CANCELLED")
    return _calendar(Method.CANCEL, meeting, event)


def build_copy(meeting: Meeting) -> bytes:
    """Return the invitation's own entry for a guest to take into a calendar by hand: it asks nothing of anybody.

    Raises:  ValueError if the meeting has no length.
    Source:  RFC 5546 §3.2.1 (PUBLISH).
    """
    event = _event(meeting, "PRIVATE")
    event.add("status", "CONFIRMED")
    return _calendar(Method.PUBLISH, meeting, event, alarms=_alarms(meeting.title))


def build_schedule(name: str, meetings: Sequence[Meeting]) -> bytes:
    """Return a calendar for everybody. It names no attendee, and no link but in the words given.

    Source:  RFC 5546 §3.2.1 (PUBLISH), RFC 7986 §5 (NAME, REFRESH-INTERVAL, COLOR).
    """
    return _publication(name, [replace(meeting, link=None) for meeting in meetings], "PUBLIC")


def build_feed(name: str, meetings: Sequence[Meeting]) -> bytes:
    """Return one participant's calendar, with the links of what they may join. It names no attendee.

    Source:  as for `build_schedule`.
    """
    return _publication(name, meetings, "PRIVATE")


def _publication(name: str, meetings: Sequence[Meeting], visibility: str) -> bytes:
    calendar = _new_calendar(Method.PUBLISH)
    for key in ("name", "x-wr-calname"):
        # As TEXT: icalendar doesn't know either property, and would write their commas bare.
        calendar.add(key, vText(name))
    calendar.add("color", COLOR)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH_WORDS)
    # An object needs a component (RFC 5545 §3.6): one without events keeps the zones.
    for zone in sorted({meeting.zone for meeting in meetings} & set(_RULES) if meetings else _RULES):
        calendar.add_component(_timezone(zone))
    for meeting in meetings:
        event = _event(meeting, visibility)
        event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
        calendar.add_component(event)
    body: bytes = calendar.to_ical()
    return body


def _calendar(method: Method, meeting: Meeting, event: Event, *, alarms: bytes = b"") -> bytes:
    body: bytes = event.to_ical()
    return _head(method, meeting.zone) + body.removesuffix(_END_EVENT) + alarms + _END_EVENT + _END


@lru_cache(maxsize=64)
def _head(method: Method, zone: str) -> bytes:
    """Return all that stands before the event: the same in every invitation to a zone."""
    calendar = _new_calendar(method)
    if zone in _RULES:
        calendar.add_component(_timezone(zone))
    body: bytes = calendar.to_ical()
    return body.removesuffix(_END)


def _new_calendar(method: Method) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", method)
    return calendar


def _addressed(meeting: Meeting, method: Method) -> Event:
    if meeting.attendee is None:
        raise ValueError("an invitation needs an attendee")
    event = _event(meeting, "PRIVATE")
    event.add("attendee", _attendee(meeting.attendee, method))
    return event


def _event(meeting: Meeting, visibility: str) -> Event:
    if meeting.minutes <= 0:
        raise ValueError("an event needs a length over 0 minutes")
    event = Event()
    event.add("uid", meeting.uid)
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", meeting.stamped_at.astimezone(UTC))
    event.add("created", meeting.created_at.astimezone(UTC))
    event.add("last-modified", meeting.stamped_at.astimezone(UTC))
    _add_times(event, meeting)
    event.add("summary", meeting.title)
    event.add("organizer", _address(meeting.organizer))
    event.add("description", meeting.description)
    event.add("location", meeting.location)
    if meeting.link:
        event.add("url", meeting.link)
        # Conference(feature=[…]) would quote the comma and make one unknown feature of the two.
        features: dict[str, Any] = {"VALUE": "URI", "FEATURE": ["AUDIO", "VIDEO"]}
        event.add("conference", meeting.link, parameters=features)
    event.add("transp", "OPAQUE")
    event.add("class", visibility)
    return event


def _add_times(event: Event, meeting: Meeting) -> None:
    ends_at = meeting.starts_at + timedelta(minutes=meeting.minutes)
    for name, at in (("dtstart", meeting.starts_at), ("dtend", ends_at)):
        # In an hour that a clock change repeats, calendars disagree about which one is meant.
        if meeting.zone in _RULES and is_certain(at, meeting.zone):
            local = in_zone(at, meeting.zone).replace(tzinfo=None)
            event.add(name, local, parameters={"TZID": meeting.zone})
        else:
            event.add(name, at.astimezone(UTC))


def _address(person: Person) -> vCalAddress:
    # A plain string would lose its mailto:.
    address = vCalAddress(f"mailto:{person.email}")
    # A double quote can't stand in a parameter but as ^' (RFC 6868), which older calendars show as it is.
    address.params["CN"] = vText(person.name.replace('"', "'"))
    return address


def _attendee(person: Person, method: Method) -> vCalAddress:
    address = _address(person)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    if method == Method.REQUEST:
        address.params["PARTSTAT"] = "NEEDS-ACTION"
        address.params["RSVP"] = "TRUE"
    return address


@lru_cache(maxsize=64)
def _alarms(title: str) -> bytes:
    """Return the alarms: the same for every guest who reads that title."""
    alarms = []
    for trigger in ALARMS:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", title)
        alarm.add("trigger", trigger)
        alarms.append(alarm.to_ical())
    return b"".join(alarms)


def _timezone(zone: str) -> Timezone:
    timezone = Timezone()
    timezone.add("tzid", zone)
    for part, rule in zip((TimezoneDaylight(), TimezoneStandard()), _RULES[zone], strict=True):
        part.add("dtstart", rule.first)
        part.add("rrule", vRecur({"FREQ": "YEARLY", "BYMONTH": rule.month, "BYDAY": rule.day}))
        part.add("tzoffsetfrom", rule.before)
        part.add("tzoffsetto", rule.after)
        part.add("tzname", rule.name)
        timezone.add_component(part)
    return timezone
