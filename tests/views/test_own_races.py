"""A guest's buttons pressed at the moment in which another window of theirs erases everything, on both databases."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from rsvp.db import db, transaction
from rsvp.models import Letter, Participant
from rsvp.models.token import Purpose
from rsvp.services import erasures, links, requests
from tests import factories

NEW = "dara.sok@example.org"
# Long enough for the button to come to what the erasure holds; on SQLite it waits before it begins.
MOMENT_SECONDS = 0.3
FORMS = {
    "withdrawals": {"event": "democracy"},
    "rsvps": {"events": "sovereignty"},
    "answers": {"question": "none", "answer": "An answer."},
    "preferences": {"name": "Sok Dara", "email": NEW, "language": "km", "zone": "Europe/Paris"},
    "invitations": {"event": "democracy"},
    "feeds": {},
    "feeds/revocation": {},
    "erasure": {},
}


def press_while_erasing(app: Flask, path: str, form: dict[str, str]) -> int:
    """Press a button while the erasure of the one guest waits for its commit; return the code of the answer."""
    db.session.remove()
    is_erasing = threading.Event()

    def erase() -> None:
        with app.app_context(), transaction():
            erasures.erase(factories.only_participant(), at=factories.NOW)
            is_erasing.set()
            threading.Event().wait(MOMENT_SECONDS)

    def press() -> int:
        is_erasing.wait()
        return app.test_client().post(path, data=form).status_code

    with ThreadPoolExecutor(2) as pool:
        erasing, pressing = pool.submit(erase), pool.submit(press)
        erasing.result()
        return pressing.result()


@pytest.mark.parametrize("act", FORMS)
def test_a_button_finds_the_page_gone_like_any_that_never_was(app: Flask, act: str) -> None:
    factories.event(link=factories.LINK)
    factories.event("sovereignty")
    factories.approved()
    with transaction():
        token = links.issue(factories.only_participant(), Purpose.PLACES, at=factories.NOW)
    assert press_while_erasing(app, f"/en/places/{token}/{act}", FORMS[act]) == 404
    assert db.session.query(Participant).count() == 0
    assert {letter.recipient for letter in db.session.query(Letter)} == {None}


def test_the_button_that_proves_an_address_finds_its_page_gone(app: Flask) -> None:
    factories.event()
    owner = factories.ask()
    with transaction():
        token = links.issue(owner, Purpose.VERIFICATION, at=factories.NOW)
        shown = requests.waiting(owner, at=factories.NOW).digest
    assert press_while_erasing(app, f"/en/verifications/{token}", {"shown": shown}) == 404
    assert db.session.query(Participant).count() == 0


def test_the_button_that_moves_to_a_new_address_finds_its_page_gone(app: Flask) -> None:
    factories.event()
    factories.pending()
    with transaction():
        token = factories.token_in(factories.ask_to_move(factories.only_participant(), NEW, at=factories.NOW))
    assert press_while_erasing(app, f"/en/addresses/{token}", {}) == 404
    assert db.session.query(Participant).count() == 0
