"""How soon a phone on simulated slow 4G shows the largest part of each page, and what Lighthouse makes of it."""

import tempfile
from pathlib import Path

from rsvp.languages import LANGUAGES
from tests.demos import start_demo
from tests.lighthouse import judge
from tests.mailserver import free_port

NOW = "2025-07-05T12:00:00-04:00"
PAGES = {"schedule": "", "event": "events/democracy", "form": "rsvps/new"}
# Other work on the machine only adds: the best of a few is what the page itself takes.
ROUNDS = 3
TARGET_MS, TARGET_SCORE = 1200, 100


def run() -> list[str]:
    """Return what was measured, in lines."""
    folder = tempfile.TemporaryDirectory(prefix="rsvp-bench-")
    with folder as name, start_demo(Path(name), free_port(), {"NOW": NOW}) as demo:
        demo.read_lines()
        return [_measure(demo.address, page, language) for language in LANGUAGES for page in PAGES]


def _measure(address: str, page: str, language: str) -> str:
    verdicts = [judge(f"{address}/{language}/{PAGES[page]}", ("performance",)) for _ in range(ROUNDS)]
    score = max(verdict.scores["performance"] for verdict in verdicts)
    paint = min(verdict.largest_paint_ms for verdict in verdicts)
    return (
        f"loading the {page} ({language}) on slow 4G: largest paint after {paint:.0f} ms (target {TARGET_MS} ms), "
        f"Lighthouse performance {score} (target {TARGET_SCORE})"
    )
