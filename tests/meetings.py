"""Calendar objects to look at: meetings to write, and the plain lines of what was written."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from rsvp import ics
from rsvp.ics import Meeting, Method, Person

JULY = datetime(2025, 7, 12, 20, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 13, 21, tzinfo=UTC)
# The days on which Washington's clocks change, before and after the change. The third ends in the hour that
# comes twice.
CHANGES = (
    datetime(2026, 3, 8, 5, 30, tzinfo=UTC),
    datetime(2026, 3, 8, 20, tzinfo=UTC),
    datetime(2026, 11, 1, 4, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 21, tzinfo=UTC),
)
UNKNOWN_ZONE = "Customized Time Zone"
LINK = "https://zoom.example/j/123?pwd=a1,b;c"

TITLES = {
    "en": "Transnational Repression: Assassinations and Forced Repatriation of Exiled Dissidents",
    "km": "ការគាបសង្កត់ឆ្លងដែន៖ ការធ្វើឃាត និងការធ្វើមាតុភូមិនិវត្តន៍ដោយបង្ខំរបស់អ្នកប្រឆាំងនិរទេស",
}
DESCRIPTIONS = {
    "en": f"Saturday, 12 July 2025; 4:00 PM, Washington.\n\n{LINK}\n\nQuestions: write to us.",
    "km": f"ថ្ងៃសៅរ៍ ទី១២ ខែកក្កដា\u200bឆ្នាំ២០២៥ ម៉ោង ៤ ល្ងាច\n\n{LINK}\n\nបើមានសំណួរ សូមសរសេរ។",
}
NAMES = {"en": "Sok Dara", "km": "សុខ\u200bដារ៉ា"}

# What a calendar may say of a meeting to whoever must not, or need not, come in.
QUIET = {
    "en": {"location": "Online (Zoom)", "description": "Saturday, 12 July 2025.\n\nQuestions: write to us."},
    "km": {"location": "តាមអ៊ីនធឺណិត (Zoom)", "description": "ថ្ងៃសៅរ៍ ទី១២ ខែកក្កដា\u200bឆ្នាំ២០២៥\n\nបើមានសំណួរ សូមសរសេរ។"},
}


@dataclass(frozen=True)
class Kind:
    """One of the objects that leave the service, and what a calendar must read in it."""

    build: Callable[[Meeting], bytes]
    method: Method
    status: str = "CONFIRMED"
    sequence: int = 3
    alarms: int = 0
    is_addressed: bool = False  # names the guest
    is_quiet: bool = False  # names no link


def _updated(meeting: Meeting) -> bytes:
    later = meeting.stamped_at + timedelta(days=1)
    return ics.build_invitation(replace(meeting, sequence=meeting.sequence + 1, stamped_at=later))


def _cancelled(meeting: Meeting) -> bytes:
    later = meeting.stamped_at + timedelta(days=2)
    return ics.build_cancellation(replace(meeting, sequence=meeting.sequence + 2, stamped_at=later))


def _schedule(meeting: Meeting) -> bytes:
    return ics.build_schedule("A series · កម្មវិធី", [meeting])


def _feed(meeting: Meeting) -> bytes:
    return ics.build_feed("My places", [meeting])


def _ended(meeting: Meeting) -> bytes:
    return ics.build_feed("កន្លែងរបស់ខ្ញុំ", [replace(meeting, link=None, is_cancelled=True)])


KINDS = {
    "request": Kind(ics.build_invitation, Method.REQUEST, alarms=2, is_addressed=True),
    "update": Kind(_updated, Method.REQUEST, sequence=4, alarms=2, is_addressed=True),
    "cancel": Kind(_cancelled, Method.CANCEL, "CANCELLED", sequence=5, is_addressed=True, is_quiet=True),
    "copy": Kind(ics.build_copy, Method.PUBLISH, alarms=2),
    "schedule": Kind(_schedule, Method.PUBLISH, is_quiet=True),
    "feed": Kind(_feed, Method.PUBLISH),
    "ended": Kind(_ended, Method.PUBLISH, "CANCELLED", is_quiet=True),
}


def written(kind: str, language: str = "en", **changes: object) -> bytes:
    """Return the bytes of one kind of object about a meeting in that language."""
    words = QUIET[language] if KINDS[kind].is_quiet else {}
    return KINDS[kind].build(meeting(language, **{**words, **changes}))


def meeting(language: str = "en", **changes: object) -> Meeting:
    """Return a meeting with everything that an invitation can hold."""
    facts: dict[str, object] = {
        "uid": "0123456789abcdef@example.org",
        "sequence": 3,
        "stamped_at": datetime(2025, 7, 2, 9, 30, tzinfo=UTC),
        "created_at": datetime(2025, 7, 1, 12, tzinfo=UTC),
        "starts_at": JULY,
        "minutes": 120,
        "zone": "America/New_York",
        "title": TITLES[language],
        "description": DESCRIPTIONS[language],
        "location": LINK,
        "link": LINK,
        "organizer": Person("Nalen Smith", "nalen.smith@example.org"),
        "attendee": Person(NAMES[language], "guest@example.org"),
    }
    return Meeting(**(facts | changes))  # type: ignore[arg-type]


def ends_at(starts_at: datetime) -> datetime:
    """Return when a meeting that begins then is over."""
    return starts_at + timedelta(minutes=120)


def lines(body: bytes) -> list[str]:
    """Return the content lines, unfolded (RFC 5545 §3.1)."""
    return body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def properties(body: bytes, component: str = "VEVENT") -> dict[str, str]:
    """Return what stands in the first such component itself, by property name, parameters and value together."""
    found: dict[str, str] = {}
    inside: list[str] = []
    for line in lines(body):
        name = re.split("[;:]", line, maxsplit=1)[0]
        if name == "BEGIN":
            inside.append(line.removeprefix("BEGIN:"))
        elif name == "END":
            if inside.pop() == component:
                return found
        elif inside[-1] == component:
            assert name not in found, f"{name} is there twice"
            found[name] = line.removeprefix(name)
    raise LookupError(component)


def under_an_unknown_zone(body: bytes) -> bytes:
    """Return the object with its zone renamed, so that only the rules inside it can tell the instants.

    The name is one that Exchange gives: node-ical looks into the rules of such a zone only.
    """
    renamed = body.replace(b"TZID:America/New_York", b"TZID:" + UNKNOWN_ZONE.encode())
    return renamed.replace(b"TZID=America/New_York", b"TZID=" + UNKNOWN_ZONE.encode())
