"""Say days, hours and texts in the reader's language.

The only place that knows how English and Khmer write dates; it reads no request and no clock.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from babel import Locale

from rsvp import zones
from rsvp.times import day_shift, in_zone

LANGUAGES = {"en": "English", "km": "ភាសាខ្មែរ"}
DEFAULT = "en"

KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")

# The parts of a Khmer day by the hour at which each begins. 3 in the morning is still before dawn, and
# the community's own programme calls 4 in the afternoon ល្ងាច.
KHMER_DAY_PARTS = ((0, "យប់"), (3, "ទៀបភ្លឺ"), (6, "ព្រឹក"), (12, "ថ្ងៃត្រង់"), (13, "រសៀល"), (16, "ល្ងាច"), (19, "យប់"))


@dataclass(frozen=True)
class LocalTime:
    """One instant as the clock of one place shows it, in words of one language."""

    weekday: str
    day: str
    month: str
    year: str
    date: str  # the whole date with its weekday
    hour: str
    city: str
    zone: str  # IANA name
    abbreviation: str  # EDT, or UTC+7
    day_change: str  # "Sunday for you", or "" where the day is the same as in Washington


@lru_cache(maxsize=4096)
def local_time(at: datetime, zone: str, language: str) -> LocalTime:
    """Return what the clock in `zone` shows at that instant, in words."""
    local = in_zone(at, zone)
    return LocalTime(
        weekday=weekday(local, language),
        day=digits(local.day, language),
        month=month(local, language),
        year=digits(local.year, language),
        date=date_words(local, language),
        hour=hour_words(local, language),
        city=zones.city(zone, language),
        zone=zone,
        abbreviation=zones.abbreviation(at, zone) if zone == zones.HOME else zones.offset_words(at, zone),
        day_change=_day_change(local, language) if day_shift(at, zone, home=zones.HOME) else "",
    )


def weekday(local: datetime, language: str) -> str:
    """Return the name of the day: `Saturday`, `ថ្ងៃសៅរ៍`."""
    name = str(Locale(language).days["stand-alone"]["wide"][local.weekday()])
    return f"ថ្ងៃ{name}" if language == "km" else name


def month(local: datetime, language: str) -> str:
    """Return the name of the month: `July`, `កក្កដា`."""
    return str(Locale(language).months["stand-alone"]["wide"][local.month])


def date_words(local: datetime, language: str) -> str:
    """Return the date: `Saturday, 12 July 2025`, `ថ្ងៃសៅរ៍ ទី១២ ខែកក្កដា ឆ្នាំ២០២៥`."""
    named, day, year = weekday(local, language), digits(local.day, language), digits(local.year, language)
    if language == "km":
        return f"{named} ទី{day} ខែ{month(local, language)} ឆ្នាំ{year}"
    return f"{named}, {day} {month(local, language)} {year}"


def day_words(day: date, language: str) -> str:
    """Return a day as briefly as it can be said: `Sat 12`, `សៅរ៍ ១២`."""
    name = str(Locale(language).days["stand-alone"]["abbreviated"][day.weekday()])
    return f"{name} {digits(day.day, language)}"


def hour_words(local: datetime, language: str) -> str:
    """Return the hour: `4:00 PM`, `ម៉ោង ៤ ល្ងាច`."""
    hour = local.hour % 12 or 12
    if language == "km":
        part = next(word for start, word in reversed(KHMER_DAY_PARTS) if local.hour >= start)
        clock = str(hour) if not local.minute else f"{hour}:{local.minute:02}"
        return f"ម៉ោង {digits(clock, language)} {part}"
    return f"{hour}:{local.minute:02} {'AM' if local.hour < 12 else 'PM'}"


def digits(number: int | str, language: str) -> str:
    """Return a number in the digits of the language's prose."""
    return str(number).translate(KHMER_DIGITS) if language == "km" else str(number)


def text(texts: Mapping[str, str], language: str) -> str:
    """Return a text in the language, or in another one that it exists in, or nothing."""
    return texts.get(language) or next((words for words in texts.values() if words), "")


def tidy(words: str) -> str:
    """Return text as it is stored: NFC, outer white space gone, U+200B (Khmer word breaks) kept."""
    return unicodedata.normalize("NFC", words).strip()


def _day_change(local: datetime, language: str) -> str:
    name = weekday(local, language)
    return f"សម្រាប់អ្នក គឺ{name}" if language == "km" else f"{name} for you"
