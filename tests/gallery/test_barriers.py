"""axe finds no barrier on any page, in any state, language, colour scheme or width.

How a page is built is the same at every width and in every colour, so those rules run once. Contrast is looked at in
both schemes, and no colour depends on the width or the language; the size of targets is looked at where they have the
least room.
"""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.gallery.conftest import IDS, PAGES_ONCE
from tests.gallery.sight import Sight

AXE = Axe().axe_script
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST, TARGETS = "color-contrast", "target-size"
NARROWEST, PHONE = 320, 360
STYLES = Path(__file__).parents[2] / "rsvp" / "static"
BY_WIDTH = re.compile(r"@media[^{]*width[^{]*\{((?:[^{}]*\{[^{}]*\})*)")
BY_LANGUAGE = re.compile(r"[^{}]*:lang\([^{}]*\{[^{}]*\}")
BY_ONE_WIDTH = re.compile(r"@media[^{]*\((?:min|max)-width: ([\d.]+)rem\)[^{]*\{((?:[^{}]*\{[^{}]*\})*)")
PROPERTY = re.compile(r"^\s+([\w-]+): ", re.MULTILINE)
COLOUR = re.compile(r"color|background|opacity|--(?:paper|ink|soft|saffron|jade|lotus)")
RUN = """rules => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)))"""


def barriers(sight: Sight, rules: tuple[str, ...]) -> list[str]:
    """Return what axe finds by some of its rules."""
    if not sight.page.evaluate("() => 'axe' in window"):
        sight.page.evaluate(AXE)
    found: list[str] = sight.page.evaluate(RUN, rules)
    return found


def test_axe_finds_nothing(sight: Sight) -> None:
    # A letter has no landmarks: the mail program around it does.
    tags = TAGS if sight.scene.is_letter else (*TAGS, "best-practice")
    found = {}
    for width, rules in ((NARROWEST, (TARGETS,)), (1280, tags)):
        with sight.seen(width):
            found[width] = barriers(sight, rules)
    assert {look: problems for look, problems in found.items() if problems} == {}


@pytest.mark.parametrize("sight", PAGES_ONCE, ids=IDS[: len(PAGES_ONCE)], indirect=True)
def test_axe_can_read_everything_at_night(sight: Sight) -> None:
    with sight.seen(1280, scheme="dark"):
        assert barriers(sight, (CONTRAST,)) == []


def test_no_colour_depends_on_the_width_or_the_language() -> None:
    for depends, least in ((BY_WIDTH, 3), (BY_LANGUAGE, 3)):
        rules = [rule for style in STYLES.glob("*.css") for rule in depends.findall(style.read_text(encoding="utf-8"))]
        assert len(rules) > least
        assert [rule for rule in rules if COLOUR.search(rule)] == []


def test_a_phone_and_the_narrowest_screen_are_laid_out_alike_but_for_the_size_of_letters() -> None:
    blocks = [block for style in STYLES.glob("*.css") for block in BY_ONE_WIDTH.findall(style.read_text("utf-8"))]
    assert len(blocks) > 3
    between = [rules for rem, rules in blocks if NARROWEST <= float(rem) * 16 <= PHONE]
    assert {name for rules in between for name in PROPERTY.findall(rules)} <= {"font-size"}
