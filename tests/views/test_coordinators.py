"""Several coordinators: who invites, who goes, and what is left of them."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp.views.access import FRESH
from tests import factories
from tests.views import accounts, pages

ROOM = "/desk/coordinators/"


@pytest.fixture
def desk(site: Flask) -> FlaskClient:
    pages.build_desk(site)
    return pages.sign_in(site.test_client())


def removal_of(site: Flask, email: str) -> str:
    return f"{ROOM}{accounts.account(site, email).public_id}/removal"


def test_a_coordinator_invites_another_by_a_link_that_is_shown_once(site: Flask, desk: FlaskClient) -> None:
    page = accounts.send(desk, ROOM, email=f" {accounts.NEW} ")
    pages.check(page)
    found = re.search(r"<code>http://localhost(/desk/enrolments/[\w-]{43})</code>", page.text)
    assert found, page.text
    listed = desk.get(ROOM)
    pages.check(listed)
    assert "An enrolment link waits" in listed.text
    assert found[1] not in listed.text
    newcomer = site.test_client()
    accounts.send(newcomer, found[1], password=accounts.GOOD, again=accounts.GOOD)
    assert accounts.is_signed_in(newcomer)
    by = accounts.account(site).public_id
    assert accounts.journal(site)[0] == (
        "enrolment_link",
        f"coordinator:{accounts.account(site, accounts.NEW).public_id}",
        by,
    )


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x@example.org\nBcc: y@example.org", pages.EMAIL.upper()])
def test_who_can_not_be_invited_gets_no_link(site: Flask, desk: FlaskClient, email: str) -> None:
    before = pages.fingerprint(site)
    answer = accounts.send(desk, ROOM, email=email)
    assert answer.status_code == 422
    pages.check(answer)
    assert pages.fingerprint(site) == before


def test_inviting_again_ends_the_earlier_link(site: Flask, desk: FlaskClient) -> None:
    first = accounts.invitation(site)
    accounts.send(desk, ROOM, email=accounts.NEW.upper())
    assert site.test_client().get(first).status_code == 404


def test_a_removed_coordinator_is_out_at_once(site: Flask, desk: FlaskClient, clock: factories.Moment) -> None:
    other = accounts.enrol(site)
    accounts.set_up_app(other, clock.now())
    address = removal_of(site, accounts.NEW)
    page = desk.get(address)
    pages.check(page)
    assert accounts.NEW in page.text
    assert accounts.send(desk, address).location == ROOM
    assert not accounts.is_signed_in(other)
    assert accounts.NEW not in desk.get(ROOM).text
    gone = accounts.account(site, accounts.NEW)
    assert not any((gone.active, gone.password, gone.tf_totp_secret, gone.mf_recovery_codes, gone.enrolment_digest))
    assert accounts.journal(site)[-1] == (
        "removal",
        f"coordinator:{gone.public_id}",
        accounts.account(site).public_id,
    )
    assert desk.get(address).status_code == 404


def test_an_invitation_is_taken_back_by_removing_who_was_invited(site: Flask, desk: FlaskClient) -> None:
    link = accounts.invitation(site)
    accounts.send(desk, removal_of(site, accounts.NEW))
    assert site.test_client().get(link).status_code == 404


def test_somebody_removed_can_be_invited_again(site: Flask, desk: FlaskClient) -> None:
    accounts.enrol(site)
    accounts.send(desk, removal_of(site, accounts.NEW))
    assert accounts.is_signed_in(accounts.enrol(site))


def test_the_last_coordinator_stays(site: Flask, desk: FlaskClient) -> None:
    accounts.invitation(site)
    assert accounts.send(desk, removal_of(site, pages.EMAIL)).location == ROOM
    assert "invite somebody else first" in desk.get(ROOM).text
    assert accounts.is_signed_in(desk)


def test_two_who_remove_each_other_leave_one_at_the_desk(site: Flask, desk: FlaskClient) -> None:
    other = accounts.enrol(site)
    moves = []
    for client, email in ((desk, accounts.NEW), (other, pages.EMAIL)):
        address = removal_of(site, email)
        moves.append((client, address, {"csrf_token": pages.csrf_token(client.get(address).text)}))
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda move: move[0].post(move[1], data=move[2]), moves))
    assert sorted([accounts.is_signed_in(desk), accounts.is_signed_in(other)]) == [False, True]


def test_who_works_at_the_desk_is_changed_only_after_a_fresh_proof(
    site: Flask, desk: FlaskClient, clock: factories.Moment
) -> None:
    accounts.enrol(site)
    address = removal_of(site, accounts.NEW)
    token = pages.csrf_token(desk.get(address).text)
    clock.at += FRESH
    before = pages.fingerprint(site)
    for wanted in (address, ROOM):
        answer = desk.post(wanted, data={"csrf_token": token, "email": "third@example.org"})
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/desk/proof")
    assert pages.fingerprint(site) == before


def test_nobody_is_removed_by_looking(site: Flask, desk: FlaskClient) -> None:
    other = accounts.enrol(site)
    desk.get(removal_of(site, accounts.NEW))
    assert accounts.is_signed_in(other)
