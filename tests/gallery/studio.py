"""Where pictures are taken: the houses of one language, a real Chromium, and pages opened as visitors open them."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Response

from tests.databases import Databases
from tests.gallery import crowd, frames, furniture, meetings
from tests.gallery.frames import Scene
from tests.gallery.house import READER, Furnish, House, open_house

WIDTH, HEIGHT = 1280, 800
HOUSES: dict[str, tuple[Furnish | None, dict[str, str]]] = {
    frames.FULL: (furniture.furnish_full, {"REQUESTS_PER_HOUR": "1000"}),
    frames.BARE: (furniture.furnish_bare, {"REQUESTS_PER_HOUR": "1"}),
    frames.AUTUMN: (furniture.furnish_autumn, {}),
    frames.MEETINGS: (meetings.furnish, {}),
    frames.CROWD: (crowd.furnish, {}),
    frames.BROKEN: (None, {}),
}


@dataclass
class Studio:
    """One language's houses, opened when first asked for, and a browser in that language."""

    language: str
    browser: Browser
    databases: Databases
    folder: Path
    doors: ExitStack
    _houses: dict[str, House] = field(default_factory=dict)
    _contexts: dict[str, BrowserContext] = field(default_factory=dict)
    _pages: dict[str, Page] = field(default_factory=dict)

    def house(self, name: str) -> House:
        """Return a house."""
        if name not in self._houses:
            furnish, settings = HOUSES[name]
            opened = open_house(self.language, self.folder / name, self.databases, furnish, **settings)
            self._houses[name] = self.doors.enter_context(opened)
        return self._houses[name]

    def open(self, scene: Scene) -> Page:
        """Return a page that shows the scene, which answered as the scene says.

        A visitor has one page for all scenes: each new one is a window, which costs more than what it shows.
        """
        house = self.house(scene.house)
        page = self._page(scene, house)
        answers: list[Response] = []

        def note(answer: Response) -> None:
            if answer.request.is_navigation_request():
                answers.append(answer)

        page.on("response", note)
        page.goto(house.address_of(scene.address))
        if scene.act:
            scene.act(house, page)
        page.wait_for_load_state()
        page.remove_listener("response", note)
        assert answers[-1].status == scene.status, (scene.name, answers[-1].status)
        return page

    def _page(self, scene: Scene, house: House) -> Page:
        """Return the visitor's page as a new one would be."""
        name = _visitor(scene)
        if name not in self._pages:
            self._pages[name] = self._context(scene, house).new_page()
        page = self._pages[name]
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.emulate_media(color_scheme="light", forced_colors="none", reduced_motion="no-preference")
        return page

    def _context(self, scene: Scene, house: House) -> BrowserContext:
        """Return a visitor's or a coordinator's browser; the letters' HTML forbids every script, the checks' too."""
        name = _visitor(scene)
        if name not in self._contexts:
            context = self.browser.new_context(
                locale="km-KH" if self.language == "km" else "en-US",
                timezone_id="Asia/Phnom_Penh",
                user_agent=READER,
                bypass_csp=scene.is_letter,
            )
            context.clock.set_fixed_time(house.clock.at)
            if scene.signed_in:
                context.add_cookies(house.cookies())  # type: ignore[arg-type]
            self._contexts[name] = context
        return self._contexts[name]


def _visitor(scene: Scene) -> str:
    return f"{scene.house} {scene.signed_in} {scene.is_letter}"


@contextmanager
def open_studio(language: str, browser: Browser) -> Iterator[Studio]:
    """Open a studio and clean up after it."""
    with tempfile.TemporaryDirectory(prefix="rsvp-gallery-") as folder, ExitStack() as doors:
        databases = Databases(Path(folder) / "template")
        studio = Studio(language, browser, databases, Path(folder), doors)
        yield studio
        for context in studio._contexts.values():
            context.close()
