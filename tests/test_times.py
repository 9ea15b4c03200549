"""Instants and wall clocks, held against zoneinfo and Intl."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsvp import times
from rsvp.errors import HourRefused
from tests import clocks

WALLS = st.datetimes(datetime(2019, 1, 1), datetime(2036, 12, 31))


@pytest.mark.parametrize("zone", clocks.ZONES)
@pytest.mark.parametrize("at", clocks.INSTANTS, ids=lambda at: f"{at:%d%b}")
def test_a_guests_clock_shows_what_zoneinfo_and_intl_say(at: datetime, zone: str) -> None:
    shown = times.in_zone(at, zone)
    assert shown == at
    assert shown.replace(tzinfo=None) == clocks.by_zoneinfo(at, zone).replace(tzinfo=None)
    assert shown.replace(tzinfo=None) == clocks.by_intl(at, zone).wall
    assert shown.utcoffset() == clocks.by_zoneinfo(at, zone).utcoffset()


@pytest.mark.parametrize("zone", clocks.ZONES)
@pytest.mark.parametrize("at", clocks.INSTANTS, ids=lambda at: f"{at:%d%b}")
def test_a_guest_is_a_day_ahead_exactly_where_intl_shows_another_date(at: datetime, zone: str) -> None:
    there, here = clocks.by_intl(at, zone).wall.date(), clocks.by_intl(at, clocks.HOME).wall.date()
    assert times.day_shift(at, zone, home=clocks.HOME) == (there - here).days


def test_the_day_changes_for_guests_on_both_sides_of_the_date_line() -> None:
    morning_in_asia = datetime(2025, 7, 12, 3, tzinfo=UTC)
    assert times.day_shift(clocks.SUMMER[0], "Asia/Phnom_Penh", home=clocks.HOME) == 1
    assert times.day_shift(clocks.SUMMER[0], "America/Los_Angeles", home=clocks.HOME) == 0
    assert times.day_shift(morning_in_asia, clocks.HOME, home="Asia/Tokyo") == -1


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2025, 7, 12), datetime(2025, 7, 12, 20, tzinfo=UTC)),
        (date(2025, 12, 13), datetime(2025, 12, 13, 21, tzinfo=UTC)),
        (date(2026, 3, 7), datetime(2026, 3, 7, 21, tzinfo=UTC)),
        (date(2026, 3, 8), datetime(2026, 3, 8, 20, tzinfo=UTC)),
        (date(2026, 10, 31), datetime(2026, 10, 31, 20, tzinfo=UTC)),
        (date(2026, 11, 1), datetime(2026, 11, 1, 21, tzinfo=UTC)),
    ],
)
def test_four_in_washington_is_four_on_the_wall_in_summer_and_winter(day: date, expected: datetime) -> None:
    assert times.from_wall(day, time(16), "America/New_York") == expected


@given(wall=WALLS, zone=st.sampled_from(clocks.ZONES))
@settings(max_examples=400, derandomize=True, database=None, deadline=None)
def test_an_hour_becomes_the_instant_that_zoneinfo_gives_or_is_refused(wall: datetime, zone: str) -> None:
    wall = wall.replace(microsecond=0)
    local = wall.replace(tzinfo=clocks.zone_by_tzdata(zone))
    is_certain = local.utcoffset() == local.replace(fold=1).utcoffset()
    if is_certain:
        assert times.from_wall(wall.date(), wall.time(), zone) == local.astimezone(UTC)
    else:
        with pytest.raises(HourRefused):
            times.from_wall(wall.date(), wall.time(), zone)


@pytest.mark.parametrize(
    ("day", "hour", "zone"),
    [
        (date(2026, 3, 8), time(2, 30), "America/New_York"),
        (date(2026, 3, 8), time(2), "America/New_York"),
        (date(2026, 3, 29), time(2, 30), "Europe/Paris"),
        (date(2026, 9, 27), time(2, 45), "Pacific/Chatham"),
        (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe"),
        (date(2011, 12, 30), time(12), "Pacific/Apia"),
    ],
)
def test_a_coordinator_cannot_choose_an_hour_that_the_clock_jumps_over(day: date, hour: time, zone: str) -> None:
    with pytest.raises(HourRefused, match="doesn't exist"):
        times.from_wall(day, hour, zone)


@pytest.mark.parametrize(
    ("day", "hour", "zone"),
    [
        (date(2026, 11, 1), time(1, 30), "America/New_York"),
        (date(2026, 11, 1), time(1), "America/New_York"),
        (date(2026, 10, 25), time(2, 30), "Europe/Paris"),
        (date(2026, 4, 5), time(1, 45), "Australia/Lord_Howe"),
    ],
)
def test_a_coordinator_cannot_choose_an_hour_that_comes_twice(day: date, hour: time, zone: str) -> None:
    with pytest.raises(HourRefused, match="exists twice"):
        times.from_wall(day, hour, zone)


@pytest.mark.parametrize(("day", "zone"), [(date.max, "America/New_York"), (date.min, "Asia/Phnom_Penh")])
def test_a_day_that_no_clock_counts_is_refused(day: date, zone: str) -> None:
    with pytest.raises(HourRefused, match="further away"):
        times.from_wall(day, time(23 if day == date.max else 0), zone)


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 3, 8), time(1, 59)),
        (date(2026, 3, 8), time(3)),
        (date(2026, 11, 1), time(0, 59)),
        (date(2026, 11, 1), time(2)),
    ],
)
def test_the_minutes_beside_a_clock_change_can_be_chosen(day: date, hour: time) -> None:
    local = datetime.combine(day, hour, tzinfo=clocks.zone_by_tzdata("America/New_York"))
    assert times.from_wall(day, hour, "America/New_York") == local


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2025, 7, 7, 12, tzinfo=UTC), date(2025, 7, 12)),
        (datetime(2025, 7, 11, 12, tzinfo=UTC), date(2025, 7, 12)),
        # Still Friday evening in Washington.
        (datetime(2025, 7, 12, 3, 59, tzinfo=UTC), date(2025, 7, 12)),
        # Saturday has begun there: the next one is meant.
        (datetime(2025, 7, 12, 4, tzinfo=UTC), date(2025, 7, 19)),
        (datetime(2025, 7, 13, 3, 59, tzinfo=UTC), date(2025, 7, 19)),
        (datetime(2025, 7, 13, 12, tzinfo=UTC), date(2025, 7, 19)),
        (datetime(2025, 12, 27, 5, tzinfo=UTC), date(2026, 1, 3)),
    ],
)
def test_the_coming_saturday_is_the_first_that_has_not_begun_in_washington(at: datetime, expected: date) -> None:
    assert times.coming_saturday(at, "America/New_York") == expected


@given(at=st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1)), zone=st.sampled_from(clocks.ZONES))
@settings(max_examples=200, derandomize=True, database=None, deadline=None)
def test_the_coming_saturday_is_a_saturday_within_a_week_everywhere(at: datetime, zone: str) -> None:
    at = at.replace(tzinfo=UTC)
    found = times.coming_saturday(at, zone)
    today = clocks.by_zoneinfo(at, zone).date()
    assert found.strftime("%A") == "Saturday"
    assert timedelta(0) < found - today <= timedelta(days=7)


@pytest.mark.parametrize(
    ("at", "is_certain"),
    [
        (datetime(2026, 11, 1, 4, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 1, 5, tzinfo=UTC), False),
        (datetime(2026, 11, 1, 6, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 1, 7, tzinfo=UTC), True),
        (datetime(2026, 3, 8, 7, tzinfo=UTC), True),
    ],
)
def test_an_hour_that_comes_twice_does_not_tell_its_instant(at: datetime, is_certain: bool) -> None:
    assert times.is_certain(at, "America/New_York") is is_certain


def test_a_demo_that_starts_at_an_instant_runs_on_from_it() -> None:
    start = datetime(2025, 7, 5, 16, tzinfo=UTC)
    clock = times.ShiftedClock(start, since=datetime.now(UTC) - timedelta(minutes=3))
    first = clock.now()
    assert timedelta(minutes=3) <= first - start < timedelta(minutes=4)
    assert clock.now() >= first


def test_the_machines_clock_is_aware_and_in_utc() -> None:
    now = times.SystemClock().now()
    assert now.utcoffset() == timedelta()
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)
