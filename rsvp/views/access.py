"""Say for whom each page is, and let nobody else in: a page that says nothing is shown to nobody, nor found."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, session, url_for
from flask_security import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

import config
from rsvp.views.guests import now

# How long an act that needs a fresh proof of who is there may follow it.
FRESH = timedelta(minutes=10)

View = TypeVar("View", bound=Callable[..., Any])


class Audience(StrEnum):
    """For whom a page is."""

    PUBLIC = "public"  # everybody
    GUEST = "guest"  # whoever holds the link in the address
    ENTRANCE = "entrance"  # who is about to enter the desk: the session begins here, and no guest comes by
    COORDINATOR = "coordinator"  # who has signed in to the desk
    NOBODY = "nobody"  # a library's page that this service doesn't use


# Pages that come from libraries.
LIBRARY_PAGES = {
    "security.login": Audience.ENTRANCE,
    "security.logout": Audience.COORDINATOR,
    "security.static": Audience.NOBODY,
    "security.verify": Audience.NOBODY,
}
# What a coordinator may do who has no second factor yet, where one is required, besides making one.
UNFINISHED_PAGES = frozenset({"security.logout", "desk.choose_language"})


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
    return endpoint is not None and getattr(app.view_functions[endpoint], "is_findable", False)


def entrance(view: View) -> View:
    """Mark a page before the desk's door."""
    return _mark(view, Audience.ENTRANCE)


def unfinished(view: View) -> View:
    """Mark a page of the desk that also a coordinator may see who has no second factor yet."""
    view.is_for_unfinished = True  # type: ignore[attr-defined]
    return coordinator(view)


def fresh(view: View) -> View:
    """Mark a page of the desk for whom has just proven to be the coordinator; others are asked to, and led back."""
    view.needs_proof = True  # type: ignore[attr-defined]
    return view


def note_proof() -> None:
    """Remember that the coordinator has proven to be there."""
    session["proven_at"] = int(now().timestamp())


def is_fresh() -> bool:
    """Whether the coordinator proved to be there a short time ago."""
    age = now() - datetime.fromtimestamp(session.get("proven_at", 0), UTC)
    return timedelta(0) <= age < FRESH


def is_admitted() -> bool:
    """Whether a coordinator is signed in and has what the desk asks for: in production a second factor."""
    if not current_user.is_authenticated:
        return False
    return config.current().demo or bool(current_user.has_second_factor)


def desk_address(wanted: str | None) -> str:
    """Return the address if it is a page of the desk that can be opened, the desk's own otherwise."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, _values = adapter.match(wanted or "", "GET") if adapter else ("", {})
    except HTTPException:
        endpoint = ""
    is_page = wanted and endpoint and audience_of(current_app, endpoint) == Audience.COORDINATOR
    return wanted if wanted and is_page and wanted.startswith("/desk/") else url_for("desk.rsvps.show")


def audience_of(app: Flask, endpoint: str) -> Audience | None:
    """Return for whom an endpoint is, or None if nobody said."""
    if endpoint in LIBRARY_PAGES:
        return LIBRARY_PAGES[endpoint]
    found: Audience | None = getattr(app.view_functions[endpoint], "audience", None)
    return found


def init(app: Flask) -> None:
    """Check every request before its page is made."""
    app.before_request(_admit)
    app.context_processor(lambda: {"is_admitted": is_admitted})


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
    elsewhere = _stop_at_the_door() if audience == Audience.COORDINATOR else None
    if elsewhere is None and _has_nul():
        abort(400)  # nobody types it, PostgreSQL keeps none, and no page may show it
    return elsewhere


def _has_nul() -> bool:
    """Whether a NUL stands in what was filled in."""
    return any("\0" in text for pair in request.form.items(multi=True) for text in pair)


def _stop_at_the_door() -> Response | None:
    """Return where a visitor goes who may not see this page of the desk, or None."""
    if not current_user.is_authenticated:
        return redirect(url_for("security.login"))
    view = current_app.view_functions[request.endpoint or ""]
    if not is_admitted() and request.endpoint not in UNFINISHED_PAGES and not hasattr(view, "is_for_unfinished"):
        return redirect(url_for("desk.account.show"))
    if hasattr(view, "needs_proof") and not is_fresh():
        return redirect(url_for("desk.proofs.show", next=request.path), 303)
    return None
