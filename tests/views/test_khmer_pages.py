"""A page in Khmer is in Khmer: every address, and what a form answers, without a word of English left standing."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.views import pages
from tests.views.pages import XHTML

# An address to write to or to open, and what is written so in every language.
ADDRESS = re.compile(r"\S+@\S+|https?://\S*|/\S*")
LETTERS = Path(__file__).parents[1] / "snapshots"
# What people wrote themselves, and what names a coordinator, a zone or an event's page.
NAMES = {"Sok", "Dara", "Nalen", "Smith", *["Please", "let", "me", "in", "Cambodia"]}
NAMES |= {"coordinator-one", "Asia", "digital-rights"}
# What Khmer has no word of its own for, or has it in brackets beside its own.
BORROWED = {"passcode", "passkey", "authenticator", "app", "cookie", "spam", "PIN", "CSV", "UTF-", "UTC", "EDT", "EST"}
KNOWN = NAMES | BORROWED | {"Zoom", "HTML", "kB", "JavaScript", "Excel", "English"} | {"Google", "Microsoft", "Outlook"}
# Keys, codes and secrets, which are read the same in every language.
LITERAL = {f"{XHTML}{tag}" for tag in ("script", "style", "code", "kbd")}
WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
READ_ALOUD = ("aria-label", "alt", "placeholder", "title", "label")
META = {"description", "og:title", "og:description", "og:image:alt", "og:site_name"}


def test_no_english_is_left_on_a_khmer_page(site: Flask, client: FlaskClient) -> None:
    world = pages.build(site)
    token = pages.csrf_token(pages.sign_in(client).get("/desk/").text)
    client.post("/desk/language", data={"language": "km", "csrf_token": token})
    found: dict[str, set[str]] = {}
    for rule, address in list(pages.addresses(site, world, "km")):
        if "GET" not in (rule.methods or ()):
            continue
        answer = client.get(address, headers={"Accept-Language": "km"})
        if answer.mimetype == "text/html" and answer.status_code == 200:
            tree = pages.check(answer)
            if tree.get("lang") != "km" or english(tree):
                found[rule.rule] = english(tree)
        answer.close()
    assert found == {}


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"name": "x" * 121, "email": "dara", "events": "nothing", "zone": "Nowhere/None", "language": "de"},
        {
            "name": "a\nb",
            "email": f"{'x' * 300}@example.org",
            "website": "x",
            "message": "x" * 3001,
            "country": "\u202ex",
        },
    ],
    ids=["empty", "wrong", "long"],
)
def test_a_form_says_in_khmer_what_is_wrong(site: Flask, client: FlaskClient, typed: dict[str, str]) -> None:
    pages.build(site)
    stamp = pages.stamp(client.get("/km/rsvps/new").text)
    answer = client.post("/km/rsvps", data={**typed, "stamp": stamp})
    tree = pages.check(answer)
    errors = [element for element in tree.iter() if "error" in (element.get("class") or "").split()]
    assert (answer.status_code, len(errors) > 2) == (422, True)
    errors += [element for element in tree.iter() if element.get("role") == "alert"]
    assert set().union(*(english(error) for error in errors)) == set()
    assert not [error for error in errors if re.search("[0-9]", "".join(error.itertext()))], (
        "numbers are in Khmer digits"
    )


def test_the_desks_form_says_in_khmer_what_is_wrong(site: Flask, client: FlaskClient) -> None:
    pages.build(site)
    token = pages.csrf_token(pages.sign_in(client).get("/desk/").text)
    client.post("/desk/language", data={"language": "km", "csrf_token": token})
    wrong = {"minutes": "long", "day": "soon", "hour": "late", "capacity": "many", "reminders": "often"}
    answer = client.post("/desk/events/democracy/changes", data={**wrong, "csrf_token": token})
    errors = [element for element in pages.check(answer).iter() if "error" in (element.get("class") or "").split()]
    assert len(errors) >= 5
    assert set().union(*(english(error) for error in errors)) == set()


@pytest.mark.parametrize("letter", sorted(LETTERS.glob("*.km.txt")), ids=lambda path: path.name.partition(".")[0])
def test_no_english_is_left_in_a_khmer_letter(letter: Path) -> None:
    text = letter.read_text(encoding="utf-8")
    words, _, calendar = text.partition("--- text/calendar")
    lines = [line for line in words.splitlines() if not line.startswith(("From:", "To:", "In-Reply-To:", "---"))]
    unfolded = calendar.replace("\n ", "").replace("\\n", "\n ")
    lines += re.findall(r"^(?:SUMMARY|DESCRIPTION|NAME):.*(?:\n .*)*", unfolded, re.MULTILINE)
    said = [re.sub(r"^(?:Subject|SUMMARY|DESCRIPTION|NAME):", "", line) for line in lines]
    assert {word for line in said for word in WORD.findall(ADDRESS.sub(" ", line))} - KNOWN == set()


def english(tree: Element) -> set[str]:
    """Return the Latin words of a page that somebody wrote in English."""
    words = {word for text in _said(tree) for word in WORD.findall(ADDRESS.sub(" ", text))}
    return words - KNOWN


def _said(element: Element) -> Iterator[str]:
    """Return what is shown or read aloud, but for what says itself that it is in another language."""
    if element.get("lang") not in (None, "km") or element.tag in LITERAL:
        return
    yield from (element.get(name) or "" for name in READ_ALOUD)
    if {element.get("name"), element.get("property")} & META:
        yield element.get("content") or ""
    yield element.text or ""
    for child in element:
        yield from _said(child)
        yield child.tail or ""
