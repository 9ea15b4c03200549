"""What a web server loads: the application with the environment's settings.

Under the `flask` command the demo's settings stand in where the environment names no secret, so that every
command works in a fresh checkout. A web server never falls back: it refuses to start.
"""

import os
from pathlib import Path

import click
from flask import Flask

import config
from rsvp import create_app
from rsvp.demo import environment

# The folder of everything that the service writes beside its database server.
INSTANCE = Path(os.environ.get("INSTANCE") or Path(__file__).parent / "instance").resolve()

IS_COMMAND = os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def _app() -> Flask:
    try:
        return create_app(config.read(_environ(), instance=INSTANCE))
    except config.SettingsError as error:
        if not IS_COMMAND:
            raise
        raise click.ClickException(str(error)) from error


def _environ() -> dict[str, str]:
    environ = dict(os.environ)
    if IS_COMMAND and not any(environ.get(name) for name in config.SECRETS):
        return environment(INSTANCE) | environ
    return environ


app = _app()
