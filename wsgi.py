"""What a web server loads: the application with the environment's settings.

Under the `flask` command the demo's settings stand in where the environment names no secret, so that every
command works in a fresh checkout. A web server never falls back: it refuses to start.
"""

import os
from pathlib import Path

import config
from rsvp import create_app
from rsvp.demo import environment

INSTANCE = Path(__file__).parent / "instance"


def _environ() -> dict[str, str]:
    environ = dict(os.environ)
    is_command = environ.get("FLASK_RUN_FROM_CLI") == "true"
    if is_command and not any(environ.get(name) for name in config.SECRETS):
        return environment(INSTANCE) | environ
    return environ


app = create_app(config.read(_environ(), instance=INSTANCE))
