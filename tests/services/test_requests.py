"""Asking for places by the public form."""

from datetime import timedelta

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Letter, Participant, Rsvp, Token
from rsvp.models.rsvp import State
from rsvp.models.token import Purpose
from rsvp.services import deliveries, links, requests, retention, rsvps
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

ADDRESS = "sok@example.org"


def states(participant: Participant) -> list[str]:
    return [rsvp.state for rsvp in db.session.query(Rsvp).filter_by(participant_id=participant.id).order_by(Rsvp.id)]


def test_a_request_waits_for_proof_and_one_letter_asks_for_it() -> None:
    factories.event()
    participant = factories.ask()
    assert states(participant) == [State.UNVERIFIED]
    assert [letter.kind for letter in factories.letters()] == ["verification"]


def test_the_first_letter_holds_no_word_of_the_requester() -> None:
    factories.event()
    factories.ask(name="Visit evil dot example", message="My own advertisement")
    content = factories.letters()[0].content or ""
    assert "evil" not in content
    assert "advertisement" not in content


def test_a_proven_address_brings_every_request_to_the_desk() -> None:
    factories.event()
    factories.event("sovereignty")
    participant = factories.ask("democracy", "sovereignty")
    factories.prove(participant)
    assert states(participant) == [State.PENDING, State.PENDING]
    assert [letter.kind for letter in factories.letters()] == ["verification", "receipt"]


def test_proving_twice_changes_nothing_more() -> None:
    factories.event()
    participant = factories.ask()
    factories.prove(participant)
    factories.prove(participant)
    assert states(participant) == [State.PENDING]
    assert len(factories.letters("receipt")) == 1


def test_an_address_is_written_to_once_a_day_until_it_answers() -> None:
    factories.event()
    factories.event("sovereignty")
    factories.ask(email=ADDRESS)
    participant = factories.ask("sovereignty", email=ADDRESS, at=factories.NOW + timedelta(hours=23))
    assert len(factories.letters("verification")) == 1
    assert states(participant) == [State.UNVERIFIED, State.UNVERIFIED]
    factories.ask(email=ADDRESS, at=factories.NOW + timedelta(hours=24))
    assert len(factories.letters("verification")) == 2


def test_capitals_in_an_address_name_the_same_person() -> None:
    factories.event()
    factories.ask(email="Sok@Example.org")
    factories.ask(email="sok@example.org")
    assert db.session.query(Participant).count() == 1


def test_past_so_many_confirmations_an_hour_a_letter_waits_for_its_turn(app: Flask) -> None:
    factories.event()
    app.extensions["settings"] = factories.settings(
        app.extensions["settings"].instance, VERIFICATION_LETTERS_PER_HOUR="2"
    )
    for _ in range(5):
        factories.ask()
    waits = [letter.due_at - factories.NOW for letter in factories.letters("verification")]
    assert waits == [timedelta(hours=hours) for hours in (0, 0, 1, 1, 2)]
    assert deliveries.trouble(at=factories.NOW).held == 3


def test_a_stranger_who_types_a_known_address_changes_nothing_of_that_person() -> None:
    factories.event()
    factories.event("sovereignty")
    known = factories.ask(email=ADDRESS, name="Sok Dara", language="km")
    factories.prove(known)
    factories.ask("sovereignty", email=ADDRESS, name="Somebody Else", language="en", zone="Europe/Paris")
    db.session.expire_all()
    assert (known.name, known.language, known.zone) == ("Sok Dara", "km", "Asia/Phnom_Penh")
    assert requests.waiting(known, at=factories.NOW).details["name"] == "Somebody Else"


def test_a_known_guest_who_proves_again_has_the_new_details_and_the_new_request() -> None:
    factories.event()
    factories.event("sovereignty")
    known = factories.ask(email=ADDRESS, name="Sok Dara")
    factories.prove(known)
    factories.ask("sovereignty", email=ADDRESS, name="Sok Dara of Paris", zone="Europe/Paris")
    factories.prove(known)
    db.session.expire_all()
    assert (known.name, known.zone, known.proposed) == ("Sok Dara of Paris", "Europe/Paris", None)
    assert states(known) == [State.PENDING, State.PENDING]


def test_a_declined_guest_who_asks_again_stays_declined() -> None:
    factories.event()
    rsvp = factories.pending(email=ADDRESS)
    with transaction():
        rsvps.decline(factories.decision(rsvp))
    factories.prove(factories.ask(email=ADDRESS))
    assert states(rsvp.participant) == [State.DECLINED]


def test_a_guest_who_withdrew_and_asks_again_is_pending_once_proven() -> None:
    factories.event()
    rsvp = factories.pending(email=ADDRESS)
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)
    factories.ask(email=ADDRESS)
    db.session.expire_all()
    assert rsvp.state == State.WITHDRAWN
    factories.prove(rsvp.participant)
    assert rsvp.state == State.PENDING


def test_an_old_unproven_wish_is_not_carried_along_by_a_later_proof() -> None:
    factories.event()
    participant = factories.ask()
    factories.prove(participant, at=factories.NOW + timedelta(hours=49))
    assert states(participant) == [State.UNVERIFIED]


def test_a_closed_event_is_not_asked_for() -> None:
    factories.event(closed_at=factories.NOW)
    factories.event("sovereignty")
    participant = factories.ask("democracy", "sovereignty")
    assert len(states(participant)) == 1


def test_a_guest_confirms_just_what_the_page_showed(app: Flask) -> None:
    factories.event()
    mine = factories.ask(email=ADDRESS)
    with transaction():
        token = links.issue(mine, Purpose.VERIFICATION, at=factories.NOW)
    shown = requests.waiting(mine, at=factories.NOW).digest
    factories.ask(email=ADDRESS, message="Words that I never wrote")
    with pytest.raises(requests.ChangedMeanwhile), transaction():
        requests.verify(token, shown=shown, at=factories.NOW)
    db.session.expire_all()
    assert states(mine) == [State.UNVERIFIED]
    with transaction():
        again = requests.waiting(mine, at=factories.NOW).digest
        assert requests.verify(token, shown=again, at=factories.NOW)


def test_a_verification_link_works_once_and_its_owner_is_told_so_afterwards() -> None:
    factories.event()
    participant = factories.ask()
    with transaction():
        token = links.issue(participant, Purpose.VERIFICATION, at=factories.NOW)
        assert requests.verify(token, shown=requests.waiting(participant, at=factories.NOW).digest, at=factories.NOW)
    with transaction():
        assert requests.verify(token, shown="", at=factories.NOW) is None
    assert links.is_used(token, Purpose.VERIFICATION, at=factories.NOW)
    assert not links.is_used(token, Purpose.PLACES, at=factories.NOW)
    assert not links.is_used(token, Purpose.VERIFICATION, at=factories.NOW + timedelta(hours=48))


@pytest.mark.parametrize("token", ["", "nonsense", "x" * 5000])
def test_a_link_that_we_never_wrote_opens_nothing(token: str) -> None:
    factories.event()
    factories.ask()
    with transaction():
        assert requests.verify(token, shown="", at=factories.NOW) is None


def test_a_link_for_something_else_opens_nothing() -> None:
    factories.event()
    participant = factories.ask()
    places = factories.prove(participant)
    with transaction():
        assert requests.verify(places, shown="", at=factories.NOW) is None


def test_a_verification_link_ends_after_48_hours() -> None:
    factories.event()
    participant = factories.ask()
    with transaction():
        token = links.issue(participant, Purpose.VERIFICATION, at=factories.NOW)
    with transaction():
        assert requests.verify(token, shown="", at=factories.NOW + timedelta(hours=48)) is None


def test_only_the_digest_of_a_link_is_stored() -> None:
    factories.event()
    participant = factories.ask()
    with transaction():
        token = links.issue(participant, Purpose.PLACES, at=factories.NOW)
    assert token not in [row.digest for row in db.session.query(Token)]


def test_an_unproven_request_is_erased_after_48_hours_with_the_person() -> None:
    factories.event()
    factories.ask()
    proven = factories.ask()
    factories.prove(proven)
    assert retention.run(at=factories.NOW + timedelta(hours=47)).rsvps == 0
    erased = retention.run(at=factories.NOW + timedelta(hours=48))
    assert (erased.rsvps, erased.participants) == (1, 1)
    assert [participant.id for participant in db.session.query(Participant)] == [proven.id]
    assert db.session.query(Letter).filter_by(kind="receipt").count() == 1
