"""Changing the keys of stored data."""

import base64

import pytest
from flask import Flask
from sqlalchemy import text

from rsvp.cipher import Cipher
from rsvp.db import db
from rsvp.models import Participant
from rsvp.services import keys
from tests import factories

OLD, NEW = b"d" * 32, b"n" * 32


def turn(app: Flask, *data_keys: bytes) -> None:
    app.extensions["cipher"] = Cipher(data_keys, b"i" * 32)
    db.session.expire_all()


def test_data_stays_readable_while_the_key_changes_and_the_old_key_can_go_afterwards(app: Flask) -> None:
    factories.event(link=factories.LINK)
    factories.approved(name="Sok Dara", email="sok@example.org")
    turn(app, NEW, OLD)
    assert db.session.query(Participant).one().name == "Sok Dara"
    assert keys.remaining() > 0
    assert keys.rotate() > 0
    turn(app, NEW)
    assert keys.remaining() == 0
    found = db.session.query(Participant).one()
    assert (found.name, found.email) == ("Sok Dara", "sok@example.org")


def test_a_rotation_that_was_stopped_goes_on_where_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    factories.event()
    for _ in range(3):
        factories.ask()
    turn(app, NEW, OLD)
    monkeypatch.setattr(keys, "BATCH", 1)
    replaced = 0
    replace = keys._replace

    def stop_at_the_fourth(*row: object) -> None:
        nonlocal replaced
        replaced += 1
        if replaced == 4:
            raise KeyboardInterrupt
        replace(*row)  # type: ignore[arg-type]

    monkeypatch.setattr(keys, "_replace", stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        keys.rotate()
    monkeypatch.setattr(keys, "_replace", replace)
    before = keys.remaining()
    assert keys.rotate() == before > 0
    turn(app, NEW)
    assert db.session.query(Participant).count() == 3


def test_a_stored_value_names_its_key_and_nothing_else(app: Flask) -> None:
    factories.event()
    factories.ask(name="Sok Dara")
    stored = db.session.execute(text("SELECT name FROM participant")).scalar_one()
    assert stored.startswith("v1:")
    assert base64.b64encode(b"Sok Dara").decode().rstrip("=") not in stored
