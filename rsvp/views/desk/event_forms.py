"""The form of an event: what may be typed while it is a draft and afterwards, and why an hour is refused."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    DateField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from rsvp import zones
from rsvp.errors import EventNameTaken, HourRefused, HourRepeated, HourSkipped
from rsvp.languages import LANGUAGES, date_words, hour_words
from rsvp.models.event import Event, Kind, LinkMode
from rsvp.services import events
from rsvp.slugs import is_slug
from rsvp.times import from_wall, in_zone
from rsvp.views.desk.forms import TOO_LONG, NoteForm, OwnWords, line, paragraph, tidied, web_address
from rsvp.views.forms import one_line
from rsvp.views.languages import current

NEEDED = _("Please write this in both languages.")
# What is said of an hour by what the clocks do to it.
CLOCK_CHANGES = {
    HourSkipped: _(
        "On %(date)s clocks in %(city)s are set forward and jump over %(hour)s: that hour doesn't exist. "
        "Please choose another."
    ),
    HourRepeated: _(
        "On %(date)s clocks in %(city)s are set back and show %(hour)s twice: nobody could tell which is meant. "
        "Please choose another."
    ),
    HourRefused: _("Clocks can't count to %(date)s. Please choose another day."),
}
LONGEST_MINUTES = 24 * 60
MOST_REMINDERS = 5


class EventForm(NoteForm):
    """What an event is and when. The hour is that of the event's zone; without day and hour it is to be announced.

    A draft needs a title in one language; what is published keeps both.
    """

    class Meta:
        """What the library asks of a form."""

        def get_translations(self, form: Form) -> OwnWords:
            """Return who says what is wrong."""
            return OwnWords()

    event: Event | None = None
    zone = zones.HOME

    kind = SelectField(_("Kind"), choices=[kind.value for kind in Kind])
    slug = StringField(_("Name in the address of its page"), [Optional()], filters=[tidied])
    title_en = line(_("Title in English"), 200)
    title_km = line(_("Title in Khmer"), 200)
    summary_en = paragraph(_("Summary in English"), 2000)
    summary_km = paragraph(_("Summary in Khmer"), 2000)
    day = DateField(_("Day in %(city)s"), [Optional()])
    hour = TimeField(_("Hour in %(city)s"), [Optional()])
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
    link_mode = RadioField(_("What the invitation holds"), choices=[mode.value for mode in LinkMode])
    reminders = line(_("Reminders, minutes before the start"), 80)
    recording_url = StringField(
        _("Recording"), [Optional(), Length(max=1000, message=TOO_LONG), one_line, web_address], filters=[tidied]
    )

    @classmethod
    def of(cls, event: Event) -> "EventForm":
        """Return the form as the event stands."""
        return cls(data=_data(event))._about(event)

    @classmethod
    def blank(cls) -> "EventForm":
        """Return the form of a new event."""
        return cls(data={"minutes": 120, "reminders": "1440 60", "link_mode": LinkMode.DIRECT})._about(None)

    @classmethod
    def sent(cls, fields: MultiDict[str, str], event: Event | None = None) -> "EventForm":
        """Return the form as somebody sent it, about an event or a new one."""
        known = {"kind": event.kind, "link_mode": event.link_mode} if event else {"link_mode": LinkMode.DIRECT}
        return cls(fields, data=known)._about(event)

    @property
    def city(self) -> str:
        """Where clocks show the day and the hour."""
        return zones.city(self.zone, current())

    @property
    def is_of_draft(self) -> bool:
        """Whether nobody but the desk knows of the event yet."""
        return self.event is None or self.event.is_draft

    def facts(self) -> dict[str, object]:
        """Return the event's columns as the form has them. Call it on a form that is valid."""
        facts: dict[str, object] = {
            "kind": self.kind.data,
            "zone": self.zone,
            "title": self._texts("title"),
            "summary": self._texts("summary"),
            "starts_at": self.starts_at(),
            "minutes": self.minutes.data,
            "capacity": self.capacity.data,
            "link_mode": self.link_mode.data,
            "reminders": " ".join(str(minutes) for minutes in self.reminder_minutes()),
            "recording_url": self.recording_url.data or None,
        }
        if self.is_of_draft and self.slug.data:
            facts["slug"] = self.slug.data
        return facts

    def starts_at(self) -> datetime | None:
        """Return the start that the form gives, None for one to be announced. Call it on a form that is valid."""
        if self.day.data is None or self.hour.data is None:
            return None
        return from_wall(self.day.data, self.hour.data, self.zone)

    def typed_start(self) -> datetime | None:
        """Return the start that was typed, None for one that isn't known or that clocks don't tell."""
        try:
            return self.starts_at()
        except HourRefused:
            return None

    def check_time(self) -> bool:
        """Check the day and the hour alone: the rest may still be in writing."""
        self.validate()
        for field in self:
            if field not in (self.day, self.hour):
                field.errors = ()
        return not self.errors

    def reminder_minutes(self) -> list[int]:
        """Return how many minutes before the start each reminder is due."""
        words = (self.reminders.data or "").replace(",", " ").split()
        return sorted({int(word) for word in words}, reverse=True)

    def hidden(self, **changes: str) -> Iterator[tuple[str, str]]:
        """Return names and values of the fields, but for the lines for letters, as another form carries them along."""
        for field in self:
            if not field.name.startswith("note_"):
                value = field.data if field in (self.kind, self.link_mode) else field._value()
                yield field.name, changes.get(field.name, value or "")

    def validate_slug(self, field: Field) -> None:
        """Refuse a name that can't stand in an address, or that another event has."""
        if not is_slug(field.data):
            raise ValidationError(_("Please write small letters, digits and hyphens, such as digital-rights."))
        other = events.named(field.data)
        if self.is_of_draft and other is not None and other is not self.event:
            raise ValidationError(EventNameTaken.message)

    def validate_reminders(self, field: Field) -> None:
        """Refuse what isn't a few numbers of minutes within a month."""
        words = (field.data or "").replace(",", " ").split()
        is_good = all(word.isdecimal() and 0 < int(word[:6]) <= 31 * 24 * 60 for word in words)
        if not is_good or len(words) > MOST_REMINDERS:
            raise ValidationError(_("Please write up to five numbers of minutes, such as 1440 60."))

    def validate(self, extra_validators: Mapping[str, Sequence[object]] | None = None) -> bool:
        """Check the fields, then what an empty one ends early: the texts, and the day and the hour together."""
        is_valid: bool = super().validate(extra_validators)
        for field, problem in self._problems():
            field.errors = (*field.errors, problem)
            is_valid = False
        return is_valid

    def _about(self, event: Event | None) -> "EventForm":
        self.event, self.zone = event, event.zone if event else zones.HOME
        for field in (self.day, self.hour):
            field.label.text %= {"city": self.city}
        return self

    def _problems(self) -> Iterator[tuple[Field, LazyString]]:
        if not self.is_of_draft:
            names = [f"{text}_{language}" for text in ("title", "summary") for language in LANGUAGES]
            yield from ((self[name], NEEDED) for name in names if not self[name].data)
        elif not any(self._texts("title").values()):
            yield self.title_en, _("Please write the title in one language at least.")
        problem = None if self.day.errors or self.hour.errors else self._time_problem()
        if problem is not None:
            # Where one of the two is empty, that one is wrong.
            yield self.day if self.day.data is None else self.hour, problem

    def _time_problem(self) -> LazyString | None:
        day, hour = self.day.data, self.hour.data
        if (day is None) != (hour is None):
            return _("Please give both the day and the hour, or neither while they aren't known.")
        if day is None or hour is None:
            return None
        try:
            from_wall(day, hour, self.zone)
        except HourRefused as refusal:
            return clock_change(refusal, datetime.combine(day, hour), self.zone)
        return None

    def _texts(self, name: str) -> dict[str, str]:
        written = {language: self[f"{name}_{language}"].data for language in LANGUAGES}
        return {language: words for language, words in written.items() if words}


def clock_change(refusal: HourRefused, wall: datetime, zone: str) -> LazyString:
    """Return why clocks of a zone don't tell that hour: which change, on which day."""
    language = current()
    words = {"date": date_words(wall, language), "hour": hour_words(wall, language), "city": zones.city(zone, language)}
    return CLOCK_CHANGES[type(refusal)] % words


def _data(event: Event) -> dict[str, object]:
    local = in_zone(event.starts_at, event.zone) if event.starts_at else None
    return {
        **{f"title_{language}": event.title.get(language) for language in LANGUAGES},
        **{f"summary_{language}": event.summary.get(language) for language in LANGUAGES},
        "kind": event.kind,
        "slug": event.slug,
        "day": local.date() if local else None,
        "hour": local.time() if local else None,
        "minutes": event.minutes,
        "capacity": event.capacity,
        "link_mode": event.link_mode,
        "reminders": event.reminders,
        "recording_url": event.recording_url,
    }
