"""Every stored column has its place in the list of what may be read by whom."""

from collections import Counter
from itertools import chain

from sqlalchemy import Column

from rsvp.db import Encrypted, db
from rsvp.models import inventory

# Never in the clear (SAFETY.md, "The database or a backup is taken").
SECRET = {
    "participant": {"name", "email", "country", "organisation", "referrer", "message"},
    "event": {"link", "passcode"},
    "letter": {"recipient", "content"},
    "coordinator": {"tf_totp_secret"},
}


def test_every_stored_column_is_listed_exactly_once() -> None:
    listed = Counter(
        chain(
            inventory.ENCRYPTED,
            inventory.DIGEST,
            (f"{table}.{name}" for table, names in inventory.PLAIN.items() for name in names),
        )
    )
    assert listed == Counter(_columns().keys())


def test_every_column_listed_as_encrypted_is_encrypted_under_its_own_name() -> None:
    bound = {name: column.type.column for name, column in _columns().items() if isinstance(column.type, Encrypted)}
    assert bound == {name: name for name in inventory.ENCRYPTED}


def test_nothing_of_a_guest_and_no_link_is_stored_in_the_clear() -> None:
    named = {f"{table}.{name}" for table, names in SECRET.items() for name in names}
    assert named <= inventory.ENCRYPTED


def test_a_column_for_free_words_of_a_guest_is_never_listed_as_plain() -> None:
    texts = {name for name, column in _columns().items() if "TEXT" in str(column.type.compile())}
    plain = {f"{table}.{name}" for table, names in inventory.PLAIN.items() for name in names}
    assert {name.split(".")[0] for name in texts & plain} <= {"programme", "event", "coordinator", "passkey"}


def test_every_digest_has_the_width_of_its_function() -> None:
    widths = {name: getattr(_columns()[name].type, "length", None) for name in inventory.DIGEST}
    assert widths.pop("coordinator.password") == 255
    assert widths.pop("coordinator.mf_recovery_codes") is None  # several, one after the other
    assert set(widths.values()) == {64}


def _columns() -> dict[str, Column[object]]:
    return {f"{table.name}.{column.name}": column for table in db.metadata.sorted_tables for column in table.columns}
