"""The calendars that people subscribe to, line by line: what they say, and what they must not."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import vobject

from rsvp import ics
from rsvp.ics import Meeting
from tests import meetings
from tests.meetings import LINK, lines, meeting, properties

Publish = Callable[[str, Sequence[Meeting]], bytes]
PUBLISHERS = (ics.build_schedule, ics.build_feed)


def several() -> list[Meeting]:
    """Return meetings in both of Washington's seasons, in the hour that comes twice, elsewhere, and one called off."""
    twice = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    words = meetings.QUIET["en"]
    return [
        meeting(uid="summer@example.org", **words),
        meeting(uid="winter@example.org", starts_at=meetings.DECEMBER, **words),
        meeting(uid="twice@example.org", starts_at=twice, **words),
        meeting(uid="elsewhere@example.org", zone="Asia/Phnom_Penh", **words),
        meeting(uid="off@example.org", is_cancelled=True, **words),
    ]


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_a_subscription_says_its_name_colour_and_when_to_ask_again(publish: Publish) -> None:
    body = publish("My places; all, of them", several())
    assert properties(body, "VCALENDAR") == {
        "PRODID": f":{ics.PRODID}",
        "VERSION": ":2.0",
        "CALSCALE": ":GREGORIAN",
        "METHOD": ":PUBLISH",
        "NAME": r":My places\; all\, of them",
        "X-WR-CALNAME": r":My places\; all\, of them",
        "COLOR": ":goldenrod",
        "REFRESH-INTERVAL": ";VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL": ":PT1H",
    }


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_a_programmes_name_with_line_breaks_adds_no_line(publish: Publish) -> None:
    plain = lines(publish("x", several()))
    found = lines(publish("x\r\nATTENDEE:mailto:evil@example.com", several()))
    assert [line.partition(":")[0] for line in found] == [line.partition(":")[0] for line in plain]


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_a_subscription_holds_every_event_once_and_the_zone_once(publish: Publish) -> None:
    found = lines(publish("x", several()))
    assert [line for line in found if line.startswith("UID:")] == [f"UID:{one.uid}" for one in several()]
    assert found.count("BEGIN:VTIMEZONE") == 1
    assert found.index("END:VTIMEZONE") < found.index("BEGIN:VEVENT")


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_a_subscription_names_no_attendee_and_rings_for_nobody(publish: Publish) -> None:
    body = publish("x", [meeting()])
    assert not [word for word in (b"ATTENDEE", b"guest@example.org", b"Sok Dara", b"VALARM") if word in body]
    assert properties(body)["ORGANIZER"].endswith(":mailto:nalen.smith@example.org")


def test_the_schedule_is_public_and_gives_no_link_as_such() -> None:
    event = properties(ics.build_schedule("x", [meeting(**meetings.QUIET["en"])]))
    assert event["CLASS"] == ":PUBLIC"
    assert not {"URL", "CONFERENCE"} & event.keys()
    assert "zoom.example" not in "".join(event.values())


def test_a_participants_own_calendar_is_private_and_holds_the_link() -> None:
    event = properties(ics.build_feed("x", [meeting()]))
    assert event["CLASS"] == ":PRIVATE"
    assert event["URL"] == f":{LINK}"
    assert event["CONFERENCE"].endswith(f":{LINK}")


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_a_cancelled_event_stays_in_the_subscription_as_cancelled(publish: Publish) -> None:
    found = lines(publish("x", several()))
    assert [line for line in found if line.startswith("STATUS:")] == [*["STATUS:CONFIRMED"] * 4, "STATUS:CANCELLED"]


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_every_event_of_a_subscription_is_read_at_its_own_instant(publish: Publish) -> None:
    body = meetings.under_an_unknown_zone(publish("x", several()))
    read = {event.uid.value: event for event in vobject.readOne(body.decode()).vevent_list}
    for one in several():
        assert read[one.uid].dtstart.value == one.starts_at
        assert read[one.uid].dtend.value == one.starts_at + timedelta(minutes=one.minutes)


@pytest.mark.parametrize("publish", PUBLISHERS)
def test_a_subscription_without_events_still_holds_a_component(publish: Publish) -> None:
    """An object needs one (RFC 5545 §3.6), or calendars refuse whoever subscribes before the first approval."""
    body = publish("x", [])
    assert b"VEVENT" not in body
    assert [component.name for component in vobject.readOne(body.decode()).components()] == ["VTIMEZONE"]
