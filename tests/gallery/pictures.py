"""Take the pictures, and lay them out: one file for each look, one sheet for each page, and a page to leaf through."""

from collections.abc import Iterator
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page

from rsvp.languages import LANGUAGES
from tests.gallery.frames import Scene
from tests.gallery.scenes import SCENES
from tests.gallery.studio import Studio

WIDTHS = (360, 1280)
SCHEMES = ("light", "dark")
HEIGHT = 800
# What the README shows: a language, a width and a height for each page.
README = {"schedule": (("km", 360, 740),), "event": (("en", 1280, 800),), "letter-invitation-html": (("en", 640, 760),)}
# A sheet shows the top of a page, small; the pictures themselves show all of it.
SHEET = {"width": 1640, "height": 1960}
ARE_SHOWN = (
    "async () => { for (const each of document.images) await each.decode(); return document.images.length === 8 }"
)
STYLE = """
body { margin: 0; padding: 16px; background: #777; color: #fff; font: 16px sans-serif; }
.looks { display: flex; align-items: start; gap: 16px; margin-bottom: 16px; }
figure { margin: 0; flex: none; max-height: 950px; overflow: hidden; }
img { display: block; background: #fff; }
.width-360 { width: 220px; } .width-1280 { width: 560px; }
"""


def take(studio: Studio, folder: Path) -> None:
    """Take every picture in one language."""
    for scene in SCENES:
        page = studio.open(scene)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            for scheme in SCHEMES:
                page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                page.screenshot(path=folder / file_name(scene, studio.language, width, scheme), full_page=True)


def write_index(folder: Path) -> None:
    """Write the page to leaf through."""
    parts = [f"<h2>{escape(scene.name)}</h2>{_looks(scene, 'lazy')}" for scene in SCENES]
    (folder / "index.html").write_text(_page("".join(parts)), encoding="utf-8")


def write_sheets(browser: Browser, folder: Path) -> None:
    """Lay all looks of a page side by side, in one picture for each page."""
    sheets = folder / "sheets"
    sheets.mkdir(exist_ok=True)
    page = browser.new_page(viewport=SHEET)
    for scene in SCENES:
        _lay_out(page, scene, folder)
        page.screenshot(path=sheets / f"{scene.name}.png")
    page.close()


def file_name(scene: Scene, language: str, width: int, scheme: str) -> str:
    """Return the name of a picture."""
    return f"{scene.name}.{language}.{width}.{scheme}.png"


def _lay_out(page: Page, scene: Scene, folder: Path) -> None:
    sheet = folder / "sheet.html"
    sheet.write_text(_page(_looks(scene, "eager")), encoding="utf-8")
    page.goto(sheet.as_uri())
    assert page.evaluate(ARE_SHOWN), scene.name
    sheet.unlink()


def _looks(scene: Scene, loading: str) -> str:
    """Return a row for each language."""
    return "".join(f'<div class="looks">{"".join(_figures(scene, language, loading))}</div>' for language in LANGUAGES)


def _figures(scene: Scene, language: str, loading: str) -> Iterator[str]:
    for width in WIDTHS:
        for scheme in SCHEMES:
            name = file_name(scene, language, width, scheme)
            yield (
                f"<figure><figcaption>{language}, {width}, {scheme}</figcaption>"
                f'<a href="{name}"><img class="width-{width}" src="{name}" alt="" loading="{loading}"></a></figure>'
            )


def _page(body: str) -> str:
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title><style>{STYLE}</style>{body}'


def take_for_readme(studio: Studio, folder: Path) -> None:
    """Take the pictures that the README shows in this language: the first screen of a few pages."""
    for scene in SCENES:
        for language, width, height in README.get(scene.name, ()):
            if language == studio.language:
                page = studio.open(scene)
                page.set_viewport_size({"width": width, "height": height})
                page.screenshot(path=folder / f"{scene.name.split('-')[0]}.{language}.png")
