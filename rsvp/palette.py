"""Read the tokens of the stylesheet, and work out how well its colours can be told apart.

The stylesheet is the truth: no colour, size or figure is written here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

STYLESHEET = Path(__file__).parent / "static" / "site.css"

# What is read needs 4.5 to 1, a control's border or a mark 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11).
TEXT, MARK = 4.5, 3.0

# Which token stands on which, and how well it must be told apart there.
PAIRS = (
    *(
        (words, ground, TEXT)
        for words in ("ink", "soft", "saffron-text", "lotus", "jade")
        for ground in ("paper", "card")
    ),
    *(("ink", ground, TEXT) for ground in ("saffron-wash", "jade-wash", "lotus-wash", "day", "night")),
    ("saffron-ink", "saffron", TEXT),
    ("jade", "jade-wash", MARK),
    ("lotus", "lotus-wash", TEXT),
    ("saffron-text", "saffron-wash", MARK),
    ("control", "paper", MARK),
    ("control", "card", MARK),
    ("paper", "ink", TEXT),
)

_TOKEN = re.compile(r"--(?P<name>[\w-]+):\s*(?P<value>[^;]+);")
_HEX = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Theme:
    """The tokens by day or by night."""

    name: str
    tokens: Mapping[str, str]

    @property
    def colours(self) -> dict[str, str]:
        """The tokens that are colours."""
        return {name: value for name, value in self.tokens.items() if _HEX.fullmatch(value)}

    @property
    def pairs(self) -> list["Pair"]:
        """Every pair of colours that stand on each other."""
        return [Pair(*pair, self.colours) for pair in PAIRS]

    def scale(self, prefix: str) -> dict[str, str]:
        """Return the tokens of one scale, such as `size`, in the stylesheet's order."""
        return {name: value for name, value in self.tokens.items() if re.fullmatch(rf"{prefix}-\d+", name)}


@dataclass(frozen=True)
class Pair:
    """A colour on its ground, and what their contrast must be."""

    words: str
    ground: str
    wanted: float
    colours: Mapping[str, str]

    @property
    def contrast(self) -> float:
        """The contrast of the two colours, rounded down: 4.49 isn't 4.5."""
        return int(contrast(self.colours[self.words], self.colours[self.ground]) * 10) / 10

    @property
    def is_enough(self) -> bool:
        """Whether the contrast is what it must be."""
        return contrast(self.colours[self.words], self.colours[self.ground]) >= self.wanted


def themes() -> tuple[Theme, Theme]:
    """Return the stylesheet's tokens by day and by night."""
    text = STYLESHEET.read_text(encoding="utf-8")
    day = _tokens(text.partition(":root {")[2].partition("}")[0])
    night = _tokens(text.partition("(prefers-color-scheme: dark)")[2].partition("}")[0])
    return Theme("day", day), Theme("night", day | night)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21.

    Source:  WCAG 2.2, "contrast ratio" and "relative luminance".
    """
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _tokens(block: str) -> dict[str, str]:
    return {found["name"]: found["value"].strip() for found in _TOKEN.finditer(block)}


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
