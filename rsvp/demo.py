"""The demo."""

import base64
import json
import secrets
from pathlib import Path

from flask import Flask


def environment(instance: Path) -> dict[str, str]:
    """Return the demo's settings; its secrets are made once and kept under `instance`."""
    file = instance / "demo.json"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        made = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "DATA_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "INDEX_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        file.touch(mode=0o600)
        file.write_text(json.dumps(made, indent=1))
    return json.loads(file.read_text()) | {
        "DEMO": "1",
        "MAIL_DEFAULT_SENDER": "Nalen Smith <Nalen.Smith@savecambodia.org>",
        "MAIL_PORT": "8025",
        "MINIMUM_FILL_SECONDS": "0",
    }


def init(app: Flask) -> None:
    """Add what only the demo has."""
