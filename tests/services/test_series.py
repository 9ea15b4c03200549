"""An event repeated over Saturdays."""

from datetime import UTC, date, datetime

import pytest

from rsvp.db import db, transaction
from rsvp.errors import EventActRefused, HourRepeated, HourSkipped
from rsvp.models import Event
from rsvp.services import events, series
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def repeat(event: Event, count: int) -> list[Event]:
    with transaction():
        return series.repeat(db.session.merge(event), count, by="coordinator-one", at=factories.NOW)


def test_copies_are_a_week_apart_and_drafts_with_addresses_of_their_own() -> None:
    event = factories.event(link=factories.LINK, capacity=30, title={"en": "Democracy", "km": "ប្រជាធិបតេយ្យ"})
    made = repeat(event, 3)
    assert [copy.slug for copy in made] == ["democracy-2", "democracy-3", "democracy-4"]
    assert [copy.starts_at.day for copy in made if copy.starts_at] == [19, 26, 2]
    assert {(copy.status, copy.link, copy.capacity, copy.minutes) for copy in made} == {("draft", None, 30, 120)}
    assert [shown.slug for shown in events.published()] == ["democracy"]


def test_copies_keep_the_hour_in_washington_when_clocks_change_between() -> None:
    october = factories.event(starts_at=datetime(2025, 10, 25, 20, tzinfo=UTC))
    hours = [turn.starts_at.hour for turn in series.turns(october, 3) if turn.starts_at]
    assert hours == [20, 21, 21]


@pytest.mark.parametrize(
    ("starts_at", "day", "refusal"),
    [
        (datetime(2026, 3, 1, 7, 30, tzinfo=UTC), date(2026, 3, 8), HourSkipped),
        (datetime(2026, 10, 25, 5, 30, tzinfo=UTC), date(2026, 11, 1), HourRepeated),
    ],
    ids=["skipped", "repeated"],
)
def test_a_copy_whose_hour_clocks_skip_or_repeat_begins_without_a_time(
    starts_at: datetime, day: date, refusal: type
) -> None:
    event = factories.event(starts_at=starts_at)
    turns = series.turns(event, 2)
    assert [(turn.day == day, type(turn.refusal)) for turn in turns] == [(True, refusal), (False, type(None))]
    assert [copy.starts_at is None for copy in repeat(event, 2)] == [True, False]


def test_an_event_without_a_time_is_not_repeated() -> None:
    event = factories.event(starts_at=None)
    with pytest.raises(EventActRefused):
        repeat(event, 2)
    assert len(events.known()) == 1
