"""What holds for every request: one transaction with one end, one set of headers, our own hosts only."""

import logging
from contextlib import ExitStack

from flask import Flask, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from config import Settings
from rsvp.db import db, writing
from rsvp.tasks import forget_soon, wake_worker
from rsvp.views.access import is_findable

log = logging.getLogger(__name__)

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# These begin by reading, and argon2 takes its time: nobody who writes may wait for a password to be verified.
READERS = frozenset({"security.login", "enrolments.accept", "desk.account.change_password", "desk.proofs.accept"}) | {
    "desk.imports.preview",  # stores nothing
}

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"


def init(app: Flask) -> None:
    """Put the edges around every request."""
    settings: Settings = app.extensions["settings"]
    app.config["TRUSTED_HOSTS"] = list(settings.trusted_hosts)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign]
    app.before_request(_begin)
    # Registered last, run first: the transaction ends before anything else looks at the answer.
    app.after_request(_add_headers)
    app.after_request(_end)
    app.teardown_request(_let_go)


def _begin() -> None:
    if request.method not in SAFE_METHODS and request.endpoint not in READERS:
        g.edge = ExitStack()
        g.edge.enter_context(writing())


def _end(response: Response) -> Response:
    """Commit what a request that may change things did, unless it failed; the only commit of the web."""
    if request.method in SAFE_METHODS or response.status_code >= 400:
        db.session.rollback()
        return response
    db.session.commit()
    if request.endpoint not in READERS:
        wake_worker()
        if "letters_wait" in g:
            wake_worker(after=g.letters_wait)
        if "is_erased" in g:
            forget_soon()
    return response


def _let_go(_error: BaseException | None) -> None:
    edge = g.pop("edge", None)
    if edge is None:
        return
    try:
        db.session.rollback()
    except SQLAlchemyError as error:  # the database is gone: whoever serves us would log it with the address
        log.error("rollback failed error=%s", type(error).__name__)
    finally:
        edge.close()


def _add_headers(response: Response) -> Response:
    settings: Settings = current_app.extensions["settings"]
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # a page that shows a letter's own HTML has a policy of its own
    if settings.is_https:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    response.headers.setdefault("Cache-Control", "no-store")
    if response.status_code >= 400 or not is_findable(current_app, request.endpoint):
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
