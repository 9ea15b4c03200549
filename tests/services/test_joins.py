"""Guarded meetings: what guests are told in place of the meeting's address, and how long their own page lives."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Rsvp
from rsvp.models.event import LinkMode
from rsvp.models.letter import LetterKind
from rsvp.models.token import Purpose, Token
from rsvp.services import broadcasts, events, feeds, invitations, joins, letters, outbox, reminders, resending, rsvps
from rsvp.services.joins import Stage
from tests import factories, stories
from tests.factories import FIRST, NOW, Moment
from tests.mailserver import MailServer
from tests.services.test_races import together

pytestmark = pytest.mark.usefixtures("app")

CANARY, PASSCODE = "kanarizoom.example/j/1", "kanaricode"
MEETING = {"link": f"https://{CANARY}", "passcode": PASSCODE}
GUARDED = {**MEETING, "link_mode": LinkMode.GUARDED}
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
WORDS = {"en": "Words.", "km": "ពាក្យ។"}


def stored() -> Rsvp:
    return factories.rsvp_of(factories.only_participant())


def change(**facts: object) -> int:
    with transaction():
        return events.change(stories.named(), facts, by="x", at=NOW)


def page() -> str:
    """Return the secret of the guest's page."""
    address = joins.door(stored()).address or ""
    found = re.fullmatch(r"http://localhost/(?:en|km)/join/([\w-]{43})", address)
    assert found, address
    return found[1]


def is_open(token: str) -> bool:
    return joins.named(token, at=NOW) is not None


def withdraw() -> None:
    with transaction():
        rsvps.withdraw(stored().participant_id, "democracy", at=NOW)


def revoke(undo: timedelta = timedelta(0)) -> None:
    with transaction():
        rsvps.revoke(rsvps.Decision(stored().public_id, stored().version, by="x", at=NOW, undo=undo))


def let_in_again() -> None:
    for act in (rsvps.reopen, rsvps.approve):
        with transaction():
            act(factories.decision(stored()))


def write_everything(clock: Moment) -> None:
    """Let every letter be written that reaches a guest while they have a place."""
    factories.approved()
    outbox.deliver(clock.now)
    change(starts_at=FIRST + DAY)
    outbox.deliver(clock.now)
    with transaction():
        resending.resend(factories.letters(LetterKind.UPDATE)[-1], by="x", at=NOW)
        broadcasts.send(stories.named(), broadcasts.Words("1", WORDS, WORDS), by="x", at=NOW)
        letters.send(LetterKind.REGRET, stored(), at=NOW)
    clock.at = FIRST
    reminders.write_due(at=clock.now())
    outbox.deliver(clock.now)


def read(mail_server: MailServer) -> dict[str, str]:
    """Return what arrived, decoded, by kind of part; calendars without their folds."""
    said: dict[str, str] = {}
    for received in mail_server.received:
        for part in received.message.walk():
            if not part.is_multipart():
                words = part.get_payload(decode=True).decode().replace("\r\n ", "")
                said[part.get_content_type()] = said.get(part.get_content_type(), "") + unescape(words)
        said["headers"] = said.get("headers", "") + str(received.message.items())
    return said


@pytest.mark.parametrize("is_guarded", [True, False], ids=["guarded", "direct"])
def test_no_part_of_a_letter_or_calendar_holds_the_address_of_a_guarded_meeting(
    is_guarded: bool, mail_server: MailServer, clock: Moment
) -> None:
    factories.event(**(GUARDED if is_guarded else MEETING))
    write_everything(clock)
    said = read(mail_server)
    said["feed"] = feeds.own(factories.only_participant(), at=clock.now()).decode().replace("\r\n ", "")
    said["preview"] = str(broadcasts.preview(stories.named(), broadcasts.Words("1", WORDS, WORDS)))
    telling = {"text/plain", "text/html", "text/calendar", "application/ics", "feed"}
    assert telling < set(said)
    assert {part for part in said if CANARY in said[part]} == (set() if is_guarded else telling)
    assert {part for part in said if PASSCODE in said[part]} == (set() if is_guarded else telling)
    assert {part for part in said if "/join/" in said[part]} == (telling if is_guarded else set())


def test_every_letter_and_calendar_names_one_and_the_same_page(mail_server: MailServer, clock: Moment) -> None:
    factories.event(**GUARDED)
    write_everything(clock)
    said = "".join(read(mail_server).values()) + feeds.own(
        factories.only_participant(), at=clock.now()
    ).decode().replace("\r\n ", "")
    assert set(re.findall(r"/join/([\w-]+)", said)) == {page()}


def test_the_entry_leads_to_the_page_wherever_a_calendar_looks() -> None:
    factories.event(**GUARDED)
    invitation = invitations.of(factories.approved())
    assert invitation is not None
    meeting, address = invitations.meeting(invitation), joins.door(stored()).address
    assert (meeting.link, meeting.location) == (address, address)
    assert address in meeting.description.splitlines()


def test_a_guarded_event_without_a_zoom_link_has_its_page_already() -> None:
    factories.event(link_mode=LinkMode.GUARDED)
    factories.approved()
    assert is_open(page())


def test_another_zoom_link_of_a_guarded_event_is_nobodys_letter() -> None:
    factories.event(**GUARDED)
    factories.approved()
    assert change(link="https://zoom.example/j/2", passcode="other") == 0


@pytest.mark.parametrize(("before", "after"), [("direct", "guarded"), ("guarded", "direct")])
def test_everybody_with_a_place_hears_of_another_way_in(before: str, after: str, clock: Moment) -> None:
    factories.event(**MEETING, link_mode=before)
    factories.approved(email="first@example.org")
    factories.approved(email="second@example.org")
    factories.pending(email="third@example.org")
    assert events.letters_for(stories.named(), {"link_mode": after}, at=NOW) == 2
    outbox.deliver(clock.now)
    assert change(link_mode=after) == 2
    written = factories.letters(LetterKind.UPDATE)
    assert ["/join/" in (letter.content or "") for letter in written] == [after == "guarded"] * 2
    assert [CANARY in (letter.content or "") for letter in written] == [after == "direct"] * 2


def test_a_direct_event_has_no_page() -> None:
    factories.event(**MEETING)
    rsvp = factories.approved()
    assert db.session.query(Token).filter_by(purpose=Purpose.JOIN).count() == 0
    assert joins.door(rsvp) == joins.Door(MEETING["link"], PASSCODE)


@pytest.mark.parametrize("act", [revoke, withdraw])
def test_the_page_ends_with_the_place_and_another_place_has_another_page(act: object) -> None:
    factories.event(**GUARDED)
    factories.approved()
    old = page()
    act()  # type: ignore[operator]
    assert not is_open(old)
    assert joins.door(stored()) == joins.CLOSED
    if act is revoke:
        let_in_again()
        assert not is_open(old)
        assert is_open(page())


def test_a_revocation_taken_back_leaves_the_guest_the_page_that_their_letter_names(clock: Moment) -> None:
    factories.event(**GUARDED)
    factories.approved()
    outbox.deliver(clock.now)
    old = page()
    revoke(undo=timedelta(seconds=10))
    assert not is_open(old)
    with transaction():
        rsvps.undo(factories.decision(stored()))
    assert (page(), is_open(old)) == (old, True)


def test_an_approval_taken_back_ends_the_page_that_nobody_has_seen() -> None:
    factories.event(**GUARDED)
    rsvp = factories.pending()
    with transaction():
        rsvps.approve(rsvps.Decision(rsvp.public_id, rsvp.version, by="x", at=NOW, undo=timedelta(seconds=10)))
    old = page()
    with transaction():
        rsvps.undo(factories.decision(stored()))
    assert not is_open(old)
    with transaction():
        rsvps.approve(factories.decision(stored()))
    assert not is_open(old)


def test_while_an_event_is_called_off_or_has_no_time_its_guests_keep_their_page() -> None:
    factories.event(**GUARDED)
    factories.approved()
    known = page()
    change(starts_at=None)
    assert is_open(known)
    change(starts_at=FIRST)
    with transaction():
        events.call_off(stories.named(), by="x", at=NOW)
    assert is_open(known)
    with transaction():
        events.restore(stories.named(), by="x", at=NOW)
    assert (page(), is_open(known)) == (known, True)


def test_the_page_outlives_a_far_event_and_ends_with_the_guests_data() -> None:
    factories.event(**(GUARDED | {"starts_at": NOW + 700 * DAY}))
    factories.approved()
    assert joins.named(page(), at=NOW + 760 * DAY) is not None
    assert joins.named(page(), at=NOW + 1100 * DAY) is None
    token = page()
    with transaction():
        db.session.delete(factories.only_participant())
    assert not is_open(token)


def test_another_guests_secret_of_another_sort_opens_no_meeting() -> None:
    factories.event(**GUARDED)
    rsvp = factories.approved()
    with transaction():
        token = factories.links.issue(rsvp.participant, Purpose.PLACES, at=NOW)
    assert not is_open(token)
    assert factories.links.open_link(page(), Purpose.PLACES, at=NOW) is None


@pytest.mark.parametrize(
    ("facts", "at", "stage"),
    [
        ({}, FIRST - 31 * MINUTE, Stage.EARLY),
        ({}, FIRST - 30 * MINUTE, Stage.OPEN),
        ({}, FIRST + 120 * MINUTE - timedelta(seconds=1), Stage.OPEN),
        ({}, FIRST + 120 * MINUTE, Stage.OVER),
        ({"link": None}, FIRST, Stage.LINKLESS),
        ({"link": None}, FIRST - 31 * MINUTE, Stage.EARLY),
        ({"starts_at": None}, FIRST, Stage.UNTIMED),
        ({"status": "cancelled"}, FIRST, Stage.CALLED_OFF),
    ],
)
def test_the_meeting_is_open_from_half_an_hour_before_it_until_its_end(
    facts: dict[str, object], at: object, stage: Stage
) -> None:
    event = factories.event(**GUARDED)
    for name, value in facts.items():
        setattr(event, name, value)
    assert joins.stage(event, at=at) == stage  # type: ignore[arg-type]


def test_the_first_coming_is_kept_and_coming_too_early_is_none() -> None:
    factories.event(**GUARDED)
    rsvp = factories.approved()
    with transaction():
        assert not joins.pass_through(rsvp, at=FIRST - DAY)
        assert rsvp.opened_at is None
        assert joins.pass_through(rsvp, at=FIRST)
        assert joins.pass_through(rsvp, at=FIRST + MINUTE)
    assert stored().opened_at == FIRST


def test_opening_a_meeting_and_losing_the_place_at_the_same_moment_break_nothing(app: Flask) -> None:
    factories.event(**GUARDED)
    held = [factories.approved() for _ in range(16)]
    secrets = [(joins.door(rsvp).address or "").rpartition("/")[2] for rsvp in held]
    decisions = [factories.decision(rsvp) for rsvp in held]

    def come(token: str) -> bool:
        rsvp = joins.hold(token, at=FIRST)
        return rsvp is not None and joins.pass_through(rsvp, at=FIRST)

    pairs = zip(secrets, decisions, strict=True)
    acts = [act for token, one in pairs for act in (lambda token=token: come(token), lambda one=one: rsvps.revoke(one))]
    results = together(app, acts)
    came = [rsvp.opened_at is not None for rsvp in db.session.query(Rsvp).order_by(Rsvp.id)]
    assert results[::2] == came
    assert {rsvp.state for rsvp in db.session.query(Rsvp)} == {"revoked"}
    assert [joins.hold(token, at=FIRST) for token in secrets] == [None] * 16
