"""What other people's calendars understand of an invitation: vobject, ical.js and node-ical.

The parser that wrote it proves nothing, and neither does one that knows the zone by its name: each object is
read a second time with its zone renamed, so that only the rules inside it can tell the instant.
"""

import json
import subprocess
from datetime import UTC, datetime
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import vobject

from rsvp.ics import Method
from tests import meetings

SCRIPT = Path(__file__).with_name("parsers.cjs")
PARSERS = ("vobject", "ical.js", "node-ical")
STARTS = (meetings.JULY, meetings.DECEMBER, *meetings.CHANGES)
ZONES = ("America/New_York", meetings.UNKNOWN_ZONE, "Asia/Phnom_Penh")

Case = tuple[Method, str, datetime, str]
CASES: tuple[Case, ...] = tuple(product(meetings.BUILDERS, meetings.NAMES, STARTS, ZONES))
AWKWARD = 'Sok, Dara; "D" : the 1st\\2nd'


def _name(case: Case | str) -> str:
    return case if isinstance(case, str) else "-".join((case[0], case[1], f"{case[2]:%d%b%Hh}", case[3].split("/")[-1]))


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_calendar_shows_the_instant_that_was_meant(case: Case, parser: str) -> None:
    understood = _understood(parser, case)
    assert understood["starts"] == case[2]
    assert understood["ends"] == meetings.ends_at(case[2])


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_calendar_recognises_the_entry_and_what_is_asked_of_it(case: Case, parser: str) -> None:
    understood = _understood(parser, case)
    assert (understood["uid"], understood["sequence"]) == ("0123456789abcdef@example.org", 3)
    assert understood["method"] == case[0]
    assert understood["status"] == ("CONFIRMED" if case[0] == Method.REQUEST else "CANCELLED")
    assert understood["alarms"] == (2 if case[0] == Method.REQUEST else 0)


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_calendar_shows_the_words_of_the_guests_language_whole(case: Case, parser: str) -> None:
    understood = _understood(parser, case)
    assert understood["summary"] == meetings.TITLES[case[1]]
    assert understood["description"] == meetings.DESCRIPTIONS[case[1]]
    assert understood["attendees"] == [(meetings.NAMES[case[1]], "mailto:guest@example.org")]


@pytest.mark.parametrize("parser", PARSERS)
def test_a_name_full_of_punctuation_leaves_the_address_and_the_title_whole(parser: str) -> None:
    understood = _awkward_as_understood(parser)
    assert [address for _, address in understood["attendees"]] == ["mailto:guest@example.org"]
    assert understood["summary"] == AWKWARD


# node-ical ends a name at its first semicolon, quoted or not.
@pytest.mark.parametrize("parser", ["vobject", "ical.js"])
def test_a_name_full_of_punctuation_is_shown_whole(parser: str) -> None:
    assert _awkward_as_understood(parser)["attendees"][0][0] == AWKWARD.replace('"', "'")


def _awkward_as_understood(parser: str) -> dict[str, Any]:
    return _by_vobject(_awkward()) if parser == "vobject" else _by_node()[parser]["awkward"]


def _understood(parser: str, case: Case) -> dict[str, Any]:
    return _by_vobject(_body(case)) if parser == "vobject" else _by_node()[parser][_name(case)]


@cache
def _body(case: Case) -> bytes:
    method, language, starts_at, zone = case
    if zone == meetings.UNKNOWN_ZONE:
        return meetings.under_an_unknown_zone(_body((method, language, starts_at, "America/New_York")))
    return meetings.BUILDERS[method](meetings.meeting(language, starts_at=starts_at, zone=zone))


@cache
def _awkward() -> bytes:
    guest = meetings.Person(AWKWARD, "guest@example.org")
    return meetings.BUILDERS[Method.REQUEST](meetings.meeting(title=AWKWARD, attendee=guest))


def _by_vobject(body: bytes) -> dict[str, Any]:
    calendar = vobject.readOne(body.decode())
    event = calendar.vevent
    return {
        "method": calendar.method.value,
        "starts": event.dtstart.value.astimezone(UTC),
        "ends": event.dtend.value.astimezone(UTC),
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "status": event.status.value,
        "summary": event.summary.value,
        "description": event.description.value,
        "attendees": [(attendee.params["CN"][0], attendee.value) for attendee in event.attendee_list],
        "alarms": len(event.contents.get("valarm", [])),
    }


@cache
def _by_node() -> dict[str, dict[str, dict[str, Any]]]:
    texts = {_name(case): _body(case).decode() for case in CASES} | {"awkward": _awkward().decode()}
    answer = subprocess.run(["node", SCRIPT], input=json.dumps(texts), capture_output=True, text=True, check=True)
    return {
        parser: {name: _with_instants(understood) for name, understood in read.items()}
        for parser, read in json.loads(answer.stdout).items()
    }


def _with_instants(understood: dict[str, Any]) -> dict[str, Any]:
    instants = {part: datetime.fromisoformat(understood[part]) for part in ("starts", "ends")}
    return understood | instants | {"attendees": [tuple(attendee) for attendee in understood["attendees"]]}
