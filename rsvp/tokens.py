"""Make the secrets that links carry, and the stamps that guests' forms carry.

A token's text leaves the service once and is stored as a digest only. Nothing here reads the database.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

TOKEN_BYTES = 32
PUBLIC_ID_BYTES = 16

Randomness = Callable[[int], str]


def new_token(random: Randomness = secrets.token_urlsafe) -> tuple[str, str]:
    """Return a token of 256 random bits and the digest under which it is stored."""
    token = random(TOKEN_BYTES)
    return token, digest(token)


def digest(token: str) -> str:
    """Return SHA-256 of a token as hex. The token is random, so no key or salt is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_public_id(random: Randomness = secrets.token_urlsafe) -> str:
    """Return 128 random bits, the only name of a row that leaves the service."""
    return random(PUBLIC_ID_BYTES)


def stamp(purpose: str, *, key: str, at: datetime) -> str:
    """Return a signed note that a form for `purpose` was handed out at that instant."""
    return URLSafeSerializer(key, salt=f"stamp:{purpose}").dumps(int(at.timestamp()))


def stamp_age(value: str, purpose: str, *, key: str, at: datetime) -> timedelta | None:
    """Return how long ago the form was handed out, or None if the stamp is not ours."""
    try:
        issued = URLSafeSerializer(key, salt=f"stamp:{purpose}").loads(value)
    except BadSignature:
        return None
    return timedelta(seconds=int(at.timestamp()) - int(issued))
