"""The life of a request: every move that DESIGN.md draws, and no other."""

from itertools import product

import pytest

from rsvp.errors import MoveRefused
from rsvp.models.rsvp import Mover, Rsvp, State, can_move

# DESIGN.md, "The life of an RSVP", written down a second time and on purpose in its own words.
LIFE = """
    participant  unverified   pending
    coordinator  pending      approved declined waitlisted
    coordinator  waitlisted   approved declined
    coordinator  approved     revoked
    coordinator  declined     pending
    coordinator  revoked      pending
    participant  pending      withdrawn
    participant  waitlisted   withdrawn
    participant  approved     withdrawn
    participant  withdrawn    pending
"""
ALLOWED = {(by, start, to) for by, start, *ends in (line.split() for line in LIFE.strip().splitlines()) for to in ends}
PAIRS = tuple(product(State, State, Mover))
MOVES = tuple((by, start, to) for start, to, by in PAIRS if can_move(start, to, by=by))


@pytest.mark.parametrize(("start", "to", "by"), PAIRS)
def test_a_request_moves_only_as_its_life_is_drawn(start: State, to: State, by: Mover) -> None:
    rsvp = Rsvp(state=start, version=4)
    if (by, start, to) in ALLOWED:
        rsvp.move(to, by=by)
        assert (rsvp.state, rsvp.version) == (to, 5)
    else:
        with pytest.raises(MoveRefused):
            rsvp.move(to, by=by)
        assert (rsvp.state, rsvp.version) == (start, 4)


@pytest.mark.parametrize(("start", "to", "by"), PAIRS)
def test_a_move_is_offered_exactly_when_it_can_be_made(start: State, to: State, by: Mover) -> None:
    assert can_move(start, to, by=by) is ((by, start, to) in ALLOWED)


def test_a_request_knows_no_other_states_than_the_glossary() -> None:
    assert set(State) == {"unverified", "pending", "approved", "declined", "waitlisted", "revoked", "withdrawn"}
    assert set(Mover) == {"participant", "coordinator"}


def test_nobody_gets_a_place_without_the_coordinator() -> None:
    assert {by for by, _, to in MOVES if to == State.APPROVED} == {Mover.COORDINATOR}


def test_nobody_reaches_the_desk_without_proof_of_the_address() -> None:
    assert {(by, to) for by, start, to in MOVES if start == State.UNVERIFIED} == {(Mover.PARTICIPANT, State.PENDING)}
