"""The keyboard alone is enough on every page, and shows where it is."""

import pytest

from tests.gallery.conftest import IDS, PAGES_ONCE
from tests.gallery.sight import Sight


def test_tab_comes_to_every_control_in_order_and_shows_it(sight: Sight) -> None:
    with sight.seen(1280):
        sight.press_tab(sight.page.evaluate("() => gallery.begin_walk()"))
        assert sight.ask("end_walk") == []


@pytest.mark.parametrize("sight", PAGES_ONCE, ids=IDS[: len(PAGES_ONCE)], indirect=True)
def test_the_focus_stands_out_by_day_and_by_night(sight: Sight) -> None:
    for scheme in ("dark", "light"):
        with sight.seen(360, scheme=scheme):
            assert sight.ask("faint") == []


def test_the_first_tab_leads_past_what_every_page_has(sight: Sight) -> None:
    page = sight.page
    if not page.locator("header nav").count():
        assert page.locator("header a").count() < 2
        return
    page.evaluate("() => gallery.begin_walk()")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert not page.evaluate("() => document.activeElement.closest('header')")


@pytest.mark.parametrize("sight", PAGES_ONCE, ids=IDS[: len(PAGES_ONCE)], indirect=True)
def test_who_wants_their_own_colours_and_no_motion_gets_them(sight: Sight) -> None:
    sight.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert sight.ask("moving") == []
    assert sight.ask("faint") == []
    sight.page.emulate_media(forced_colors="none", reduced_motion="no-preference")
