"""What other people's calendars understand of each object: vobject, ics, ical.js, node-ical and khal.

The parser that wrote it proves nothing, and neither does one that knows the zone by its name: each object is read a
second time with its zone renamed, so that only the rules inside it can tell the instant. vobject, ical.js and khal
follow the rules. node-ical 0.25.6 takes the two offsets from them and looks for a zone that it knows with the same
two, whatever days the rules name. What ics 0.7.3 does stands at `_instant_by_ics`.
"""

import json
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import ics as python_ics
import pytest
import vobject

from tests import meetings
from tests.khal import Khal

SCRIPT = Path(__file__).with_name("parsers.cjs")
ZONES = ("America/New_York", meetings.UNKNOWN_ZONE, "Asia/Phnom_Penh")
PARSERS = ("vobject", "ics", "ical.js", "node-ical", "khal")
# khal's list tells neither METHOD nor SEQUENCE nor attendees: tests/test_khal.py shows what it makes of them.
WHOLE_PARSERS = PARSERS[:-1]

Case = tuple[str, str, datetime, str]
SEASONS = product(meetings.KINDS, meetings.NAMES, (meetings.JULY, meetings.DECEMBER), ZONES)
CASES: tuple[Case, ...] = (*SEASONS, *product(["request", "schedule"], ["en"], meetings.CHANGES, ZONES))
AWKWARD = 'Sok, Dara; "D" : the 1st\\2nd'
Understood = Mapping[str, Mapping[str, Any]]


def _name(case: Case | str) -> str:
    return case if isinstance(case, str) else "-".join((*case[:2], f"{case[2]:%d%b%Hh}", case[3].split("/")[-1]))


@pytest.fixture(scope="module")
def understood(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Understood]:
    """What each parser understood of each case."""
    bodies = {_name(case): _body(case) for case in CASES}
    awkward = {"awkward": meetings.written("request", title=AWKWARD, attendee=meetings.Person(AWKWARD, "guest@x.org"))}
    every = bodies | awkward
    return {
        "vobject": {name: _by_vobject(body) for name, body in every.items()},
        "ics": {name: _by_ics(body) for name, body in every.items()},
        "khal": _by_khal(bodies, tmp_path_factory.mktemp("khal")),
        **_by_node(every),
    }


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_calendar_shows_the_instant_that_was_meant(
    understood: dict[str, Understood], case: Case, parser: str
) -> None:
    found = understood[parser][_name(case)]
    assert found["starts"] == case[2]
    assert found["ends"] == meetings.ends_at(case[2])


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_calendar_shows_the_words_of_the_guests_language_whole_and_how_it_stands(
    understood: dict[str, Understood], case: Case, parser: str
) -> None:
    found, kind = understood[parser][_name(case)], meetings.KINDS[case[0]]
    assert (found["uid"], found["status"], found["alarms"]) == (_uid(case), kind.status, kind.alarms)
    assert found["summary"] == meetings.TITLES[case[1]]
    words = meetings.QUIET[case[1]]["description"] if kind.is_quiet else meetings.DESCRIPTIONS[case[1]]
    assert found["description"] == words


@pytest.mark.parametrize("parser", WHOLE_PARSERS)
@pytest.mark.parametrize("case", CASES, ids=_name)
def test_a_calendar_understands_what_is_asked_and_of_whom(
    understood: dict[str, Understood], case: Case, parser: str
) -> None:
    found, kind = understood[parser][_name(case)], meetings.KINDS[case[0]]
    assert (found["method"], found["sequence"]) == (kind.method, kind.sequence)
    guest = (meetings.NAMES[case[1]], "mailto:guest@example.org")
    assert found["attendees"] == ([guest] if kind.is_addressed else [])


@pytest.mark.parametrize("parser", WHOLE_PARSERS)
def test_a_name_full_of_punctuation_leaves_the_address_and_the_title_whole(
    understood: dict[str, Understood], parser: str
) -> None:
    found = understood[parser]["awkward"]
    assert [address for _, address in found["attendees"]] == ["mailto:guest@x.org"]
    assert found["summary"] == AWKWARD


# node-ical ends a name at its first semicolon, quoted or not.
@pytest.mark.parametrize("parser", ["vobject", "ics", "ical.js"])
def test_a_name_full_of_punctuation_is_shown_whole(understood: dict[str, Understood], parser: str) -> None:
    assert understood[parser]["awkward"]["attendees"][0][0] == AWKWARD.replace('"', "'")


def _uid(case: Case) -> str:
    return f"{_name(case)}@example.org"


def _body(case: Case) -> bytes:
    kind, language, starts_at, zone = case
    if zone != meetings.UNKNOWN_ZONE:
        return meetings.written(kind, language, starts_at=starts_at, zone=zone, uid=_uid(case))
    return meetings.under_an_unknown_zone(meetings.written(kind, language, starts_at=starts_at, uid=_uid(case)))


def _by_vobject(body: bytes) -> dict[str, Any]:
    calendar = vobject.readOne(body.decode())
    (event,) = calendar.vevent_list
    attendees = event.contents.get("attendee", [])
    return {
        "method": calendar.method.value,
        "starts": event.dtstart.value.astimezone(UTC),
        "ends": event.dtend.value.astimezone(UTC),
        "uid": event.uid.value,
        "sequence": int(event.sequence.value),
        "status": event.status.value,
        "summary": event.summary.value,
        "description": event.description.value,
        "attendees": [(attendee.params["CN"][0], attendee.value) for attendee in attendees],
        "alarms": len(event.contents.get("valarm", [])),
    }


def _by_ics(body: bytes) -> dict[str, Any]:
    calendar = python_ics.Calendar(body.decode())
    (event,) = calendar.events
    (sequence,) = (line.value for line in event.extra if line.name == "SEQUENCE")
    return {
        "method": calendar.method,
        "starts": _instant_by_ics(calendar, event.begin.datetime, body),
        "ends": _instant_by_ics(calendar, event.end.datetime, body),
        "uid": event.uid,
        "sequence": int(sequence),
        "status": event.status,
        "summary": event.name,
        "description": event.description,
        "attendees": [(attendee.common_name, f"mailto:{attendee.email}") for attendee in event.attendees],
        "alarms": len(event.alarms),
    }


def _instant_by_ics(calendar: python_ics.Calendar, read: datetime, body: bytes) -> datetime:
    """Return the instant that ics would show.

    ics 0.7.3 reads a calendar's parts in the order of the alphabet: it meets the events before the zones, and takes
    an hour in a zone that it doesn't know for UTC. What it then makes of the rules is right: so such an hour, and
    only such a one, is put here into the zone that it made.
    """
    is_hour = f"TZID={meetings.UNKNOWN_ZONE}:{read:%Y%m%dT%H%M%S}\r\n".encode() in body.replace(b"\r\n ", b"")
    made = calendar._timezones.get(meetings.UNKNOWN_ZONE)
    return (read.replace(tzinfo=made) if is_hour and made else read).astimezone(UTC)


def _by_khal(bodies: Mapping[str, bytes], folder: Path) -> Understood:
    khal = Khal(folder)
    for name, body in bodies.items():
        (khal.entries / f"{name}.ics").write_bytes(body)
    named = {entry.uid.removesuffix("@example.org"): entry for entry in khal.read()}
    return {
        name: {
            "starts": entry.starts_at,
            "ends": entry.ends_at,
            "uid": entry.uid,
            "status": entry.status,
            "summary": entry.title,
            "description": entry.description,
            "alarms": entry.alarms,
        }
        for name, entry in named.items()
    }


def _by_node(bodies: Mapping[str, bytes]) -> dict[str, Understood]:
    texts = {name: body.decode() for name, body in bodies.items()}
    answer = subprocess.run(["node", SCRIPT], input=json.dumps(texts), capture_output=True, text=True, check=True)
    read: dict[str, dict[str, dict[str, Any]]] = json.loads(answer.stdout)
    return {parser: dict(_with_instants(found)) for parser, found in read.items()}


def _with_instants(read: dict[str, dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, found in read.items():
        instants = {part: datetime.fromisoformat(found[part]) for part in ("starts", "ends")}
        yield name, found | instants | {"attendees": [tuple(attendee) for attendee in found["attendees"]]}
