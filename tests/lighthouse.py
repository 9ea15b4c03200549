"""Ask Lighthouse, in Debian's Chromium, what it makes of a page as a phone on a slow line loads it."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
LIGHTHOUSE = ROOT / "node_modules" / "lighthouse" / "cli" / "index.js"
CHROMIUM = "/usr/bin/chromium"
# Without these Chromium looks for its maker's hosts at every start.
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Verdict:
    """Scores from 0 to 100 by category, what took points, and the instants in milliseconds."""

    scores: dict[str, int]
    faults: dict[str, str]
    largest_paint_ms: float


def judge(address: str, categories: tuple[str, ...]) -> Verdict:
    """Return what Lighthouse's mobile preset, with its simulated slow 4G, says of a page."""
    try:
        written = _run(address, categories)
    except subprocess.CalledProcessError:
        # Lighthouse ended without a verdict, which it does now and then: that says nothing about the page.
        written = _run(address, categories)
    report: dict[str, Any] = json.loads(written)
    audits, found = report["audits"], report["categories"]
    counted = {each["id"] for category in found.values() for each in category["auditRefs"] if each["weight"]}
    return Verdict(
        scores={name: round((category["score"] or 0) * 100) for name, category in found.items()},
        faults={name: audits[name]["title"] for name in counted if audits[name]["score"] not in (None, 1)},
        largest_paint_ms=audits.get("largest-contentful-paint", {}).get("numericValue", 0.0),
    )


def _run(address: str, categories: tuple[str, ...]) -> str:
    command = ["node", str(LIGHTHOUSE), address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    done = subprocess.run(
        [*command, f"--only-categories={','.join(categories)}", "--no-enable-error-reporting"],
        env=os.environ | {"CHROME_PATH": CHROMIUM},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    return done.stdout
