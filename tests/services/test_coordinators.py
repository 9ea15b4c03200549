"""Coordinators who act at the same moment, on both databases: a code opens once, and somebody stays at the desk."""

from collections.abc import Callable

import pytest
from flask import Flask
from passlib.totp import TOTP

from rsvp.db import db, transaction
from rsvp.models import Coordinator
from rsvp.services import coordinators, journal, second_factors
from tests import factories
from tests.services.test_races import together

EMAILS = ("one@example.org", "two@example.org")


@pytest.fixture
def ids(app: Flask) -> list[str]:
    """The public ids of two coordinators."""
    with transaction():
        made = [coordinators.add(email, password="a good long password", at=factories.NOW) for email in EMAILS]
        return [coordinator.public_id for coordinator in made]


def named(public_id: str) -> Coordinator:
    found = coordinators.named(public_id)
    assert found is not None
    return found


def test_two_who_remove_each_other_leave_one_at_the_desk(app: Flask, ids: list[str]) -> None:
    def removal(of: str, by: str) -> Callable[[], object]:
        return lambda: coordinators.remove(named(of), by=by, at=factories.NOW)

    results = together(app, [removal(ids[0], ids[1]), removal(ids[1], ids[0])])
    assert len(coordinators.everybody()) == 1
    assert sum(isinstance(result, coordinators.LastCoordinator) for result in results) == 1
    assert journal.broken() is None


def test_one_code_opens_once_however_often_it_comes_at_the_same_moment(app: Flask, ids: list[str]) -> None:
    secret = second_factors.new_secret()
    with transaction():
        named(ids[0]).tf_totp_secret = secret
    code = str(TOTP(key=secret).generate(time=factories.NOW).token)
    results = together(app, [lambda: second_factors.accept_code(named(ids[0]), code, now=factories.NOW)] * 6)
    assert sorted(results) == [False] * 5 + [True]


def test_one_recovery_code_opens_once_however_often_it_comes_at_the_same_moment(app: Flask, ids: list[str]) -> None:
    codes = second_factors.new_recovery_codes()
    with transaction():
        second_factors.keep_recovery_codes(named(ids[0]), codes, at=factories.NOW)
    act = lambda: second_factors.accept_recovery_code(named(ids[0]), codes[0], at=factories.NOW)  # noqa: E731
    assert sorted(together(app, [act] * 6)) == [False] * 5 + [True]
    assert len(named(ids[0]).mf_recovery_codes or []) == len(codes) - 1


def test_one_link_makes_one_account_however_often_it_is_used_at_the_same_moment(app: Flask) -> None:
    with transaction():
        token = coordinators.invite("new@example.org", by=coordinators.OPERATOR, at=factories.NOW)

    def enrolment(number: int) -> Callable[[], object]:
        return lambda: coordinators.enrol(token, hashed=f"hash {number}", at=factories.NOW) is not None

    assert sorted(together(app, [enrolment(number) for number in range(6)])) == [False] * 5 + [True]
    db.session.rollback()
    assert [entry.act for entry in db.session.query(journal.JournalEntry)] == ["enrolment_link", "enrolment"]
