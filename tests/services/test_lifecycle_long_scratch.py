"""Whatever guests and the coordinator do, in whatever order: a plain model says what must hold, and it holds."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import ClassVar

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from rsvp.db import db, transaction
from rsvp.errors import DecidedAlready, MoveRefused
from rsvp.models.event import Event
from rsvp.models.invitation import Invitation
from rsvp.models.journal import FIRST_DIGEST, JournalEntry, JournalHead
from rsvp.models.letter import Letter
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp
from rsvp.services import addresses, events, invitations, journal, requests, rsvps
from tests import factories, meetings

GUESTS = ("first@example.org", "second@example.org")
EVENTS = ("linked", "unlinked", "untimed")
CANARY = "https://zoom.example/j/canary"

VERBS = {
    "approve": (rsvps.approve, {"pending", "waitlisted"}, "approved"),
    "decline": (rsvps.decline, {"pending", "waitlisted"}, "declined"),
    "waitlist": (rsvps.waitlist, {"pending"}, "waitlisted"),
    "revoke": (rsvps.revoke, {"approved"}, "revoked"),
    "reopen": (rsvps.reopen, {"declined", "revoked"}, "pending"),
}
WITHDRAWABLE = {"pending", "waitlisted", "approved"}
LETTER_OF = {"decline": "decline", "waitlist": "waitlisting", "revoke": "cancellation"}

guests, slugs = st.sampled_from(GUESTS), st.sampled_from(EVENTS)


@dataclass
class Request:
    """What the model knows of one request: its state, and the letters about it, oldest first."""

    state: str = "unverified"
    asks_again: bool = False
    letters: list[str] = field(default_factory=list)


class Lifecycle(RuleBasedStateMachine):
    """Two guests, three events (with a link, without one, without an hour), one coordinator."""

    app: ClassVar[Flask]

    @initialize()
    def open_the_programme(self) -> None:
        """Begin with an empty database and three published events."""
        _empty()
        self.at = factories.NOW
        self.requests: dict[tuple[str, str], Request] = {}
        self.verifications: list[str] = []
        self.receipts = 0
        self.awaits_proof: set[str] = set()
        self.timed = {"linked", "unlinked"}
        self.entries = self.read = 0
        self.calendars: dict[int, tuple[str, int]] = {}
        factories.event("linked", link=f"{CANARY}/0")
        factories.event("unlinked")
        factories.event("untimed", kind="officials", starts_at=None)

    @rule(guest=guests, chosen=st.sets(slugs, min_size=1))
    def ask(self, guest: str, chosen: set[str]) -> None:
        """A guest sends the public form."""
        with transaction():
            requests.receive(factories.asked(*chosen, email=guest), at=self.at)
        for slug in chosen:
            request = self.requests.setdefault((guest, slug), Request())
            request.asks_again = request.state == "withdrawn"
        if guest not in self.awaits_proof:
            self.awaits_proof.add(guest)
            self.verifications.append(guest)

    @precondition(lambda self: self.requests)
    @rule(guest=guests)
    def prove(self, guest: str) -> None:
        """A guest presses the button of the letter."""
        if not self._of(guest):
            return
        factories.prove(_participant(guest), at=self.at)
        self.awaits_proof.discard(guest)
        proven = [one for one in self._of(guest) if one.state == "unverified" or one.asks_again]
        for request in proven:
            request.state, request.asks_again = "pending", False
        self.receipts += bool(proven)

    @precondition(lambda self: self.requests)
    @rule(guest=guests, slug=slugs, verb=st.sampled_from(tuple(VERBS)))
    def decide(self, guest: str, slug: str, verb: str) -> None:
        """The coordinator decides, also where nothing can be decided."""
        request = self.requests.get((guest, slug))
        if request is None:
            return
        act, starts, to = VERBS[verb]
        decision = factories.decision(_rsvp(guest, slug), at=self.at)
        if request.state not in starts:
            with pytest.raises(MoveRefused), transaction():
                act(decision)
            return
        with transaction():
            act(decision)
        request.state = to
        self.entries += 1
        if verb == "approve":
            request.letters.append("invitation" if slug in self.timed else "approval")
        elif verb in LETTER_OF:
            request.letters.append(LETTER_OF[verb])
        with pytest.raises(DecidedAlready), transaction():
            act(decision)

    @precondition(lambda self: self.requests)
    @rule(guest=guests, slug=slugs)
    def withdraw(self, guest: str, slug: str) -> None:
        """A guest gives up a request or a place."""
        request = self.requests.get((guest, slug))
        if request is None:
            return
        person = _participant(guest).id
        if request.state not in WITHDRAWABLE:
            with pytest.raises(MoveRefused), transaction():
                rsvps.withdraw(person, slug, at=self.at)
            return
        with transaction():
            rsvps.withdraw(person, slug, at=self.at)
        if request.state == "approved":
            request.letters.append("cancellation")
        request.state = "withdrawn"

    @rule(slug=slugs, number=st.integers(1, 3))
    def set_the_link(self, slug: str, number: int) -> None:
        """The coordinator sets or changes an event's link."""
        self._change(slug, {"link": f"{CANARY}/{number}"})

    @rule(slug=slugs, days=st.integers(0, 2))
    def set_the_hour(self, slug: str, days: int) -> None:
        """The coordinator moves an event, or gives it its first hour."""
        self._change(slug, {"starts_at": factories.FIRST + timedelta(days=days)})

    @rule(minutes=st.integers(0, 20))
    def let_time_pass(self, minutes: int) -> None:
        """Some minutes go by; no seconds at all may go by between two acts, too."""
        self.at += timedelta(minutes=minutes)

    @invariant()
    def every_request_stands_where_the_model_says(self) -> None:
        """The state agrees with the model."""
        assert {key: _rsvp(*key).state for key in self.requests} == {
            key: request.state for key, request in self.requests.items()
        }
        assert db.session.scalar(select(func.count()).select_from(Rsvp)) == len(self.requests)

    @invariant()
    def exactly_the_approved_have_the_event_in_their_calendar(self) -> None:
        """Approved and with an hour, or else not in the calendar."""
        for (guest, slug), request in self.requests.items():
            found = invitations.of(_rsvp(guest, slug))
            holds = found is not None and found.method == "REQUEST"
            assert holds is (request.state == "approved" and slug in self.timed)
            if holds:
                assert (found.starts_at, found.minutes) == (_event(slug).starts_at, _event(slug).minutes)

    @invariant()
    def an_entry_keeps_its_name_and_its_number_only_rises(self) -> None:
        """UID for life, SEQUENCE never falls."""
        for found in db.session.scalars(select(Invitation)):
            uid, sequence = self.calendars.get(found.id, (found.uid, 0))
            assert (found.uid, found.sequence >= sequence) == (uid, True)
            self.calendars[found.id] = (found.uid, found.sequence)

    @invariant()
    def every_act_is_told_in_exactly_one_letter(self) -> None:
        """The letters of each request are those that the model counted, in order."""
        written = factories.letters()
        for key, request in self.requests.items():
            rsvp = _rsvp(*key)
            assert [letter.kind for letter in written if letter.rsvp_id == rsvp.id] == request.letters
        others = [letter.kind for letter in written if letter.rsvp_id is None]
        assert others.count("verification") == len(self.verifications)
        assert others.count("receipt") == self.receipts
        assert len(others) == len(self.verifications) + self.receipts

    @invariant()
    def nobody_without_a_place_is_written_the_link(self) -> None:
        """Looked at as soon as a letter is written: its reader has a place now, and the link is today's."""
        for letter in _letters_after(self.read):
            self.read = letter.id
            words = (letter.content or "").replace(r"\r\n ", "")
            is_entitled = letter.rsvp is not None and letter.rsvp.state == "approved"
            link = letter.rsvp.event.link if letter.rsvp else None
            assert (CANARY in words) is (letter.kind in ("invitation", "update") and link is not None)
            assert CANARY not in words or (is_entitled and link in words)
            self._look_into_the_calendar(letter, words)

    @invariant()
    def the_journal_is_whole(self) -> None:
        """One entry for each decision and each change, in a chain."""
        assert journal.broken() is None
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == self.entries

    def _change(self, slug: str, facts: dict[str, object]) -> None:
        event = _event(slug)
        is_news = any(getattr(event, name) != value for name, value in facts.items())
        with transaction():
            written = events.change(_event(slug), facts, by=factories.COORDINATOR, at=self.at)
        had_an_hour = slug in self.timed
        if facts.get("starts_at"):
            self.timed.add(slug)
        told = [one for (_, asked), one in self.requests.items() if asked == slug and one.state == "approved"]
        told = told if is_news and slug in self.timed else []
        for request in told:
            request.letters.append("update" if had_an_hour else "invitation")
        assert written == len(told)
        self.entries += is_news

    def _of(self, guest: str) -> list[Request]:
        return [request for (asked_by, _), request in self.requests.items() if asked_by == guest]

    def _look_into_the_calendar(self, letter: Letter, words: str) -> None:
        has_calendar = letter.kind in ("invitation", "update")
        found = invitations.of(letter.rsvp) if letter.rsvp else None
        if has_calendar:
            assert found is not None
            assert rf"UID:{found.uid}\r\n" in words
            assert rf"SEQUENCE:{found.sequence}\r\n" in words


@pytest.mark.usefixtures("app")
def test_every_order_of_acts_leaves_requests_letters_and_calendars_agreeing(database_url: str) -> None:
    is_quick = database_url.startswith("sqlite")
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=300 if is_quick else 5,
            stateful_step_count=50,
            deadline=None,
            database=None,
            derandomize=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _empty() -> None:
    with transaction():
        for table in reversed(db.metadata.sorted_tables):
            db.session.execute(table.delete())
        db.session.add(JournalHead(id=journal.HEAD, digest=FIRST_DIGEST))


def _participant(guest: str) -> Participant:
    return db.session.scalars(select(Participant).where(Participant.email_index == addresses.index(guest))).one()


def _event(slug: str) -> Event:
    return db.session.scalars(select(Event).where(Event.slug == slug)).one()


def _rsvp(guest: str, slug: str) -> Rsvp:
    chosen = select(Rsvp).where(Rsvp.participant_id == _participant(guest).id, Rsvp.event_id == _event(slug).id)
    return db.session.scalars(chosen).one()


def _letters_after(read: int) -> list[Letter]:
    return list(db.session.scalars(select(Letter).where(Letter.id > read).order_by(Letter.id)))
