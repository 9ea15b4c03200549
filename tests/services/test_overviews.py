"""The desk from above, and the digests that tell of it."""

from datetime import timedelta

import pytest

from rsvp.db import transaction
from rsvp.services import coordinators, digests, overviews, rsvps
from tests import factories
from tests.factories import Moment

pytestmark = pytest.mark.usefixtures("app")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def digest_to(email: str, hours: int, **changes: object) -> None:
    with transaction():
        coordinator = coordinators.add(email, password="a good long password", at=factories.NOW)
        digests.choose(coordinator, hours)
        for name, value in changes.items():
            setattr(coordinator, name, value)


def recipients() -> list[str | None]:
    return [letter.recipient for letter in factories.letters("digest")]


def test_requests_are_counted_by_the_day_in_washington() -> None:
    factories.event()
    factories.pending(at=factories.NOW.replace(hour=3))  # still the evening before there
    factories.pending(at=factories.NOW)
    factories.ask(at=factories.NOW)
    days = overviews.requests_a_day(at=factories.NOW, zone="America/New_York", days=3)
    assert [(day.isoformat(), count) for day, count in days] == [
        ("2025-06-29", 0),
        ("2025-06-30", 1),
        ("2025-07-01", 1),
    ]


def test_what_waits_is_counted_by_how_long() -> None:
    factories.event()
    for hours in (1, 30, 50):
        factories.pending(at=factories.NOW - hours * HOUR)
    factories.approved()
    assert overviews.waiting(at=factories.NOW) == overviews.Waiting(3, 50, over_a_day=2, over_two_days=1)
    assert overviews.waiting(at=factories.NOW).count == 3


def test_nothing_waiting_is_no_time_at_all() -> None:
    assert overviews.waiting(at=factories.NOW) == overviews.Waiting(0, 0, 0, 0)


def test_places_are_counted_by_event_without_those_that_are_over() -> None:
    factories.event(capacity=5)
    factories.event("past", starts_at=factories.NOW - DAY)
    factories.event("officials", starts_at=None)
    factories.approved()
    waiting = factories.pending()
    with transaction():
        rsvps.waitlist(factories.decision(waiting))
    factories.pending()
    found = [
        (one.event.slug, one.taken, one.waitlisted, one.pending, one.capacity)
        for one in overviews.places(at=factories.NOW)
    ]
    assert found == [("democracy", 1, 1, 1, 5), ("officials", 0, 0, 0, None)]


def test_local_hours_are_those_of_the_people_with_a_place_when_the_event_begins() -> None:
    event = factories.event()
    for zone in ("Asia/Phnom_Penh", "Asia/Bangkok", "Europe/Paris"):
        factories.approved(zone=zone)
    factories.pending(zone="Australia/Melbourne")
    hours = overviews.local_hours(event)
    assert {hour: count for hour, count in enumerate(hours) if count} == {3: 2, 22: 1}
    assert sum(overviews.local_hours(factories.event("officials", starts_at=None))) == 0


def test_a_digest_comes_at_most_once_in_the_chosen_period() -> None:
    factories.event()
    factories.pending()
    digest_to("nalen@example.org", 24)
    assert digests.write_due(at=factories.NOW) == 1
    assert digests.write_due(at=factories.NOW + 23 * HOUR) == 0
    assert digests.write_due(at=factories.NOW + 24 * HOUR) == 1
    assert recipients() == ["nalen@example.org"] * 2


def test_a_digest_names_nobody() -> None:
    factories.event()
    rsvp = factories.pending(name="Sok Dara", email="sok@example.org")
    digest_to("nalen@example.org", 24)
    digests.write_due(at=factories.NOW + 5 * HOUR)
    words = factories.letters("digest")[0].content or ""
    assert "Requests to decide: 1" in words
    for secret in (rsvp.participant.name, rsvp.participant.email, rsvp.event.title["en"]):
        assert secret not in words


def test_nobody_is_written_to_while_nothing_waits_or_who_did_not_ask_for_it() -> None:
    factories.event()
    digest_to("nalen@example.org", 24)
    assert digests.write_due(at=factories.NOW) == 0
    factories.pending()
    digest_to("never@example.org", 0)
    digest_to("gone@example.org", 24, removed_at=factories.NOW)
    digests.write_due(at=factories.NOW)
    assert recipients() == ["nalen@example.org"]


def test_letters_in_trouble_are_reason_enough_for_a_digest(clock: Moment) -> None:
    factories.event()
    factories.ask()
    digest_to("nalen@example.org", 6)
    with transaction():
        factories.letters("verification")[0].state = "failed"
    assert digests.write_due(at=clock.now()) == 1


def test_a_period_that_is_not_offered_is_refused() -> None:
    with transaction():
        coordinator = coordinators.add("nalen@example.org", password="a good long password", at=factories.NOW)
        with pytest.raises(ValueError, match="period"):
            digests.choose(coordinator, 1)
