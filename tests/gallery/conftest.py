"""One page of the gallery at a time: opened once, then every check looks at it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error

from rsvp.languages import LANGUAGES
from tests.gallery.scenes import SCENES
from tests.gallery.sight import Sight
from tests.gallery.studio import Studio, open_studio

CHECKS = (Path(__file__).parent / "checks.js").read_text(encoding="utf-8")
PAGES = [(language, scene) for language in LANGUAGES for scene in SCENES if not scene.is_one_of_many]
# A page's colours are the same in every language (test_barriers.py): one is enough to look at them.
PAGES_ONCE = [(language, scene) for language, scene in PAGES if language == next(iter(LANGUAGES))]
IDS = [f"{scene.name}-{language}" for language, scene in PAGES]


@pytest.fixture(scope="session")
def studios(browser: Browser) -> Iterator[dict[str, Studio]]:
    """A studio for each language; their houses are opened when first asked for."""
    with ExitStack() as doors:
        yield {language: doors.enter_context(open_studio(language, browser)) for language in LANGUAGES}


@pytest.fixture(scope="session", params=PAGES, ids=IDS)
def sight(request: pytest.FixtureRequest, studios: dict[str, Studio]) -> Iterator[Sight]:
    """A page that stays open for all its checks."""
    language, scene = request.param
    page = studios[language].open(scene)
    problems: list[Error] = []

    def note(problem: Error) -> None:
        problems.append(problem)

    page.on("pageerror", note)
    page.evaluate(CHECKS)
    yield Sight(page, scene, language)
    page.remove_listener("pageerror", note)
    assert not problems, problems
