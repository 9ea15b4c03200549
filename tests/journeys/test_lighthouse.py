"""What Lighthouse says of the pages that a guest meets first. How fast they are is printed by `make bench`."""

import pytest

from tests.demos import Demo
from tests.lighthouse import judge

CATEGORIES = ("accessibility", "best-practices", "seo")


# Each takes seconds, and both languages share every template.
@pytest.mark.parametrize("page", ["km/", "en/events/democracy", "km/rsvps/new"])
def test_lighthouse_finds_nothing_to_mend(demo: Demo, page: str) -> None:
    verdict = judge(f"{demo.address}/{page}", CATEGORIES)
    assert verdict.faults == {}
    assert verdict.scores == dict.fromkeys(CATEGORIES, 100)
