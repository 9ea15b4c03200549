"""Sign coordinators in: Flask-Security with our tables, our words and strict cookies; CSRF for the desk."""

from datetime import timedelta

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_babel import lazy_gettext as _
from flask_security import Security, SQLAlchemyUserDatastore
from flask_wtf.csrf import CSRFProtect

from config import Settings
from rsvp.db import db
from rsvp.models.coordinator import Coordinator, Passkey, Role

IDLE = timedelta(minutes=30)

csrf = CSRFProtect()


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's view of our tables; the request's edge commits, not the library."""

    def commit(self) -> None:
        """Write, and leave the end of the transaction to the edge."""
        db.session.flush()


class DeskSession(SecureCookieSessionInterface):
    """A session at the desk and nowhere else: no guest's page can read or set a cookie, whatever it calls."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the cookie's session at the desk, and an empty one elsewhere."""
        return super().open_session(app, request) if _is_desk(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie at the desk only."""
        if _is_desk(request.path):
            super().save_session(app, session, response)


def init(app: Flask) -> None:
    """Set up the desk's session, its sign-in and its protection against forged forms."""
    settings: Settings = app.extensions["settings"]
    app.session_interface = DeskSession()
    app.config.update(_cookies(settings), **_sign_in(settings))
    csrf.init_app(app)
    Security(app, Datastore(db, Coordinator, Role, Passkey))


def _is_desk(path: str) -> bool:
    return path == "/desk" or path.startswith("/desk/")


def _cookies(settings: Settings) -> dict[str, object]:
    return {
        "SESSION_COOKIE_NAME": "__Host-desk" if settings.is_https else "desk",
        "SESSION_COOKIE_SECURE": settings.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
        "PERMANENT_SESSION_LIFETIME": IDLE,
        # A strict check asks for a Referer, which our own Referrer-Policy keeps back; the token remains.
        "WTF_CSRF_SSL_STRICT": False,
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _sign_in(settings: Settings) -> dict[str, object]:
    refused = (_("The address or the password is wrong."), "error")
    return {
        "SECURITY_URL_PREFIX": "/desk",
        "SECURITY_LOGIN_URL": "/session",
        "SECURITY_LOGOUT_URL": "/session/end",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_POST_LOGIN_VIEW": "/desk/",
        "SECURITY_POST_LOGOUT_VIEW": "/desk/session",
        "SECURITY_UNAUTHORIZED_VIEW": "/desk/session",
        "SECURITY_LOGIN_USER_TEMPLATE": "desk/session.html",
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_TRACKABLE": False,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": refused,
        "SECURITY_DEFAULT_REMEMBER_ME": False,
    }
