"""The guests' forms: what may be typed, and what is said beside the field when it can't be used."""

import unicodedata
from collections.abc import Callable, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    EmailField,
    Field,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from rsvp import cities, languages, zones
from rsvp.services import addresses
from rsvp.views import spans

NAME_LENGTH = 120
LINE_LENGTH = 200
MESSAGE_LENGTH = 3000
# Khmer is written without spaces: these say where a word may break, or how letters join.
KHMER_BREAKS = frozenset("\u200b\u200c\u200d")
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")


def plain(form: Form, field: Field) -> None:
    """Refuse control and bidi characters, and take them out of what is shown again."""
    typed = field.data or ""
    readable = "".join(character for character in typed if not _is_invisible(character))
    if readable != typed:
        field.data = readable
        raise ValidationError(_("We took invisible characters out of this. Please check it and send it again."))


def _is_invisible(character: str) -> bool:
    if character in KHMER_BREAKS or character in "\r\n\t":
        return False
    # Controls, and format characters, which reorder or hide what is read; fillers that look like nothing.
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") or character in FILLERS


def written(message: object) -> Callable[[Form, Field], None]:
    """Return a check that something readable was written: a letter, a digit or a sign."""

    def check(form: Form, field: Field) -> None:
        if not any(unicodedata.category(character)[0] in "LNPS" for character in field.data or ""):
            raise StopValidation(message)

    return check


def agreed(form: Form, field: Field) -> None:
    """Refuse a box that isn't ticked."""
    if not field.data:
        raise ValidationError(_("Without your consent we can't keep your request."))


def one_line(form: Form, field: Field) -> None:
    """Refuse line breaks."""
    if any(character in "\r\n\t" for character in field.data or ""):
        raise ValidationError(_("Please write this on one line."))


def reachable(form: Form, field: Field) -> None:
    """Refuse an address that no mail can reach; keep it as mail is sent to it."""
    if addresses.normalise(field.data or "") is None:
        raise ValidationError(_("No mail can reach this address. Please check it, for example for a missing letter."))


def empty(form: Form, field: Field) -> None:
    """Refuse what only a machine fills in."""
    if field.data:
        raise ValidationError(_("Please leave this field empty."))


def tidied(value: str | None) -> str | None:
    """Return what was typed as it is stored, and nothing as nothing."""
    return languages.tidy(value) if value else value


def _longest(most: int) -> Length:
    return Length(max=most, message=_("This is too long: at most %(max)d characters."))


line_length = _longest(LINE_LENGTH)
message_length = _longest(MESSAGE_LENGTH)


class StampedForm(Form):
    """A guest's form. In place of a cookie's token it carries a signed note of when it was handed out."""

    stamp = HiddenField()


class EventsForm(Form):
    """The events that somebody wants to come to."""

    events = SelectMultipleField(_("Events"), validate_choice=False)

    def offer(self, slugs: Sequence[str]) -> None:
        """Set the events that can be asked for."""
        self.events.choices = [SelectChoice(slug) for slug in slugs]

    def validate_events(self, field: Field) -> None:
        """Refuse no event, and events that take no requests."""
        if not field.data:
            raise ValidationError(_("Please choose at least one event."))
        offered = {choice.value for choice in field.choices}
        if not set(field.data) <= offered:
            raise ValidationError(_("One of these events takes no requests any more. Please choose again."))


class PreferencesForm(Form):
    """How somebody is called, and where, in which language and in which place's hours they are written to."""

    name = StringField(
        _("Name"),
        [_longest(NAME_LENGTH), plain, one_line, written(_("Please write a name. A pseudonym is fine."))],
        filters=[tidied],
    )
    email = EmailField(
        _("Email address"),
        [InputRequired(_("Please write your email address: the invitation is sent to it.")), _longest(254), reachable],
        filters=[tidied],
    )
    # Looked at before the zone, which it decides.
    city = StringField(_("Another city"), [Optional(), line_length, plain, one_line], filters=[tidied])
    zone = SelectField(_("Your time zone"), validate_choice=False)
    language = RadioField(
        _("Language of our letters"),
        choices=[SelectChoice(value, label) for value, label in languages.LANGUAGES.items()],
        validate_choice=False,
    )

    def validate_zone(self, field: Field) -> None:
        """Refuse what names no zone. A city that was written counts, and is taken over into the choice."""
        if self.city.data and not self.city.errors:
            found = cities.zone_of(self.city.data)
            if found is None:
                said = _("We don't know the city “%(city)s”. Please choose the nearest one from the list.")
                raise ValidationError(said % {"city": self.city.data})
            field.data, self.city.data = found, ""
        if zones.named(field.data or "") is None:
            raise ValidationError(_("We don't know this time zone. Please choose one from the list."))

    def validate_language(self, field: Field) -> None:
        """Refuse a language that we don't write."""
        if field.data not in languages.LANGUAGES:
            raise ValidationError(_("Please choose English or Khmer."))


class PersonForm(EventsForm, PreferencesForm):
    """Who somebody is, and the events they want to come to."""

    country = StringField(_("Country"), [Optional(), line_length, plain, one_line], filters=[tidied])
    organisation = StringField(_("Organisation"), [Optional(), line_length, plain, one_line], filters=[tidied])
    referrer = StringField(
        _("Who in the community knows you"), [Optional(), line_length, plain, one_line], filters=[tidied]
    )
    message = TextAreaField(
        _("Anything the coordinator should know"), [Optional(), message_length, plain], filters=[tidied]
    )


class RequestForm(PersonForm, StampedForm):
    """Ask for places at any number of events."""

    consent = BooleanField(
        _(
            "You may keep these details until %(days)s after the last event I asked for, to decide and to write to me.",
            days=LazyString(spans.guest),
        ),
        [agreed],
    )
    website = StringField(_("Website"), [empty])


class LinkForm(StampedForm):
    """Ask for the link to one's own page again."""

    email = EmailField(
        _("Email address"),
        [InputRequired(_("Please write your email address.")), _longest(254), reachable],
        filters=[tidied],
    )
    website = StringField(_("Website"), [empty])


class AnswerForm(Form):
    """Answer what the coordinator asked."""

    question = HiddenField()
    answer = TextAreaField(
        _("Your answer"), [written(_("Please write your answer.")), _longest(MESSAGE_LENGTH), plain], filters=[tidied]
    )
