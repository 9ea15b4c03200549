"""Keep the Khmer's back-translation beside the Khmer: `python -m tests.readings` writes docs/khmer-readings.md anew.

What was read stays as long as its Khmer stands somewhere; what is new or changed waits under its own heading.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import read_po

from rsvp import languages, zones
from rsvp.services import letters

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "khmer-readings.md"
CATALOGUE = ROOT / "rsvp" / "translations" / "km" / "LC_MESSAGES" / "messages.po"
KHMER = re.compile("[\u1780-\u17d3\u17e0-\u17e9]")
TAG = re.compile(r"\{%.*?%\}|\n")
VALUE = re.compile(r"\{\{\s*(?:\w+\.)*(\w+)[^}]*\}\}")
MARKUP = re.compile(r"^Subject:|[*>#~\[\]]|\(\{\w+\}\)|^- ")
ROW = re.compile(r"^\| (.*) \| (.*) \| (.*) \|$", re.MULTILINE)
HEAD = """# Khmer, read back

Every Khmer sentence of the pages, letters, programme and error pages, and what it says in English to a reader who
looked at the Khmer alone. Where the third column doesn't say what the first does, the Khmer is to be mended; what
stayed doubtful stands in [khmer-review.md](khmer-review.md). `.venv/bin/python -m tests.readings` writes this page
anew: it keeps each reading as long as its Khmer stands, drops the others and lists what nobody has read. A reading is
written into the third column by hand.
"""


@dataclass(frozen=True)
class Sentence:
    """A piece of Khmer and the English that it stands for."""

    english: str
    khmer: str


def sentences() -> list[Sentence]:
    """Return every piece of Khmer that a guest or a coordinator may read, once."""
    found = [*_catalogue(), *_letters(), *_programmes(), *_error_pages(), *_constants()]
    first = {sentence.khmer: sentence for sentence in reversed(found) if KHMER.search(sentence.khmer)}
    return list(first.values())[::-1]


def readings() -> dict[str, str]:
    """Return what was read back, by its Khmer."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else []
    return {_bare(khmer): _bare(said) for _english, khmer, said in rows if KHMER.search(khmer) and said.strip()}


def write() -> None:
    """Write the page anew."""
    known, current = readings(), sentences()
    read = [sentence for sentence in current if sentence.khmer in known]
    waiting = [sentence for sentence in current if sentence.khmer not in known]
    parts = [HEAD, f"## Not read yet: {len(waiting)}", _table(waiting, known)]
    parts += [f"## Read: {len(read)}", _table(read, known)]
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def _table(listed: list[Sentence], known: dict[str, str]) -> str:
    rows = [
        f"| {_cell(sentence.english)} | {_cell(sentence.khmer)} | {_cell(known.get(sentence.khmer, ''))} |"
        for sentence in listed
    ]
    return "\n".join(["| English | Khmer | what the Khmer says |", "|---|---|---|", *rows, ""])


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")


def _bare(cell: str) -> str:
    return cell.strip().replace("\\|", "|")


def _catalogue() -> list[Sentence]:
    with CATALOGUE.open("rb") as file:
        entries = [entry for entry in read_po(file, locale="km") if entry.id]
    pairs = (
        (entry.id, entry.string) if isinstance(entry.id, str) else (entry.id[0], entry.string[0]) for entry in entries
    )
    return [Sentence(_bare(str(english)), _bare(str(khmer))) for english, khmer in pairs]


def _letters() -> list[Sentence]:
    found: list[Sentence] = []
    for file in sorted((ROOT / "templates" / "letters").glob("*.km.*")):
        khmer = _pieces(file)
        english = _pieces(file.with_name(file.name.replace(".km.", ".en.")))
        if len(english) != len(khmer):
            english = [f"({file.name})"] * len(khmer)
        found += [Sentence(*pair) for pair in zip(english, khmer, strict=True) if KHMER.search(pair[1])]
    return found


def _pieces(file: Path) -> list[str]:
    text = VALUE.sub(r"{\1}", file.read_text(encoding="utf-8"))
    return [bare for piece in TAG.split(text) if (bare := MARKUP.sub("", piece.strip()).strip()) and bare != "---"]


def _programmes() -> list[Sentence]:
    found: list[Sentence] = []
    for file in sorted((ROOT / "programmes").glob("*.toml")):
        programme = tomllib.loads(file.read_text(encoding="utf-8"))
        tables = [programme, *programme["events"]]
        texts = [value for table in tables for value in table.values() if isinstance(value, dict)]
        found += [Sentence(text["en"], text["km"]) for text in texts if KHMER.search(text["km"])]
    return found


def _error_pages() -> list[Sentence]:
    found: list[Sentence] = []
    for file in sorted((ROOT / "deploy" / "errors").glob("*.html")):
        said = re.findall(r"<(?:h1|h2|p)[^>]*>(.*?)</", file.read_text(encoding="utf-8"))
        half = len(said) // 2
        found += [Sentence(*pair) for pair in zip(said[:half], said[half:], strict=True)]
    return found


def _constants() -> list[Sentence]:
    parts = [Sentence(f"from {hour}:00 on", word) for hour, word in languages.KHMER_DAY_PARTS]
    named = [*zones.OWN_CITIES.values(), *zones.CITIES_LEFT_OUT.values(), zones.COMMUNITY_HEADING, letters.PLACE]
    return [*parts, *(Sentence(names.get("en", ""), names["km"]) for names in named)]


if __name__ == "__main__":
    write()
