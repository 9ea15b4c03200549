"""One text in two forms, and the words of guests in both as they typed them."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rsvp import prose

KHMER = "សូម\u200bចូលរួម\u200bកម្មវិធី\u200bប្រជាធិបតេយ្យ"
LETTER = """# A place

Hello Sok,

**Saturday, 12 July**
4:00 PM

- Democracy
- Sovereignty

[My places](https://example.org/en/places/abc)

[https://example.org/j](https://example.org/j)
"""

TRICKS = [
    "[Zoom](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "[a]: https://evil.example",
    "<https://evil.example>",
    "<a@evil.example>",
    "# Heading",
    "Heading\n=======",
    "Heading\n---",
    "*emphasis* _emphasis_ **strong** __strong__",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "1) item",
    "> quote",
    "    code",
    "`code`",
    "```\ncode\n```",
    "---",
    "| a | b |\n|---|---|",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</p></div><h1>x",
    "&lt;b&gt; &amp; &#60;",
    "a\\",
    "\\[a](b)",
    '" onmouseover="x',
    "{{ config }} {% raw %}",
    "x\n\n# y\n\n- z",
    "~~struck~~",
    "***",
    "**[Zoom](https://evil.example)**",
]

# What a form lets through: no control characters but line breaks.
TYPED = st.text(st.characters(exclude_categories=("Cc", "Cs")) | st.sampled_from("\n*_[]()<>#&-\\`!.1"), max_size=120)


class _Reader(HTMLParser):
    """Collects the words and the tags of a fragment."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.words += " " if tag != "a" else ""
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("typed", TRICKS)
def test_what_a_guest_types_cannot_become_a_link_a_heading_or_markup(typed: str) -> None:
    made = prose.render(f"Hello {prose.escape(typed)}\n\n{prose.escape(typed)}\n")
    read = _read(made.html)
    assert set(read.tags) <= {"p", "br"}
    assert read.words.split() == ["Hello", *typed.split(), *typed.split()]
    assert made.text.split() == ["Hello", *typed.split(), *typed.split()]


@given(typed=TYPED)
@settings(max_examples=400, derandomize=True, database=None, deadline=None)
def test_whatever_a_guest_types_reads_the_same_in_both_parts(typed: str) -> None:
    made = prose.render(prose.escape(typed))
    read = _read(made.html)
    assert set(read.tags) <= {"p", "br"}
    assert read.words.split() == made.text.split() == typed.split()


@given(typed=TYPED)
@settings(max_examples=200, derandomize=True, database=None, deadline=None)
def test_whatever_a_guest_types_stays_inside_the_letters_own_markup(typed: str) -> None:
    title = " ".join(typed.split()) or "x"
    made = prose.render(f"**{prose.escape(title)}**\n\n- {prose.escape(title)}\n\n[here](https://example.org/)\n")
    read = _read(made.html)
    assert [tag for tag in read.tags if tag != "br"] == ["p", "strong", "ul", "li", "p", "a"]
    assert read.links == ["https://example.org/"]


def test_both_parts_say_the_same_words_and_the_text_shows_the_addresses() -> None:
    made = prose.render(LETTER)
    html, text = _read(made.html), made.text
    for address in html.links:
        assert text.count(str(address)) == 1
    without = re.sub(r":\nhttps://example.org/en/places/abc", "", text)
    assert html.words.split() == [word for word in without.split() if word != "-"]


def test_the_one_thing_to_do_is_a_button_with_its_address_below() -> None:
    made = prose.render("**[Join on Zoom](https://zoom.example/j/1?a=b&c=d)**\n")
    html = _read(made.html)
    assert html.links == ["https://zoom.example/j/1?a=b&c=d"] * 2
    assert html.words.split() == ["Join", "on", "Zoom", "https://zoom.example/j/1?a=b&c=d"]
    assert html.tags == ["table", "tr", "td", "strong", "a", "p", "a"]
    assert made.text == "Join on Zoom:\nhttps://zoom.example/j/1?a=b&c=d\n"


def test_a_day_stands_in_a_card_and_reads_as_a_paragraph() -> None:
    made = prose.render("> # Democracy\n>\n> **Saturday, 12 July**\n> in Washington\n\n> # Old\n>\n> ~~Sunday~~\n")
    assert made.text == "Democracy\n\nSaturday, 12 July\nin Washington\n\nOld\n\nSunday\n"
    card = ["table", "tr", "td", "h1", "p"]
    assert _read(made.html).tags == [*card, "strong", "br", *card, "s"]


def test_every_piece_of_a_letter_carries_its_own_style() -> None:
    html = prose.render(f"{LETTER}\n**[Join](https://zoom.example/)**\n\n> # Day\n\n---\n").html
    bare = re.findall(r"<(?:p|h1|ul|li|hr|td|table|a)\b(?![^>]*\bstyle=)[^>]*>", html)
    assert bare == []


def test_the_text_part_reads_like_a_letter() -> None:
    assert prose.render(LETTER).text == (
        "A place\n\nHello Sok,\n\nSaturday, 12 July\n4:00 PM\n\n- Democracy\n- Sovereignty\n\n"
        "My places:\nhttps://example.org/en/places/abc\n\nhttps://example.org/j\n"
    )


def test_the_html_part_has_the_letters_own_markup() -> None:
    html = prose.render(LETTER).html
    assert ">A place</h1>" in html
    assert "<strong>Saturday, 12 July</strong><br>" in html
    assert re.search(r'<a href="https://example.org/en/places/abc" [^>]*>My places</a>', html)
    assert ">Democracy</li>" in html


def test_a_bare_address_in_a_letter_does_not_become_a_link() -> None:
    html = prose.render("https://example.org/ www.example.org a@example.org\n").html
    assert _read(html).tags == ["p"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "vbscript:x", "data:text/html,x", "file:///etc/passwd"])
def test_a_letter_links_to_no_script(address: str) -> None:
    assert _read(prose.render(f"[x]({address})\n").html).links == []


def test_html_in_a_letters_own_text_is_shown_and_not_run() -> None:
    html = prose.render("<script>alert(1)</script>\n").html
    assert html.endswith(">&lt;script&gt;alert(1)&lt;/script&gt;</p>\n")
    assert _read(html).tags == ["p"]


def test_khmer_keeps_every_character_and_word_break() -> None:
    made = prose.render(f"{prose.escape(KHMER)}\n\n**{prose.escape(KHMER)}**\n")
    assert made.text == f"{KHMER}\n\n{KHMER}\n"
    assert _read(made.html).words.split() == [KHMER, KHMER]


def test_a_link_in_a_khmer_letter_is_followed_by_its_address_on_a_line_of_its_own() -> None:
    text = prose.render("[កន្លែងរបស់ខ្ញុំ](https://example.org/km/places/abc)\n").text
    assert text == "កន្លែងរបស់ខ្ញុំ៖\nhttps://example.org/km/places/abc\n"


def test_a_meetings_link_with_every_punctuation_stays_whole_and_clickable() -> None:
    link = "https://zoom.example/j/123?pwd=a_b*c~d&x=(1)#e!"
    made = prose.render(f"[{prose.escape(link)}]({prose.escape(link)})\n")
    assert made.text == f"{link}\n"
    assert _read(made.html).words.split() == [link]
    assert _read(made.html).links == [link]


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
