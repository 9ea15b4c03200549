"""Where somebody at the desk goes on after a refusal: the page that its sentence speaks of. It changes nothing."""

from dataclasses import dataclass

from flask import g, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError

from rsvp.views.languages import current

# The page of the one thing that an act was about, by the blueprint of the act: its endpoint, what names it, the words.
THINGS = {
    "desk.rsvps": ("desk.rsvps.open_one", "public_id", _("Back to the request")),
    "desk.attendances": ("desk.attendances.show", "slug", _("Back to the list")),
    **{
        f"desk.{part}": ("desk.events.show", "slug", _("Back to the event"))
        for part in ("events", "drafts", "series", "broadcasts", "hours", "exports")
    },
}
# The list of all such things, by where their addresses begin.
LISTS = {
    "/desk/events/": ("desk.events.index", _("All events")),
    "/desk/letters/": ("desk.letters.index", _("Look at the letters")),
    "/desk/coordinators/": ("desk.coordinators.index", _("Back to the coordinators")),
}


@dataclass(frozen=True)
class Way:
    """The button of a refusal."""

    address: str
    words: object


def way_on(code: int) -> Way | None:
    """Return where a page of the desk that was refused leads; None for strangers, who learn nothing of the desk."""
    if not request.path.startswith("/desk/"):
        return None
    if _is_signed_in():
        return _to_thing() if code != 404 and request.method != "GET" else _to_list()
    if code == 429 and request.endpoint == "security.login":
        return Way(url_for("security.login", language=current()), _("Sign in to the desk"))
    return None


def to_queue() -> Way:
    """Return the way to the requests that wait."""
    return Way(url_for("desk.rsvps.show"), _("Back to the queue"))


def _is_signed_in() -> bool:
    try:
        return bool(current_user.is_authenticated)
    except SQLAlchemyError:  # the database is gone: the page that says so must not ask it again who is there
        g.knows_nobody = True
        return False


def _to_thing() -> Way:
    endpoint, name, words = THINGS.get(request.blueprint or "", ("", "", ""))
    value = (request.view_args or {}).get(name)
    return Way(url_for(endpoint, **{name: value}), words) if value else _to_list()


def _to_list() -> Way:
    for start, (endpoint, words) in LISTS.items():
        if request.path.startswith(start):
            return Way(url_for(endpoint), words)
    return to_queue()
