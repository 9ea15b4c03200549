"""Lists that leave the service: requests as a file, and names for a meeting's host."""

from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.models import JournalEntry, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import admissions, exports, journal, rsvps
from tests import factories
from tests.factories import COORDINATOR, NOW

pytestmark = pytest.mark.usefixtures("app")


def export(*states: State, event: object = None) -> list[tuple[str, ...]]:
    with transaction():
        return [tuple(row) for row in exports.export(exports.Choice(states, event), by=COORDINATOR, at=NOW)]


def newest_entry() -> tuple[str, str, str]:
    entry = db.session.query(JournalEntry).order_by(JournalEntry.id.desc()).first()
    return entry.act, entry.subject, entry.by


def test_an_export_holds_the_requests_asked_for_and_stands_in_the_journal() -> None:
    factories.event(link=factories.LINK)
    other = factories.event("sovereignty")
    factories.approved(name="Approved", country="Cambodia")
    factories.pending("sovereignty", name="Waiting")
    factories.ask(name="Unproven")
    [row] = export(State.APPROVED)
    assert (row[0], row[2], row[5], row[9]) == ("Approved", "democracy", "Cambodia", "approved")
    assert len(row) == len(exports.COLUMNS)
    assert newest_entry() == ("export", "requests", COORDINATOR)
    assert [row[0] for row in export(State.PENDING, State.APPROVED, event=other)] == ["Waiting"]
    assert newest_entry() == ("export", "event:sovereignty", COORDINATOR)
    assert [row[0] for row in export(*State)] == ["Approved", "Waiting"]


def test_no_link_note_or_reason_is_exported() -> None:
    factories.event(link=factories.LINK, passcode="482 913")
    rsvp = factories.approved()
    with transaction():
        rsvps.annotate(rsvp.public_id, "Remember the canary", by=COORDINATOR, at=NOW)
        rsvps.revoke(factories.decision(rsvp), reason="A canary of a reason")
    text = str(export(State.REVOKED))
    assert "canary" not in text
    assert "zoom" not in text
    assert "482" not in text


def test_the_host_gets_the_names_of_the_approved_in_order_and_the_journal_says_so() -> None:
    event = factories.event()
    for name in ("សុខ ដារ៉ា", "ក្រាំង", "Élodie", "zita", "ឫទ្ធី", "កញ្ញា", "រ៉ា", "លី", "Abe"):
        factories.approved(name=name)
    factories.pending(name="Waiting")
    with transaction():
        names = admissions.list_names(event, by=COORDINATOR, at=NOW)
    assert names == ["Abe", "Élodie", "zita", "កញ្ញា", "ក្រាំង", "រ៉ា", "ឫទ្ធី", "លី", "សុខ ដារ៉ា"]
    assert newest_entry() == ("admissions", "event:democracy", COORDINATOR)


def test_the_journal_is_read_newest_first_by_pages_and_knows_the_event_of_each_entry() -> None:
    factories.event()
    rsvp = factories.approved()
    with transaction():
        for number in range(journal.PAGE):
            journal.record("note", f"rsvp:{rsvp.public_id}", by=COORDINATOR, at=NOW + timedelta(minutes=number))
        journal.record("password", "coordinator:one", by="one", at=NOW)
    assert journal.count() == journal.PAGE + 2
    first, second = journal.entries(1), journal.entries(2)
    assert (first[0].act, [entry.act for entry in second]) == ("password", ["note", "approval"])
    assert set(journal.slugs([*first, *second]).values()) == {"democracy"}
    assert first[0].id not in journal.slugs(first)
    assert db.session.query(Rsvp).count() == 1
