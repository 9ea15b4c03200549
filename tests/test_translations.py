"""The Khmer catalogue says everything that the pages say, and nothing else."""

import re
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
KHMER = ROOT / "rsvp" / "translations" / "km" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@cache
def spoken() -> frozenset[str]:
    """Return every text that a template or a module gives to gettext."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    folders = ("rsvp", "templates")
    found = [
        message
        for folder in folders
        for _file, _line, message, *_rest in extract_from_dir(
            str(ROOT / folder),
            [(pattern.removeprefix(f"{folder}/"), method) for pattern, method in methods if pattern.startswith(folder)],
            {pattern.removeprefix(f"{folder}/"): value for pattern, value in options.items()},
        )
    ]
    return frozenset(message if isinstance(message, str) else message[0] for message in found)


@cache
def catalogue() -> Catalog:
    """Return the Khmer catalogue."""
    with KHMER.open("rb") as file:
        return read_po(file, locale="km", abort_invalid=True)


def translated() -> dict[str, Message]:
    """Return the catalogue's entries by their English text."""
    return {entry.id if isinstance(entry.id, str) else entry.id[0]: entry for entry in catalogue() if entry.id}


def test_every_text_of_a_page_is_in_the_catalogue() -> None:
    assert len(spoken()) > 100
    assert sorted(spoken() - set(translated())) == []


def test_the_catalogue_holds_nothing_that_no_page_says() -> None:
    assert sorted(set(translated()) - spoken()) == []
    assert not catalogue().obsolete


def test_the_catalogue_is_one_that_compiles() -> None:
    # Without its header it counts as a draft, and the pages would speak English.
    assert not catalogue().fuzzy


def test_every_text_has_khmer_that_somebody_settled() -> None:
    assert [text for text, entry in translated().items() if not all(_strings(entry)) or entry.fuzzy] == []


def test_the_catalogue_has_its_head_without_which_nothing_is_compiled() -> None:
    assert not catalogue().fuzzy
    assert "Plural-Forms: nplurals=1; plural=0;" in KHMER.read_text(encoding="utf-8").partition("\n\n")[0]


def test_every_placeholder_is_kept() -> None:
    for text, entry in translated().items():
        for khmer in _strings(entry):
            assert set(PLACEHOLDER.findall(khmer)) == set(PLACEHOLDER.findall(text)), text


def _strings(entry: Message) -> list[str]:
    return [entry.string] if isinstance(entry.string, str) else list(entry.string)
