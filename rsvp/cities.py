"""Find zones by what people write: a city or a country, in English or in Khmer, or a zone's own name.

It only knows the names that rsvp.zones gives; it guesses no spelling.
"""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache

from babel.core import get_global

from rsvp import zones
from rsvp.languages import LANGUAGES

# Signs that are typed or not as one likes: Khmer's invisible word breaks.
INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d"))


def zone_of(words: str) -> str | None:
    """Return the one zone that the words name, or None if they name none or several."""
    known = zones.named(words)
    if known:
        return known
    for written in (words, words.partition(",")[0]):
        found = _by_city().get(_plain(written)) or _by_country().get(_plain(written), ())
        if len(found) == 1:
            return found[0]
    return None


def search(words: str, language: str) -> tuple[zones.ZoneGroup, ...]:
    """Return the countries and cities whose names hold the words, under their headings in the language."""
    wanted = _plain(words)
    if not wanted:
        return zones.groups(language)
    found = {zone for names in (_by_city(), _by_country()) for name in names if wanted in name for zone in names[name]}
    narrowed = (
        zones.ZoneGroup(group.heading, tuple(pair for pair in group.zones if pair[0] in found))
        for group in zones.countries(language)
    )
    return tuple(group for group in narrowed if group.zones)


def _plain(words: str) -> str:
    """Return words as they are compared: without accents, case, word breaks and underscores."""
    apart = unicodedata.normalize("NFD", words.translate(INVISIBLE).replace("_", " "))
    # Only Latin accents stand in this block: Khmer's vowels are marks too, and stay.
    bare = "".join(sign for sign in apart if not "\u0300" <= sign <= "\u036f")
    return " ".join(bare.casefold().split())


@lru_cache(maxsize=1)
def _by_city() -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for language in LANGUAGES:
        for group in zones.groups(language):
            for zone, city in group.zones:
                for name in (city, zones.listed_city(zone, language), zone.rpartition("/")[2], zone):
                    named[_plain(name)] = _with(named.get(_plain(name), ()), zone)
    return _older_names(named) | named


def _older_names(named: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return what cities were called before, as old names of zones keep it: Saigon, Rangoon."""
    aliases: Mapping[str, str] = get_global("zone_aliases")
    areas = {zone.partition("/")[0] for found in named.values() for zone in found}
    current = ((older, named.get(_plain(zone))) for older, zone in aliases.items() if older.partition("/")[0] in areas)
    return {_plain(older.rpartition("/")[2]): found for older, found in current if found}


@lru_cache(maxsize=1)
def _by_country() -> dict[str, tuple[str, ...]]:
    return {
        _plain(group.heading): tuple(zone for zone, _city in group.zones)
        for language in LANGUAGES
        for group in zones.countries(language)
    }


def _with(found: tuple[str, ...], zone: str) -> tuple[str, ...]:
    return found if zone in found else (*found, zone)
