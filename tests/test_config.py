"""With which settings the service starts, and what it says when it doesn't."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

import config
from rsvp import create_app
from tests import factories

INSTANCE = Path("/nowhere/instance")
DATA = bytes(range(100, 132))
INDEX = bytes(range(50, 82))
SECRETS = {
    "SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "DATA_KEYS": base64.b64encode(DATA).decode(),
    "INDEX_KEY": base64.b64encode(INDEX).decode(),
}
PRODUCTION = SECRETS | {
    "BASE_URL": "https://rsvp.example.org",
    "MAIL_SERVER": "127.0.0.1",
    "MAIL_DEFAULT_SENDER": "Nalen Smith <nalen.smith@example.org>",
    "PROXIES": "1",
}
WEAK_KEY = base64.b64encode(bytes(range(7)) * 4 + b"\0" * 4).decode()


def read(**changes: str | None) -> config.Settings:
    """Return a production's settings with changes; None takes one away."""
    environ = {name: value for name, value in (PRODUCTION | changes).items() if value is not None}
    return config.read(environ, instance=INSTANCE)


def named(**changes: str | None) -> list[str]:
    """Return the first word of each problem: the setting."""
    return [line.split()[0].rstrip(":") for line in problems(**changes)]


def problems(**changes: str | None) -> list[str]:
    """Return what keeps production from starting."""
    with pytest.raises(config.SettingsError) as refusal:
        read(**changes)
    assert all(line in str(refusal.value) for line in refusal.value.problems)
    return refusal.value.problems


def test_production_starts_with_what_it_needs() -> None:
    settings = read()
    assert settings.demo is False
    assert settings.data_keys == (DATA,)
    assert settings.index_key == INDEX
    assert (settings.is_https, settings.trusted_hosts) == (True, ("rsvp.example.org",))
    assert settings.host == "example.org"


@pytest.mark.parametrize("name", PRODUCTION)
@pytest.mark.parametrize("value", [None, ""])
def test_production_names_each_setting_that_is_missing(name: str, value: str | None) -> None:
    assert [line.split()[0] for line in problems(**{name: value}) if "is missing" in line] == [name]


def test_production_names_everything_that_is_missing_at_once() -> None:
    found = problems(**dict.fromkeys(PRODUCTION))
    assert {line.split()[0] for line in found if "is missing" in line} == set(PRODUCTION)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "secret"),
        ("SECRET_KEY", "x" * 31),
        ("DATA_KEYS", "x" * 32),
        ("DATA_KEYS", base64.b64encode(b"d" * 16).decode()),
        ("DATA_KEYS", f"{SECRETS['DATA_KEYS']},short"),
        ("INDEX_KEY", base64.b64encode(b"i" * 31).decode()),
        ("INDEX_KEY", "not base64!"),
        ("INDEX_KEY", "ក" * 32),
        ("BASE_URL", "http://rsvp.example.org"),
        ("MAIL_DEFAULT_SENDER", "Nalen Smith"),
        ("SECRET_KEY", "x" * 40),
        ("SECRET_KEY", "changeme" * 5),
        ("DATA_KEYS", base64.b64encode(b"\0" * 32).decode()),
        ("DATA_KEYS", f"{SECRETS['DATA_KEYS']},{WEAK_KEY}"),
        ("INDEX_KEY", WEAK_KEY),
    ],
)
def test_production_names_a_setting_that_is_too_weak(name: str, value: str) -> None:
    assert named(**{name: value})[:1] == [name]


@pytest.mark.parametrize(
    "same",
    [
        {"INDEX_KEY": SECRETS["DATA_KEYS"]},
        {"SECRET_KEY": INDEX.decode()},
        {"SECRET_KEY": SECRETS["DATA_KEYS"]},
        {"SECRET_KEY": SECRETS["INDEX_KEY"]},
        {"DATA_KEYS": f"{SECRETS['DATA_KEYS']},{SECRETS['DATA_KEYS']}"},
    ],
    ids=["index-is-data", "secret-is-index-decoded", "secret-is-data", "secret-is-index", "data-twice"],
)
def test_production_refuses_one_secret_in_two_places(same: dict[str, str]) -> None:
    assert any("different secrets" in line for line in problems(**same))


@pytest.mark.parametrize("name", ["NOW", "NOW_SINCE"])
def test_production_refuses_a_moved_clock(name: str) -> None:
    assert problems(**{name: "2025-07-05T12:00:00-04:00"}) == ["NOW moves the clock: production refuses it"]


def test_production_refuses_limits_that_each_process_counts_for_itself() -> None:
    assert named(WEB_CONCURRENCY="2") == ["RATELIMIT_STORAGE_URI"]
    assert read(WEB_CONCURRENCY="2", RATELIMIT_STORAGE_URI="redis://127.0.0.1").web_concurrency == 2


@pytest.mark.parametrize("encryption", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_production_sends_no_password_in_the_clear(encryption: str) -> None:
    assert named(MAIL_PASSWORD="p") == ["MAIL_PASSWORD"]
    assert read(MAIL_PASSWORD="p", **{encryption: "1"}).mail_password == "p"


@pytest.mark.parametrize("encryption", ["MAIL_USE_TLS", "MAIL_USE_SSL"])
def test_production_sends_no_letter_in_the_clear_to_another_machine(encryption: str) -> None:
    for server in ("mail.example.org", "10.0.0.2", "localhost.example.org"):
        assert named(MAIL_SERVER=server) == ["MAIL_USE_TLS"]
        assert read(MAIL_SERVER=server, **{encryption: "1"}).mail_server == server
    for server in ("localhost", "127.0.0.2", "::1"):
        assert read(MAIL_SERVER=server).mail_server == server


def test_production_reads_no_mailbox_of_another_machine_in_the_clear() -> None:
    assert named(IMAP_URL="imap://name:word@mail.example.org/INBOX") == ["IMAP_URL"]
    for url in ("imaps://name:word@mail.example.org/INBOX", "imap://name:word@127.0.0.1:143/INBOX"):
        assert read(IMAP_URL=url).imap_url == url


def test_a_mail_server_is_spoken_to_in_one_way() -> None:
    assert named(MAIL_USE_TLS="1", MAIL_USE_SSL="1") == ["MAIL_USE_TLS"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("MAIL_PORT", "smtp"), ("MAIL_PORT", "-1"), ("PROXIES", "1.5"), ("REQUESTS_PER_HOUR", "៦០"), ("DEMO", "maybe")]
    + [("MAIL_USE_TLS", "on!"), ("NOW", "tomorrow"), ("NOW", "2025-07-05T12:00:00"), ("NOW_SINCE", "12:00")]
    + [("MAIL_PORT", "0"), ("MAIL_PORT", "65536"), ("WEB_CONCURRENCY", "0"), ("PROXIES", "9" * 5000)]
    + [("GUEST_DAYS", "0"), ("UNVERIFIED_HOURS", "745"), ("DECLINE_DAYS", "a year"), ("ANSWER_DAYS", "-2")]
    + [("IMAP_URL", value) for value in ("mail.example.org", "imaps://", "pop3://mail.example.org", "imaps://h:port/")]
    + [("RATELIMIT_STORAGE_URI", value) for value in ("memcached://127.0.0.1", "redis", "redis://h:port", "memory")],
)
def test_a_setting_that_cannot_be_read_is_named(name: str, value: str) -> None:
    assert name in named(**{name: value})


@pytest.mark.parametrize(
    "value",
    [
        "https://",
        "https://[x",
        "https://h:port",
        "rsvp.example.org",
        "ftp://rsvp.example.org",
        "https://a b.example.org",
    ]
    + [f"https://rsvp.example.org{rest}" for rest in ("/path", "?x=1", "/#top", ":0", "\\x", "/\n/")]
    + ["https://name:word@rsvp.example.org", "https://-/", "https://..", "https://rsvp.example.org,b.example.org"],
)
def test_an_address_of_ours_that_is_none_is_named(value: str) -> None:
    assert named(BASE_URL=value) == ["BASE_URL"]


@pytest.mark.parametrize(
    "value",
    ["rsvp.sqlite", "/srv/rsvp.sqlite", "mysql://db.example.org/rsvp", "oracle://x", "postgresql+psycopg2://h/rsvp"]
    + ["postgresql://name:hunter2@h:port/rsvp", "sqlite+aiosqlite:///rsvp.sqlite", "://", "sqlite://"]
    + ["sqlite:///:memory:", "postgres:/h/rsvp"],
)
def test_a_database_that_cannot_be_spoken_to_is_named_without_its_password(value: str) -> None:
    assert named(DATABASE_URL=value) == ["DATABASE_URL"]
    assert "hunter2" not in problems(DATABASE_URL=value)[0]


@pytest.mark.parametrize("scheme", ["redis", "rediss", "redis+unix"])
def test_limits_may_be_counted_in_redis(scheme: str, tmp_path: Path) -> None:
    create_app(factories.settings(tmp_path, RATELIMIT_STORAGE_URI=f"{scheme}://127.0.0.1:6379/0"))


def test_production_asks_how_many_proxies_stand_in_front() -> None:
    assert problems(PROXIES=None) == ["PROXIES is missing: say how many proxies stand in front, 0 for none"]
    assert read(PROXIES="0").proxies == 0


@pytest.mark.parametrize(
    "public", [{"BASE_URL": "https://rsvp.example.org"}, {"BASE_URL": "http://192.0.2.1"}, {"TRUSTED_HOSTS": "a.org"}]
)
def test_the_demo_is_refused_on_a_public_address(public: dict[str, str]) -> None:
    with pytest.raises(config.SettingsError, match="DEMO belongs on 127.0.0.1"):
        config.read(factories.environ(**public), instance=INSTANCE)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_the_demo_starts_on_any_loopback_address(host: str) -> None:
    assert config.read(factories.environ(BASE_URL=f"http://{host}"), instance=INSTANCE).base_url == f"http://{host}"


def test_a_refusal_shows_no_secret() -> None:
    with pytest.raises(config.SettingsError) as refusal:
        read(SECRET_KEY="hunter2", INDEX_KEY="hunter3", MAIL_PASSWORD="hunter4")
    assert "hunter" not in str(refusal.value)


def test_the_demo_starts_without_https_and_with_its_clock_moved() -> None:
    settings = config.read(factories.environ(NOW="2025-07-05T12:00:00-04:00"), instance=INSTANCE)
    assert settings.demo is True
    assert settings.now == datetime(2025, 7, 5, 12, tzinfo=timezone(timedelta(hours=-4)))
    assert (settings.is_https, settings.trusted_hosts) == (False, ("localhost",))


@pytest.mark.parametrize("name", SECRETS)
def test_the_demo_too_needs_its_secrets(name: str) -> None:
    with pytest.raises(config.SettingsError, match=name):
        config.read(factories.environ(**{name: ""}), instance=INSTANCE)


def test_the_demos_clock_runs_on_from_where_it_was_set(tmp_path: Path) -> None:
    start = datetime(2025, 7, 5, 16, tzinfo=UTC)
    since = datetime.now(UTC) - timedelta(hours=1)
    app = create_app(factories.settings(tmp_path, NOW=start.isoformat(), NOW_SINCE=since.isoformat()))
    shown = app.extensions["clock"].now()
    assert timedelta(hours=1) <= shown - start < timedelta(hours=1, minutes=1)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_postgresql_is_always_spoken_to_by_psycopg(scheme: str) -> None:
    url = read(DATABASE_URL=f"{scheme}://u:p@db.example.org/rsvp?sslmode=require").database_url
    assert url == "postgresql+psycopg://u:p@db.example.org/rsvp?sslmode=require"


def test_an_address_that_names_its_driver_is_kept() -> None:
    for url in ("postgresql+psycopg://db.example.org/rsvp", "sqlite:////srv/rsvp.sqlite"):
        assert read(DATABASE_URL=url).database_url == url


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_database_named_the_rows_stand_in_a_file_of_the_instance(value: str | None) -> None:
    assert read(DATABASE_URL=value).database_url == f"sqlite:///{INSTANCE / 'rsvp.sqlite'}"
    assert read(DATABASE_URL=value).queue_file == INSTANCE / "queue.sqlite"


def test_the_demo_has_a_database_and_a_queue_of_its_own() -> None:
    settings = config.read(factories.environ(DATABASE_URL=""), instance=INSTANCE)
    assert settings.database_url == f"sqlite:///{INSTANCE / 'demo.sqlite'}"
    assert settings.queue_file == INSTANCE / "demo-queue.sqlite"


def test_the_newest_data_key_stands_first_and_older_ones_stay_readable() -> None:
    newest = bytes(range(224, 256))  # its base64 has both letters in which the two alphabets differ
    texts = [encode(newest).decode() for encode in (base64.urlsafe_b64encode, base64.b64encode)]
    assert texts[0] != texts[1]
    for text in texts:
        assert read(DATA_KEYS=f" {text} , {SECRETS['DATA_KEYS']},").data_keys == (newest, DATA)


def test_links_are_made_from_an_address_without_a_slash_at_its_end() -> None:
    settings = read(BASE_URL="https://rsvp.example.org/", TRUSTED_HOSTS="RSVP.example.org, www.Example.org")
    assert settings.base_url == "https://rsvp.example.org"
    assert settings.trusted_hosts == ("rsvp.example.org", "www.example.org")


def test_what_the_operator_leaves_out_is_set_safely() -> None:
    settings = read()
    assert (settings.proxies, settings.web_concurrency, settings.imap_url) == (1, 1, None)
    assert (settings.mail_use_tls, settings.mail_use_ssl) == (False, False)
    assert settings.mail_timeout_seconds <= 30
    assert settings.minimum_fill_seconds == 2
    assert settings.requests_per_hour <= 60
    assert settings.verification_letters_per_hour <= 300
    assert settings.answer_days == 2


def test_data_is_kept_as_briefly_as_promised_unless_the_operator_says_otherwise() -> None:
    settings, other = (
        read(),
        read(UNVERIFIED_HOURS="24", GUEST_DAYS="7", WAITING_DAYS="90", DECLINE_DAYS="0", FAILED_LETTER_DAYS="1"),
    )
    terms = [
        (each.unverified_hours, each.guest_days, each.waiting_days, each.decline_days, each.failed_letter_days)
        for each in (settings, other)
    ]
    assert terms == [(48, 30, 365, 365, 7), (24, 7, 90, 0, 1)]
