"""Make the demo's settings: safe on one machine, with secrets of its own that outlive a restart."""

import base64
import json
import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import config

PORT = "8000"
COORDINATOR = "Nalen.Smith@savecambodia.org"


def environment(instance: Path) -> dict[str, str]:
    """Return the environment, and the demo's settings where it says nothing.

    The secrets are made once and kept under `instance`; so are the rows, in a file that production doesn't use.
    """
    kept = _kept(instance)
    port = os.environ.get("PORT", "")
    if not is_port(port):
        port = PORT  # the demo's own command names what is wrong with the other
    settings = {
        **{name: kept[name] for name in config.SECRETS},
        "DEMO": "1",
        "BASE_URL": f"http://127.0.0.1:{port}",
        "TRUSTED_HOSTS": "127.0.0.1,localhost",
        "MAIL_DEFAULT_SENDER": f"Nalen Smith <{COORDINATOR}>",
        "MAIL_PORT": "8025",
        "MINIMUM_FILL_SECONDS": "0",
    }
    if os.environ.get("NOW"):
        settings["NOW_SINCE"] = datetime.now(UTC).isoformat()
    return settings | {name: value for name, value in os.environ.items() if value}


def is_port(typed: str) -> bool:
    """Whether this is the number of a port."""
    return typed.isascii() and typed.isdigit() and len(typed) < 6 and 0 < int(typed) < 65536


def desk_password(instance: Path) -> str:
    """Return the password of the demo's coordinator, the same for the life of this instance."""
    return _kept(instance)["DESK_PASSWORD"]


def _kept(instance: Path) -> dict[str, str]:
    """Return the secrets of this instance. Of several processes that make them at once, one wins."""
    file = instance / "demo.json"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        draft = instance / f"demo.{secrets.token_hex(8)}.json"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(_made(), indent=1))
        with suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


def _made() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DESK_PASSWORD": secrets.token_urlsafe(12),
    }
