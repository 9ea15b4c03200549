"""Draw what can't be an SVG, with Chromium: the picture beside a shared address in each language, and the icons.

The picture has the catalogue's words and says what is true of every programme: no programme needs another.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

from babel.support import Translations
from jinja2 import Template
from playwright.sync_api import Browser, sync_playwright

from rsvp.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
PAGE = Path(__file__).with_name("preview.html")
TRANSLATIONS = ROOT / "rsvp" / "translations"
FONTS = ROOT / "rsvp" / "static" / "fonts"
PICTURES = ROOT / "rsvp" / "static" / "previews"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ICON = ROOT / "rsvp" / "static" / "icon.svg"
# For browsers that know no SVG here, and for a phone's home screen.
ICONS = {"icon.png": 48, "icon-home.png": 180}
SIZE = {"width": 1200, "height": 630}


def main() -> None:
    """Draw every picture."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with TemporaryDirectory() as folder:
            for language in LANGUAGES:
                draw(browser, language, Path(folder))
        for name, pixels in ICONS.items():
            draw_icon(browser, name, pixels)
        browser.close()


def draw(browser: Browser, language: str, folder: Path) -> None:
    """Draw the picture of one language."""
    translations = Translations.load(TRANSLATIONS, [language])
    page = browser.new_page(viewport=SIZE)
    # Only a page that is itself a file may load the fonts from theirs.
    drawn = folder / f"{language}.html"
    drawn.write_text(
        Template(PAGE.read_text(), autoescape=True).render(
            language=language,
            fonts=FONTS.as_uri(),
            heading=translations.gettext("Online discussions"),
            line=translations.gettext("Every hour where you live. Ask for a place."),
            languages=" · ".join(LANGUAGES.values()),
        )
    )
    page.goto(drawn.as_uri())
    page.evaluate("document.fonts.ready")
    page.screenshot(path=PICTURES / f"{language}.png")


def draw_icon(browser: Browser, name: str, pixels: int) -> None:
    """Draw the icon at one size; a home screen rounds the corners itself."""
    page = browser.new_page(viewport={"width": pixels, "height": pixels})
    page.goto(ICON.as_uri())
    if name == "icon-home.png":
        page.evaluate("document.querySelector('rect').removeAttribute('rx')")
    page.screenshot(path=ICON.with_name(name), omit_background=True)


if __name__ == "__main__":
    main()
