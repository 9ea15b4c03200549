"""How many would be awake in an hour of a week, also in a week in which clocks change."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rsvp import heat
from rsvp.errors import HourRepeated, HourSkipped
from rsvp.heat import Cell
from rsvp.times import from_wall

HOME, PARIS, PHNOM_PENH, KOLKATA = "America/New_York", "Europe/Paris", "Asia/Phnom_Penh", "Asia/Kolkata"
JULY = date(2025, 7, 7)


def cell(rows: heat.Rows, weekday: int, hour: int) -> Cell:
    return rows[hour][weekday]


def test_a_week_has_every_hour_of_seven_days() -> None:
    rows = heat.week(JULY, HOME, {HOME: 1})
    assert [len(row) for row in rows] == [7] * 24
    assert [day.day for day in rows[0]] == [JULY + timedelta(days=number) for number in range(7)]
    assert {each.awake + each.at_night for row in rows for each in row} == {1}


@pytest.mark.parametrize(("hour", "is_awake"), [(7, False), (8, True), (21, True), (22, False), (0, False)])
def test_people_are_awake_from_eight_until_before_ten_at_night(hour: int, is_awake: bool) -> None:
    assert cell(heat.week(JULY, HOME, {HOME: 1}), 5, hour).awake == is_awake


def test_each_person_counts_by_their_own_clock() -> None:
    rows = heat.week(JULY, HOME, {HOME: 2, PHNOM_PENH: 5, PARIS: 3})
    afternoon, morning = cell(rows, 5, 16), cell(rows, 5, 9)
    assert (afternoon.awake, afternoon.at_night) == (2, 8)  # 3:00 there, 22:00 in Paris
    assert (morning.awake, morning.at_night) == (10, 0)
    assert (afternoon.step, morning.step) == (1, 5)


def test_clocks_that_stand_at_the_half_hour_are_read_to_the_minute() -> None:
    rows = heat.week(JULY, HOME, {KOLKATA: 1})
    assert [cell(rows, 0, hour).awake for hour in (22, 23)] == [0, 1]  # 7:30 and 8:30


def test_a_week_in_which_washington_skips_an_hour_says_so_of_that_hour() -> None:
    rows = heat.week(date(2026, 3, 2), HOME, {PHNOM_PENH: 1})
    refused = {(each.day, each.hour): type(each.refusal) for row in rows for each in row if each.refusal}
    assert refused == {(date(2026, 3, 8), 2): HourSkipped}
    assert [cell(rows, 5, hour).awake for hour in (19, 20)] == [0, 1]  # Saturday still by winter time
    assert [cell(rows, 6, hour).awake for hour in (20, 21)] == [0, 1]  # Sunday by summer time


def test_a_week_in_which_washington_repeats_an_hour_says_so_of_that_hour() -> None:
    rows = heat.week(date(2026, 10, 26), HOME, {PHNOM_PENH: 1})
    refused = {(each.day, each.hour): type(each.refusal) for row in rows for each in row if each.refusal}
    assert refused == {(date(2026, 11, 1), 1): HourRepeated}
    assert all(each.refusal is None for each in heat.best(rows, 168))


def test_a_week_in_which_paris_changes_its_clocks_counts_paris_anew_from_that_day() -> None:
    rows = heat.week(date(2026, 3, 23), HOME, {PARIS: 1})
    assert [cell(rows, 5, hour).awake for hour in (2, 3)] == [0, 1]
    assert [cell(rows, 6, hour).awake for hour in (1, 2, 3)] == [0, 1, 1]


def test_the_best_hours_are_those_at_which_most_are_awake_and_the_earliest_first() -> None:
    rows = heat.week(JULY, HOME, {HOME: 1, PHNOM_PENH: 1})
    assert [(each.day, each.hour) for each in heat.best(rows, 4)] == [
        (JULY, 8),
        (JULY, 9),
        (JULY, 10),
        (JULY, 21),
    ]


def test_the_places_of_an_hour_stand_in_the_order_of_their_people() -> None:
    at = from_wall(date(2025, 7, 12), datetime(2025, 7, 12, 16, tzinfo=UTC).time(), HOME)
    found = heat.places(at, {PARIS: 1, HOME: 4, PHNOM_PENH: 4})
    assert [(place.zone, place.count, place.is_awake) for place in found] == [
        (HOME, 4, True),
        (PHNOM_PENH, 4, False),
        (PARIS, 1, False),
    ]


def test_colours_rise_by_fifths_and_the_last_is_everybody() -> None:
    steps = [Cell(JULY, 0, awake=awake, at_night=10 - awake).step for awake in range(11)]
    assert steps == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert Cell(JULY, 0).step == 0


@pytest.mark.parametrize("today", [date(2025, 7, 7), date(2025, 7, 13)], ids=["Monday", "Sunday"])
def test_the_next_week_begins_on_the_monday_after_this_one(today: date) -> None:
    assert heat.next_monday(today) == date(2025, 7, 14)
