"""The coordinator's forms about events: what may be typed, and what is said when it can't be used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    Field,
    Form,
    IntegerField,
    StringField,
    TextAreaField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from rsvp.errors import HourRefused
from rsvp.languages import LANGUAGES, tidy
from rsvp.models.event import Event
from rsvp.times import from_wall, in_zone
from rsvp.views.forms import one_line, plain

TOO_LONG = _("This is too long: at most %(max)d characters.")
NEEDED = _("Please write this in both languages.")
# What WTForms says by itself, and only in English.
LIBRARY_WORDS = {
    "Not a valid integer value.": _("Please write a number."),
    "Not a valid date value.": _("Please choose a day."),
    "Not a valid time value.": _("Please choose an hour."),
}
LONGEST_MINUTES = 24 * 60
MOST_REMINDERS = 5


def _tidy(value: str | None) -> str | None:
    return tidy(value) if value else value


def _line(label: object, most: int, *, is_needed: bool = False) -> StringField:
    first = InputRequired(NEEDED) if is_needed else Optional()
    return StringField(label, [first, Length(max=most, message=TOO_LONG), plain, one_line], filters=[_tidy])


def _text(label: object, most: int, *, is_needed: bool = False) -> TextAreaField:
    first = InputRequired(NEEDED) if is_needed else Optional()
    return TextAreaField(label, [first, Length(max=most, message=TOO_LONG), plain], filters=[_tidy])


def web_address(form: Form, field: Field) -> None:
    """Refuse what a guest's phone wouldn't open."""
    try:
        address = urlsplit(field.data or "")
        is_good = address.scheme == "https" and bool(address.hostname) and " " not in field.data
    except ValueError:
        is_good = False
    if not is_good or not field.data.isascii():
        raise ValidationError(_("Please paste the whole address; it begins with https://."))


class ReasonForm(Form):
    """What the coordinator writes to the guest with a refusal."""

    reason = _text(_("Reason, sent to the person"), 3000)


class OwnWords:
    """Says in the page's language what the library says in English."""

    def gettext(self, words: str) -> str:
        """Return our words for the library's."""
        return str(LIBRARY_WORDS.get(words, words))

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Return our words for the library's, which count nothing that these forms ask."""
        return self.gettext(one if number == 1 else many)


class NoteForm(Form):
    """A line of the coordinator's for the letters that a change causes."""

    note_en = _text(_("A line for the letters, in English"), 1000)
    note_km = _text(_("A line for the letters, in Khmer"), 1000)

    @property
    def note(self) -> dict[str, str]:
        """The line by language."""
        return {language: self[f"note_{language}"].data or "" for language in LANGUAGES}


class LinkForm(NoteForm):
    """The meeting's address and passcode."""

    link = StringField(
        _("Zoom link"),
        [Optional(), Length(max=1000, message=TOO_LONG), plain, one_line, web_address],
        filters=[_tidy],
    )
    passcode = _line(_("Passcode"), 64)

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:  # the page has other forms with such a line
            self[f"note_{language}"].id = f"link-note-{language}"


class EventForm(NoteForm):
    """What an event is and when. The hour is Washington's; without a day and an hour it is to be announced."""

    class Meta:
        """What the library asks of a form."""

        def get_translations(self, form: Form) -> OwnWords:
            """Return who says what is wrong."""
            return OwnWords()

    title_en = _line(_("Title in English"), 200, is_needed=True)
    title_km = _line(_("Title in Khmer"), 200, is_needed=True)
    summary_en = _text(_("Summary in English"), 2000, is_needed=True)
    summary_km = _text(_("Summary in Khmer"), 2000, is_needed=True)
    day = DateField(_("Day in Washington"), [Optional()])
    hour = TimeField(_("Hour in Washington"), [Optional()])
    minutes = IntegerField(
        _("Length in minutes"),
        [
            InputRequired(_("Please write how many minutes it takes.")),
            NumberRange(1, LONGEST_MINUTES, _("Please write a number of minutes from 1 to 1440.")),
        ],
    )
    capacity = IntegerField(
        _("Places; empty means no limit"),
        [Optional(), NumberRange(0, 1_000_000, _("Please write a number of places, or nothing."))],
    )
    reminders = _line(_("Reminders, minutes before the start"), 80)
    recording_url = StringField(
        _("Recording"), [Optional(), Length(max=1000, message=TOO_LONG), one_line, web_address], filters=[_tidy]
    )

    @classmethod
    def of(cls, event: Event) -> "EventForm":
        """Return the form as the event stands."""
        local = in_zone(event.starts_at, event.zone) if event.starts_at else None
        return cls(
            data={
                **{f"title_{language}": event.title.get(language) for language in LANGUAGES},
                **{f"summary_{language}": event.summary.get(language) for language in LANGUAGES},
                "day": local.date() if local else None,
                "hour": local.time() if local else None,
                "minutes": event.minutes,
                "capacity": event.capacity,
                "reminders": event.reminders,
                "recording_url": event.recording_url,
            }
        )

    def facts(self, event: Event) -> dict[str, object]:
        """Return the event's columns as the form has them. Call it on a form that is valid."""
        return {
            "title": {language: self[f"title_{language}"].data for language in LANGUAGES},
            "summary": {language: self[f"summary_{language}"].data for language in LANGUAGES},
            "starts_at": self.starts_at(event),
            "minutes": self.minutes.data,
            "capacity": self.capacity.data,
            "reminders": " ".join(str(minutes) for minutes in self.reminder_minutes()),
            "recording_url": self.recording_url.data or None,
        }

    def starts_at(self, event: Event) -> datetime | None:
        """Return the start that the form gives, None for one to be announced. Call it on a form that is valid."""
        if self.day.data is None or self.hour.data is None:
            return None
        return from_wall(self.day.data, self.hour.data, event.zone)

    def reminder_minutes(self) -> list[int]:
        """Return how many minutes before the start each reminder is due."""
        words = (self.reminders.data or "").replace(",", " ").split()
        return sorted({int(word) for word in words}, reverse=True)

    def validate_reminders(self, field: Field) -> None:
        """Refuse what isn't a few numbers of minutes within a month."""
        words = (field.data or "").replace(",", " ").split()
        is_good = all(word.isdecimal() and 0 < int(word[:6]) <= 31 * 24 * 60 for word in words)
        if not is_good or len(words) > MOST_REMINDERS:
            raise ValidationError(_("Please write up to five numbers of minutes, such as 1440 60."))

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Check the fields, then the day and the hour together: an empty one ends its own checks early."""
        is_valid: bool = super().validate(extra_validators)
        problem = None if self.day.errors or self.hour.errors else self._time_problem()
        if problem is not None:
            self.hour.errors = (*self.hour.errors, problem)
        return is_valid and problem is None

    def _time_problem(self) -> LazyString | None:
        day, hour = self.day.data, self.hour.data
        if (day is None) != (hour is None):
            return _("Please give both the day and the hour, or neither while they aren't known.")
        try:
            if day is not None and hour is not None:
                from_wall(day, hour, self.zone)
        except HourRefused:
            return _("The clocks change that day, and this hour doesn't exist or exists twice. Please choose another.")
        return None

    zone = "America/New_York"
