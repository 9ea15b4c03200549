"""Put the application together: a table of contents, nothing more."""

from pathlib import Path

from flask import Flask
from flask_mail import Mail

from config import Settings
from rsvp import cli, db, demo, models, tasks, views
from rsvp.cipher import Cipher
from rsvp.times import Clock, ShiftedClock, SystemClock

ROOT = Path(__file__).parents[1]

__all__ = ["create_app", "models"]


def create_app(settings: Settings, clock: Clock | None = None) -> Flask:
    """Return the application with these settings; the clock is the machine's unless another is given."""
    templates, instance = str(ROOT / "templates"), str(settings.instance)
    app = Flask(__name__, static_folder=None, template_folder=templates, instance_path=instance)
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.config.update(_flask_settings(settings))
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock or _clock(settings)
    app.extensions["cipher"] = Cipher(settings.data_keys, settings.index_key)
    Mail(app)
    db.init(app)
    tasks.init(app)
    views.init(app)
    cli.init(app)
    if settings.demo:
        demo.init(app)
    return app


def _clock(settings: Settings) -> Clock:
    if settings.now is None:
        return SystemClock()
    return ShiftedClock(settings.now, since=settings.now_since or SystemClock().now())


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # A server that was restarted is noticed before a request meets it; no error names what somebody typed.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True, "hide_parameters": True},
        "MIGRATIONS": ROOT / "migrations",
        "MAIL_SERVER": settings.mail_server,
        "MAIL_PORT": settings.mail_port,
        "MAIL_DEFAULT_SENDER": settings.mail_default_sender,
        "MAX_CONTENT_LENGTH": 128 * 1024,
        "MAX_FORM_MEMORY_SIZE": 128 * 1024,
        "MAX_FORM_PARTS": 100,
    }
