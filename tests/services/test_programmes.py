"""Loading a programme: the published facts, and every way in which a file can be refused."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from rsvp.db import db, transaction
from rsvp.errors import ProgrammeRefused
from rsvp.models.event import Event
from rsvp.models.journal import JournalEntry
from rsvp.models.letter import LetterKind
from rsvp.models.programme import Programme
from rsvp.services import events, invitations, outbox, programmes, rsvps
from rsvp.services.programmes import Loaded
from tests import factories
from tests.clocks import by_zoneinfo

PUBLISHED = factories.PROGRAMME_FILE.read_text(encoding="utf-8")
NEW_YORK = "America/New_York"

# PROGRAMME.md: slug, kind, start in UTC, minutes, titles.
FACTS = [
    (
        "democracy",
        "discussion",
        datetime(2025, 7, 12, 20, tzinfo=UTC),
        120,
        "Democracy and the Political Process",
        "ប្រជាធិបតេយ្យ និងដំណើរការនយោបាយ",
    ),
    (
        "sovereignty",
        "discussion",
        datetime(2025, 7, 19, 20, tzinfo=UTC),
        120,
        "Sovereignty and Territorial Integrity",
        "អធិបតេយ្យភាព និងបូរណភាពទឹកដី",
    ),
    (
        "economic-pressure",
        "discussion",
        datetime(2025, 7, 26, 20, tzinfo=UTC),
        120,
        "Economic Pressure and US Leverage",
        "សម្ពាធសេដ្ឋកិច្ច និងឥទ្ធិពលរបស់សហរដ្ឋអាមេរិក",
    ),
    (
        "transnational-repression",
        "discussion",
        datetime(2025, 8, 2, 20, tzinfo=UTC),
        120,
        "Transnational Repression: Assassinations and Forced Repatriation of Exiled Dissidents",
        "ការគាបសង្កត់ឆ្លងដែន៖ ការធ្វើឃាត និងការធ្វើមាតុភូមិនិវត្តន៍ដោយបង្ខំរបស់អ្នកប្រឆាំងនិរទេស",
    ),
    ("officials", "officials", None, 90, "Higher-Leadership Officials Session", "កិច្ចប្រជុំជាមួយមន្ត្រីជាន់ខ្ពស់"),
    (
        "preparatory",
        "preparatory",
        datetime(2025, 6, 30, 14, tzinfo=UTC),
        90,
        "Preparatory Session for the Second Roundtable",
        "វគ្គរៀបចំសម្រាប់កិច្ចប្រជុំតុមូលទី២",
    ),
    (
        "working-officials",
        "officials",
        datetime(2025, 3, 26, 15, tzinfo=UTC),
        90,
        "Working Officials Session",
        "កិច្ចប្រជុំផ្លូវការជាមួយមន្ត្រី",
    ),
]
DISCUSSIONS = tuple(slug for slug, kind, *_ in FACTS if kind == "discussion")


def load(source: str = PUBLISHED, first_saturday: date | None = None, at: datetime = factories.NOW) -> Loaded:
    """Load a programme file in a transaction of its own, as the command does."""
    with transaction():
        return programmes.load(source, at=at, first_saturday=first_saturday)


def published(old: str = "", new: str = "") -> str:
    """Return the published file with its first such words replaced."""
    assert old in PUBLISHED
    return PUBLISHED.replace(old, new, 1)


def start_of(slug: str) -> datetime | None:
    """Return when an event begins."""
    event = events.named(slug)
    assert event is not None
    return event.starts_at


@pytest.fixture
def quick(site: Flask) -> Iterator[None]:
    """The application on SQLite only, for what doesn't depend on the database."""
    with site.app_context():
        yield


@pytest.mark.usefixtures("app")
def test_the_published_file_holds_the_published_facts() -> None:
    assert load() == Loaded(made=7, changed=0, letters=0)
    stored = db.session.scalars(select(Event).order_by(Event.id)).all()
    assert [
        (event.slug, event.kind, event.starts_at, event.minutes, event.title["en"], event.title["km"])
        for event in stored
    ] == FACTS
    assert {event.zone for event in stored} == {NEW_YORK}
    assert all(set(event.summary) == {"en", "km"} for event in stored)
    assert [event.recording_url or event.link for event in stored] == [None] * 7


@pytest.mark.usefixtures("app")
def test_the_published_file_names_the_organiser_and_the_coordinator() -> None:
    load()
    series = Programme.current()
    assert series is not None
    assert series.title == {
        "en": "Second U.S. State Department Roundtable on Cambodia",
        "km": "តុមូលទី២ ជាមួយក្រសួងការបរទេសសហរដ្ឋអាមេរិក ស្តីពីកម្ពុជា",
    }
    assert series.coordinator_name == {"en": "Ms. Nalen Smith", "km": "លោកស្រី ណាឡែន ស្មីត"}
    assert (series.coordinator_email, series.organiser["en"]) == ("Nalen.Smith@savecambodia.org", "Save Cambodia")


@pytest.mark.usefixtures("app")
def test_loading_the_same_file_again_changes_nothing_and_writes_to_nobody() -> None:
    load()
    factories.approved("democracy")
    before = len(factories.letters())
    assert load() == Loaded(made=0, changed=0, letters=0)
    assert len(factories.letters()) == before
    assert db.session.scalar(select(func.count()).select_from(Event)) == 7
    assert db.session.scalar(select(func.count()).select_from(Programme)) == 1


@pytest.mark.usefixtures("quick")
def test_what_the_coordinator_set_and_the_file_does_not_say_stays() -> None:
    load()
    officials = events.named("officials")
    assert officials is not None
    hour = datetime(2025, 9, 4, 15, tzinfo=UTC)
    facts = {"starts_at": hour, "link": factories.LINK, "capacity": 40, "recording_url": "https://example.org/r"}
    with transaction():
        events.change(db.session.merge(officials), facts, by=factories.COORDINATOR, at=factories.NOW)
    assert load() == Loaded(made=0, changed=0, letters=0)
    kept = events.named("officials")
    assert kept is not None
    assert {name: getattr(kept, name) for name in facts} == facts


@pytest.mark.usefixtures("quick")
def test_discussions_move_by_whole_weeks_and_stay_at_four_in_washington_over_a_clock_change() -> None:
    load(first_saturday=date(2026, 10, 24))
    starts = [start_of(slug) for slug in DISCUSSIONS]
    assert starts == [
        datetime(2026, 10, 24, 20, tzinfo=UTC),
        datetime(2026, 10, 31, 20, tzinfo=UTC),
        datetime(2026, 11, 7, 21, tzinfo=UTC),
        datetime(2026, 11, 14, 21, tzinfo=UTC),
    ]
    assert {f"{by_zoneinfo(start, NEW_YORK):%A %H:%M}" for start in starts if start} == {"Saturday 16:00"}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("day", [date(2025, 7, 12), date(2024, 3, 2), date(2026, 3, 7), date(2030, 12, 28)])
def test_sessions_that_are_not_discussions_keep_their_published_dates(day: date) -> None:
    load(first_saturday=day)
    first = start_of("democracy")
    assert first is not None
    assert by_zoneinfo(first, NEW_YORK).date() == day
    assert start_of("officials") is None
    assert start_of("preparatory") == datetime(2025, 6, 30, 14, tzinfo=UTC)
    assert start_of("working-officials") == datetime(2025, 3, 26, 15, tzinfo=UTC)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("word", ["EST", "EDT", "ET", "DC", "DC time", NEW_YORK])
def test_every_word_for_washingtons_clock_means_the_same_hour(word: str) -> None:
    load(published('zone = "EST"', f'zone = "{word}"'))
    assert start_of("democracy") == datetime(2025, 7, 12, 20, tzinfo=UTC)


@pytest.mark.usefixtures("app")
def test_an_event_that_the_file_moves_is_moved_in_every_approved_guests_calendar() -> None:
    load()
    guest, second = factories.approved("democracy"), factories.approved("democracy")
    waiting, refused = factories.pending("democracy"), factories.pending("democracy")
    elsewhere = factories.approved("sovereignty")
    with transaction():
        rsvps.decline(factories.decision(refused))
    outbox.deliver(lambda: factories.NOW)
    assert load(published("time = 16:00:00", "time = 17:30:00")) == Loaded(made=0, changed=1, letters=2)
    told = [letter.rsvp_id for letter in factories.letters(LetterKind.UPDATE)]
    assert told == [guest.id, second.id]
    assert not {waiting.id, refused.id, elsewhere.id} & set(told)
    invitation = invitations.of(guest)
    assert invitation is not None
    assert (invitation.sequence, invitation.starts_at) == (1, datetime(2025, 7, 12, 21, 30, tzinfo=UTC))


@pytest.mark.usefixtures("app")
def test_a_guest_hears_of_an_event_that_is_moved_and_of_its_way_back() -> None:
    load()
    guest = factories.approved("democracy")
    assert load(published("time = 16:00:00", "time = 17:30:00")).letters == 1
    assert load().letters == 1
    invitation = invitations.of(guest)
    assert invitation is not None
    assert (invitation.sequence, invitation.starts_at) == (2, datetime(2025, 7, 12, 20, tzinfo=UTC))


@pytest.mark.usefixtures("app")
def test_the_journal_says_that_the_operator_moved_an_event() -> None:
    load()
    load(published("time = 16:00:00", "time = 17:30:00"))
    entries = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()
    assert [(entry.act, entry.subject, entry.by) for entry in entries] == [
        ("event starts_at", "event:democracy", "operator")
    ]


@pytest.mark.usefixtures("app")
def test_a_refused_file_leaves_everything_as_it_was() -> None:
    load()
    factories.approved("democracy")
    letters = len(factories.letters())
    broken = published("time = 16:00:00", "time = 17:30:00").replace("minutes = 90", "minutes = -90", 1)
    with pytest.raises(ProgrammeRefused):
        load(broken)
    assert start_of("democracy") == datetime(2025, 7, 12, 20, tzinfo=UTC)
    assert len(factories.letters()) == letters


@pytest.mark.usefixtures("quick")
def test_a_refused_first_file_makes_no_programme_and_no_event() -> None:
    with pytest.raises(ProgrammeRefused):
        load(published("minutes = 120", "minutes = 0"))
    assert Programme.current() is None
    assert events.published() == []


@pytest.mark.usefixtures("quick")
def test_a_file_may_say_how_guests_get_to_a_meeting_and_else_it_stays_as_the_coordinator_set_it() -> None:
    load(published("minutes = 120", 'minutes = 120\nlink_mode = "guarded"'))
    first, second = DISCUSSIONS[:2]
    assert [events.named(slug).is_guarded for slug in (first, second)] == [True, False]  # type: ignore[union-attr]
    load()
    assert events.named(first).is_guarded  # type: ignore[union-attr]
