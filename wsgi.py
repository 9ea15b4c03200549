"""What a web server loads: the application with the environment's settings.

Under the `flask` command the demo's settings stand in where the environment names no secret, database or address,
so that every command works in a fresh checkout. A web server never falls back: it refuses to start.
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

# Who names one of these means a service of their own, and hears which settings are missing.
OWN = (*config.SECRETS, "DATABASE_URL", "BASE_URL")
IS_COMMAND = os.environ.get("FLASK_RUN_FROM_CLI") == "true"


def _app() -> Flask:
    try:
        return create_app(config.read(_environ(), instance=INSTANCE))
    except config.SettingsError as error:
        if not IS_COMMAND:
            raise
        raise click.ClickException(str(error)) from error


def _environ() -> dict[str, str]:
    if not IS_COMMAND or any(os.environ.get(name) for name in OWN):
        return dict(os.environ)
    click.echo(f"Using the demo's settings under {INSTANCE}/", err=True)
    return environment(INSTANCE)


app = _app()
