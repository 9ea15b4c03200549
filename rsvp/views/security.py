"""Sign coordinators in: Flask-Security with our tables, our words and strict cookies; CSRF for the desk."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.typing import ResponseValue
from flask_babel import lazy_gettext as _
from flask_login import user_logged_out  # type: ignore[import-untyped]
from flask_security import LoginForm, Security, SQLAlchemyUserDatastore, UserMixin, login_user, user_authenticated
from flask_security.tf_plugin import TfPlugin
from flask_wtf.csrf import CSRFProtect
from wtforms import Field, ValidationError

import config
from config import Settings
from rsvp.db import db, writing
from rsvp.languages import LANGUAGES
from rsvp.models.coordinator import Coordinator, Passkey, Role
from rsvp.views.access import note_proof
from rsvp.views.ceremonies import offer_sign_in
from rsvp.views.guests import now
from rsvp.views.limits import count_sign_in, forgive_sign_ins

IDLE = timedelta(minutes=30)
# 19 MiB a password where the library's own choice takes 64, for eight may be verified at a time; three times as many
# rounds as OWASP asks for with that much.
HASHING = {"argon2__memory_cost": 19 * 1024, "argon2__rounds": 6, "argon2__parallelism": 1}
# argon2 is given no more, counted after Unicode's normalisation, which can make eighteen characters of one.
PASSWORD_CHARACTERS = 4096
# How long after the password the code may follow.
HALFWAY = timedelta(minutes=10)
# What stays of a session when a coordinator signs in: what the libraries put there, and the desk's language.
KEPT = frozenset({"_user_id", "_id", "_fresh", "fs_cc", "fs_paa", "language"})

REFUSED = _("The address or the password is wrong.")

csrf = CSRFProtect()


class Datastore(SQLAlchemyUserDatastore):
    """Flask-Security's view of our tables; the request's edge commits, not the library."""

    def commit(self) -> None:
        """Write, and leave the end of the transaction to the edge."""
        db.session.flush()


class SignIn(LoginForm):
    """Flask-Security's form, without a box to be remembered and without a transaction while it verifies."""

    remember = None

    def validate_email(self, field: Field) -> None:
        """Find the account, count the try, and end the transaction: what follows takes its time.

        Raises:  TooManySignIns.
        """
        self.ifield, self.user = field, _accounts().find_user(case_insensitive=True, email=field.data)
        count_sign_in(self.user.email if self.user else field.data)
        db.session.expunge_all()
        db.session.rollback()

    def validate_password(self, field: Field) -> None:
        """Refuse what can't be hashed."""
        if len(_security().password_util.normalize(field.data)) > PASSWORD_CHARACTERS:
            raise ValidationError(str(REFUSED))

    def validate(self, **kwargs: Any) -> bool:
        """Whether the password is the account's, and the account is still what it was."""
        if not super().validate(**kwargs):
            return False
        verified = self.user
        assert verified is not None
        has_newer_hash = verified in db.session  # the library put it there to be stored
        db.session.expunge_all()
        with writing() if has_newer_hash else nullcontext():
            self.user = _accounts().find_user(fs_uniquifier=verified.fs_uniquifier)
        if self.user is None:
            self.form_errors.append(str(REFUSED))
        elif has_newer_hash:
            self.user.password = verified.password
        return self.user is not None


class SecondStep(TfPlugin):
    """What Flask-Security asks between a right password and a session: whether a second factor has to follow."""

    def tf_enter(
        self, user: UserMixin, remember_me: bool | None, primary_authn_via: str, next_loc: str | None
    ) -> ResponseValue | None:
        """Return the way to the code; None where the password is enough, which it never is in production."""
        assert isinstance(user, Coordinator)
        if config.current().demo and not user.has_second_factor:
            return None
        _forget_session()
        session["halfway"] = {"who": user.fs_uniquifier, "until": (now() + HALFWAY).isoformat()}
        return redirect(url_for("sign_ins.show", language=g.get("language")))


class DeskSession(SecureCookieSessionInterface):
    """A session at the desk and nowhere else: no guest's page can read or set a cookie, whatever it calls."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Return the cookie's session at the desk, and an empty one elsewhere."""
        return super().open_session(app, request) if _is_desk(request.path) else SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Set the cookie at the desk only."""
        if _is_desk(request.path):
            super().save_session(app, session, response)

    def get_expiration_time(self, app: Flask, session: SessionMixin) -> datetime | None:
        """Let the cookie end with the browser; its signature, made anew by each answer of the desk, ends earlier."""
        return None


def init(app: Flask) -> None:
    """Set up the desk's session, its sign-in and its protection against forged forms."""
    settings: Settings = app.extensions["settings"]
    app.session_interface = DeskSession()
    app.config.update(_cookies(settings), **_sign_in(settings))
    app.before_request(_prepare)
    csrf.init_app(app)
    security = Security(app, Datastore(db, Coordinator, Role, Passkey), login_form=SignIn)
    security.two_factor_plugins = SecondStep()
    security.login_context_processor(lambda: {"offer": offer_sign_in()})
    security.want_json(lambda request: False)
    security.login_manager.user_loader(_owner)
    security.login_manager.request_loader(lambda request: None)  # no token takes a session's place
    user_authenticated.connect(_begin, app)
    user_logged_out.connect(_end, app)


def halfway() -> Coordinator | None:
    """Return who gave the right password a short time ago and still owes the second factor."""
    half = session.get("halfway")
    if half is None or now() >= datetime.fromisoformat(half["until"]):
        return None
    found: Coordinator | None = _accounts().find_user(fs_uniquifier=half["who"])
    return found if found is not None and found.active else None


def begin_session(coordinator: Coordinator, *, via: str) -> None:
    """Let the coordinator in."""
    login_user(coordinator, authn_via=[via])


def normalised(password: str) -> str:
    """Return a password as it is hashed, however a device types it."""
    return str(_security().password_util.normalize(password))


def _prepare() -> None:
    """Take forms only, and show the sign-in in the language that its address asks for."""
    if request.blueprint not in ("security", "sign_ins", "enrolments"):
        return
    if request.is_json:
        abort(415)
    if request.args.get("language") in LANGUAGES:
        g.language = request.args["language"]


def _owner(uniquifier: str) -> Coordinator | None:
    """Return whose session it is, if it began with a sign-in: Flask-Login asks for a remember cookie's owner too."""
    if session.get("signed_in") != uniquifier or "knows_nobody" in g:
        return None
    found: Coordinator | None = _accounts().find_user(fs_uniquifier=uniquifier)
    return found if found is not None and found.active else None


def _begin(_app: Flask, user: Coordinator, **_kwargs: object) -> None:
    """Begin a session of which a stranger who planted its cookie knows nothing, not even the forms' token."""
    _forget_session()
    session.permanent = True
    session["signed_in"] = user.fs_uniquifier
    note_proof()
    if "language" in g:
        session["language"] = g.language
    elif user.language:
        session["language"] = user.language
    forgive_sign_ins(user.email)


def _end(_app: Flask, user: Coordinator, **_kwargs: object) -> None:
    """End every session of the coordinator: a copied cookie is as good as the cookie."""
    _accounts().set_uniquifier(user)


def _forget_session() -> None:
    for name in session.keys() - KEPT:
        del session[name]


def _security() -> Any:
    return current_app.extensions["security"]


def _accounts() -> Any:
    return _security().datastore


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
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": HASHING,
        "SECURITY_PASSWORD_SINGLE_HASH": True,
        "SECURITY_PASSWORD_SALT": settings.secret_key,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_TRACKABLE": False,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        # The library writes `no-store=True`, which no browser knows; the edge says it for every page.
        "SECURITY_CACHE_CONTROL": None,
        "SECURITY_SEND_REGISTER_EMAIL": False,
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_MSG_GENERIC_AUTHN_FAILED": (REFUSED, "error"),
        "SECURITY_DEFAULT_REMEMBER_ME": False,
    }
