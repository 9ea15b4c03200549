"""Addresses of web calendars: whatever stands in an entry is read there as it was meant, and nothing else."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsvp import calendar_links
from rsvp.calendar_links import Entry
from tests import meetings

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=60)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
AWKWARD = "សុខ & ដារ៉ា +1 #2 50% a=b;c?d 🎉\u200b“x”"


def entry(**changes: object) -> Entry:
    facts: dict[str, object] = {
        "title": "Democracy",
        "starts_at": meetings.JULY,
        "minutes": 90,
        "location": "Online (Zoom)",
        "details": ("One", "Two"),
    }
    return Entry(**(facts | changes))  # type: ignore[arg-type]


def fields(address: str) -> dict[str, str]:
    """Return what a calendar reads out of an address; nothing may be there twice."""
    read = parse_qs(urlsplit(address).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in read.values())
    return {name: values[0] for name, values in read.items()}


@given(title=WORDS, location=WORDS, details=st.lists(WORDS, max_size=3).map(tuple), starts_at=INSTANTS)
def test_every_calendar_reads_the_words_that_were_meant(
    title: str, location: str, details: tuple[str, ...], starts_at: datetime
) -> None:
    made = entry(title=title, location=location, details=details, starts_at=starts_at)
    google = fields(calendar_links.google(made))
    assert (google["text"], google["location"], google["details"]) == (title, location, " \n".join(details))
    first, _, last = google["dates"].partition("/")
    for read, meant in ((first, starts_at), (last, starts_at + timedelta(minutes=90))):
        assert datetime.strptime(read, "%Y%m%dT%H%M%SZ") == meant.replace(tzinfo=None, microsecond=0)
    for address in (calendar_links.outlook(made), calendar_links.office(made)):
        outlook = fields(address)
        assert (outlook["subject"], outlook["location"], outlook["body"]) == (title, location, " \n".join(details))
        assert datetime.fromisoformat(outlook["startdt"]) == starts_at.replace(microsecond=0)
        assert datetime.fromisoformat(outlook["enddt"]) == starts_at.replace(microsecond=0) + timedelta(minutes=90)


@pytest.mark.parametrize("write", [calendar_links.google, calendar_links.outlook, calendar_links.office])
def test_an_address_is_plain_ascii_without_a_plus_which_outlook_would_show(write) -> None:  # type: ignore[no-untyped-def]
    address = write(entry(title=AWKWARD, details=(AWKWARD,), location=AWKWARD))
    assert address.isascii()
    assert not [character for character in "+ \n<>\"'#" if character in address]
    assert AWKWARD in fields(address).values()


def test_the_addresses_are_those_of_google_and_microsoft() -> None:
    assert calendar_links.google(entry()) == (
        "https://calendar.google.com/calendar/render?action=TEMPLATE&text=Democracy"
        "&dates=20250712T200000Z%2F20250712T213000Z&details=One%20%0ATwo&location=Online%20%28Zoom%29"
    )
    for write, host in ((calendar_links.outlook, "outlook.live.com"), (calendar_links.office, "outlook.office.com")):
        assert write(entry()) == (
            f"https://{host}/calendar/0/deeplink/compose?path=%2Fcalendar%2Faction%2Fcompose&rru=addevent"
            "&subject=Democracy&startdt=2025-07-12T20%3A00%3A00Z&enddt=2025-07-12T21%3A30%3A00Z"
            "&body=One%20%0ATwo&location=Online%20%28Zoom%29"
        )
