"""What stands in the database, and who can read it."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsvp.cipher import Cipher, Unreadable, key_id

OLD, NEW, OTHER = (letter * 32 for letter in (b"o", b"n", b"x"))
INDEX = b"i" * 32
NAME, EMAIL = "participant.name", "participant.email"


@given(text=st.text(max_size=300))
@settings(max_examples=100, derandomize=True, database=None, deadline=None)
def test_what_a_guest_wrote_comes_back_as_it_was(text: str) -> None:
    cipher = Cipher((NEW,), INDEX)
    assert cipher.decrypt(cipher.encrypt(text, NAME), NAME) == text


def test_khmer_with_word_breaks_comes_back_whole() -> None:
    cipher = Cipher((NEW,), INDEX)
    assert cipher.decrypt(cipher.encrypt("សុខ\u200bដារ៉ា", NAME), NAME) == "សុខ\u200bដារ៉ា"


def test_a_stored_value_names_its_form_and_key_and_shows_nothing_of_the_words() -> None:
    stored = Cipher((NEW,), INDEX).encrypt("canary@example.org", EMAIL)
    version, name, body = stored.split(":")
    assert (version, name) == ("v1", key_id(NEW))
    raw = base64.urlsafe_b64decode(body)
    assert len(raw) == 12 + len("canary@example.org") + 16
    assert b"canary" not in raw
    assert stored.isascii()


def test_the_same_words_are_never_stored_alike() -> None:
    cipher = Cipher((NEW,), INDEX)
    assert len({cipher.encrypt("Sok Dara", NAME) for _ in range(50)}) == 50


def test_the_values_of_a_column_are_read_together_in_their_order_whichever_key_made_them() -> None:
    stored = [Cipher((key,), INDEX).encrypt(name, NAME) for key, name in ((OLD, "Sok"), (NEW, "សុខ"), (OLD, "Chan"))]
    assert Cipher((NEW, OLD), INDEX).decrypt_all(stored, NAME) == ["Sok", "សុខ", "Chan"]
    with pytest.raises(Unreadable, match=NAME):
        Cipher((NEW,), INDEX).decrypt_all(stored, NAME)


def test_a_value_moved_to_another_column_is_refused() -> None:
    cipher = Cipher((NEW,), INDEX)
    stored = cipher.encrypt("Sok Dara", NAME)
    with pytest.raises(Unreadable, match=EMAIL):
        cipher.decrypt(stored, EMAIL)


def test_a_value_altered_anywhere_is_refused() -> None:
    cipher = Cipher((NEW,), INDEX)
    version, name, body = cipher.encrypt("Sok Dara", NAME).split(":")
    raw = base64.urlsafe_b64decode(body)
    for position in range(len(raw)):
        altered = bytearray(raw)
        altered[position] ^= 1
        with pytest.raises(Unreadable):
            cipher.decrypt(f"{version}:{name}:{base64.urlsafe_b64encode(altered).decode()}", NAME)


@pytest.mark.parametrize(
    "stored",
    ["", "Sok Dara", "v1", "v1::", "v1:00000000:AAAA", f"v1:{key_id(NEW)}:", f"v1:{key_id(NEW)}:A", "v1:a:b:c"]
    + [f"v1:{key_id(NEW)}:{'A' * 16}", f"v1:{key_id(NEW)}:ក"],
)
def test_what_was_never_encrypted_is_refused(stored: str) -> None:
    with pytest.raises(Unreadable):
        Cipher((NEW,), INDEX).decrypt(stored, NAME)


def test_a_value_of_another_version_is_refused() -> None:
    cipher = Cipher((NEW,), INDEX)
    stored = cipher.encrypt("Sok Dara", NAME)
    with pytest.raises(Unreadable):
        cipher.decrypt("v2" + stored.removeprefix("v1"), NAME)


def test_a_value_cut_short_is_refused() -> None:
    cipher = Cipher((NEW,), INDEX)
    stored = cipher.encrypt("Sok Dara", NAME)
    with pytest.raises(Unreadable):
        cipher.decrypt(stored[:-4], NAME)


def test_after_a_rotation_old_values_are_read_and_new_ones_use_the_new_key() -> None:
    before, after = Cipher((OLD,), INDEX), Cipher((NEW, OLD), INDEX)
    stored = before.encrypt("Sok Dara", NAME)
    assert after.decrypt(stored, NAME) == "Sok Dara"
    assert (before.is_newest(stored), after.is_newest(stored)) == (True, False)
    assert after.is_newest(after.encrypt("Sok Dara", NAME))
    assert after.newest == key_id(NEW)


def test_who_has_another_key_reads_nothing() -> None:
    stored = Cipher((OLD,), INDEX).encrypt("Sok Dara", NAME)
    with pytest.raises(Unreadable):
        Cipher((NEW,), INDEX).decrypt(stored, NAME)
    renamed = stored.replace(key_id(OLD), key_id(OTHER))
    with pytest.raises(Unreadable):
        Cipher((OTHER,), INDEX).decrypt(renamed, NAME)


def test_an_address_is_found_again_by_the_same_digest_after_a_rotation_of_the_data_keys() -> None:
    before, after = Cipher((OLD,), INDEX), Cipher((NEW, OLD), INDEX)
    assert before.digest("guest@example.org", EMAIL) == after.digest("guest@example.org", EMAIL)


def test_a_digest_is_hmac_sha_256_under_the_index_key() -> None:
    expected = hmac.new(INDEX, b"participant.email:guest@example.org", hashlib.sha256).hexdigest()
    assert Cipher((NEW,), INDEX).digest("guest@example.org", EMAIL) == expected


def test_a_digest_differs_by_key_by_address_and_by_purpose() -> None:
    cipher = Cipher((NEW,), INDEX)
    digests = {
        cipher.digest("guest@example.org", EMAIL),
        cipher.digest("guest2@example.org", EMAIL),
        cipher.digest("guest@example.org", "declined.email"),
        Cipher((NEW,), OTHER).digest("guest@example.org", EMAIL),
    }
    assert len(digests) == 4


def test_the_name_of_a_key_tells_nothing_of_the_key() -> None:
    assert key_id(NEW) == hashlib.sha256(NEW).hexdigest()[:8]
    assert key_id(NEW) != key_id(OLD)
