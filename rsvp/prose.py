"""Make a letter's two parts from one text: plain text and HTML from a small Markdown.

Knows paragraphs, lists, headings, cards, emphasis and links, and nothing of what a letter says.
"""

import re
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rsvp.stationery import Stationery

_MARKDOWN = MarkdownIt("zero", {"html": False, "breaks": True}, renderer_cls=Stationery).enable(
    ["heading", "list", "blockquote", "hr", "newline", "escape", "emphasis", "strikethrough", "link"]
)
_KHMER = re.compile("[\u1780-\u17ff]")
# The rest of ASCII's punctuation means nothing to the rules above, wherever it stands.
_MEANINGFUL = re.compile(r"([\\`*_\[\]()<>#&~!+.\"'=|-])")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Prose:
    """One text in two forms. `html` is a fragment without a page around it."""

    text: str
    html: str


def render(markdown: str) -> Prose:
    """Return plain text and HTML of the same words."""
    tokens = _MARKDOWN.parse(markdown)
    return Prose(text=_text(tokens), html=_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))


def escape(words: object) -> str:
    """Return words that stand for themselves in Markdown, whoever typed them."""
    return _MEANINGFUL.sub(r"\\\1", str(words))


def unescape(words: str) -> str:
    """Return what a line without markup says: the inverse of `escape`."""
    return _ESCAPED.sub(r"\1", words)


def _text(tokens: list[Token]) -> str:
    """Return plain text: a blank line between paragraphs, a dash before each list item, a link as `words: address`."""
    blocks: list[str] = []
    in_list = False
    for token in tokens:
        if token.type == "bullet_list_open":
            in_list = True
            blocks.append("")
        elif token.type == "bullet_list_close":
            in_list = False
        elif token.type == "inline":
            words = _inline(token.children or [])
            if in_list:
                blocks[-1] = "\n".join(filter(None, (blocks[-1], f"- {words}")))
            else:
                blocks.append(words)
    return "\n\n".join(blocks) + "\n"


def _inline(tokens: list[Token]) -> str:
    words: list[str] = []
    starts: list[tuple[int, str]] = []
    for token in tokens:
        if token.type in ("text", "text_special"):
            words.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif token.type == "link_open":
            starts.append((len(words), str(token.attrGet("href"))))
        elif token.type == "link_close":
            start, address = starts.pop()
            label = "".join(words[start:])
            colon = "៖" if _KHMER.search(label) else ":"
            words[start:] = [address if label == address else f"{label}{colon}\n{address}"]
    return "".join(words)
