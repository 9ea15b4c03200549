"""Events before anybody sees them."""

import pytest

from rsvp.db import db, transaction
from rsvp.errors import EventActRefused, EventAskedFor, EventIncomplete
from rsvp.models import Event, JournalEntry, Rsvp
from rsvp.models.programme import Programme
from rsvp.models.rsvp import State
from rsvp.services import drafts, events, requests
from rsvp.slugs import is_slug, slug_of
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

BY = "coordinator-one"
BOTH = {"en": "Digital Rights & Safety", "km": "សិទ្ធិឌីជីថល"}


def begin(**changes: object) -> Event:
    facts: dict[str, object] = {
        "kind": "discussion",
        "zone": "America/New_York",
        "minutes": 120,
        "starts_at": factories.FIRST,
        "title": BOTH,
        "summary": BOTH,
    }
    with transaction():
        programme = Programme.current() or factories.programme()
        return drafts.begin(programme, facts | changes, by=BY, at=factories.NOW)


def publish(event: Event) -> None:
    with transaction():
        drafts.publish(db.session.merge(event), by=BY, at=factories.NOW)


def discard(event: Event) -> None:
    with transaction():
        drafts.discard(db.session.merge(event), by=BY, at=factories.NOW)


def acts() -> list[str]:
    return [entry.act for entry in db.session.query(JournalEntry).order_by(JournalEntry.id)]


def test_a_draft_is_named_by_its_english_title_and_takes_no_request() -> None:
    event = begin()
    assert (event.slug, event.is_public) == ("digital-rights-safety", False)
    assert events.published() == []
    assert requests.open_events(factories.NOW) == []
    assert acts() == ["draft"]


def test_two_events_of_one_title_have_two_addresses() -> None:
    assert [begin().slug, begin().slug, begin().slug] == [
        "digital-rights-safety",
        "digital-rights-safety-2",
        "digital-rights-safety-3",
    ]


def test_a_draft_without_a_latin_title_has_an_address_too() -> None:
    assert begin(title={"km": "សិទ្ធិ"}).slug == "event"


def test_a_coordinator_may_choose_the_address() -> None:
    assert begin(slug="rights").slug == "rights"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Cambodia's Café: 2025–26", "cambodias-cafe-202526"),
        ("New", ""),
        ("សិទ្ធិ", ""),
        ("word " * 40, "word-word-word-word-word-word-word-word-word"),
        ("x" * 90, "x" * 48),
    ],
)
def test_what_a_title_makes_can_stand_in_an_address(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert is_slug(slug) == bool(slug)


def test_publishing_shows_the_event_and_takes_requests() -> None:
    event = begin()
    publish(event)
    publish(event)
    assert [shown.slug for shown in events.published()] == [event.slug]
    assert [shown.slug for shown in requests.open_events(factories.NOW)] == [event.slug]
    assert acts() == ["draft", "publication"]


@pytest.mark.parametrize("missing", [{"title": {"en": "Only English"}}, {"summary": {"km": "ខ្មែរ"}}])
def test_an_event_that_lacks_a_language_is_not_published(missing: dict[str, object]) -> None:
    event = begin(**missing)
    with pytest.raises(EventIncomplete):
        publish(event)
    assert events.published() == []


def test_a_draft_can_be_deleted_and_a_published_event_cannot() -> None:
    event = begin()
    discard(event)
    assert events.known() == []
    assert acts() == ["draft", "deletion"]
    event = begin()
    publish(event)
    with pytest.raises(EventActRefused):
        discard(event)


def test_an_event_that_somebody_asked_for_is_never_deleted() -> None:
    event = begin()
    publish(event)
    rsvp = factories.pending(event.slug)
    with transaction():
        named = events.named(event.slug)
        assert named is not None
        named.status = "draft"
    with pytest.raises(EventAskedFor):
        discard(event)
    assert db.session.get(Rsvp, rsvp.id).state == State.PENDING  # type: ignore[union-attr]


def test_a_draft_is_not_cancelled_nor_are_its_requests_closed() -> None:
    event = begin()
    for verb in (events.call_off, events.close, events.reopen):
        with pytest.raises(EventActRefused), transaction():
            verb(db.session.merge(event), by=BY, at=factories.NOW)
    assert events.published() == []


def test_closing_ends_requests_until_they_are_opened_again_and_writes_to_nobody() -> None:
    event = begin()
    publish(event)
    before = len(factories.letters())
    for _time in range(2):
        with transaction():
            events.close(db.session.merge(event), by=BY, at=factories.NOW)
    assert requests.open_events(factories.NOW) == []
    with transaction():
        events.reopen(db.session.merge(event), by=BY, at=factories.NOW)
    assert [shown.slug for shown in requests.open_events(factories.NOW)] == [event.slug]
    assert acts() == ["draft", "publication", "closing", "reopening"]
    assert len(factories.letters()) == before
