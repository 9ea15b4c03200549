"""axe finds no barrier on any page, in any state, language, colour scheme or width.

How a page is built is the same at every width and in every colour, so those rules run once. Contrast is looked at in
both schemes, and no colour depends on the width; the size of targets is looked at at every width.
"""

import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe

from tests.gallery.sight import Sight

AXE = Axe().axe_script
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST, TARGETS = "color-contrast", "target-size"
LOOKS = ((1280, "dark", (CONTRAST,)), (360, "light", (TARGETS,)), (320, "light", (TARGETS,)))
STYLES = Path(__file__).parents[2] / "rsvp" / "static"
BY_WIDTH = re.compile(r"@media[^{]*width[^{]*\{((?:[^{}]*\{[^{}]*\})*)")
RUN = """rules => axe.run({ runOnly: rules, resultTypes: ["violations"] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`)))"""


def test_axe_finds_nothing(sight: Sight) -> None:
    # A letter has no landmarks: the mail program around it does.
    tags = TAGS if sight.scene.is_letter else (*TAGS, "best-practice")
    sight.page.evaluate(AXE)
    found = {}
    for width, scheme, rules in ((1280, "light", tags), *LOOKS):
        with sight.seen(width, scheme=scheme):
            found[width, scheme] = sight.page.evaluate(RUN, rules)
    assert {look: problems for look, problems in found.items() if problems} == {}


def test_no_colour_depends_on_the_width() -> None:
    rules = [rule for style in STYLES.glob("*.css") for rule in BY_WIDTH.findall(style.read_text(encoding="utf-8"))]
    assert len(rules) > 3
    assert [rule for rule in rules if re.search(r"color|background|opacity", rule)] == []
