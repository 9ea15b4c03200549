"""What comes back by mail, read from a real IMAP server, on both databases."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from ssl import SSLCertVerificationError

import pytest
from flask import Flask
from sqlalchemy import select

from rsvp.db import db, transaction
from rsvp.models import Letter, Rsvp
from rsvp.models.letter import LetterKind, LetterState
from rsvp.services import invitations, outbox, replies, resending, rsvps, tallies
from rsvp.services.replies import Outcome
from tests import factories, incoming
from tests.certificates import certify
from tests.factories import Moment
from tests.imapserver import Folder, ImapServer, line
from tests.incoming import Answer
from tests.mailserver import MailServer

SOK = "sok@example.org"


@pytest.fixture(scope="module")
def imap_server() -> Iterator[ImapServer]:
    with ImapServer() as server:
        yield server


@pytest.fixture
def folder(app: Flask, imap_server: ImapServer) -> Folder:
    folder = imap_server.folder()
    app.extensions["settings"] = replace(app.extensions["settings"], imap_url=folder.url)
    return folder


@pytest.fixture
def rsvp(folder: Folder, clock: Moment) -> Rsvp:
    """A guest who got an invitation yesterday."""
    factories.event(link=factories.LINK)
    made = factories.approved(email=SOK)
    clock.pass_by(days=1)
    return made


def _answer(rsvp: Rsvp, **changes: object) -> Answer:
    invitation = invitations.of(rsvp)
    assert invitation is not None
    return replace(Answer(invitation.uid), **changes)  # type: ignore[arg-type]


def _partstat(rsvp: Rsvp) -> str | None:
    db.session.rollback()
    db.session.expire_all()
    invitation = invitations.of(rsvp)
    assert invitation is not None
    return invitation.partstat


def _counted() -> dict[str, int]:
    db.session.rollback()
    return {name: count for name, count in tallies.all_counts().items() if name in set(Outcome)}


@pytest.mark.parametrize("write", [incoming.google, incoming.outlook, incoming.apple])
@pytest.mark.parametrize("partstat", ["ACCEPTED", "TENTATIVE", "DECLINED"])
def test_what_a_guests_calendar_answers_stands_beside_the_rsvp(
    rsvp: Rsvp, folder: Folder, clock: Moment, write: incoming.Writer, partstat: str
) -> None:
    folder.receive(write(_answer(rsvp, partstat=partstat)))
    assert replies.collect(at=clock.now()) == {Outcome.RECORDED: 1}
    assert _partstat(rsvp) == partstat
    assert rsvp.state == "approved"
    assert folder.unread() == []


def test_a_guest_whose_calendar_says_no_keeps_the_place_and_is_asked_once(
    rsvp: Rsvp, folder: Folder, mail_server: MailServer, clock: Moment
) -> None:
    folder.receive(incoming.google(_answer(rsvp, partstat="DECLINED")))
    replies.collect(at=clock.now())
    folder.receive(incoming.google(_answer(rsvp, partstat="DECLINED", stamp="20250702T111500Z")))
    assert replies.collect(at=clock.now()) == {Outcome.RECORDED: 1}
    outbox.deliver(clock.now)
    assert [letter.state for letter in factories.letters(LetterKind.REGRET)] == [LetterState.SENT]
    assert rsvp.state == "approved"
    regret = mail_server.received[-1]
    assert regret.recipient == SOK
    assert "/places/" in regret.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert factories.LINK not in regret.message.get_body(("plain",)).get_content()  # type: ignore[union-attr]


def test_a_guest_may_change_their_mind_and_the_newest_answer_holds(rsvp: Rsvp, folder: Folder, clock: Moment) -> None:
    folder.receive(
        incoming.google(_answer(rsvp, partstat="DECLINED", stamp="20250702T111500Z")),
        incoming.google(_answer(rsvp, partstat="ACCEPTED", stamp="20250702T101500Z")),
    )
    assert replies.collect(at=clock.now()) == {Outcome.RECORDED: 1, Outcome.STALE: 1}
    assert _partstat(rsvp) == "DECLINED"
    folder.receive(incoming.google(_answer(rsvp, partstat="TENTATIVE", stamp="20250702T121500Z")))
    replies.collect(at=clock.now())
    assert _partstat(rsvp) == "TENTATIVE"


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"sender": "mallory@example.org"}, Outcome.FORGED),
        ({"attendee": "mallory@example.org"}, Outcome.FORGED),
        ({"sender": "mallory@example.org", "attendee": "mallory@example.org"}, Outcome.FORGED),
        ({"uid": "another@example.org"}, Outcome.FOREIGN),
        ({"sequence": 7}, Outcome.STALE),
        ({"stamp": "20990101T000000Z"}, Outcome.MALFORMED),
    ],
)
def test_an_answer_that_is_not_this_guests_changes_nothing_and_is_counted_once(
    rsvp: Rsvp, folder: Folder, clock: Moment, changes: dict[str, object], outcome: Outcome
) -> None:
    folder.receive(incoming.google(_answer(rsvp, partstat="DECLINED", **changes)))
    assert replies.collect(at=clock.now()) == {outcome: 1}
    assert replies.collect(at=clock.now()) == {}
    assert _partstat(rsvp) is None
    assert factories.letters(LetterKind.REGRET) == []
    assert _counted() == {outcome: 1}
    assert folder.unread() == ([] if outcome == Outcome.STALE else [1])


def test_an_answer_to_an_older_invitation_changes_nothing(rsvp: Rsvp, folder: Folder, clock: Moment) -> None:
    old = _answer(rsvp, partstat="DECLINED")
    with transaction():
        event = db.session.merge(rsvp).event
        event.minutes += 30
        invitations.update(event, at=clock.now())
    folder.receive(incoming.google(old))
    assert replies.collect(at=clock.now()) == {Outcome.STALE: 1}
    assert _partstat(rsvp) is None


def test_an_answer_from_somebody_revoked_changes_nothing(rsvp: Rsvp, folder: Folder, clock: Moment) -> None:
    with transaction():
        rsvps.revoke(factories.decision(db.session.merge(rsvp)))
    folder.receive(incoming.google(_answer(rsvp, sequence=1)))
    assert replies.collect(at=clock.now()) == {Outcome.STALE: 1}
    assert _partstat(rsvp) is None


def test_malformed_and_foreign_mail_is_counted_once_left_unread_and_stops_nobody(
    rsvp: Rsvp, folder: Folder, clock: Moment
) -> None:
    whole = incoming.calendar(_answer(rsvp))
    folder.receive(
        incoming.bare(b"BEGIN:VCALENDAR\r\nnonsense"),
        incoming.bare(whole.replace("UID:", "UID:\0").encode()),
        incoming.bare(whole.replace("SUMMARY:", "SUMMARY:" + "x" * 3_000_000).encode()),
        b"Content-Type: text/calendar; method=REPLY" + b"; a=b" * 50_000 + b"\r\n\r\n" + whole.encode(),
        incoming.bare(whole.replace("UID:", "UID:" + "\ud800").encode("utf-8", "surrogatepass")),
        b"From: friend@example.org\r\nSubject: hello\r\n\r\nHow are you?",
        incoming.apple(_answer(rsvp)),
    )
    first = replies.collect(at=clock.now())
    assert first.pop(Outcome.RECORDED) == 1
    assert first.pop(Outcome.OTHER) == 1
    assert sum(first.values()) == 5
    assert set(first) <= {Outcome.MALFORMED, Outcome.FOREIGN}
    counted = _counted()
    assert replies.collect(at=clock.now()) == {}
    assert _counted() == counted
    assert folder.unread() == [1, 2, 3, 4, 5, 6]


def test_an_answer_behind_hundreds_of_other_messages_is_read(
    rsvp: Rsvp, folder: Folder, clock: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "MOST", 3)
    folder.receive(*[b"Subject: news\r\n\r\nwords"] * 5, incoming.google(_answer(rsvp)))
    assert replies.collect(at=clock.now()) == {Outcome.OTHER: 3}
    assert replies.collect(at=clock.now()) == {Outcome.OTHER: 2, Outcome.RECORDED: 1}


def test_an_answer_that_the_coordinator_opened_first_is_recorded(rsvp: Rsvp, folder: Folder, clock: Moment) -> None:
    folder.receive(b"Subject: news\r\n\r\nwords")
    replies.collect(at=clock.now())
    folder.receive(incoming.google(_answer(rsvp)))
    folder.open_by_hand()
    assert replies.collect(at=clock.now()) == {Outcome.RECORDED: 1}


@pytest.mark.parametrize("write", [incoming.postfix_bounce, incoming.exchange_bounce])
def test_a_letter_that_another_server_sends_back_is_shown_with_its_words(
    rsvp: Rsvp, folder: Folder, clock: Moment, mail_server: MailServer, write: incoming.BounceWriter
) -> None:
    outbox.deliver(clock.now)
    letter = factories.letters(LetterKind.INVITATION)[0]
    folder.receive(write(outbox.message_id(letter)))
    assert replies.collect(at=clock.now()) == {Outcome.BOUNCED: 1}
    letter = factories.letters(LetterKind.INVITATION)[0]
    assert letter.state == LetterState.BOUNCED
    assert "550 5.1.1" in str(letter.error)
    assert folder.unread() == []


def test_a_delay_is_no_bounce_and_a_bounce_of_somebody_elses_letter_is_counted_only(
    rsvp: Rsvp, folder: Folder, clock: Moment, mail_server: MailServer
) -> None:
    outbox.deliver(clock.now)
    letter = factories.letters(LetterKind.INVITATION)[0]
    folder.receive(
        incoming.postfix_bounce(outbox.message_id(letter), action="delayed", status="4.4.1"),
        incoming.postfix_bounce("<somebody-elses@example.com>"),
        incoming.postfix_bounce(f"<{letter.public_id}@example.com>"),
        incoming.read_receipt(outbox.message_id(letter)),
    )
    assert replies.collect(at=clock.now()) == {Outcome.OTHER: 2, Outcome.FOREIGN: 2}
    db.session.rollback()
    assert set(db.session.scalars(select(Letter.state))) == {LetterState.SENT}
    assert folder.unread() == [1, 2, 3, 4]


def test_an_answer_to_a_letter_written_anew_is_recorded(rsvp: Rsvp, folder: Folder, clock: Moment) -> None:
    with transaction():
        resending.resend(factories.letters(LetterKind.INVITATION)[0], by=factories.COORDINATOR, at=clock.now())
    folder.receive(incoming.google(_answer(rsvp)))
    assert replies.collect(at=clock.now()) == {Outcome.RECORDED: 1}


def test_a_connection_that_drops_loses_no_answer_and_counts_none_twice(
    app: Flask, rsvp: Rsvp, folder: Folder, clock: Moment
) -> None:
    folder.receive(
        incoming.google(_answer(rsvp, uid="foreign@example.org")),
        incoming.google(_answer(rsvp)),
        incoming.google(_answer(rsvp, partstat="TENTATIVE", stamp="20250702T121500Z")),
    )
    with line(folder.port, fetches=2) as port:
        app.extensions["settings"] = replace(
            app.extensions["settings"], imap_url=folder.url.replace(f":{folder.port}/", f":{port}/")
        )
        found = replies.collect(at=clock.now())
    assert sum(found.values()) == 2
    app.extensions["settings"] = replace(app.extensions["settings"], imap_url=folder.url)
    rest = replies.collect(at=clock.now())
    assert sum(rest.values()) == 1
    assert _counted() == {Outcome.FOREIGN: 1, Outcome.RECORDED: 2}
    assert _partstat(rsvp) == "TENTATIVE"


def test_the_mailbox_is_read_over_tls_only_where_an_authority_vouches_for_the_server(
    app: Flask, rsvp: Rsvp, folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.receive(incoming.google(_answer(rsvp)))
    certified = certify(tmp_path)
    with line(folder.port, tls=certified.context) as port:
        url = folder.url.replace("imap:", "imaps:").replace(f":{folder.port}/", f":{port}/")
        app.extensions["settings"] = replace(app.extensions["settings"], imap_url=url)
        with pytest.raises(SSLCertVerificationError):
            replies.collect(at=factories.NOW)
        monkeypatch.setenv("SSL_CERT_FILE", str(certified.authority))
        assert replies.collect(at=factories.NOW) == {Outcome.RECORDED: 1}
