"""The desk's short forms, and what its forms share: what may be typed, and what is said when it can't be used."""

from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _
from wtforms import Field, Form, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from rsvp.languages import LANGUAGES, tidy
from rsvp.views.forms import one_line, plain

TOO_LONG = _("This is too long: at most %(max)d characters.")
# What WTForms says by itself, and only in English.
LIBRARY_WORDS = {
    "Not a valid choice.": _("Please choose one from the list."),
    "Not a valid integer value.": _("Please write a number."),
    "Not a valid date value.": _("Please choose a day."),
    "Not a valid time value.": _("Please choose an hour."),
}


def tidied(value: str | None) -> str | None:
    """Return what was typed as it is stored."""
    return tidy(value) if value else value


def line(label: object, most: int) -> StringField:
    """Return a field of one line that may stay empty."""
    return StringField(label, [Optional(), Length(max=most, message=TOO_LONG), plain, one_line], filters=[tidied])


def paragraph(label: object, most: int) -> TextAreaField:
    """Return a field of several lines that may stay empty."""
    return TextAreaField(label, [Optional(), Length(max=most, message=TOO_LONG), plain], filters=[tidied])


def web_address(form: Form, field: Field) -> None:
    """Refuse what a guest's phone wouldn't open."""
    try:
        address = urlsplit(field.data or "")
        is_good = address.scheme == "https" and bool(address.hostname) and " " not in field.data
    except ValueError:
        is_good = False
    if not is_good or not field.data.isascii():
        raise ValidationError(_("Please paste the whole address; it begins with https://."))


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

    note_en = paragraph(_("A line for the letters, in English"), 1000)
    note_km = paragraph(_("A line for the letters, in Khmer"), 1000)

    @property
    def note(self) -> dict[str, str]:
        """The line by language."""
        return {language: self[f"note_{language}"].data or "" for language in LANGUAGES}


class LinkForm(NoteForm):
    """The meeting's address and passcode."""

    link = StringField(
        _("Zoom link"),
        [Optional(), Length(max=1000, message=TOO_LONG), plain, one_line, web_address],
        filters=[tidied],
    )
    passcode = line(_("Passcode"), 64)

    def __init__(self, *args: object, **kwargs: object):
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:  # the page has other forms with such a line
            self[f"note_{language}"].id = f"link-note-{language}"
