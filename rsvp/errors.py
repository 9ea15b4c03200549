"""Name what can go wrong in words that a reader can act on.

Every refusal carries a message in the reader's language; nothing here knows HTTP.
"""

from flask_babel import lazy_gettext as _


class Refusal(Exception):
    """An act that the rules don't allow. `message` is for the person who tried it."""

    message = _("This can't be done.")

    def __init__(self, message: object = None):
        super().__init__(self.__class__.__name__)
        if message is not None:
            self.message = message


class MoveRefused(Refusal):
    """An RSVP can't go from its state to the one asked for."""

    message = _("This request can't be changed that way any more.")


class DecidedAlready(Refusal):
    """Somebody else decided between the page that was shown and this act."""

    message = _("Somebody decided this request before you. Nothing was changed.")


class EventFull(Refusal):
    """Every place of the event is taken."""

    message = _("Every place at this event is taken.")


class EventClosed(Refusal):
    """The event takes no requests: it is past, cancelled, closed or not published."""

    message = _("This event takes no requests any more.")


class EventOver(EventClosed):
    """The event has ended."""

    message = _("This event is over.")


class EventActRefused(Refusal):
    """An event can't become what was asked of it: a draft isn't cancelled, a published event isn't deleted."""

    message = _("This can't be done with the event as it stands now.")


class EventIncomplete(EventActRefused):
    """An event lacks a text in one of the languages, so nobody may see it yet."""

    message = _("The event can't be published yet: its title or summary is missing in one of the languages.")


class EventAskedFor(EventActRefused):
    """Somebody asked for a place at the event, so it can't be deleted."""

    message = _("People asked for a place at this event, so it can't be deleted.")


class EventNameTaken(Refusal):
    """Another event has the name in its address."""

    message = _("Another event has this name.")


class ProgrammeRefused(Exception):
    """A programme file can't be loaded. `line` counts from 1; `reason` says what is wrong."""

    def __init__(self, line: int, reason: str):
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


class HourRefused(ValueError):
    """A wall-clock hour doesn't exist or exists twice in its zone (a clock change)."""


class HourSkipped(HourRefused):
    """The clock jumps over that hour: it doesn't exist."""


class HourRepeated(HourRefused):
    """The clock is set back and shows that hour twice."""
