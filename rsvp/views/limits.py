"""Limit how often one network asks, on storage that every web process shares."""

import ipaddress
import unicodedata

from flask import Flask, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_limiter import Limiter, RateLimitExceeded
from limits import RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from werkzeug.exceptions import TooManyRequests

import config
from config import Settings
from rsvp.db import cipher
from rsvp.views.refusals import refusal_page

# Sign-ins that failed. The network's number is higher: several coordinators may share one.
PER_ACCOUNT = RateLimitItemPerMinute(10, 15)
PER_NETWORK = RateLimitItemPerMinute(50, 15)
# Codes, tried by whoever knows the password already: three of a million are good at a time.
CODES_PER_ACCOUNT = RateLimitItemPerHour(10)
# Letters to an address that guests name as their new one, whoever they are: it may be a stranger's.
PER_NEW_ADDRESS = RateLimitItemPerDay(2)

limiter = Limiter(key_func=lambda: network(request.remote_addr or ""))


def _per_hour() -> str:
    return f"{config.current().requests_per_hour} per hour"


def _own_page() -> str:
    """Return what a request to a guest's own page counts against: that page, not all who share a network."""
    # As below: the storage learns nothing that opens or finds anything.
    return cipher().digest((request.view_args or {}).get("token", ""), "own page")


limit_requests = limiter.limit(_per_hour)
limit_own_requests = limiter.limit(_per_hour, key_func=_own_page)


_ADVICE = _("Please wait an hour and try again. What you saved before is kept.")


class TooManySignIns(TooManyRequests):
    """An account or a network has had its tries, whether the next password is right or not."""

    advice = _("Please wait fifteen minutes and try again.")


class TooManyCodes(TooManySignIns):
    """An account has had its tries at codes."""

    advice = _("Please wait an hour and try again.")


def init(app: Flask) -> None:
    """Bind the limits to their storage."""
    settings: Settings = app.extensions["settings"]
    app.config["RATELIMIT_STORAGE_URI"] = settings.ratelimit_storage_uri
    # When the shared storage is down, each process counts for itself rather than refusing everybody.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    limiter.init_app(app)
    app.register_error_handler(TooManySignIns, _postpone)
    app.register_error_handler(RateLimitExceeded, _slow_down)


def count_sign_in(email: str) -> None:
    """Count a try before its password is looked at: counted after, tries side by side would all slip by.

    Raises:  TooManySignIns.
    """
    if not limiter.limiter.hit(PER_ACCOUNT, *_account(email)) or not limiter.limiter.hit(PER_NETWORK, *_origin()):
        raise TooManySignIns


def count_code(email: str) -> None:
    """Count a code before it is looked at.

    Raises:  TooManyCodes.
    """
    if not limiter.limiter.hit(CODES_PER_ACCOUNT, *_account(email)):
        raise TooManyCodes


def count_passkey() -> None:
    """Count a passkey's answer, whose account isn't known before it is looked at, for its network.

    Raises:  TooManySignIns.
    """
    if not limiter.limiter.hit(PER_NETWORK, *_origin()):
        raise TooManySignIns


def forgive_sign_ins(email: str) -> None:
    """Count from nothing again: who knows the password isn't guessing."""
    limiter.limiter.clear(PER_ACCOUNT, *_account(email))
    limiter.limiter.clear(CODES_PER_ACCOUNT, *_account(email))
    limiter.limiter.clear(PER_NETWORK, *_origin())


def may_write_to(email: str) -> bool:
    """Count a letter to an address that somebody names as their new one; return whether it may be written."""
    return limiter.limiter.hit(PER_NEW_ADDRESS, "new address", _digest(email))


def network(address: str) -> str:
    """Return whose limit a request counts against: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def _account(email: str) -> tuple[str, str]:
    return "sign-in", _digest(email)


def _digest(email: str) -> str:
    # The storage may be a server of its own: it learns no address, not even the digest that the tables have.
    return cipher().digest(unicodedata.normalize("NFC", email).casefold(), "sign-in")


def _origin() -> tuple[str, str]:
    return "sign-in from", network(request.remote_addr or "")


def _slow_down(_error: RateLimitExceeded) -> ResponseReturnValue:
    token = (request.view_args or {}).get("token")
    if token is None:
        return refusal_page(TooManyRequests.code)
    title, back = _("Too many changes within an hour"), url_for("places.show", token=token)
    return refusal_page(TooManyRequests.code, title=title, advice=_ADVICE, back=back)


def _postpone(error: TooManySignIns) -> ResponseReturnValue:
    return refusal_page(
        TooManySignIns.code,
        title=_("Too many tries to sign in"),
        advice=error.advice,
    )
