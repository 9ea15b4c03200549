"""What the coordinator sees before deciding: lists, searches, histories and hints."""

from datetime import timedelta

import pytest

from rsvp.db import db, transaction
from rsvp.models import PastDecline, Rsvp
from rsvp.models.rsvp import State
from rsvp.services import hints, histories, questions, queue, rsvps, searches
from rsvp.services.hints import Hint
from rsvp.services.queue import Order, View
from tests import factories

pytestmark = pytest.mark.usefixtures("app")

MINUTE = timedelta(minutes=1)


def names(view: View) -> list[str]:
    return [rsvp.participant.name for rsvp in queue.of(view)]


def found(words: str) -> list[str]:
    ids = searches.people(words)
    return sorted(rsvp.participant.name for rsvp in db.session.query(Rsvp) if rsvp.participant_id in ids)


def noticed(rsvp: Rsvp) -> list[Hint]:
    return [one.hint for one in hints.of(rsvp)]


def test_what_waits_longest_comes_first_unless_asked_otherwise() -> None:
    factories.event()
    for number, name in enumerate(("First", "Second")):
        factories.pending(name=name, at=factories.NOW + number * MINUTE)
    assert names(View()) == ["First", "Second"]
    assert names(View(order=Order.NEWEST)) == ["Second", "First"]


def test_all_states_of_one_event_are_counted_and_shown_together() -> None:
    factories.event()
    factories.event("sovereignty")
    factories.pending("democracy", name="Here")
    factories.approved("democracy", name="In")
    factories.ask("democracy", name="Unproven")
    factories.pending("sovereignty", name="Elsewhere")
    view = View(state=None, event="democracy")
    assert sorted(names(view)) == ["Here", "In"]
    assert queue.counts(view) == {"pending": 1, "approved": 1}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("dara", ["Sok Dara"]),
        ("DARA sok", ["Sok Dara"]),
        ("@kh.example", ["Chan Rath", "Sok Dara"]),
        ("kh.example", ["Chan Rath", "Sok Dara"]),
        ("rath@", ["Chan Rath"]),
        ("ចាន់ថា", ["ចាន់\u200bថា"]),
        ("Hélène", ["Helene"]),
        ("nobody", []),
        ("  ", []),
    ],
)
def test_people_are_found_by_name_address_or_domain(words: str, expected: list[str]) -> None:
    factories.event()
    factories.pending(name="Sok Dara", email="sok@kh.example")
    factories.pending(name="Chan Rath", email="rath@kh.example")
    factories.pending(name="ចាន់\u200bថា", email="chantha@example.org")
    factories.pending(name="Helene", email="helene@example.org")
    assert found(words) == expected


def test_a_search_narrows_the_list_and_its_counts() -> None:
    factories.event()
    factories.pending(name="Sok Dara")
    factories.pending(name="Chan Rath")
    view = View(words="rath")
    assert (names(view), queue.counts(view)) == (["Chan Rath"], {"pending": 1})


def test_after_a_decision_comes_the_next_in_line_and_after_the_last_the_first() -> None:
    factories.event()
    first, second, third = (factories.pending(at=factories.NOW + number * MINUTE) for number in range(3))
    with transaction():
        rsvps.approve(factories.decision(second))
    following = queue.after(second, View())
    assert following is not None
    assert following.id == third.id
    around = queue.after(third, View())
    assert around is not None
    assert around.id == first.id
    assert queue.after(first, View(event="nothing")) is None


def test_a_history_holds_the_persons_other_requests_questions_letters_and_acts() -> None:
    factories.event()
    factories.event("sovereignty")
    person = factories.pending("democracy", "sovereignty").participant
    first, second = db.session.query(Rsvp).filter_by(participant_id=person.id).order_by(Rsvp.id)
    stranger = factories.pending()
    with transaction():
        questions.ask(factories.decision(first), "Who knows you?")
        rsvps.approve(factories.decision(second))
        rsvps.decline(factories.decision(stranger))
    history = histories.of(first)
    assert [rsvp.id for rsvp in history.others] == [second.id]
    assert [question.words for question in history.questions] == ["Who knows you?"]
    assert [letter.kind for letter in history.letters] == ["verification", "receipt", "question", "invitation"]
    assert [entry.act for entry in history.acts] == ["question", "approval"]


def test_an_ordinary_request_gives_no_hint() -> None:
    factories.event()
    factories.pending(email="somebody.quite.different@example.com")
    assert noticed(factories.pending(email="sok@example.org")) == []


def test_somebody_declined_before_is_pointed_out_even_after_their_data_was_erased() -> None:
    factories.event()
    factories.event("sovereignty")
    again = factories.pending("democracy", "sovereignty")
    with transaction():
        rsvps.decline(factories.decision(again))
    other = db.session.query(Rsvp).filter(Rsvp.participant_id == again.participant_id, Rsvp.id != again.id).one()
    assert noticed(other) == [Hint.DECLINED_BEFORE]
    returned = factories.pending(email="returned@example.org")
    assert noticed(returned) == []
    with transaction():
        digest = returned.participant.email_index
        db.session.add(PastDecline(email_index=digest, declined_at=factories.NOW))
    assert noticed(returned) == [Hint.DECLINED_BEFORE]


@pytest.mark.parametrize(
    "email",
    [
        "s.ok@example.org",
        "sok+2@example.org",
        "sokk@example.org",
        "ok@example.org",
        "sak@example.org",
        "sko@example.org",
        "sok@exmaple.org",
        "sok@example.or",
    ],
)
def test_an_address_very_near_anothers_is_pointed_out_with_whose_it_is(email: str) -> None:
    factories.event()
    first = factories.pending(email="sok@example.org")
    second = factories.pending(email=email)
    (hint,) = hints.of(second)
    assert (hint.hint, [person.id for person in hint.people]) == (Hint.NEAR_ANOTHER, [first.participant_id])


@pytest.mark.parametrize("email", ["sok@example.com", "soak@example.ork", "so@exampl.org", "kos@example.org"])
def test_an_address_two_slips_away_or_at_another_provider_is_not_near(email: str) -> None:
    factories.event()
    factories.pending(email="sok@example.org")
    assert noticed(factories.pending(email=email)) == []


def test_an_address_that_lasts_an_hour_is_pointed_out() -> None:
    factories.event()
    assert noticed(factories.pending(email="sok@mailinator.com")) == [Hint.DISPOSABLE]


def test_many_requests_within_minutes_are_pointed_out() -> None:
    factories.event()
    alone = factories.pending(email="alone@example.com", at=factories.NOW - timedelta(hours=1))
    crowd = [factories.pending(email=f"{letter * 3}@example.org") for letter in "abcdefgh"]
    assert Hint.BURST in noticed(crowd[-1])
    assert noticed(alone) == []


def test_how_the_person_stands_who_is_named_as_referrer_is_pointed_out() -> None:
    factories.event()
    referred = factories.pending(email="one@example.org", referrer="chan RATH")
    assert noticed(referred) == [Hint.REFERRER_UNKNOWN]
    referrer = factories.pending(email="rath@example.com", name="Chan Rath")
    assert noticed(referred) == [Hint.REFERRER_UNKNOWN]
    with transaction():
        rsvps.approve(factories.decision(referrer))
    assert noticed(referred) == [Hint.REFERRER_KNOWN]
    with transaction():
        rsvps.revoke(factories.decision(referrer))
    assert State(referrer.state) == State.REVOKED
    assert noticed(referred) == [Hint.REFERRER_REFUSED]
