"""In which order the tests run: two processes share them so that each opens the pages of one language, and only once.

`pytest --dist worksteal` cuts the list into one piece for each process; who is done first takes from the end of the
other's piece. So what is costly to begin with and what takes long come first, and short tests last.
"""

import pytest

from rsvp.languages import LANGUAGES

LONG = ("tests/journeys/", "tests/test_demo.py", "tests/test_operator.py", "tests/test_crashes.py")


def share_out(items: list[pytest.Item]) -> list[pytest.Item]:
    """Return the tests in as many pieces of one size as there are languages, each with its language's pages first."""
    pieces = [[item for item in items if _language_of(item) == language] for language in LANGUAGES]
    others = sorted((item for item in items if _language_of(item) is None), key=_is_short)
    size = -(-len(items) // len(pieces))
    for piece in pieces:
        room = max(0, size - len(piece))
        piece += others[:room]
        del others[:room]
    return [item for piece in pieces for item in piece] + others


def _language_of(item: pytest.Item) -> str | None:
    """Return the language of the gallery's page that a test looks at."""
    assert isinstance(item, pytest.Function)
    language, _ = item.callspec.params.get("sight", (None, None)) if hasattr(item, "callspec") else (None, None)
    return language


def _is_short(item: pytest.Item) -> bool:
    return not item.nodeid.startswith(LONG)
