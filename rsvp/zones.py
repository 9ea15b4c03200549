"""Name time zones: which ones people may choose, what they are called, which words mean Washington.

A zone is an IANA name inside the service; its words are made here, in the reader's language.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

import pytz
from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from rsvp.times import in_zone

HOME = "America/New_York"
DEFAULT = "Asia/Phnom_Penh"

# What the published programme writes for the wall clock in Washington. `EST` as a zone of its own is
# five hours behind UTC all year, and an hour late in July.
HOME_WORDS = frozenset({"EST", "EDT", "ET", "DC"})

# The cities the community lives in, in the order in which the picker and the pages offer them, and their
# names where CLDR has another city for the zone.
COMMUNITY = (
    "Asia/Phnom_Penh",
    "Asia/Bangkok",
    "Asia/Kuala_Lumpur",
    "Asia/Seoul",
    "Asia/Tokyo",
    "Australia/Melbourne",
    "Australia/Sydney",
    "Pacific/Auckland",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
    "America/Toronto",
)
OWN_CITIES = {
    "America/New_York": {"en": "Washington", "km": "វ៉ាស៊ីនតោន"},
    "America/Los_Angeles": {"en": "Long Beach", "km": "ឡុងប៊ិច"},
    "Asia/Singapore": {"km": "សិង្ហបុរី"},  # as everybody writes it, CLDR too where it names the country
}
# A city that CLDR has no Khmer for.
CITIES_LEFT_OUT = {"America/Coyhaique": {"km": "កូយហៃកេ"}}
COMMUNITY_HEADING = {"en": "Our community's cities", "km": "ទីក្រុងដែលសហគមន៍យើងរស់នៅ"}


@dataclass(frozen=True)
class ZoneGroup:
    """A country's zones as the picker lists them: pairs of IANA name and city."""

    heading: str
    zones: tuple[tuple[str, str], ...]


def named(word: str) -> str | None:
    """Return the IANA zone that a word names, or None for a word that names no place's clock."""
    word = word.strip()
    if word.upper() in HOME_WORDS:
        return HOME
    is_place = word == "UTC" or "/" in word
    if is_place and not word.startswith(("Etc/", "SystemV/")) and word in pytz.all_timezones_set:
        return word
    return None


def city(zone: str, language: str) -> str:
    """Return what people call the place whose clock `zone` is."""
    return OWN_CITIES.get(zone, {}).get(language) or listed_city(zone, language)


def listed_city(zone: str, language: str) -> str:
    """Return the city that CLDR names for a zone, which for some isn't the community's."""
    names = Locale(language).time_zones
    # CLDR keeps a zone under the name it had first, and Babel looks under the newest only.
    for name in (zone, *_older_names().get(zone, ())):
        if "city" in names.get(name, {}):
            return str(names[name]["city"])
    fallback = get_timezone_location(pytz.timezone(zone), locale=language, return_city=True)
    return CITIES_LEFT_OUT.get(zone, {}).get(language) or fallback.rpartition("/")[2]


@lru_cache(maxsize=1)
def _older_names() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for older, newer in get_global("zone_aliases").items():
        names.setdefault(newer, []).append(older)
    return names


def offset_words(at: datetime, zone: str) -> str:
    """Return how far the zone is from UTC at that instant, such as `UTC+5:30`."""
    offset = in_zone(at, zone).utcoffset() or timedelta()
    minutes = int(offset.total_seconds()) // 60
    sign = "+" if minutes >= 0 else "−"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def abbreviation(at: datetime, zone: str) -> str:
    """Return the zone's letters at that instant (`EDT`), or its offset where it has none."""
    name = in_zone(at, zone).tzname() or ""
    return name if name.isalpha() else offset_words(at, zone)


def offered(zone: str, language: str) -> tuple[tuple[str, str], ...]:
    """Return a picker's short list: the community's cities, and on top the visitor's own zone if it is another."""
    own = () if zone in COMMUNITY else ((zone, city(zone, language)),)
    return (*own, *groups(language)[0].zones)


@lru_cache(maxsize=8)
def groups(language: str) -> tuple[ZoneGroup, ...]:
    """Return every zone people may choose, the community's cities first, then by country."""
    community = tuple((zone, city(zone, language)) for zone in COMMUNITY)
    return (ZoneGroup(COMMUNITY_HEADING[language], community), *countries(language))


@lru_cache(maxsize=8)
def countries(language: str) -> tuple[ZoneGroup, ...]:
    """Return the zones of every country, in the order of the countries' names."""
    territories = Locale(language).territories
    named_zones = sorted((territories.get(code, code), listed) for code, listed in pytz.country_timezones.items())
    every = (
        ZoneGroup(name, tuple((zone, city(zone, language)) for zone in listed if zone in pytz.common_timezones_set))
        for name, listed in named_zones
    )
    return tuple(group for group in every if group.zones)
