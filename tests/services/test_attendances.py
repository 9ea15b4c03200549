"""Who attended: proposed by who opened the meeting, saved by a coordinator, a number once people are erased."""

from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.models import Event, Rsvp
from rsvp.models.event import LinkMode
from rsvp.models.journal import JournalEntry
from rsvp.services import attendances, erasures, events, joins, rsvps
from rsvp.services.attendances import NotedMeanwhile, TooEarly
from tests import factories, stories
from tests.factories import FIRST

pytestmark = pytest.mark.usefixtures("app")

LATER = FIRST + timedelta(hours=3)


@pytest.fixture
def guests() -> dict[str, str]:
    """Three people with a place, by name, and one who waits; Sok Dara opened the meeting."""
    factories.event(link=factories.LINK, link_mode=LinkMode.GUARDED)
    found = {name: factories.approved(name=name).public_id for name in ("Sok Dara", "Chan Thea", "Ana")}
    factories.pending(name="Somebody Else")
    with transaction():
        joins.pass_through(named(found["Sok Dara"]), at=FIRST)
    return found


def named(public_id: str) -> Rsvp:
    return db.session.query(Rsvp).filter_by(public_id=public_id).one()


def event() -> Event:
    return stories.named()


def save(*came: str, seen: int | None = None) -> int:
    with transaction():
        number = attendances.of(event()).seen if seen is None else seen
        return attendances.save(event(), set(came), seen=number, by=factories.COORDINATOR, at=LATER)


def checked() -> dict[str, bool]:
    return {line.name: line.is_checked for line in attendances.of(event()).lines}


def test_until_it_is_saved_the_list_proposes_who_opened_the_meeting(guests: dict[str, str]) -> None:
    assert checked() == {"Ana": False, "Chan Thea": False, "Sok Dara": True}
    assert list(checked()) == sorted(guests)
    assert attendances.attended(event()) == 0


def test_what_is_saved_stands_whoever_opened_the_meeting(guests: dict[str, str]) -> None:
    assert save(guests["Ana"]) == 1
    assert checked() == {"Ana": True, "Chan Thea": False, "Sok Dara": False}
    assert save(guests["Chan Thea"], guests["Sok Dara"]) == 2
    assert checked() == {"Ana": False, "Chan Thea": True, "Sok Dara": True}
    assert save() == 0
    assert checked() == {"Ana": False, "Chan Thea": False, "Sok Dara": False}


def test_only_who_has_a_place_can_have_been_there(guests: dict[str, str]) -> None:
    waiting = next(rsvp.public_id for rsvp in db.session.query(Rsvp) if rsvp.state == "pending")
    with transaction():
        rsvps.revoke(factories.decision(named(guests["Ana"]), at=LATER))
    assert save(waiting, guests["Ana"], "nobody", guests["Sok Dara"]) == 1
    assert [rsvp.participant.name for rsvp in db.session.query(Rsvp) if rsvp.attended_at] == ["Sok Dara"]


def test_each_saving_is_one_entry_of_the_journal(guests: dict[str, str]) -> None:
    save(guests["Ana"])
    save()
    entries = db.session.query(JournalEntry).filter_by(act="attendance").all()
    assert [(entry.subject, entry.by) for entry in entries] == [("event:democracy", factories.COORDINATOR)] * 2


def test_of_two_coordinators_the_later_learns_of_the_earlier(guests: dict[str, str]) -> None:
    seen = attendances.of(event()).seen
    save(guests["Ana"], seen=seen)
    with pytest.raises(NotedMeanwhile):
        save(guests["Chan Thea"], seen=seen)
    assert checked()["Ana"]


def test_nobody_attended_what_has_not_begun_or_is_called_off(guests: dict[str, str]) -> None:
    with pytest.raises(TooEarly), transaction():
        attendances.save(event(), set(), seen=0, by="x", at=FIRST - timedelta(seconds=1))
    assert attendances.can_be_noted(event(), at=FIRST)
    with transaction():
        events.call_off(event(), by="x", at=FIRST)
    assert not attendances.can_be_noted(event(), at=LATER)


def test_the_count_survives_those_who_are_counted(guests: dict[str, str]) -> None:
    save(guests["Ana"], guests["Sok Dara"])
    with transaction():
        erasures.erase(named(guests["Ana"]).participant, at=LATER)
    assert (attendances.attended(event()), attendances.erased(event())) == (2, 1)
    with transaction():
        for name in ("Sok Dara", "Chan Thea"):
            erasures.erase(named(guests[name]).participant, at=LATER)
    assert (attendances.attended(event()), attendances.of(event()).lines) == (2, [])


def test_who_opened_the_meeting_and_lost_the_place_is_not_counted_as_there(guests: dict[str, str]) -> None:
    assert attendances.opened(event()) == 1
    with transaction():
        rsvps.revoke(factories.decision(named(guests["Sok Dara"]), at=LATER))
    assert attendances.opened(event()) == 0


@pytest.mark.parametrize("way", ["revoked", "withdrawn"])
def test_who_was_noted_and_lost_the_place_can_be_unticked(guests: dict[str, str], way: str) -> None:
    with transaction():
        attendances.save(event(), {guests["Ana"]}, seen=0, by="x", at=FIRST)
        if way == "revoked":
            rsvps.revoke(factories.decision(named(guests["Ana"]), at=FIRST))
        else:
            rsvps.withdraw(named(guests["Ana"]).participant_id, "democracy", at=FIRST)
    assert checked() == {"Ana": True, "Chan Thea": False, "Sok Dara": False}
    assert save(guests["Ana"], guests["Sok Dara"]) == 2
    assert save(guests["Sok Dara"]) == attendances.attended(event()) == 1
    assert "Ana" not in checked()


def test_how_many_opened_the_meeting_survives_those_who_are_counted(guests: dict[str, str]) -> None:
    with transaction():
        for name in guests:
            erasures.erase(named(guests[name]).participant, at=LATER)
    assert (attendances.opened(event()), attendances.had_place(event()), attendances.attended(event())) == (1, 3, 0)


def test_who_erased_everything_before_the_event_is_not_counted_among_those_with_a_place(
    guests: dict[str, str],
) -> None:
    with transaction():
        erasures.erase(named(guests["Ana"]).participant, at=factories.NOW)
    assert attendances.had_place(event()) == 2
