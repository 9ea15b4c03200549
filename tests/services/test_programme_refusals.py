"""A programme file that can't be loaded: the line to look at, and the reason in words."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from rsvp.db import transaction
from rsvp.errors import ProgrammeRefused
from rsvp.models.programme import Programme
from rsvp.services import events, programmes
from tests import factories

PUBLISHED = factories.PROGRAMME_FILE.read_text(encoding="utf-8")
LINES = PUBLISHED.splitlines()


def line(words: str, nth: int = 1) -> int:
    """Return on which line of the published file these words stand for the nth time; lines count from 1."""
    return [number for number, text in enumerate(LINES, 1) if words in text][nth - 1]


def changed(number: int, *lines: str) -> str:
    """Return the published file with one of its lines replaced."""
    return "\n".join([*LINES[: number - 1], *lines, *LINES[number:]]) + "\n"


MINUTES, TIME, DATE = line("minutes ="), line("time ="), line("date =")
ZONE, KIND = line("zone ="), line("kind =")
HEADING = line("[[events]]")
EVENT_SLUG = line('slug = "democracy"')
SECOND_SLUG = line('slug = "sovereignty"')
TITLE, KHMER = line("title.en", 2), line("title.km", 2)
SUMMARY, KHMER_SUMMARY = line("summary.en"), line("summary.km")
CALLED_TITLE = line("title.en")

REFUSALS = {
    "a quote that is never closed": (changed(MINUTES, 'minutes = "120'), MINUTES, ""),
    "words that are no TOML": (changed(MINUTES, "a hundred and twenty"), MINUTES, ""),
    "a key that is there twice": (changed(MINUTES, "minutes = 120", "minutes = 90"), MINUTES + 1, ""),
    "a day that no calendar has": (changed(DATE, "date = 2025-02-30"), DATE, ""),
    "no Khmer title": (changed(KHMER), TITLE, "title needs a text in en and km"),
    "no English title": (changed(TITLE), KHMER - 1, "title needs a text in en and km"),
    "a title that is one text": (
        changed(KHMER).replace(LINES[TITLE - 1], 'title = "Democracy"'),
        TITLE,
        "title needs a text in en and km",
    ),
    "a title in a third language": (changed(KHMER, LINES[KHMER - 1], 'title.fr = "x"'), TITLE, "title needs"),
    "an empty Khmer title": (changed(KHMER, 'title.km = "  "'), TITLE, "title has an empty text"),
    "no Khmer summary": (changed(KHMER_SUMMARY), SUMMARY, "summary needs a text in en and km"),
    "no English name of the programme": (changed(CALLED_TITLE), CALLED_TITLE, "title needs a text in en and km"),
    "a key that nobody knows": (changed(MINUTES, "minutes = 120", 'room = "12"'), MINUTES + 1, "room is not known"),
    "a link, which belongs to the desk": (
        changed(MINUTES, "minutes = 120", 'link = "https://zoom.example"'),
        MINUTES + 1,
        "link is not known",
    ),
    "a key of the programme that nobody knows": (changed(3, 'colour = "red"'), 3, "colour is not known"),
    "a zone that is no place": (changed(ZONE, 'zone = "PST"'), ZONE, 'zone "PST" names no clock'),
    "a fixed offset for a zone": (changed(ZONE, 'zone = "Etc/GMT+5"'), ZONE, "names no clock"),
    "no zone": (changed(ZONE), HEADING, "names no clock"),
    "a date as words": (changed(DATE, 'date = "12 July"'), DATE, "date must be a day"),
    "an instant for a date": (changed(DATE, "date = 2025-07-12T16:00:00Z"), DATE, "date must be a day"),
    "an hour as words": (changed(TIME, 'time = "4 PM"'), TIME, "time must be an hour"),
    "a date without its hour": (changed(TIME), HEADING, "time must be an hour"),
    "an hour without its date": (changed(DATE), HEADING, "date must be a day"),
    "an hour that the clock jumps over": (
        changed(DATE, "date = 2026-03-08").replace("time = 16:00:00", "time = 02:30:00", 1),
        TIME,
        "doesn't exist in America/New_York",
    ),
    "an hour that comes twice": (
        changed(DATE, "date = 2026-11-01").replace("time = 16:00:00", "time = 01:30:00", 1),
        TIME,
        "exists twice in America/New_York",
    ),
    "a slug that is there twice": (changed(SECOND_SLUG, 'slug = "democracy"'), SECOND_SLUG, "is there twice"),
    "a slug with a space": (changed(EVENT_SLUG, 'slug = "the economy"'), EVENT_SLUG, "must be small letters"),
    "a slug that leads elsewhere": (changed(EVENT_SLUG, 'slug = "../desk"'), EVENT_SLUG, "must be small letters"),
    "a slug that is too long": (changed(EVENT_SLUG, f'slug = "{"a" * 81}"'), EVENT_SLUG, "must be small letters"),
    "no slug": (changed(EVENT_SLUG), HEADING, "slug is missing"),
    "negative minutes": (changed(MINUTES, "minutes = -120"), MINUTES, "from 1 to 1440"),
    "no minutes at all": (changed(MINUTES, "minutes = 0"), MINUTES, "from 1 to 1440"),
    "half a minute": (changed(MINUTES, "minutes = 90.5"), MINUTES, "from 1 to 1440"),
    "minutes that are true": (changed(MINUTES, "minutes = true"), MINUTES, "from 1 to 1440"),
    "more minutes than a day": (changed(MINUTES, "minutes = 1441"), MINUTES, "from 1 to 1440"),
    "a kind that nobody knows": (changed(KIND, 'kind = "party"'), KIND, "kind must be one of discussion"),
    "a way in that nobody knows": (
        changed(MINUTES, "minutes = 120", 'link_mode = "secret"'),
        MINUTES + 1,
        "link_mode must be one of direct, guarded",
    ),
    "a recording by plain http": (
        changed(MINUTES, "minutes = 120", 'recording_url = "http://example.org/r"'),
        MINUTES + 1,
        "must begin with https://",
    ),
    "no events": ("\n".join(LINES[: HEADING - 1]) + "\n", HEADING - 1, "no [[events]]"),
    "an event that is no table": ("\n".join([*LINES[: HEADING - 1], "events = [1]"]), HEADING, ""),
    "a date after every clock": (
        changed(DATE, "date = 9999-12-31").replace("time = 16:00:00", "time = 23:00:00", 1),
        TIME,
        "further away than clocks can count",
    ),
    "an empty file": ("", 1, ""),
}


@pytest.fixture
def _site(site: Flask) -> Iterator[None]:
    with site.app_context():
        yield


@pytest.mark.usefixtures("_site")
@pytest.mark.parametrize("case", REFUSALS)
def test_a_file_is_refused_with_the_line_and_the_reason(case: str) -> None:
    source, expected, reason = REFUSALS[case]
    refusal = _refusal(source)
    assert reason in refusal.reason
    assert refusal.line == expected
    assert Programme.current() is None
    assert events.published() == []


@pytest.mark.usefixtures("_site")
def test_a_remark_behind_a_heading_does_not_shift_the_line_that_is_named() -> None:
    number = line("minutes =", 3)
    remarked = changed(number, "minutes = -1").replace("[[events]]", "[[ events ]]  # a session")
    assert _refusal(remarked).line == number


@pytest.mark.usefixtures("_site")
def test_discussions_can_only_be_moved_to_a_saturday() -> None:
    refusal = _refusal(PUBLISHED, first_saturday=date(2026, 10, 25))
    assert "2026-10-25 is not a Saturday" in refusal.reason


@pytest.mark.usefixtures("_site")
def test_discussions_that_are_not_on_saturdays_cannot_be_moved_by_weeks() -> None:
    refusal = _refusal(changed(DATE, "date = 2025-07-11"), first_saturday=date(2026, 10, 24))
    assert "2025-07-11, is not on a Saturday" in refusal.reason


@pytest.mark.usefixtures("_site")
def test_moving_to_an_hour_that_the_clock_jumps_over_is_refused() -> None:
    # Clocks in Nuuk go forward from 23:00 on the Saturday.
    in_nuuk = PUBLISHED.replace("time = 16:00:00", "time = 23:30:00").replace('zone = "EST"', 'zone = "America/Nuuk"')
    refusal = _refusal(in_nuuk, first_saturday=date(2026, 3, 28))
    assert refusal.line == TIME
    assert "23:30 on 2026-03-28 doesn't exist in America/Nuuk" in refusal.reason


def _refusal(source: str, first_saturday: date | None = None) -> ProgrammeRefused:
    with pytest.raises(ProgrammeRefused) as refusal, transaction():
        programmes.load(source, at=factories.NOW, first_saturday=first_saturday)
    return refusal.value
