"""Read a pasted or uploaded list of people: which rows can be used, which can't and why. Stores nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field, ValidationError

from rsvp import sheets, zones
from rsvp.languages import LANGUAGES, digits
from rsvp.services import addresses
from rsvp.services.requests import PlacesRequest
from rsvp.sheets import Row, Sheet, SheetRefused
from rsvp.views.desk.people import asked_by
from rsvp.views.forms import PersonForm
from rsvp.views.languages import current

NEEDED = ("name", "email", "events")
COLUMNS = (*NEEDED, "language", "zone", "country", "organisation", "referrer", "message")
MOST_ROWS = 500
# With what a form carries besides, it stays below the service's own limit.
MOST_BYTES = 120 * 1024
LANGUAGE_WORDS = {"en": "en", "english": "en", "km": "km", "khmer": "km", LANGUAGES["km"]: "km", "ខ្មែរ": "km"}


class RowForm(PersonForm):
    """One row of a list."""

    def validate_events(self, field: Field) -> None:
        """Refuse no event, and names of events that there aren't."""
        unknown = sorted(set(field.data or ()) - {choice.value for choice in field.choices})
        if unknown:
            raise ValidationError(_("Nobody can be added to this event: %(events)s.") % {"events": ", ".join(unknown)})
        super().validate_events(field)

    def validate_zone(self, field: Field) -> None:
        """Refuse what names no zone, in words that fit a list."""
        try:
            super().validate_zone(field)
        except ValidationError:
            raise ValidationError(_("We don't know this city or time zone.")) from None


@dataclass(frozen=True)
class Problem:
    """Why a row can't be used: the column, if one is to blame, and the words."""

    column: str | None
    words: object


@dataclass(frozen=True)
class BadRow:
    """A row that is left out."""

    row: Row
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class People:
    """A list that was read. `unused` are columns that mean nothing here."""

    sheet: Sheet
    good: tuple[tuple[Row, PlacesRequest], ...]
    bad: tuple[BadRow, ...]
    unused: tuple[str, ...]

    @property
    def to_mend(self) -> str:
        """The rows that can't be used, as a list of their own."""
        rows = [[*bad.row.cells.values(), *bad.row.surplus] for bad in self.bad]
        return sheets.write(tuple(dict.fromkeys(self.sheet.columns)), rows)


def plain(text: str) -> str:
    """Return a text with one kind of line break, as it comes back from a form that carried it."""
    return text.removeprefix(sheets.BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")


def read(text: str, slugs: Sequence[str]) -> People:
    """Return the people of a list; `slugs` are the events that they can ask for.

    Raises:  SheetRefused when the list as a whole can't be used.
    """
    if len(text.encode()) > MOST_BYTES:
        most = digits(MOST_BYTES // 1024, current())
        raise SheetRefused(_("This list is too long: at most %(most)s kB at a time.", most=most))
    sheet = sheets.read(text, _column)
    _check(sheet)
    good: list[tuple[Row, PlacesRequest]] = []
    bad, lines = [], dict[str, int]()
    for row in sheet.rows:
        form = _form(row, slugs)
        problems = _problems(row, form, lines)
        if problems:
            bad.append(BadRow(row, tuple(problems)))
        else:
            good.append((row, asked_by(form)))
    unused = tuple(column for column in sheet.columns if column and column not in COLUMNS)
    return People(sheet, tuple(good), tuple(bad), unused)


def _column(typed: str) -> str:
    return typed.strip().casefold()


def _check(sheet: Sheet) -> None:
    missing = [column for column in NEEDED if column not in sheet.columns]
    if missing:
        said = _("These columns are missing on the first line: %(columns)s.", columns=", ".join(missing))
        raise SheetRefused(said, 1)
    twice = sorted({column for column in COLUMNS if sheet.columns.count(column) > 1})
    if twice:
        raise SheetRefused(_("This column stands there twice: %(columns)s.", columns=", ".join(twice)), 1)
    if len(sheet.rows) > MOST_ROWS:
        most, rows = digits(MOST_ROWS, current()), digits(len(sheet.rows), current())
        raise SheetRefused(
            _("At most %(most)s rows at a time; here are %(rows)s. Please split the list.", most=most, rows=rows)
        )


def _form(row: Row, slugs: Sequence[str]) -> RowForm:
    cells = {column: row.cells.get(column, "") for column in COLUMNS}
    language = cells.pop("language").strip().casefold()
    form = MultiDict({column: cell for column, cell in cells.items() if column not in ("events", "zone")})
    form.setlist("events", [word for word in re.split(r"[\s;,]+", cells["events"]) if word])
    form["language"] = LANGUAGE_WORDS.get(language, language) if language else current()
    form["zone"], form["city"] = zones.DEFAULT, cells["zone"]
    made = RowForm(form)
    made.offer(slugs)
    return made


def _problems(row: Row, form: RowForm, lines: dict[str, int]) -> list[Problem]:
    """Return what is wrong with a row. `lines` knows where each address stood first."""
    form.validate()
    problems = [Problem(_named(field.name), words) for field in form for words in field.errors]
    if row.surplus:
        problems.append(Problem(None, _("There are more cells than columns; quotation marks may be missing.")))
    address = addresses.normalise(form.email.data or "")
    if address is not None:
        first = lines.setdefault(addresses.index(address), row.line)
        if first != row.line:
            said = _("The same address stands on line %(line)s.", line=digits(first, current()))
            problems.append(Problem("email", said))
    return problems


def _named(field: str) -> str:
    return "zone" if field == "city" else field
