"""A page in front of the checks, and the ways of looking at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.gallery.frames import Scene

HEIGHT = 800


@dataclass(frozen=True)
class Sight:
    """One open page of the gallery."""

    page: Page
    scene: Scene
    language: str

    def ask(self, check: str) -> list[Any]:
        """Return what one of the page's own checks finds."""
        return list(self.page.evaluate(f"() => gallery.{check}()"))

    @contextmanager
    def seen(self, width: int, *, scheme: str = "light", text: int = 100) -> Iterator[None]:
        """Show the page at a width, in a colour scheme, with its text at a percentage."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if text != 100:
            self.page.evaluate("size => { document.documentElement.style.fontSize = size }", f"{text}%")
        yield
        if text != 100:
            self.page.evaluate("() => { document.documentElement.style.fontSize = '' }")
