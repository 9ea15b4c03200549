"""Cities: finding a zone by what a guest writes, in either language."""

import pytest

from rsvp import cities, zones
from rsvp.languages import LANGUAGES


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Kathmandu", "Asia/Kathmandu"),
        (" kathmandu ", "Asia/Kathmandu"),
        ("Phnom Penh, Cambodia", "Asia/Phnom_Penh"),
        ("ភ្នំពេញ", "Asia/Phnom_Penh"),
        ("ភ្នំ\u200bពេញ", "Asia/Phnom_Penh"),
        ("កម្ពុជា", "Asia/Phnom_Penh"),
        ("France", "Europe/Paris"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("São Paulo", "America/Sao_Paulo"),
        ("Washington", "America/New_York"),
        ("New York", "America/New_York"),
        ("Long Beach", "America/Los_Angeles"),
        ("Los Angeles", "America/Los_Angeles"),
        ("Asia/Saigon", "Asia/Saigon"),
        ("Saigon", "Asia/Ho_Chi_Minh"),
    ],
)
def test_a_city_or_a_country_with_one_clock_names_its_zone(written: str, zone: str) -> None:
    assert cities.zone_of(written) == zone


@pytest.mark.parametrize("written", ["", " ", "Atlantis", "United States", "a", ",", "Paris/London", "\u200b", "ទ"])
def test_what_names_no_place_or_several_is_not_guessed(written: str) -> None:
    assert cities.zone_of(written) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_city_is_found_by_the_name_that_the_page_gives_it(language: str) -> None:
    listed = [(zone, city) for group in zones.groups(language) for zone, city in group.zones]
    assert [city for zone, city in listed if not any(zone == name for name, _ in _found(city, language))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_search_narrows_to_cities_and_countries_in_whatever_language_it_is_written(language: str) -> None:
    assert ("Asia/Phnom_Penh", zones.city("Asia/Phnom_Penh", language)) in _found("cambod", language)
    assert [zone for zone, _ in _found("កម្ពុជា", language)] == ["Asia/Phnom_Penh"]
    assert {"Australia/Perth", "Australia/Sydney"} <= {zone for zone, _ in _found("AUSTRALIA", language)}
    assert _found("Atlantis", language) == []
    assert cities.search(" ", language) == zones.groups(language)


def _found(words: str, language: str) -> list[tuple[str, str]]:
    return [pair for group in cities.search(words, language) for pair in group.zones]
