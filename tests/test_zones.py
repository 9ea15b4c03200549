"""Zones: which can be chosen, what they are called, and which words mean Washington."""

import re
from datetime import UTC, datetime
from importlib import resources

import pytest

from rsvp import zones
from rsvp.languages import LANGUAGES
from tests import clocks

LATIN = re.compile("[A-Za-z]")
JULY = datetime(2025, 7, 12, 20, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 13, 21, tzinfo=UTC)


@pytest.mark.parametrize("word", ["EST", "EDT", "ET", "DC", "est", " EDT ", "dc"])
def test_every_published_word_for_washington_means_its_wall_clock(word: str) -> None:
    assert zones.named(word) == "America/New_York"


@pytest.mark.parametrize("word", ["America/New_York", "Asia/Phnom_Penh", "Pacific/Chatham", "UTC", "Asia/Saigon"])
def test_the_name_of_a_place_is_kept(word: str) -> None:
    assert zones.named(word) == word


@pytest.mark.parametrize(
    "word",
    ["", " ", "Washington", "MST", "EST5EDT", "CET", "GMT+7", "Etc/GMT+5", "Etc/UTC", "UTC+7", "America", "/", "a/b"]
    + ["../etc/passwd", "America/New_York\n;", "america/new_york", "ភ្នំពេញ"],
)
def test_a_word_that_names_no_places_clock_is_refused(word: str) -> None:
    assert zones.named(word) is None


def test_washingtons_letters_are_summer_time_in_july_and_winter_time_in_december() -> None:
    assert zones.abbreviation(JULY, "America/New_York") == "EDT"
    assert zones.abbreviation(DECEMBER, "America/New_York") == "EST"


def test_a_zone_without_letters_is_called_by_its_offset() -> None:
    assert zones.abbreviation(JULY, "Asia/Phnom_Penh") == "UTC+7"
    assert zones.abbreviation(JULY, "Asia/Kathmandu") == "UTC+5:45"


@pytest.mark.parametrize("zone", clocks.ZONES)
@pytest.mark.parametrize("at", [clocks.SUMMER[0], clocks.WINTER[0]], ids=["summer", "winter"])
def test_a_guest_reads_the_offset_that_intl_gives(at: datetime, zone: str) -> None:
    sign, hours, minutes = _offset(clocks.by_intl(at, zone).offset)
    expected = f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")
    assert zones.offset_words(at, zone) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picker_offers_the_communitys_cities_first(language: str) -> None:
    first = zones.groups(language)[0]
    cities = [zone for zone, _ in first.zones]
    assert cities[0] == "Asia/Phnom_Penh"
    assert {"America/New_York", "America/Los_Angeles", "Europe/Paris", "Australia/Melbourne"} <= set(cities)
    assert first.heading == {"en": "Our community's cities", "km": "ទីក្រុងដែលសហគមន៍យើងរស់នៅ"}[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_that_the_picker_offers_is_known_elsewhere_and_accepted_back(language: str) -> None:
    known = _known_to_tzdata()
    offered = {zone for group in zones.groups(language) for zone, _ in group.zones}
    assert len(offered) > 300
    assert offered <= known
    assert {zone for zone in offered if zones.named(zone) != zone} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_zone_of_the_picker_has_a_name_and_every_country_a_heading(language: str) -> None:
    groups = zones.groups(language)
    assert all(city.strip() and "/" not in city and "_" not in city for group in groups for _, city in group.zones)
    assert len({group.heading for group in groups}) == len(groups)
    assert all(group.heading.strip() and group.zones for group in groups)


def test_both_languages_offer_the_same_zones() -> None:
    offered = [{zone for group in zones.groups(language) for zone, _ in group.zones} for language in LANGUAGES]
    assert offered[0] == offered[1]


def test_countries_stand_in_the_order_of_their_names() -> None:
    english = [group.heading for group in zones.groups("en")][1:]
    assert english.index("Cambodia") < english.index("France") < english.index("United States")
    assert dict(zones.groups("en")[1 + english.index("Cambodia")].zones) == {"Asia/Phnom_Penh": "Phnom Penh"}


def test_an_older_name_that_a_browser_reports_is_understood_though_not_offered() -> None:
    assert zones.named("Asia/Calcutta") == "Asia/Calcutta"
    offered = {zone for group in zones.groups("en") for zone, _ in group.zones}
    assert "Asia/Calcutta" not in offered
    assert "Asia/Kolkata" in offered


def test_the_short_list_holds_the_community_and_the_visitors_own_city() -> None:
    community = [zone for zone, _ in zones.offered("Europe/Paris", "en")]
    assert community == list(zones.COMMUNITY)
    assert zones.offered("Asia/Kathmandu", "en")[0] == ("Asia/Kathmandu", "Kathmandu")
    assert [zone for zone, _ in zones.offered("Asia/Kathmandu", "en")[1:]] == community


@pytest.mark.parametrize(
    ("zone", "english", "khmer"),
    [
        ("Asia/Phnom_Penh", "Phnom Penh", "ភ្នំពេញ"),
        ("America/New_York", "Washington", "វ៉ាស៊ីនតោន"),
        ("America/Los_Angeles", "Long Beach", "ឡុងប៊ិច"),
        ("Europe/Paris", "Paris", "ប៉ារីស"),
    ],
)
def test_the_communitys_cities_have_their_names_in_both_languages(zone: str, english: str, khmer: str) -> None:
    assert (zones.city(zone, "en"), zones.city(zone, "km")) == (english, khmer)


def _offset(words: str) -> tuple[str, int, int]:
    sign, numbers = (words[:1], words[1:]) if words else ("+", "00:00")
    hours, minutes = numbers.split(":")
    return sign.replace("-", "−"), int(hours), int(minutes)


def _known_to_tzdata() -> set[str]:
    return set(resources.files("tzdata").joinpath("zones").read_text().split())


def test_every_city_and_country_has_a_khmer_name() -> None:
    groups = zones.groups("km")
    latin = [
        name for group in groups for name in (group.heading, *(city for _, city in group.zones)) if LATIN.search(name)
    ]
    assert latin == []


@pytest.mark.parametrize(
    ("zone", "english", "khmer"),
    [
        ("Asia/Ho_Chi_Minh", "Ho Chi Minh City", "ហូជីមីញ"),
        ("Asia/Yangon", "Yangon", "រ៉ង់ហ្គូន"),
        ("Asia/Singapore", "Singapore", "សិង្ហបុរី"),
        ("Asia/Kolkata", "Kolkata", "កុលកាតា"),
        ("America/Indiana/Indianapolis", "Indianapolis", "ឥណ្ឌាណាប៉ូលីស"),
    ],
)
def test_a_city_whose_zone_was_renamed_is_called_by_its_name(zone: str, english: str, khmer: str) -> None:
    assert (zones.city(zone, "en"), zones.city(zone, "km")) == (english, khmer)
