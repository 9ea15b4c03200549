"""Name pages: the part of an address that tells one event from another.

Knows no event; whether a name is taken is for others to say.
"""

import re
import unicodedata

MOST = 80
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# The desk has a page of that name where an event's would be.
RESERVED = frozenset({"new"})
# A title makes no longer name than this: addresses are read aloud and typed.
LONGEST_MADE = 48


def is_slug(words: str) -> bool:
    """Whether the words may stand in an address as they are."""
    return bool(SLUG.fullmatch(words)) and len(words) <= MOST and words not in RESERVED


def slug_of(title: str) -> str:
    """Return a name made of the Latin letters and digits of a title, or nothing when it has none."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower().replace("'", "")
    words = "-".join(re.findall(r"[a-z0-9]+", bare))
    if len(words) > LONGEST_MADE:
        words = words[: LONGEST_MADE + 1].rpartition("-")[0] or words[:LONGEST_MADE]
    return "" if words in RESERVED else words
