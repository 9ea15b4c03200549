"""The life of an event in a calendar client's own list, from the bytes that the mail server took.

khal is no scheduling agent: it doesn't read METHOD, and doesn't compare SEQUENCE or DTSTAMP. It imports what its
owner opens, one entry for each UID, the newest file over the older. Nor does it take away a cancelled entry: that
stays in the list, marked, until its owner deletes it, and none of its settings hides it. So "none" is here: no entry
that stands there as taking place, no alarm, and the word CANCELLED before the hour.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from rsvp.db import transaction
from rsvp.models import Event, Rsvp
from rsvp.services import events, feeds, outbox, rsvps
from tests import factories
from tests.factories import Moment
from tests.khal import Entry, Khal
from tests.mailserver import MailServer

TITLE = "Democracy and the Political Process"
LATER = factories.FIRST + timedelta(days=7, hours=2)

Open = Callable[[], None]


@pytest.fixture(autouse=True)
def _inside(site: Flask) -> object:
    with site.app_context():
        yield


@pytest.fixture
def khal(tmp_path: Path) -> Khal:
    """The khal of somebody in Phnom Penh."""
    return Khal(tmp_path / "khal", "Asia/Phnom_Penh")


@pytest.fixture
def open_letters(khal: Khal, mail_server: MailServer, clock: Moment) -> Open:
    """Let the letters leave, and let their reader open each attachment in khal."""

    def carry() -> None:
        before = len(mail_server.received)
        outbox.deliver(clock.now)
        for received in mail_server.received[before:]:
            for part in received.message.iter_attachments():
                khal.take(part.get_payload(decode=True))  # type: ignore[arg-type]

    return carry


@pytest.fixture
def guest(open_letters: Open) -> Rsvp:
    """A guest who has opened the invitation in khal."""
    factories.event(link=factories.LINK)
    rsvp = factories.approved(language="en")
    open_letters()
    return rsvp


def event() -> Event:
    found = events.named("democracy")
    assert found is not None
    return found


def change(**facts: object) -> None:
    with transaction():
        events.change(event(), facts, by="x", at=factories.NOW)


def standing(khal: Khal) -> list[Entry]:
    """Return what stands in the list as taking place."""
    return [entry for entry in khal.read() if entry.status != "CANCELLED"]


def test_the_invitation_stands_at_the_guests_own_hour_with_link_and_alarms(khal: Khal, guest: Rsvp) -> None:
    (entry,) = khal.read()
    assert (entry.title, entry.status, entry.alarms) == (TITLE, "CONFIRMED", 2)
    assert (entry.starts_at, entry.ends_at) == (factories.FIRST, factories.FIRST + timedelta(hours=2))
    assert entry.location == factories.LINK
    assert khal.show()[0] == "Sunday, 2025-07-13"
    assert khal.show()[1].startswith(f"03:00-05:00 {TITLE}")


def test_one_entry_then_moved_then_none(khal: Khal, guest: Rsvp, open_letters: Open) -> None:
    (invited,) = standing(khal)
    change(starts_at=LATER)
    open_letters()
    (moved,) = standing(khal)
    assert (moved.uid, moved.starts_at, moved.ends_at) == (invited.uid, LATER, LATER + timedelta(hours=2))
    assert khal.show()[1].startswith(f"05:00-07:00 {TITLE}")
    with transaction():
        events.call_off(event(), by="x", at=factories.NOW)
    open_letters()
    assert standing(khal) == []
    assert [entry.uid for entry in khal.read()] == [invited.uid]


def test_a_cancelled_entry_is_marked_rings_no_more_and_keeps_no_link(
    khal: Khal, guest: Rsvp, open_letters: Open
) -> None:
    with transaction():
        rsvps.revoke(factories.decision(guest))
    open_letters()
    (entry,) = khal.read()
    assert (entry.status, entry.alarms, entry.starts_at) == ("CANCELLED", 0, factories.FIRST)
    assert khal.show()[1].startswith(f"CANCELLED 03:00-05:00 {TITLE}")
    kept = "".join(path.read_text(encoding="utf-8") for path in khal.entries.glob("*.ics"))
    assert "zoom.example" not in kept.replace("\n ", "")


def test_an_event_that_takes_place_after_all_stands_there_again(khal: Khal, guest: Rsvp, open_letters: Open) -> None:
    for act in (events.call_off, events.restore):
        with transaction():
            act(event(), by="x", at=factories.NOW)
        open_letters()
    (entry,) = standing(khal)
    assert (entry.starts_at, entry.alarms, entry.location) == (factories.FIRST, 2, factories.LINK)


def test_a_session_whose_time_is_set_later_appears_with_it(khal: Khal, open_letters: Open) -> None:
    factories.event(starts_at=None)
    factories.approved(language="km")
    open_letters()
    assert khal.read() == []
    change(starts_at=factories.FIRST)
    open_letters()
    (entry,) = standing(khal)
    assert (entry.title, entry.starts_at) == ("ប្រជាធិបតេយ្យ និងដំណើរការនយោបាយ", factories.FIRST)
    change(starts_at=None)
    open_letters()
    assert standing(khal) == []


def test_the_guests_subscription_is_the_same_entry_and_not_a_second_one(
    khal: Khal, guest: Rsvp, open_letters: Open
) -> None:
    (invited,) = khal.read()
    khal.take(feeds.own(guest.participant, at=factories.NOW))
    (subscribed,) = standing(khal)
    assert (subscribed.uid, subscribed.starts_at, subscribed.location) == (
        invited.uid,
        invited.starts_at,
        invited.location,
    )
    with transaction():
        events.call_off(event(), by="x", at=factories.NOW)
    khal.take(feeds.own(guest.participant, at=factories.NOW))
    assert standing(khal) == []
    assert len(khal.read()) == 1


def test_the_public_schedule_moves_and_ends_its_entry_too(khal: Khal) -> None:
    factories.event(link=factories.LINK)
    khal.take(feeds.schedule("en"))
    assert [entry.starts_at for entry in standing(khal)] == [factories.FIRST]
    change(starts_at=LATER)
    khal.take(feeds.schedule("en"))
    assert [entry.starts_at for entry in standing(khal)] == [LATER]
    with transaction():
        events.call_off(event(), by="x", at=factories.NOW)
    khal.take(feeds.schedule("en"))
    assert (standing(khal), len(khal.read())) == ([], 1)
