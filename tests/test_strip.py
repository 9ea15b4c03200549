"""The picture of an event's hour: where night, midnight and the event lie in each city's 24 hours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rsvp.strip import Row, Strip, strip
from rsvp.views.events import CITIES

JULY = datetime(2025, 7, 12, 20, tzinfo=UTC)
DECEMBER = datetime(2025, 12, 13, 21, tzinfo=UTC)
HOUR = 100 / 24


def drawn(at: datetime, *, minutes: int = 120, language: str = "en") -> Strip:
    return strip(at, minutes, CITIES, language=language)


def row(picture: Strip, city: str) -> Row:
    return next(each for each in picture.rows if each.local.city == city)


def hours(value: float) -> float:
    """Return a length of the strip in hours."""
    return round(value / HOUR, 2)


@pytest.mark.parametrize(
    ("at", "city", "names", "midnight"),
    [
        (JULY, "Phnom Penh", ["Sat 12", "Sun 13"], 8),  # the event begins at 3 on Sunday, in column 11
        (JULY, "Paris", ["Sat 12", "Sun 13"], 13),  # 10 to 12 on Saturday evening
        (JULY, "Washington", ["Sat 12", ""], 19),
        (JULY, "Auckland", ["", "Sun 13"], 3),
        (DECEMBER, "Phnom Penh", ["Sat 13", "Sun 14"], 7),
        (DECEMBER, "Paris", ["Sat 13", "Sun 14"], 13),
        (DECEMBER, "Washington", ["Sat 13", ""], 19),
        (DECEMBER, "Auckland", ["", "Sun 14"], 1),
    ],
)
def test_each_citys_days_meet_at_its_own_midnight(at: datetime, city: str, names: list[str], midnight: int) -> None:
    first, second = row(drawn(at), city).days
    assert [first.name, second.name] == names
    assert hours(first.band.width) == hours(second.band.x) == midnight
    assert hours(second.band.end) == 24


@pytest.mark.parametrize(
    ("at", "city", "nights"),
    [
        (JULY, "Phnom Penh", [(6, 14)]),
        (JULY, "Paris", [(11, 19)]),
        (JULY, "Washington", [(0, 1), (17, 24)]),
        (JULY, "Melbourne", [(3, 11)]),
        (DECEMBER, "Melbourne", [(1, 9)]),
        (DECEMBER, "Auckland", [(0, 7), (23, 24)]),
    ],
)
def test_night_lies_where_the_city_sleeps(at: datetime, city: str, nights: list[tuple[int, int]]) -> None:
    assert [(hours(night.x), hours(night.end)) for night in row(drawn(at), city).nights] == nights


@pytest.mark.parametrize(("at", "hour"), [(JULY, "3:00 AM"), (DECEMBER, "4:00 AM")])
def test_summer_in_washington_is_an_hour_of_phnom_penhs_night(at: datetime, hour: str) -> None:
    assert row(drawn(at), "Phnom Penh").local.hour == hour
    assert row(drawn(at), "Washington").local.hour == "4:00 PM"


def test_a_night_in_which_clocks_change_is_an_hour_shorter_or_longer() -> None:
    spring = datetime(2025, 3, 9, 7, tzinfo=UTC)  # Washington's clocks go from 2 to 3 at this instant
    autumn = datetime(2025, 11, 2, 6, tzinfo=UTC)
    lengths = [sum(hours(night.width) for night in row(drawn(at), "Washington").nights) for at in (spring, autumn)]
    assert lengths == [7, 9]


def test_cities_stand_from_east_to_west_so_that_the_nights_make_a_stair() -> None:
    cities = [each.local.city for each in drawn(JULY).rows]
    assert cities == ["Auckland", "Melbourne", "Seoul", "Phnom Penh", "Bangkok", "Paris", "Washington", "Long Beach"]


def test_days_are_named_in_khmer_with_khmer_digits() -> None:
    picture = drawn(JULY, language="km")
    assert [day.name for day in row(picture, "ភ្នំពេញ").days] == ["សៅរ៍ ១២", "អាទិត្យ ១៣"]
    assert (picture.night_from, picture.night_to) == ("ម៉ោង ១០ យប់", "ម៉ោង ៦ ព្រឹក")


@given(
    at=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    minutes=st.integers(15, 24 * 60),
)
def test_the_event_is_one_column_and_every_citys_days_fill_the_strip(at: datetime, minutes: int) -> None:
    picture = drawn(at, minutes=minutes)
    assert picture.event.x + picture.event.width / 2 == pytest.approx(50, abs=0.01)
    assert hours(picture.event.width) == pytest.approx(minutes / 60, abs=0.02)
    for city in picture.rows:
        assert sum(day.band.width for day in city.days) == pytest.approx(100, abs=0.01)
        assert 6.5 <= sum(hours(night.width) for night in city.nights) <= 9.5
        assert any(day.name for day in city.days)
