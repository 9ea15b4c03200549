"""Lists of people as spreadsheets read and write them."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rsvp import sheets
from rsvp.sheets import SheetRefused

TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40)
DANGEROUS = st.text(st.sampled_from("=+-@＝＋－＠﹢'\"\t\r\n ,;\u00a0\u200bក1a"), max_size=12)
SIGNS = "=+-@＝＋－＠﹢﹣⁺₌"


@given(st.lists(TEXT | DANGEROUS, min_size=2, max_size=2).filter(lambda cells: any(cell.strip() for cell in cells)))
@example(["'=1", "''=1"])
@example(["a;=1", '"\n=1'])
def test_what_is_written_is_read_back_as_it_was(cells: list[str]) -> None:
    [row] = sheets.read(sheets.write(["one", "two"], [cells])).rows
    assert list(row.cells.values()) == cells


@given(TEXT | DANGEROUS)
def test_no_cell_begins_with_what_a_spreadsheet_runs(cell: str) -> None:
    guarded = sheets.guard(cell)
    assert not guarded.lstrip(" \u00a0").startswith(tuple(SIGNS))
    assert not guarded.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("separator", list(",;\t"))
@given(DANGEROUS)
def test_a_spreadsheet_that_expects_another_separator_runs_nothing_either(separator: str, cell: str) -> None:
    text = sheets.write(["one", "two"], [["a", cell]])
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        assert not [word for word in row if word.startswith(tuple(SIGNS))], row


@pytest.mark.parametrize("text", ["one,two\na,b\n", "one;two\na;b", "\ufeffone\ttwo\r\na\tb\r\n", "\n\none,two\n\na,b"])
def test_every_common_separator_is_understood(text: str) -> None:
    sheet = sheets.read(text)
    assert sheet.columns == ("one", "two")
    assert [row.cells for row in sheet.rows] == [{"one": "a", "two": "b"}]


def test_a_row_knows_its_line_even_after_cells_with_line_breaks() -> None:
    sheet = sheets.read('one,two\n"a\nb",c\nd,e,f,g\nh\n')
    assert [row.line for row in sheet.rows] == [2, 4, 5]
    assert sheet.rows[1].surplus == ("f", "g")
    assert sheet.rows[2].cells == {"one": "h", "two": ""}


@pytest.mark.parametrize(
    ("text", "line"), [('one\na\n"b\nc', 3), ('one\na "b" c\n"d" e', 3), ("", None), ("a\0", None)]
)
def test_what_cannot_be_read_is_refused_with_its_line(text: str, line: int | None) -> None:
    with pytest.raises(SheetRefused) as refusal:
        sheets.read(text)
    assert refusal.value.line == line


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_a_file_in_another_encoding_is_refused(encoding: str) -> None:
    content = "ឈ្មោះ" if encoding.startswith("utf") else "Élodie,naïve"
    with pytest.raises(SheetRefused):
        sheets.read(sheets.decode(content.encode(encoding)))


def test_a_file_with_a_byte_order_mark_is_read() -> None:
    assert sheets.read(sheets.decode("name\nសុខ".encode("utf-8-sig"))).rows[0].cells == {"name": "សុខ"}
