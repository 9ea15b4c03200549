"""Say for whom each page is, and let nobody else in: a page that says nothing is shown to nobody, nor found."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """For whom a page is."""

    PUBLIC = "public"  # everybody
    GUEST = "guest"  # whoever holds the link in the address
    COORDINATOR = "coordinator"  # who has signed in to the desk
    NOBODY = "nobody"  # a library's page that this service doesn't use


# Pages that come from libraries.
LIBRARY_PAGES = {
    "static": Audience.PUBLIC,
    "security.login": Audience.PUBLIC,
    "security.logout": Audience.COORDINATOR,
    "security.static": Audience.NOBODY,
    "security.verify": Audience.NOBODY,
}

# Colours, scripts and pictures of the pages that are found.
LIBRARY_FINDS = frozenset({"static"})


def public(view: View) -> View:
    """Mark a page that everybody may see."""
    return _mark(view, Audience.PUBLIC)


def guest(view: View) -> View:
    """Mark a page whose address holds the right to see it."""
    return _mark(view, Audience.GUEST)


def coordinator(view: View) -> View:
    """Mark a page of the desk."""
    return _mark(view, Audience.COORDINATOR)


def findable(view: View) -> View:
    """Mark a page that search engines may list; every other asks them not to."""
    view.is_findable = True  # type: ignore[attr-defined]
    return view


def is_findable(app: Flask, endpoint: str | None) -> bool:
    """Whether search engines may list what an endpoint answers when it refuses nothing."""
    if endpoint is None or endpoint in LIBRARY_FINDS:
        return endpoint is not None
    return getattr(app.view_functions[endpoint], "is_findable", False)


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """Return for whom an endpoint is, or None if nobody said."""
    if endpoint in LIBRARY_PAGES:
        return LIBRARY_PAGES[endpoint]
    found: Audience | None = getattr(app.view_functions[endpoint], "audience", None)
    return found


def init(app: Flask) -> None:
    """Check every request before its page is made."""
    app.before_request(_admit)


def _mark(view: View, audience: Audience) -> View:
    view.audience = audience  # type: ignore[attr-defined]
    return view


def _admit() -> Response | None:
    if request.endpoint is None:
        return None
    if "\0" in request.path:
        abort(404)  # nothing of ours is named so, and PostgreSQL refuses to look
    audience = audience_of(current_app, request.endpoint)
    if audience in (None, Audience.NOBODY):
        abort(404)
    if audience == Audience.COORDINATOR and not current_user.is_authenticated:
        return redirect(url_for("security.login"))
    return None
