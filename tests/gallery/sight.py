"""A page in front of the checks, and the ways of looking at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.gallery.frames import Scene
from tests.gallery.studio import HEIGHT, WIDTH

TAB = {"type": "rawKeyDown", "key": "Tab", "code": "Tab", "windowsVirtualKeyCode": 9}


@dataclass
class Sight:
    """One open page of the gallery. `width` and `scheme` are how it is shown now: a change costs its whole layout."""

    page: Page
    scene: Scene
    language: str
    width: int = WIDTH
    scheme: str = "light"

    def ask(self, check: str) -> list[Any]:
        """Return what one of the page's own checks finds."""
        return list(self.page.evaluate(f"() => gallery.{check}()"))

    def press_tab(self, times: int) -> None:
        """Press the key so often: the focus moves when it goes down, so nobody waits until it is up."""
        for _ in range(times):
            self._keys.send("Input.dispatchKeyEvent", TAB)

    @cached_property
    def _keys(self) -> CDPSession:
        return self.page.context.new_cdp_session(self.page)

    @contextmanager
    def seen(self, width: int, *, scheme: str = "light", text: int = 100) -> Iterator[None]:
        """Show the page at a width, in a colour scheme, with its text at a percentage."""
        if width != self.width:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
        if scheme != self.scheme:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        self.width, self.scheme = width, scheme
        if text != 100:
            self.page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
        yield
        if text != 100:
            self.page.evaluate("() => { document.documentElement.style.fontSize = '' }")
