"""Read the service's settings from the environment; refuse to start production on a missing or weak one.

It reads nothing but the mapping it is given, so that tests and the demo say what holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

import config_values as values

SECRETS = ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY")
DAYS = range(1, 3651)
DIFFERENT_CHARACTERS = 8  # a random secret of this length never has fewer


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
    answer_days: int = 2  # within which the coordinator usually answers; said to guests
    unverified_hours: int = 48  # a request that nobody proves is erased after so long
    guest_days: int = 30  # a guest's data is erased so long after the last event they asked for
    waiting_days: int = 365  # who waits for an event without a time is kept so long after they last asked
    decline_days: int = 365  # the keyed digest of an address that was declined is kept so long
    failed_letter_days: int = 7  # the words and the address of a letter that couldn't be sent are kept so long
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
    base_url = values.address(environ.get("BASE_URL") or values.LOCAL_ADDRESS, problems)
    demo = values.flag(environ, "DEMO", problems)
    database = environ.get("DATABASE_URL")
    # A command without settings works on the demo: neither its rows nor its queue may be production's.
    rows, queue = ("demo.sqlite", "demo-queue.sqlite") if demo else ("rsvp.sqlite", "queue.sqlite")
    return Settings(
        instance=instance,
        database_url=values.database_url(database or f"sqlite:///{instance / rows}", problems),
        queue_file=instance / ("queue.sqlite" if database else queue),
        secret_key=values.secret(environ.get("SECRET_KEY", ""), problems),
        data_keys=tuple(values.key(word, "DATA_KEYS", problems) for word in values.words(environ, "DATA_KEYS") or [""]),
        index_key=values.key(environ.get("INDEX_KEY", ""), "INDEX_KEY", problems),
        base_url=base_url,
        trusted_hosts=values.hosts(environ, base_url),
        mail_server=environ.get("MAIL_SERVER", "127.0.0.1"),
        mail_port=values.number(environ, "MAIL_PORT", 25, problems, allowed=range(1, 65536)),
        mail_use_tls=values.flag(environ, "MAIL_USE_TLS", problems),
        mail_use_ssl=values.flag(environ, "MAIL_USE_SSL", problems),
        mail_username=environ.get("MAIL_USERNAME") or None,
        mail_password=environ.get("MAIL_PASSWORD") or None,
        mail_default_sender=values.sender(environ.get("MAIL_DEFAULT_SENDER", ""), problems),
        imap_url=values.mailbox(environ.get("IMAP_URL", ""), problems),
        ratelimit_storage_uri=values.storage(environ.get("RATELIMIT_STORAGE_URI") or "memory://", problems),
        web_concurrency=values.number(environ, "WEB_CONCURRENCY", 1, problems, allowed=range(1, 1000)),
        proxies=values.number(environ, "PROXIES", 0, problems, allowed=range(100)),
        minimum_fill_seconds=values.number(environ, "MINIMUM_FILL_SECONDS", 2, problems),
        verification_letters_per_hour=values.number(environ, "VERIFICATION_LETTERS_PER_HOUR", 300, problems),
        requests_per_hour=values.number(environ, "REQUESTS_PER_HOUR", 60, problems),
        answer_days=values.number(environ, "ANSWER_DAYS", 2, problems, allowed=DAYS),
        unverified_hours=values.number(environ, "UNVERIFIED_HOURS", 48, problems, allowed=range(1, 24 * 31)),
        guest_days=values.number(environ, "GUEST_DAYS", 30, problems, allowed=DAYS),
        waiting_days=values.number(environ, "WAITING_DAYS", 365, problems, allowed=DAYS),
        decline_days=values.number(environ, "DECLINE_DAYS", 365, problems, allowed=range(DAYS.stop)),
        failed_letter_days=values.number(environ, "FAILED_LETTER_DAYS", 7, problems, allowed=DAYS),
        demo=demo,
        now=values.instant(environ, "NOW", problems),
        now_since=values.instant(environ, "NOW_SINCE", problems),
    )


def _demo_problems(settings: Settings) -> list[str]:
    if all(values.is_loopback(host) for host in (urlsplit(settings.base_url).hostname or "", *settings.trusted_hosts)):
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
    if not values.is_loopback(settings.mail_server or "localhost"):
        return ["MAIL_USE_TLS or MAIL_USE_SSL must be set: letters would travel to MAIL_SERVER in the clear"]
    if settings.mail_password:
        return ["MAIL_PASSWORD would travel in the clear: set MAIL_USE_TLS or MAIL_USE_SSL"]
    return []


def _secret_problems(environ: Mapping[str, str], settings: Settings) -> list[str]:
    keys = (settings.index_key, *settings.data_keys)
    texts = (environ.get("INDEX_KEY", ""), *values.words(environ, "DATA_KEYS"))
    secrets = ((settings.secret_key,), settings.data_keys, (settings.index_key,))
    problems = [
        f"{name} is weak: it repeats a few characters; make a random one"
        for name, held in zip(SECRETS, secrets, strict=True)
        if any(len(value) >= values.KEY_BYTES and len(set(value)) < DIFFERENT_CHARACTERS for value in held)
    ]
    is_shared = settings.secret_key in texts or settings.secret_key.encode() in keys
    if is_shared or len(set(keys)) < len(keys):
        problems.append("SECRET_KEY, DATA_KEYS and INDEX_KEY must be different secrets")
    return problems
