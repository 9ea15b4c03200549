"""The secrets in links, and the stamps in guests' forms."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest

from rsvp import tokens

KEY = "s" * 40
AT = datetime(2025, 7, 1, 12, tzinfo=UTC)


def test_a_link_carries_256_random_bits_in_characters_that_survive_a_mail_client() -> None:
    token, _ = tokens.new_token()
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", token)


def test_no_two_links_are_alike() -> None:
    assert len({tokens.new_token()[0] for _ in range(200)}) == 200


def test_only_the_digest_of_a_link_is_stored_and_it_finds_the_link_again() -> None:
    token, digest = tokens.new_token()
    assert digest == tokens.digest(token) == hashlib.sha256(token.encode()).hexdigest()
    assert token not in digest


def test_another_link_has_another_digest() -> None:
    token, digest = tokens.new_token()
    assert tokens.digest(f"{token}x") != digest
    assert tokens.digest(token.swapcase()) != digest


@pytest.mark.parametrize("nonsense", ["", "ក", "x" * 5000, "../..", "\x00"])
def test_a_link_that_is_nonsense_has_a_digest_like_any_other(nonsense: str) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", tokens.digest(nonsense))


def test_randomness_comes_from_where_it_is_told_to() -> None:
    asked: list[int] = []

    def random(size: int) -> str:
        asked.append(size)
        return "t" * size

    assert tokens.new_token(random) == ("t" * 32, tokens.digest("t" * 32))
    assert tokens.new_public_id(random) == "t" * 16
    assert asked == [32, 16]


def test_a_public_id_carries_128_random_bits_and_fits_an_address_and_its_column() -> None:
    ids = {tokens.new_public_id() for _ in range(200)}
    assert len(ids) == 200
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{22}", public_id) for public_id in ids)


def test_a_form_says_how_long_ago_it_was_handed_out() -> None:
    stamp = tokens.stamp("request", key=KEY, at=AT)
    later = AT + timedelta(minutes=3)
    assert tokens.stamp_age(stamp, "request", key=KEY, at=later) == timedelta(minutes=3)
    assert tokens.stamp_age(stamp, "request", key=KEY, at=AT) == timedelta()


def test_a_stamp_of_another_form_counts_for_nothing() -> None:
    stamp = tokens.stamp("link", key=KEY, at=AT)
    assert tokens.stamp_age(stamp, "request", key=KEY, at=AT) is None


def test_a_stamp_signed_by_somebody_else_counts_for_nothing() -> None:
    stamp = tokens.stamp("request", key="t" * 40, at=AT)
    assert tokens.stamp_age(stamp, "request", key=KEY, at=AT) is None


def test_a_stamp_whose_instant_was_changed_counts_for_nothing() -> None:
    earlier, later = (tokens.stamp("request", key=KEY, at=at) for at in (AT, AT + timedelta(hours=1)))
    forged = earlier.split(".")[0] + "." + later.split(".")[1]
    assert tokens.stamp_age(forged, "request", key=KEY, at=AT) is None


@pytest.mark.parametrize("value", ["", ".", "a.b", "1751371200", "ក.ខ", "\x00", "e30.e30", "x" * 5000])
def test_a_stamp_that_is_nonsense_counts_for_nothing(value: str) -> None:
    assert tokens.stamp_age(value, "request", key=KEY, at=AT) is None
