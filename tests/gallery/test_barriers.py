"""axe finds no barrier on any page, in any state, language, colour scheme or width.

How a page is built is the same at every width and in every colour, so those rules run once. Contrast is looked at in
both schemes, on both sides of the stylesheet's breakpoints; the size of targets at every width.
"""

from axe_playwright_python.sync_playwright import Axe

from tests.gallery.sight import Sight

AXE = Axe().axe_script
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
CONTRAST, TARGETS = "color-contrast", "target-size"
LOOKS = (
    (1280, "dark", (CONTRAST,)),
    (360, "dark", (CONTRAST,)),
    (360, "light", (CONTRAST, TARGETS)),
    (320, "light", (TARGETS,)),
)
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
