"""Read and write lists of people as CSV, as spreadsheets do; what a spreadsheet would take for a formula stays text.

Knows cells and lines, and nothing of what they mean.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _

from rsvp.errors import Refusal

SEPARATORS = ",;\t"
BYTE_ORDER_MARK = "\ufeff"
# With these a formula begins, in every width that a spreadsheet reads.
SIGNS = "".join(chr(code) for code in range(0x10000) if unicodedata.normalize("NFKC", chr(code)) in set("=+-@"))
_FORMULA = rf"'*[^\S\t\r\n]*[{re.escape(SIGNS)}]"
# A formula stands at the start of a cell, or where a spreadsheet that expects another separator would start one.
_UNGUARDED = re.compile(rf"\A(?='*[\t\r\n]|{_FORMULA})|(?<=[,;\t\r\n\"])(?={_FORMULA})")
_GUARDED = re.compile(rf"\A'(?='*[\t\r\n]|{_FORMULA})|(?<=[,;\t\r\n\"])'(?={_FORMULA})")


class SheetRefused(Refusal):
    """A list can't be read. `line` counts from 1, where one line is to blame."""

    def __init__(self, message: object, line: int | None = None):
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class Row:
    """One row: the line of the text on which it begins, and its cells by column."""

    line: int
    cells: dict[str, str]
    surplus: tuple[str, ...] = ()  # cells to the right of the last column


@dataclass(frozen=True)
class Sheet:
    """A list with its columns, as they are named on the first line."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8, with a byte order mark or without.

    Raises:  SheetRefused for every other encoding.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SheetRefused(_("This file is in UTF-16. Please save it as “CSV UTF-8”."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SheetRefused(
            _("This file isn't in UTF-8, perhaps in Windows-1252. Please save it as “CSV UTF-8”.")
        ) from None


def read(text: str, name: Callable[[str], str] = str) -> Sheet:
    """Return the list that a text holds; commas, semicolons or tabs separate its cells. `name` tidies columns' names.

    Raises:  SheetRefused when there is no first line with names, or quotes don't match.
    """
    text = text.removeprefix(BYTE_ORDER_MARK)
    if "\0" in text:
        raise SheetRefused(_("This isn't a text. Please save the list as “CSV UTF-8”."))
    lines = [(line, cells) for line, cells in _lines(text) if any(cell.strip() for cell in cells)]
    if not lines:
        raise SheetRefused(_("There is nothing to read here."))
    columns = tuple(name(restore(cell)) for cell in lines[0][1])
    return Sheet(columns, tuple(_row(columns, line, [restore(cell) for cell in cells]) for line, cells in lines[1:]))


def write(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a list as CSV with commas, every cell quoted, formulas guarded by an apostrophe."""
    return encode(columns, rows).decode("utf-8-sig")


def encode(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the same as a file in UTF-8, encoded row by row. Excel knows UTF-8 only by the mark at its start."""
    file = io.BytesIO()
    written = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    written.flush()
    return file.getvalue()


def guard(cell: str) -> str:
    """Return a cell that no spreadsheet runs: an apostrophe stands before whatever could begin a formula."""
    return _UNGUARDED.sub("'", cell)


def restore(cell: str) -> str:
    """Return what a guarded cell says."""
    return _GUARDED.sub("", cell)


def _lines(text: str) -> Iterable[tuple[int, list[str]]]:
    """Return the rows with the line on which each begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    begins = 1
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise SheetRefused(_("The quotation marks don't match."), begins) from None


def _separator(text: str) -> str:
    """Return what separates the first line's cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def _row(columns: Sequence[str], line: int, cells: Sequence[str]) -> Row:
    surplus = tuple(cell for cell in cells[len(columns) :] if cell.strip())
    return Row(line, dict(zip(columns, [*cells, *[""] * len(columns)], strict=False)), surplus)
