"""Check what a coordinator has besides the password: codes of an authenticator app, and recovery codes.

Each code opens once. Nothing here counts tries: the views do.
"""

import secrets
from datetime import datetime
from urllib.parse import urlsplit

import qrcode
from passlib.exc import TokenError
from passlib.totp import TOTP

import config
from rsvp.db import cipher, db
from rsvp.models.coordinator import Coordinator
from rsvp.services import journal
from rsvp.services.passkeys import LastFactor

RECOVERY_CODES = 10
# Without letters and digits that look alike; twelve of them are 59 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_CHARACTERS = 3, 4
# A code is good for its half minute and for one before and after it: phones' clocks differ (RFC 6238 §5.2).
WINDOW_SECONDS = 30


def new_secret() -> str:
    """Return a secret to share with an authenticator app: 160 random bits as base32 (RFC 4226 §4)."""
    made: str = TOTP.new().base32_key
    return made


def app_uri(secret: str, email: str) -> str:
    """Return what the app reads from the picture; it files the account under our host's name."""
    uri: str = TOTP(key=secret).to_uri(label=email, issuer=urlsplit(config.current().base_url).hostname)
    return uri


def picture(uri: str) -> tuple[int, str]:
    """Return a QR code with its quiet zone as the side of a square and an SVG path of the dark modules."""
    code = qrcode.QRCode(border=4)
    code.add_data(uri)
    rows = code.get_matrix()
    dark = ((x, y) for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark)
    return len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark)


def share_secret(coordinator: Coordinator, secret: str, *, code: str, at: datetime, now: datetime) -> bool:
    """Take an app into use if it makes the right code; an older app makes none any more.

    Units:  `now` is the hour that phones show, `at` the service's own.
    """
    db.session.refresh(coordinator, with_for_update=True)
    counter = _counter(secret, code, at=now, after=None)
    if counter is None:
        return False
    coordinator.tf_totp_secret, coordinator.tf_counter = secret, counter
    coordinator.tf_primary_method = "authenticator"
    _record("authenticator", coordinator, at=at)
    return True


def forget_app(coordinator: Coordinator, *, at: datetime) -> None:
    """Let the app's codes open nothing more, where a passkey remains.

    Raises:  LastFactor.
    """
    db.session.refresh(coordinator, with_for_update=True)
    if not coordinator.webauthn:
        raise LastFactor
    if coordinator.has_app:
        coordinator.tf_totp_secret = coordinator.tf_counter = coordinator.tf_primary_method = None
        _record("authenticator_removal", coordinator, at=at)


def accept_code(coordinator: Coordinator, code: str, *, now: datetime) -> bool:
    """Whether the app made this code and nobody used it or a later one yet; from now on it is used."""
    db.session.refresh(coordinator, with_for_update=True)
    secret = coordinator.tf_totp_secret
    counter = _counter(secret, code, at=now, after=coordinator.tf_counter) if secret else None
    if counter is None:
        return False
    coordinator.tf_counter = counter
    return True


def new_recovery_codes() -> list[str]:
    """Return codes to be shown once; they open nothing until they are kept."""
    return [
        "-".join("".join(secrets.choice(ALPHABET) for _ in range(GROUP_CHARACTERS)) for _ in range(GROUPS))
        for _ in range(RECOVERY_CODES)
    ]


def keep_recovery_codes(coordinator: Coordinator, codes: list[str], *, at: datetime) -> None:
    """Let these codes, and none from before, stand in for the app."""
    coordinator.mf_recovery_codes = [_digest(code) for code in codes]
    _record("recovery_codes", coordinator, at=at)


def accept_recovery_code(coordinator: Coordinator, typed: str, *, at: datetime) -> bool:
    """Whether this code is one of those that are left; from now on it isn't."""
    db.session.refresh(coordinator, with_for_update=True)
    left, digest = coordinator.mf_recovery_codes or [], _digest(typed)
    if digest not in left:
        return False
    coordinator.mf_recovery_codes = [other for other in left if other != digest]
    _record("recovery_code", coordinator, at=at)
    return True


def _counter(secret: str, code: str, *, at: datetime, after: int | None) -> int | None:
    """Return the step of time whose code this is, or None."""
    try:
        match = TOTP(key=secret).match(code, time=at, window=WINDOW_SECONDS, last_counter=after)
    except TokenError:
        return None
    found: int = match.counter
    return found


def _digest(code: str) -> str:
    plain = "".join(character for character in code.lower() if character.isalnum())
    return cipher().digest(plain, "recovery code")


def _record(act: str, coordinator: Coordinator, *, at: datetime) -> None:
    journal.record(act, f"coordinator:{coordinator.public_id}", by=coordinator.public_id, at=at)
