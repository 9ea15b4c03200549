"""Read the service's settings from the environment; refuse to start production on a missing or weak one.

It reads nothing but the mapping it is given, so that tests and the demo say what holds.
"""

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SECRETS = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY")
KEY_BYTES = 32
SECRET_CHARACTERS = 32
DIFFERENT_CHARACTERS = 8  # a random secret of this length never has fewer
LOCAL_ADDRESS = "http://127.0.0.1:8000"
ADDRESS = re.compile(r"https?://([a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]*:[0-9a-f:.]+])(:[1-9][0-9]*)?", re.ASCII)
STORAGES = ("memory://", "redis://", "rediss://", "redis+unix://")  # requirements.in has a client for each


class SettingsError(Exception):
    """One or more settings keep the service from starting; `problems` names each and the way out."""

    def __init__(self, problems: list[str]):
        lines = [f" {problems[0]}"] if len(problems) == 1 else [f"\n  {line}" for line in problems]
        super().__init__("The service can't start:" + "".join(lines))
        self.problems = problems


@dataclass(frozen=True, repr=False)  # secrets stay out of whatever prints an object
class Settings:
    """What the operator decides. Durations carry their unit in the name."""

    instance: Path  # folder of the SQLite files
    database_url: str  # SQLAlchemy URL
    queue_file: Path  # of SQLite; PostgreSQL keeps the queue beside the rows
    secret_key: str  # signs the desk's cookie and the forms' stamps
    data_keys: tuple[bytes, ...]  # 32 bytes each, newest first; the first one encrypts
    index_key: bytes  # 32 bytes; keys the digests that find a row by address
    base_url: str  # the only source of absolute links, without a slash at the end
    trusted_hosts: tuple[str, ...]  # host names that requests may name
    mail_server: str
    mail_port: int
    mail_use_tls: bool  # STARTTLS
    mail_use_ssl: bool  # TLS from the first byte
    mail_username: str | None
    mail_password: str | None
    mail_default_sender: str  # `Name <address>`; also the invitations' organizer
    mail_timeout_seconds: int = 20
    imap_url: str | None = None  # mailbox with calendar replies; None leaves it unread
    ratelimit_storage_uri: str = "memory://"
    web_concurrency: int = 1  # web processes; more than one needs shared rate limits
    proxies: int = 0  # proxies in front that set X-Forwarded-For
    minimum_fill_seconds: int = 2  # a form sent sooner is asked for again
    verification_letters_per_hour: int = 300  # for the whole service; then they wait
    requests_per_hour: int = 60  # from one network (IPv4 address or IPv6 /64)
    demo: bool = False
    now: datetime | None = None  # the demo's clock starts here
    now_since: datetime | None = None  # the real instant at which it started

    @property
    def is_https(self) -> bool:
        """Whether browsers reach the service by https."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """The host name of our own addresses, used for UIDs and Message-IDs."""
        return parseaddr(self.mail_default_sender)[1].rpartition("@")[2]


def read(environ: Mapping[str, str], *, instance: Path) -> Settings:
    """Return the settings that the environment names.

    Raises:  SettingsError, naming every setting that is missing, weak or can't be read.
    """
    problems: list[str] = []
    settings = _parse(environ, instance, problems)
    problems += _demo_problems(settings) if settings.demo else _production_problems(environ, settings)
    if problems:
        raise SettingsError(problems)
    return settings


def current() -> Settings:
    """Return the settings of the application at work."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def _parse(environ: Mapping[str, str], instance: Path, problems: list[str]) -> Settings:
    base_url = _address(environ.get("BASE_URL") or LOCAL_ADDRESS, problems)
    demo = _flag(environ, "DEMO", problems)
    database = environ.get("DATABASE_URL")
    # A command without settings works on the demo: neither its rows nor its queue may be production's.
    rows, queue = ("demo.sqlite", "demo-queue.sqlite") if demo else ("rsvp.sqlite", "queue.sqlite")
    return Settings(
        instance=instance,
        database_url=_database_url(database or f"sqlite:///{instance / rows}", problems),
        queue_file=instance / ("queue.sqlite" if database else queue),
        secret_key=_secret(environ.get("SECRET_KEY", ""), problems),
        data_keys=tuple(_key(word, "DATA_KEYS", problems) for word in _words(environ, "DATA_KEYS") or [""]),
        index_key=_key(environ.get("INDEX_KEY", ""), "INDEX_KEY", problems),
        base_url=base_url,
        trusted_hosts=_hosts(environ, base_url),
        mail_server=environ.get("MAIL_SERVER", "127.0.0.1"),
        mail_port=_number(environ, "MAIL_PORT", 25, problems, allowed=range(1, 65536)),
        mail_use_tls=_flag(environ, "MAIL_USE_TLS", problems),
        mail_use_ssl=_flag(environ, "MAIL_USE_SSL", problems),
        mail_username=environ.get("MAIL_USERNAME") or None,
        mail_password=environ.get("MAIL_PASSWORD") or None,
        mail_default_sender=_sender(environ.get("MAIL_DEFAULT_SENDER", ""), problems),
        imap_url=environ.get("IMAP_URL") or None,
        ratelimit_storage_uri=_storage(environ.get("RATELIMIT_STORAGE_URI") or "memory://", problems),
        web_concurrency=_number(environ, "WEB_CONCURRENCY", 1, problems, allowed=range(1, 1000)),
        proxies=_number(environ, "PROXIES", 0, problems, allowed=range(100)),
        minimum_fill_seconds=_number(environ, "MINIMUM_FILL_SECONDS", 2, problems),
        verification_letters_per_hour=_number(environ, "VERIFICATION_LETTERS_PER_HOUR", 300, problems),
        requests_per_hour=_number(environ, "REQUESTS_PER_HOUR", 60, problems),
        demo=demo,
        now=_instant(environ, "NOW", problems),
        now_since=_instant(environ, "NOW_SINCE", problems),
    )


def _demo_problems(settings: Settings) -> list[str]:
    if all(_is_loopback(host) for host in (urlsplit(settings.base_url).hostname or "", *settings.trusted_hosts)):
        return []
    return ["DEMO belongs on 127.0.0.1: it shows everybody's letters. Take it away, or BASE_URL and TRUSTED_HOSTS"]


def _production_problems(environ: Mapping[str, str], settings: Settings) -> list[str]:
    needed = ("BASE_URL", "MAIL_SERVER")
    problems = [f"{name} is missing: production needs it" for name in needed if not environ.get(name)]
    if not environ.get("PROXIES"):
        problems.append("PROXIES is missing: say how many proxies stand in front, 0 for none")
    if settings.now or settings.now_since:
        problems.append("NOW moves the clock: production refuses it")
    if environ.get("BASE_URL", "").lower().startswith("http:"):
        problems.append("BASE_URL must begin with https:// in production")
    if settings.web_concurrency > 1 and settings.ratelimit_storage_uri.startswith("memory:"):
        problems.append(
            "RATELIMIT_STORAGE_URI must name a shared storage when WEB_CONCURRENCY is over 1: "
            "memory:// would multiply every limit by the number of processes"
        )
    return [*problems, *_mail_problems(settings), *_secret_problems(environ, settings)]


def _mail_problems(settings: Settings) -> list[str]:
    if settings.mail_use_tls and settings.mail_use_ssl:
        return ["MAIL_USE_TLS and MAIL_USE_SSL exclude each other: set one of them"]
    if settings.mail_use_tls or settings.mail_use_ssl:
        return []
    if not _is_loopback(settings.mail_server or "localhost"):
        return ["MAIL_USE_TLS or MAIL_USE_SSL must be set: letters would travel to MAIL_SERVER in the clear"]
    if settings.mail_password:
        return ["MAIL_PASSWORD would travel in the clear: set MAIL_USE_TLS or MAIL_USE_SSL"]
    return []


def _secret_problems(environ: Mapping[str, str], settings: Settings) -> list[str]:
    keys = (settings.index_key, *settings.data_keys)
    texts = (environ.get("INDEX_KEY", ""), *_words(environ, "DATA_KEYS"))
    secrets = ((settings.secret_key,), settings.data_keys, (settings.index_key,))
    problems = [
        f"{name} is weak: it repeats a few characters; make a random one"
        for name, values in zip(SECRETS, secrets, strict=True)
        if any(len(value) >= KEY_BYTES and len(set(value)) < DIFFERENT_CHARACTERS for value in values)
    ]
    is_shared = settings.secret_key in texts or settings.secret_key.encode() in keys
    if is_shared or len(set(keys)) < len(keys):
        problems.append("SECRET_KEY, DATA_KEYS and INDEX_KEY must be different secrets")
    return problems


def _address(value: str, problems: list[str]) -> str:
    """Return where people reach the service: scheme, host and port, in lower case."""
    address = value.rstrip("/").lower()
    if not ADDRESS.fullmatch(address) or not _has_port_or_none(address):
        problems.append("BASE_URL must be an address such as https://rsvp.example.org, with nothing after the host")
        return LOCAL_ADDRESS
    return address


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _database_url(value: str, problems: list[str]) -> str:
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


def _storage(value: str, problems: list[str]) -> str:
    if not value.startswith(STORAGES) or not _has_port_or_none(value):
        problems.append("RATELIMIT_STORAGE_URI must be memory:// or an address such as redis://127.0.0.1:6379/0")
        return "memory://"
    return value


def _has_port_or_none(value: str) -> bool:
    try:
        return urlsplit(value).port != 0
    except ValueError:
        return False


def _words(environ: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in environ.get(name, "").split(",") if word.strip()]


def _hosts(environ: Mapping[str, str], base_url: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _words(environ, "TRUSTED_HOSTS")) or (urlsplit(base_url).hostname or "",)


def _secret(value: str, problems: list[str]) -> str:
    if len(value) < SECRET_CHARACTERS:
        state = "is missing" if not value else "is too short"
        problems.append(f"SECRET_KEY {state}: give it at least {SECRET_CHARACTERS} random characters")
    return value


def _key(value: str, name: str, problems: list[str]) -> bytes:
    try:
        key = base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        state = "is missing" if not value else "can't be used"
        problems.append(f"{name} {state}: it takes 32 random bytes as base64 (`openssl rand -base64 32`)")
    return key


def _number(
    environ: Mapping[str, str], name: str, default: int, problems: list[str], *, allowed: range = range(1_000_000)
) -> int:
    value = environ.get(name) or str(default)
    if not value.isascii() or not value.isdigit() or len(value) > 9 or int(value) not in allowed:
        problems.append(f"{name} must be a whole number from {allowed[0]} to {allowed[-1]}")
        return default
    return int(value)


def _flag(environ: Mapping[str, str], name: str, problems: list[str]) -> bool:
    value = environ.get(name, "").lower()
    if value not in ("", "0", "1", "false", "true", "no", "yes"):
        problems.append(f"{name} must be 1 or 0")
    return value in ("1", "true", "yes")


def _sender(value: str, problems: list[str]) -> str:
    if "@" not in parseaddr(value)[1]:
        problems.append("MAIL_DEFAULT_SENDER is missing: give it as `Name <address>`")
        return "nobody <nobody@invalid>"
    return value


def _instant(environ: Mapping[str, str], name: str, problems: list[str]) -> datetime | None:
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
