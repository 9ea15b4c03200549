"""Give the page's script the words it needs to say a local hour exactly as the server says it.

Every pattern is taken from rsvp.languages by saying a known day and cutting its parts out; nothing is written twice.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from babel.core import get_global
from flask import Flask
from flask_babel import gettext as _

from rsvp import languages, zones
from rsvp.views.languages import current

# A Sunday in Phnom Penh and a Saturday in Washington; no number in it is part of another.
SAMPLE = datetime(2025, 7, 12, 20, tzinfo=UTC)
MONDAY = date(2025, 7, 7)


def init(app: Flask) -> None:
    """Give templates the function; a page without times doesn't call it."""
    app.context_processor(lambda: {"script_words": script_words})


def script_words() -> dict[str, object]:
    """Return names, patterns and digits of the page's language, for a JSON block."""
    # The leaf's line of month and year is a template's, so it stands with the templates' words.
    return _words(current()) | {"leaf": _("%(month)s %(year)s", month="{month}", year="{year}")}


@lru_cache(maxsize=8)
def _words(language: str) -> dict[str, object]:
    days = [datetime.combine(MONDAY + timedelta(days=day), datetime.min.time()) for day in range(7)]
    said = languages.local_time(SAMPLE, zones.DEFAULT, language)
    parts = {said.weekday: "{weekday}", said.year: "{year}", said.day: "{day}", said.month: "{month}"}
    return {
        "home": zones.HOME,
        "digits": languages.digits("0123456789", language),
        "weekdays": [languages.weekday(day, language) for day in days],
        "months": [languages.month(datetime(2025, month, 1), language) for month in range(1, 13)],
        "hours": _hours(language),
        "date": _cut(said.date, parts),
        "change": _cut(said.day_change, parts),
        "aliases": _aliases(),
        "cities": _cities(language),
        # Whether a city that isn't among them is asked for here, rather than said by its zone's name.
        "asks": language != "en",
    }


def _cut(words: str, parts: dict[str, str]) -> str:
    for part, name in parts.items():
        words = words.replace(part, name)
    return words


def _hours(language: str) -> list[tuple[int, str, str]]:
    """Return from which hour on which pattern holds, for whole hours and for the others."""
    patterns: list[tuple[int, str, str]] = []
    minute = languages.digits(59, language)
    for hour in range(24):
        shown, at = languages.digits(hour % 12 or 12, language), datetime(2025, 7, 7, hour)
        whole = languages.hour_words(at, language).replace(shown, "{hour}", 1)
        other = languages.hour_words(at.replace(minute=59), language).replace(minute, "{minute}")
        pattern = (whole, other.replace(shown, "{hour}", 1))
        if not patterns or patterns[-1][1:] != pattern:
            patterns.append((hour, *pattern))
    return patterns


def _cities(language: str) -> dict[str, str]:
    """Return what a zone's name doesn't tell of its city: the short list of the page holds only a few.

    In Khmer that is every name; only those of where nearly all of its readers live are worth their weight. For another
    the script asks for the page in that zone.
    """
    countries = zones.countries(language)
    near = {zone for group in countries for zone, _city in group.zones if _is_near(zone, group)}
    named = {zone: city for group in countries for zone, city in group.zones if language == "en" or zone in near}
    return {zone: city for zone, city in named.items() if city != zone.rpartition("/")[2].replace("_", " ")}


def _is_near(zone: str, country: zones.ZoneGroup) -> bool:
    has_community = any(name in zones.COMMUNITY for name, _city in country.zones)
    return has_community or zone.startswith(("Asia/", "Europe/"))


def _aliases() -> dict[str, str]:
    """Return our name of each zone that browsers report under its older name."""
    listed = {zone for group in zones.groups(languages.DEFAULT) for zone, _city in group.zones}
    areas = {zone.partition("/")[0] for zone in listed}
    return {
        older: zone
        for older, zone in get_global("zone_aliases").items()
        if zone in listed and older not in listed and older.partition("/")[0] in areas
    }
