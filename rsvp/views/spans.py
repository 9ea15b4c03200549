"""Say in the reader's language how long things are kept, as the operator's settings have it."""

from flask import Flask
from flask_babel import ngettext

import config
from rsvp import languages
from rsvp.views.languages import current


def init(app: Flask) -> None:
    """Give the words to the templates."""
    words = {"unverified": unverified, "guest": guest}
    app.context_processor(lambda: {"spans": words})


def unverified() -> str:
    """Return how long what nobody proves is kept, and its link works: `48 hours`."""
    return hours(config.current().unverified_hours)


def guest() -> str:
    """Return how long a guest is kept after the last event they asked for: `30 days`."""
    return days(config.current().guest_days)


def minutes(count: int) -> str:
    """Return a number of minutes in words."""
    return str(ngettext("%(shown)s minute", "%(shown)s minutes", count, shown=languages.digits(count, current())))


def hours(count: int) -> str:
    """Return a number of hours in words."""
    return str(ngettext("%(shown)s hour", "%(shown)s hours", count, shown=languages.digits(count, current())))


def days(count: int) -> str:
    """Return a number of days in words."""
    return str(ngettext("%(shown)s day", "%(shown)s days", count, shown=languages.digits(count, current())))
