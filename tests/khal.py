"""khal, a calendar client of the terminal, with a folder of its own: no test reads or writes anybody's calendar."""

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

SETTINGS = """
[calendars]
[[places]]
path = {entries}
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = {zone}
default_timezone = {zone}
[default]
default_calendar = places
[sqlite]
path = {folder}/khal.db
"""
FIELDS = ("uid", "title", "description", "location", "status", "start-long-full", "end-long-full", "alarms-list")
PERIOD = ("2025-07-01", "2026-12-31")


@dataclass(frozen=True)
class Entry:
    """One entry as khal's list has it."""

    uid: str
    title: str
    description: str
    location: str
    status: str
    alarms: int
    starts_at: datetime
    ends_at: datetime


class Khal:
    """One person's khal in one zone."""

    def __init__(self, folder: Path, zone: str = "UTC"):
        self.folder, self.zone = folder, zone
        self.entries = folder / "entries"
        self.entries.mkdir(parents=True)
        settings = SETTINGS.format(entries=self.entries, folder=folder, zone=zone)
        (folder / "config").write_text(settings, encoding="utf-8")

    def take(self, *bodies: bytes) -> None:
        """Import calendar objects, each over what is known under its UID, as somebody who opens each attachment."""
        for body in bodies:
            received = self.folder / "invite.ics"
            received.write_bytes(body)
            self._run("import", "--batch", str(received))

    def read(self) -> list[Entry]:
        """Return every entry of the list, by its start."""
        fields = [part for name in FIELDS for part in ("--json", name)]
        days = self._run("list", "--once", *fields, *PERIOD).splitlines()
        return [self._entry(found) for day in days for found in json.loads(day)]

    def show(self) -> list[str]:
        """Return the list as khal prints it when nothing is set."""
        return self._run("list", "--once", *PERIOD).splitlines()

    def _entry(self, found: dict[str, str]) -> Entry:
        return Entry(
            uid=found["uid"],
            title=found["title"],
            description=found["description"],
            location=found["location"],
            status=found["status"],
            alarms=len(found["alarms-list"]),
            starts_at=self._instant(found["start-long-full"]),
            ends_at=self._instant(found["end-long-full"]),
        )

    def _instant(self, words: str) -> datetime:
        return datetime.fromisoformat(words).replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def _run(self, *arguments: str) -> str:
        homes = {name: str(self.folder) for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        command = [sys.executable, "-m", "khal", "--no-color", "-c", str(self.folder / "config"), *arguments]
        answer = subprocess.run(
            command, env=homes | {"LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False, timeout=60
        )
        # It complains there of a zone or a line that it can't read, and goes on.
        assert (answer.returncode, answer.stderr) == (0, ""), answer.stderr
        return answer.stdout
