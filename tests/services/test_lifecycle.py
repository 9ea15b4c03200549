"""Whatever guests and the coordinator do, in whatever order: a plain model says what must hold, and it holds."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
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
from rsvp.models.journal import FIRST_DIGEST, JournalEntry, JournalHead
from rsvp.models.letter import Letter
from rsvp.models.participant import Participant
from rsvp.models.rsvp import Rsvp
from rsvp.services import addresses, events, invitations, journal, requests, rsvps
from tests import factories

GUESTS = ("first@example.org", "second@example.org")
EVENTS = ("linked", "unlinked", "untimed")
CANARY = "https://zoom.example/j/canary"
CHANGES = (
    *({"link": f"{CANARY}/{number}"} for number in (0, 1)),
    *({"starts_at": factories.FIRST + timedelta(days=days)} for days in (0, 1)),
)

# Each verb: the act, the state that it leads to, and the letter that tells of it.
VERBS = {
    "approve": (rsvps.approve, "approved", "invitation"),
    "decline": (rsvps.decline, "declined", "decline"),
    "waitlist": (rsvps.waitlist, "waitlisted", "waitlisting"),
    "revoke": (rsvps.revoke, "revoked", "cancellation"),
    "reopen": (rsvps.reopen, "pending", None),
}
ALLOWED = {
    "pending": {"approve", "decline", "waitlist", "withdraw"},
    "waitlisted": {"approve", "decline", "withdraw"},
    "approved": {"revoke", "withdraw"},
    "declined": {"reopen"},
    "revoked": {"reopen"},
}

guests, slugs = st.sampled_from(GUESTS), st.sampled_from(EVENTS)


@dataclass
class Request:
    """What the model knows of one request: its state, and the letters about it, oldest first."""

    state: str = "unverified"
    asks_again: bool = False
    letters: list[str] = field(default_factory=list)
    # How many calendar objects were sent: the first has SEQUENCE 0.
    objects: int = 0

    def told(self, letter: str, *, with_calendar: bool) -> None:
        """Count a letter."""
        self.letters.append(letter)
        self.objects += with_calendar


class Lifecycle(RuleBasedStateMachine):
    """Two guests, three events (with a link, without one, without an hour), one coordinator."""

    @initialize()
    def open_the_programme(self) -> None:
        """Begin with an empty database and three published events."""
        _empty()
        self.at = factories.NOW
        self.requests: dict[tuple[str, str], Request] = {}
        self.verifications = self.receipts = 0
        self.awaits_proof: set[str] = set()
        self.timed = {"linked", "unlinked"}
        self.entries = self.read = 0
        self.uids: dict[int, str] = {}
        factories.event("linked", link=f"{CANARY}/0")
        factories.event("unlinked")
        factories.event("untimed", kind="officials", starts_at=None)
        self.ask(GUESTS[0], set(EVENTS))
        self.prove(GUESTS[0])

    @rule(guest=guests, chosen=st.sets(slugs, min_size=1))
    def ask(self, guest: str, chosen: set[str]) -> None:
        """A guest sends the public form."""
        with transaction():
            requests.receive(factories.asked(*chosen, email=guest), at=self.at)
        for slug in chosen:
            request = self.requests.setdefault((guest, slug), Request())
            request.asks_again = request.asks_again or request.state == "withdrawn"
        if guest not in self.awaits_proof:
            self.awaits_proof.add(guest)
            self.verifications += 1

    @rule(data=st.data())
    def prove_an_address(self, data: st.DataObject) -> None:
        """A guest presses the button of the letter, be it an old one."""
        self.prove(data.draw(st.sampled_from(sorted({guest for guest, _ in self.requests}))))

    def prove(self, guest: str) -> None:
        """What waits for the proof goes to the desk."""
        factories.prove(_participant(guest), at=self.at)
        self.awaits_proof.discard(guest)
        held = [request for (asked_by, _), request in self.requests.items() if asked_by == guest]
        proven = [request for request in held if request.state == "unverified" or request.asks_again]
        for request in proven:
            request.state, request.asks_again = "pending", False
        self.receipts += bool(proven)

    @precondition(lambda self: self._possible(set(VERBS)))
    @rule(data=st.data())
    def decide(self, data: st.DataObject) -> None:
        """The coordinator decides; a second press of the same button does nothing."""
        key, verb = data.draw(st.sampled_from(self._possible(set(VERBS))))
        request, (act, to, letter) = self.requests[key], VERBS[verb]
        decision = factories.decision(_rsvp(*key), at=self.at)
        with transaction():
            act(decision)
        is_timed = key[1] in self.timed
        if letter:
            told = "approval" if verb == "approve" and not is_timed else letter
            request.told(told, with_calendar=is_timed and verb in ("approve", "revoke"))
        request.state = to
        self.entries += 1
        with pytest.raises(DecidedAlready), transaction():
            act(decision)

    @rule(data=st.data(), verb=st.sampled_from(tuple(VERBS)))
    def decide_in_vain(self, data: st.DataObject, verb: str) -> None:
        """The coordinator tries what the state doesn't allow."""
        key = data.draw(st.sampled_from(sorted(self.requests)))
        if verb not in ALLOWED.get(self.requests[key].state, set()):
            with pytest.raises(MoveRefused), transaction():
                VERBS[verb][0](factories.decision(_rsvp(*key), at=self.at))

    @precondition(lambda self: self._possible({"withdraw"}))
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        """A guest gives up a request or a place, and can't do it twice."""
        key, _ = data.draw(st.sampled_from(self._possible({"withdraw"})))
        request, person = self.requests[key], _participant(key[0]).id
        with transaction():
            rsvps.withdraw(person, key[1], at=self.at)
        if request.state == "approved":
            request.told("cancellation", with_calendar=key[1] in self.timed)
        request.state = "withdrawn"
        with pytest.raises(MoveRefused), transaction():
            rsvps.withdraw(person, key[1], at=self.at)

    @rule(slug=slugs, changes=st.lists(st.sampled_from(CHANGES), min_size=1, max_size=3))
    def change_an_event(self, slug: str, changes: list[dict[str, object]]) -> None:
        """The coordinator sets a link or an hour, or thinks better of it and sets it back."""
        for facts in changes:
            self._change(slug, facts)
            self.nobody_without_a_place_is_written_the_link()

    @rule(minutes=st.integers(0, 20))
    def let_time_pass(self, minutes: int) -> None:
        """Some minutes go by; no seconds at all may go by between two acts, too."""
        self.at += timedelta(minutes=minutes)

    @invariant()
    def every_request_stands_where_the_model_says(self) -> None:
        """The state agrees with the model."""
        expected = {key: request.state for key, request in self.requests.items()}
        assert {key: _rsvp(*key).state for key in expected} == expected
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
    def an_entry_keeps_its_name_and_its_number_rises_with_each_object(self) -> None:
        """UID for life; SEQUENCE counts what was sent, and never falls."""
        for key, request in self.requests.items():
            found = invitations.of(_rsvp(*key))
            assert (found.sequence + 1 if found else 0) == request.objects
            if found:
                assert self.uids.setdefault(found.id, found.uid) == found.uid

    @invariant()
    def every_act_is_told_in_exactly_one_letter(self) -> None:
        """The letters of each request are those that the model counted, in order."""
        written = factories.letters()
        for key, request in self.requests.items():
            rsvp = _rsvp(*key)
            assert [letter.kind for letter in written if letter.rsvp_id == rsvp.id] == request.letters
        others = [letter.kind for letter in written if letter.rsvp_id is None]
        assert others.count("verification") == self.verifications
        assert others.count("receipt") == self.receipts
        assert len(others) == self.verifications + self.receipts

    @invariant()
    def nobody_without_a_place_is_written_the_link(self) -> None:
        """Looked at as soon as a letter is written: its reader has a place now, and the link is today's."""
        for letter in _letters_after(self.read):
            self.read = letter.id
            words = (letter.content or "").replace(r"\r\n ", "")
            link = letter.rsvp.event.link if letter.rsvp else None
            assert (CANARY in words) is (letter.kind in ("invitation", "update") and link is not None)
            if CANARY in words:
                assert letter.rsvp is not None
                assert letter.rsvp.state == "approved"
                assert link in words

    @invariant()
    def the_newest_letter_carries_the_newest_entry(self) -> None:
        """What the guest's calendar reads is what the service keeps."""
        for letter in {letter.rsvp_id: letter for letter in factories.letters() if letter.rsvp_id}.values():
            words = (letter.content or "").replace(r"\r\n ", "")
            found = invitations.of(letter.rsvp)  # type: ignore[arg-type]
            if "BEGIN:VCALENDAR" in words:
                assert found is not None
                assert rf"METHOD:{found.method}\r\n" in words
                assert rf"UID:{found.uid}\r\n" in words
                assert rf"SEQUENCE:{found.sequence}\r\n" in words

    @invariant()
    def the_journal_is_whole(self) -> None:
        """One entry for each decision and each change, in a chain."""
        assert journal.broken() is None
        assert db.session.scalar(select(func.count()).select_from(JournalEntry)) == self.entries

    def _change(self, slug: str, facts: dict[str, object]) -> None:
        is_news = any(getattr(_event(slug), name) != value for name, value in facts.items())
        with transaction():
            written = events.change(_event(slug), facts, by=factories.COORDINATOR, at=self.at)
        had_an_hour = slug in self.timed
        if facts.get("starts_at"):
            self.timed.add(slug)
        told = [one for (_, asked), one in self.requests.items() if asked == slug and one.state == "approved"]
        told = told if is_news and slug in self.timed else []
        for request in told:
            request.told("update" if had_an_hour else "invitation", with_calendar=True)
        assert written == len(told)
        self.entries += is_news

    def _possible(self, verbs: set[str]) -> list[tuple[tuple[str, str], str]]:
        return [
            (key, verb)
            for key, request in sorted(self.requests.items(), key=lambda item: item[0])
            for verb in sorted(ALLOWED.get(request.state, set()) & verbs)
        ]


@pytest.mark.usefixtures("app")
def test_every_order_of_acts_leaves_requests_letters_and_calendars_agreeing(database_url: str) -> None:
    is_quick = database_url.startswith("sqlite")
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=12 if is_quick else 4,
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate, Phase.shrink),
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
