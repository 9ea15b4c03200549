"""The stylesheet's colours can be told apart by day and by night, and its scales are what they are said to be."""

import re

import pytest

from rsvp import palette


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#777777", "#ffffff", 4.478),
        ("#1f2a56", "#fbf7ef", 12.897),
    ],
)
def test_contrast_is_what_the_guidelines_say(first: str, second: str, ratio: float) -> None:
    assert palette.contrast(first, second) == pytest.approx(ratio, abs=0.01)
    assert palette.contrast(second, first) == palette.contrast(first, second)


@pytest.mark.parametrize("theme", palette.themes(), ids=lambda theme: str(theme.name))
def test_every_colour_can_be_read_on_its_ground(theme: palette.Theme) -> None:
    too_little = [(pair.words, pair.ground, pair.contrast) for pair in theme.pairs if not pair.is_enough]
    assert too_little == []


def test_every_colour_of_the_day_has_one_for_the_night() -> None:
    day, night = palette.themes()
    assert day.colours.keys() == night.colours.keys()
    assert [name for name in day.colours if day.colours[name] == night.colours[name]] == []


def test_type_has_five_sizes_and_space_goes_in_steps_of_four_pixels() -> None:
    day, _night = palette.themes()
    sizes = [float(value.removesuffix("rem")) for value in day.scale("size").values()]
    assert sizes == sorted(sizes)
    assert len(sizes) == 5
    assert {name: float(value.removesuffix("rem")) * 16 for name, value in day.scale("space").items()} == {
        name: 4 * int(name.rpartition("-")[2]) for name in day.scale("space")
    }


@pytest.mark.parametrize("stylesheet", ["site.css", "desk.css"])
def test_no_rule_has_a_colour_of_its_own_and_none_spaces_letters(stylesheet: str) -> None:
    text = (palette.STYLESHEET.parent / stylesheet).read_text(encoding="utf-8")
    rules = re.sub(r":root\s*\{[^}]*\}|/\*.*?\*/", "", text, flags=re.DOTALL)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(", rules) == []
    assert "letter-spacing" not in rules
    used, own = set(re.findall(r"var\(--([\w-]+)\)", rules)), set(re.findall(r"--([\w-]+):", text))
    assert used - palette.themes()[0].tokens.keys() - own == set()


@pytest.mark.parametrize("stylesheet", ["site.css", "desk.css"])
def test_an_old_phone_knows_every_side_by_its_name(stylesheet: str) -> None:
    """iOS before 14.1 and Chromium before 87 leave these out; our languages all run from left to right."""
    text = (palette.STYLESHEET.parent / stylesheet).read_text(encoding="utf-8")
    newer = r"^\s+((?:padding|margin|border)-(?:inline|block)[\w-]*|inset[\w-]*):"
    assert re.findall(newer, text, flags=re.MULTILINE) == []
