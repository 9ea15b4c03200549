"""Draw the picture that stands beside a shared address in each language, with Chromium and the catalogue's words.

It says what is true of every programme, so that it never has to be drawn anew for one.
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
SIZE = {"width": 1200, "height": 630}


def main() -> None:
    """Draw every picture."""
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with TemporaryDirectory() as folder:
            for language in LANGUAGES:
                draw(browser, language, Path(folder))
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


if __name__ == "__main__":
    main()
