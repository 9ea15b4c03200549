"""Read single values of the environment: each with what it may be, and what to say when it isn't.

Knows no setting's meaning. A value that can't be used is added to `problems` and a harmless one returned.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

KEY_BYTES = 32
SECRET_CHARACTERS = 32
LOCAL_ADDRESS = "http://127.0.0.1:8000"
ADDRESS = re.compile(r"https?://([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]*:[0-9a-f:.]+])(:[1-9][0-9]*)?", re.ASCII)
STORAGES = ("memory://", "redis://", "rediss://", "redis+unix://")  # requirements.in has a client for each


def address(value: str, problems: list[str]) -> str:
    """Return where people reach the service: scheme, host and port, in lower case."""
    address = value.rstrip("/").lower()
    if not ADDRESS.fullmatch(address) or not _has_port_or_none(address):
        problems.append("BASE_URL must be an address such as https://rsvp.example.org, with nothing after the host")
        return LOCAL_ADDRESS
    return address


def is_loopback(host: str) -> bool:
    """Whether a host name or address is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def database_url(value: str, problems: list[str]) -> str:
    """Return an SQLAlchemy URL; PostgreSQL always goes by psycopg 3."""
    for scheme in ("postgres://", "postgresql://"):
        if value.startswith(scheme):
            value = "postgresql+psycopg://" + value.removeprefix(scheme)
    if not _is_database(value):
        problems.append("DATABASE_URL must be postgresql://name:password@host/database or sqlite:////folder/file")
    return value


def _is_database(value: str) -> bool:
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        return False
    if url.drivername == "sqlite":
        return not url.host and url.database not in (None, "", ":memory:")
    return url.drivername == "postgresql+psycopg"


def storage(value: str, problems: list[str]) -> str:
    """Return where limits are counted."""
    if not value.startswith(STORAGES) or not _has_port_or_none(value):
        problems.append("RATELIMIT_STORAGE_URI must be memory:// or an address such as redis://127.0.0.1:6379/0")
        return "memory://"
    return value


def mailbox(value: str, problems: list[str]) -> str | None:
    """Return the address of a mailbox; one elsewhere is reached by TLS only. None when nothing is said."""
    is_readable = value.startswith(("imap://", "imaps://")) and _has_port_or_none(value)
    if value and not (is_readable and urlsplit(value).hostname):
        problems.append("IMAP_URL must be an address such as imaps://name:password@mail.example.org/INBOX")
        return None
    if value.startswith("imap://") and not is_loopback(urlsplit(value).hostname or ""):
        problems.append("IMAP_URL must begin with imaps://: its password and letters would travel in the clear")
    return value or None


def _has_port_or_none(value: str) -> bool:
    try:
        return urlsplit(value).port != 0
    except ValueError:
        return False


def words(environ: Mapping[str, str], name: str) -> list[str]:
    """Return the words of a list that commas separate."""
    return [word.strip() for word in environ.get(name, "").split(",") if word.strip()]


def hosts(environ: Mapping[str, str], base_url: str) -> tuple[str, ...]:
    """Return the host names that requests may name; the one of our own addresses if none is said."""
    return tuple(word.lower() for word in words(environ, "TRUSTED_HOSTS")) or (urlsplit(base_url).hostname or "",)


def secret(value: str, problems: list[str]) -> str:
    """Return a secret text of enough characters."""
    if len(value) < SECRET_CHARACTERS:
        state = "is missing" if not value else "is too short"
        problems.append(f"SECRET_KEY {state}: give it at least {SECRET_CHARACTERS} random characters")
    return value


def key(value: str, name: str, problems: list[str]) -> bytes:
    """Return a key of 32 bytes from its base64."""
    try:
        key = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        state = "is missing" if not value else "can't be used"
        problems.append(f"{name} {state}: it takes 32 random bytes as base64 (`openssl rand -base64 32`)")
    return key


def number(
    environ: Mapping[str, str], name: str, default: int, problems: list[str], *, allowed: range = range(1_000_000)
) -> int:
    """Return a whole number that is allowed, the default if none is said."""
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > 9 or int(value) not in allowed:
        problems.append(f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}")
        return default
    return int(value)


def flag(environ: Mapping[str, str], name: str, problems: list[str]) -> bool:
    """Whether something is switched on."""
    value = environ.get(name, "").lower()
    if value not in ("", "0", "1", "false", "true", "no", "yes"):
        problems.append(f"{name} must be 1 or 0")
    return value in ("1", "true", "yes")


def sender(value: str, problems: list[str]) -> str:
    """Return `Name <address>`."""
    if "@" not in parseaddr(value)[1]:
        problems.append("MAIL_DEFAULT_SENDER is missing: give it as `Name <address>`")
        return "nobody <nobody@invalid>"
    return value


def instant(environ: Mapping[str, str], name: str, problems: list[str]) -> datetime | None:
    """Return an instant with its offset, or None."""
    value = environ.get(name)
    if not value:
        return None
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        problems.append(f"{name} must be an ISO instant with its offset, such as 2025-07-05T12:00:00-04:00")
        return None
    return instant
