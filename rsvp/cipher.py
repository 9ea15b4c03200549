"""Encrypt columns, and key the digests that find a row by an address.

Stored form: `v1:<key id>:<base64url of nonce and ciphertext>`. Nothing here knows a table or a person.
Source:  NIST SP 800-38D (AES-GCM), RFC 5869 (HKDF).
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Iterable
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
VERSION = "v1"


class Unreadable(Exception):
    """A stored value was made with a key that isn't here, or was altered, or moved to another column."""


class Cipher:
    """Encrypts with the newest key and reads with any of them.

    Shapes:  data_keys are 32 bytes each, newest first; index_key is 32 bytes.
    """

    def __init__(self, data_keys: tuple[bytes, ...], index_key: bytes):
        self._keys = {key_id(key): key for key in data_keys}
        self.newest = key_id(data_keys[0])
        self._index_key = index_key

    def encrypt(self, text: str, column: str) -> str:
        """Return the stored form of `text` for `column`, written `table.column`."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = _column_cipher(self._keys[self.newest], column).encrypt(nonce, text.encode(), column.encode())
        return f"{VERSION}:{self.newest}:{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, column: str) -> str:
        """Return the text behind a stored form.

        Raises:  Unreadable.
        """
        (text,) = self.decrypt_all((stored,), column)
        return text

    def decrypt_all(self, stored: Iterable[str], column: str) -> list[str]:
        """Return the texts behind the stored forms of one column: what all have in common is done once.

        Raises:  Unreadable.
        """
        bound = column.encode()
        opened = {f"{VERSION}:{name}": _column_cipher(key, column).decrypt for name, key in self._keys.items()}
        texts = []
        try:
            for each in stored:
                made_by, _colon, body = each.rpartition(":")
                raw = binascii.a2b_base64(body.replace("-", "+").replace("_", "/"))
                texts.append(opened[made_by](raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound).decode())
        except (KeyError, ValueError, InvalidTag) as error:
            raise Unreadable(column) from error
        return texts

    def is_newest(self, stored: str) -> bool:
        """Whether a stored form was made with the newest key."""
        return stored.startswith(f"{VERSION}:{self.newest}:")

    def digest(self, value: str, purpose: str) -> str:
        """Return the keyed digest that finds `value` again: HMAC-SHA-256 as hex."""
        return hmac.new(self._index_key, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def key_id(key: bytes) -> str:
    """Return the public name of a key: the first 8 hex digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:8]


@lru_cache(maxsize=256)
def _column_cipher(key: bytes, column: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"column:{column}".encode()).derive(key)
    return AESGCM(derived)
