"""Nothing is lost on a small screen, under a strong magnifier or with large letters."""

from tests.gallery.sight import Sight

# 320 px are 1280 px magnified four times (WCAG 1.4.10); twice the text is 1.4.4.
LOOKS = ((360, 200), (320, 100), (1280, 200))


def test_nothing_is_cut_off_and_nobody_scrolls_sideways(sight: Sight) -> None:
    found = {}
    for width, text in LOOKS:
        with sight.seen(width, text=text):
            found[width, text] = sight.ask("cut")
    assert {look: problems for look, problems in found.items() if problems} == {}
