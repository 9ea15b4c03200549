"""What a letter's HTML must be: readable without images and stylesheets, quiet, and the same words as the text part."""

from xml.etree.ElementTree import Element

import html5lib

TAGS = {
    *("html", "head", "meta", "title", "style", "body"),
    *("div", "table", "tbody", "tr", "td", "p", "h1", "strong", "s", "br", "ul", "li", "hr", "a"),
}


def check(html: str, text: str, language: str, *, titles: tuple[str, ...]) -> None:
    """Check one letter's HTML beside its text; `titles` must not show on a locked telephone."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    assert not parser.errors, parser.errors
    assert page.get("lang") == language
    assert {element.tag for element in page.iter() if isinstance(element.tag, str)} <= TAGS
    assert "url(" not in html, "a letter loads nothing"
    assert "letter-spacing" not in html
    assert {table.get("role") for table in page.iter("table")} == {"presentation"}
    assert f"line-height:{'1.9' if language == 'km' else '1.55'}" in html
    assert 'name="color-scheme" content="light dark"' in html
    hidden = page.find(".//body/div")
    assert hidden is not None
    preview = "".join(hidden.itertext()).strip(" \u034f\u200c\u00a0")
    assert preview, "a locked telephone would show the letter's first words"
    assert not [title for title in titles if title in preview]
    assert preview in text
    assert _words(_shown(page)) == _words(_spoken(text))


def _shown(page: Element) -> str:
    """Return what stands on the sheet, without comments and without addresses shown to be copied."""
    sheet = page.find(".//body/table")
    assert sheet is not None
    for element in sheet.iter():
        if not isinstance(element.tag, str) or element.text == element.get("href"):
            element.text = ""
    return " ".join(sheet.itertext())


def _spoken(text: str) -> str:
    lines = (line.removeprefix("- ") for line in text.splitlines())
    return "\n".join(line for line in lines if not line.startswith(("http://", "https://")))


def _words(text: str) -> str:
    return "".join(text.replace(":", "").replace("៖", "").split())
