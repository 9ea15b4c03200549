"""Check the stamp that a guest's form carries in place of a cookie."""

from datetime import timedelta

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

import config
from rsvp import tokens
from rsvp.views.guests import now

LIFETIME = timedelta(hours=24)


def new_stamp(purpose: str) -> str:
    """Return a stamp for a form handed out now."""
    return tokens.stamp(purpose, key=config.current().secret_key, at=now())


def stamp_problem(value: str | None, purpose: str) -> LazyString | None:
    """Return what to tell the guest whose form can't be taken as it is, or None when its stamp is good."""
    age = tokens.stamp_age(value or "", purpose, key=config.current().secret_key, at=now())
    if age is None or age > LIFETIME or age < timedelta(0):
        return _(
            "This page was open for a long time. Everything you typed is still here: please press the button again."
        )
    if age < timedelta(seconds=config.current().minimum_fill_seconds):
        return _("That was very fast. Everything you typed is still here: please press the button again.")
    return None
