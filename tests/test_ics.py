"""The calendar object line by line, as RFC 5545 and INVITES.md want it."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product

import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from rsvp import ics
from rsvp.ics import Person
from tests import meetings
from tests.meetings import LINK, lines, meeting, properties

MATRIX = tuple(product(meetings.KINDS, meetings.NAMES, (meetings.JULY, meetings.DECEMBER)))
QUIET = meetings.QUIET["en"]
# Everything but what a calendar can't hold: controls and halves of characters.
WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=200)


@pytest.fixture(params=MATRIX, ids=lambda case: f"{case[0]}-{case[1]}-{case[2]:%b}")
def body(request: pytest.FixtureRequest) -> bytes:
    """One calendar object of each kind, language and season."""
    kind, language, starts_at = request.param
    return meetings.written(kind, language, starts_at=starts_at)


def test_no_line_is_longer_than_75_octets(body: bytes) -> None:
    assert max(len(line) for line in body.split(b"\r\n")) <= 75


def test_every_line_ends_with_crlf(body: bytes) -> None:
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert body.count(b"\n") == body.count(b"\r") == body.count(b"\r\n")


def test_no_character_is_split_over_a_fold(body: bytes) -> None:
    physical = [line.decode() for line in body.split(b"\r\n")]
    assert any(line.startswith(" ") for line in physical)


def test_method_stands_once_and_the_zone_before_the_event(body: bytes) -> None:
    found = lines(body)
    assert sum(line.startswith("METHOD:") for line in found) == 1
    assert found.index(f"METHOD{properties(body, 'VCALENDAR')['METHOD']}") < found.index("BEGIN:VTIMEZONE")
    assert found.index("END:VTIMEZONE") < found.index("BEGIN:VEVENT")
    assert (found.count("BEGIN:VEVENT"), found.count("BEGIN:VTIMEZONE")) == (1, 1)


def test_the_calendar_says_which_version_and_calendar_it_is(body: bytes) -> None:
    head = properties(body, "VCALENDAR")
    assert (head["PRODID"], head["VERSION"], head["CALSCALE"]) == (f":{ics.PRODID}", ":2.0", ":GREGORIAN")


@pytest.mark.parametrize("kind", [name for name, kind in meetings.KINDS.items() if kind.is_addressed])
def test_a_letters_calendar_has_no_property_of_a_subscription(kind: str) -> None:
    head = properties(meetings.written(kind), "VCALENDAR")
    assert head.keys() == {"PRODID", "VERSION", "CALSCALE", "METHOD"}


def test_the_zone_is_two_rules_and_no_list_of_dates(body: bytes) -> None:
    found = lines(body)
    zone = found[found.index("BEGIN:VTIMEZONE") : found.index("END:VTIMEZONE")]
    assert not [line for line in zone if line.startswith("RDATE")]
    daylight, standard = properties(body, "DAYLIGHT"), properties(body, "STANDARD")
    assert daylight | {"RRULE": _rule(daylight)} == {
        "DTSTART": ":20070311T020000",
        "RRULE": {"FREQ=YEARLY", "BYMONTH=3", "BYDAY=2SU"},
        "TZOFFSETFROM": ":-0500",
        "TZOFFSETTO": ":-0400",
        "TZNAME": ":EDT",
    }
    assert standard | {"RRULE": _rule(standard)} == {
        "DTSTART": ":20071104T020000",
        "RRULE": {"FREQ=YEARLY", "BYMONTH=11", "BYDAY=1SU"},
        "TZOFFSETFROM": ":-0400",
        "TZOFFSETTO": ":-0500",
        "TZNAME": ":EST",
    }


@pytest.mark.parametrize(("starts_at", "day"), [(meetings.JULY, "20250712"), (meetings.DECEMBER, "20251213")])
def test_an_event_stands_at_four_on_washingtons_wall_in_summer_and_winter(starts_at: datetime, day: str) -> None:
    event = properties(ics.build_invitation(meeting(starts_at=starts_at)))
    assert event["DTSTART"] == f";TZID=America/New_York:{day}T160000"
    assert event["DTEND"] == f";TZID=America/New_York:{day}T180000"


def test_an_invitation_holds_exactly_what_calendars_need() -> None:
    event = properties(ics.build_invitation(meeting()))
    assert {name: value for name, value in event.items() if name not in ("ATTENDEE", "ORGANIZER", "CONFERENCE")} == {
        "UID": ":0123456789abcdef@example.org",
        "SEQUENCE": ":3",
        "DTSTAMP": ":20250702T093000Z",
        "CREATED": ":20250701T120000Z",
        "LAST-MODIFIED": ":20250702T093000Z",
        "DTSTART": ";TZID=America/New_York:20250712T160000",
        "DTEND": ";TZID=America/New_York:20250712T180000",
        "SUMMARY": f":{meetings.TITLES['en']}",
        "DESCRIPTION": r":Saturday\, 12 July 2025\; 4:00 PM\, Washington.\n\n"
        r"https://zoom.example/j/123?pwd=a1\,b\;c\n\nQuestions: write to us.",
        "LOCATION": r":https://zoom.example/j/123?pwd=a1\,b\;c",
        "URL": f":{LINK}",
        "STATUS": ":CONFIRMED",
        "TRANSP": ":OPAQUE",
        "CLASS": ":PRIVATE",
    }
    assert _parameters(event["ORGANIZER"]) == ({'CN="Nalen Smith"'}, "mailto:nalen.smith@example.org")
    assert _parameters(event["ATTENDEE"]) == (
        {'CN="Sok Dara"', "CUTYPE=INDIVIDUAL", "ROLE=REQ-PARTICIPANT", "PARTSTAT=NEEDS-ACTION", "RSVP=TRUE"},
        "mailto:guest@example.org",
    )
    assert _parameters(event["CONFERENCE"]) == ({"VALUE=URI", "FEATURE=AUDIO,VIDEO"}, LINK)


def test_an_invitation_rings_a_day_and_a_quarter_of_an_hour_before() -> None:
    found = lines(ics.build_invitation(meeting()))
    assert [line for line in found if line.startswith("TRIGGER")] == ["TRIGGER:-P1D", "TRIGGER:-PT15M"]
    assert found.count("ACTION:DISPLAY") == found.count("BEGIN:VALARM") == 2
    assert sum(line.startswith("DESCRIPTION:Transnational") for line in found) == 2


def test_a_cancellation_names_the_same_entry_and_neither_link_nor_alarm() -> None:
    invitation = properties(ics.build_invitation(meeting()))
    body = ics.build_cancellation(meeting(**QUIET, sequence=4))
    cancellation = properties(body)
    assert cancellation["SEQUENCE"] == ":4"
    assert cancellation["STATUS"] == ":CANCELLED"
    assert all(cancellation[name] == invitation[name] for name in ("UID", "ORGANIZER", "DTSTART", "DTEND", "SUMMARY"))
    assert _parameters(cancellation["ATTENDEE"])[1] == _parameters(invitation["ATTENDEE"])[1]
    assert not {"URL", "CONFERENCE"} & cancellation.keys()
    assert "zoom.example" not in "".join(lines(body))
    assert b"VALARM" not in body


def test_an_invitation_without_a_link_yet_has_none_anywhere() -> None:
    event = properties(ics.build_invitation(meeting(**QUIET, link=None)))
    assert not {"URL", "CONFERENCE"} & event.keys()
    assert event["LOCATION"] == ":Online (Zoom)"


@pytest.mark.parametrize("zone", ["Asia/Phnom_Penh", "Europe/Paris", "UTC", "US/Eastern"])
def test_a_zone_without_rules_of_ours_is_written_in_utc(zone: str) -> None:
    body = ics.build_invitation(meeting(zone=zone))
    event = properties(body)
    assert (event["DTSTART"], event["DTEND"]) == (":20250712T200000Z", ":20250712T220000Z")
    assert b"VTIMEZONE" not in body
    assert b"TZID" not in body


def test_instants_are_written_in_utc_whatever_offset_they_come_with() -> None:
    there = timezone(timedelta(hours=7))
    stamped = datetime(2025, 7, 2, 16, 30, tzinfo=there)
    event = properties(ics.build_invitation(meeting(stamped_at=stamped, starts_at=meetings.JULY.astimezone(there))))
    assert event["DTSTAMP"] == ":20250702T093000Z"
    assert event["DTSTART"] == ";TZID=America/New_York:20250712T160000"


def test_a_length_that_crosses_a_clock_change_ends_at_the_right_instant() -> None:
    starts_at = datetime(2026, 3, 8, 6, tzinfo=UTC)
    event = properties(ics.build_invitation(meeting(starts_at=starts_at)))
    assert event["DTSTART"].endswith(":20260308T010000")
    assert event["DTEND"].endswith(":20260308T040000")


def test_an_end_in_the_hour_that_comes_twice_is_written_in_utc() -> None:
    starts_at = datetime(2026, 11, 1, 4, 30, tzinfo=UTC)
    event = properties(ics.build_invitation(meeting(starts_at=starts_at)))
    assert event["DTSTART"] == ";TZID=America/New_York:20261101T003000"
    assert event["DTEND"] == ":20261101T063000Z"


@pytest.mark.parametrize("name", ["x\r\nATTENDEE:mailto:evil@example.com", "x\nATTENDEE:y", "x\rURL:y", "a\r\n b"])
def test_a_name_with_line_breaks_adds_no_line_to_the_calendar(name: str) -> None:
    plain = ics.build_invitation(meeting(attendee=Person("x", "guest@example.org"), title="x", description="x"))
    named = meeting(attendee=Person(name, "guest@example.org"), title=name, description=name, location=name)
    body = ics.build_invitation(named)
    assert [_key(line) for line in lines(body)] == [_key(line) for line in lines(plain)]


def test_a_link_with_line_breaks_is_refused() -> None:
    with pytest.raises(ValueError, match="CR or LF"):
        ics.build_invitation(meeting(link="https://zoom.example\r\nATTENDEE:mailto:evil@example.com"))


@given(title=WORDS, description=WORDS)
@settings(max_examples=150, derandomize=True, database=None, deadline=None)
def test_any_words_reach_the_guests_calendar_as_they_were_written(title: str, description: str) -> None:
    body = ics.build_invitation(meeting(title=title, description=description))
    event = vobject.readOne(body.decode()).vevent
    assert (event.summary.value, event.description.value) == (title, description)
    assert max(len(line) for line in body.split(b"\r\n")) <= 75


@given(name=WORDS)
@settings(max_examples=150, derandomize=True, database=None, deadline=None)
def test_any_name_stays_inside_its_own_parameter(name: str) -> None:
    body = ics.build_invitation(meeting(attendee=Person(name, "guest@example.org")))
    (attendee,) = vobject.readOne(body.decode()).vevent.attendee_list
    assert attendee.value == "mailto:guest@example.org"
    assert attendee.params.keys() == {"CN", "CUTYPE", "ROLE", "PARTSTAT", "RSVP"}


@pytest.mark.parametrize("kind", ["request", "cancel"])
def test_nobodys_invitation_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="needs an attendee"):
        meetings.written(kind, attendee=None)


@pytest.mark.parametrize("minutes", [0, -90])
@pytest.mark.parametrize("kind", meetings.KINDS)
def test_an_event_without_a_length_is_refused(kind: str, minutes: int) -> None:
    with pytest.raises(ValueError, match="length over 0 minutes"):
        meetings.written(kind, minutes=minutes)


def _rule(part: dict[str, str]) -> set[str]:
    return set(part["RRULE"].removeprefix(":").split(";"))


def _parameters(words: str) -> tuple[set[str], str]:
    """Return the parameters and the value of a property; no value in these tests holds a colon in quotes."""
    parameters, _, value = words.removeprefix(";").partition(":")
    return set(parameters.split(";")), value


def _key(line: str) -> str:
    return line.replace(";", ":").partition(":")[0]
