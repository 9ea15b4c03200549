"""Load a programme from its TOML file: all of it, or nothing with the line and the reason.

What the file doesn't say (links, places, an hour not yet announced) stays as the coordinator set it.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from rsvp import languages, zones
from rsvp.db import db
from rsvp.errors import HourRefused, ProgrammeRefused
from rsvp.models.event import Kind, LinkMode
from rsvp.models.programme import Programme
from rsvp.services import events
from rsvp.slugs import is_slug
from rsvp.times import SATURDAY, from_wall

PROGRAMME_TEXTS = ("title", "about", "organiser", "coordinator_name")
EVENT_TEXTS = ("title", "summary")
EVENT_KEYS = {"slug", "kind", "date", "time", "zone", "minutes", "recording_url", "link_mode", *EVENT_TEXTS}
HEAD = re.compile(r"\s*\[\[\s*events\s*\]\]")
LONGEST_MINUTES = 24 * 60


@dataclass(frozen=True)
class Loaded:
    """What a load did: events made, events changed, letters that the changes caused."""

    made: int
    changed: int
    letters: int


def load(source: str, *, at: datetime, first_saturday: date | None = None) -> Loaded:
    """Make the programme and its events as the file says, or bring those that exist to what it says.

    `first_saturday` moves the discussions by whole weeks so that the first falls on that day; each keeps its
    wall-clock hour. Sessions of other kinds keep their published dates.
    Raises:  ProgrammeRefused; then nothing has changed.
    """
    parsed = _File(source).parse(first_saturday)
    programme = db.session.scalars(select(Programme).where(Programme.slug == parsed.slug)).one_or_none()
    if programme is None:
        programme = Programme(slug=parsed.slug)
        db.session.add(programme)
    for name, value in parsed.facts.items():
        setattr(programme, name, value)
    made = changed = letters = 0
    for slug, facts in parsed.events:
        known = events.named(slug)
        if known is None:
            events.create(programme, slug, facts, at=at)
            made += 1
            continue
        said = {name: value for name, value in facts.items() if value is not None}
        changed += any(getattr(known, name) != value for name, value in said.items())
        letters += events.change(known, said, by=events.OPERATOR, at=at)
    return Loaded(made=made, changed=changed, letters=letters)


@dataclass(frozen=True)
class _Programme:
    slug: str
    facts: dict[str, object]
    events: list[tuple[str, dict[str, object]]]


class _File:
    """A programme file being read; knows on which line everything stands."""

    def __init__(self, source: str):
        self.lines = source.splitlines()
        try:
            self.data = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+)", str(error))
            line = int(found[1]) if found else len(self.lines)
            raise ProgrammeRefused(line, re.sub(r" \(at .*", "", str(error))) from error

    def parse(self, first_saturday: date | None) -> _Programme:
        top: dict[str, object] = {name: self._texts(self.data, name, None) for name in PROGRAMME_TEXTS}
        top["coordinator_email"] = self._text(self.data, "coordinator_email", None)
        slug = self._slug(self.data, None)
        self._refuse_unknown(self.data, {"slug", "coordinator_email", "events", *PROGRAMME_TEXTS}, None)
        tables = self.data.get("events")
        if not isinstance(tables, list) or not tables:
            raise ProgrammeRefused(len(self.lines), "the file has no [[events]]")
        if not all(isinstance(table, dict) for table in tables):
            raise ProgrammeRefused(self._line("events", None), "events must be [[events]] tables")
        shift = self._shift(tables, first_saturday)
        parsed = [(self._slug(table, index), self._event(table, index, shift)) for index, table in enumerate(tables)]
        names = [name for name, _ in parsed]
        for index, name in enumerate(names):
            if name in names[:index]:
                raise ProgrammeRefused(self._line("slug", index), f'slug "{name}" is there twice')
        return _Programme(slug=slug, facts=top, events=parsed)

    def _event(self, table: Mapping[str, Any], index: int, shift: timedelta) -> dict[str, object]:
        self._refuse_unknown(table, EVENT_KEYS, index)
        kind = table.get("kind")
        if kind not in list(Kind):
            raise ProgrammeRefused(self._line("kind", index), f"kind must be one of {', '.join(Kind)}")
        minutes = table.get("minutes")
        if type(minutes) is not int or not 0 < minutes <= LONGEST_MINUTES:
            raise ProgrammeRefused(self._line("minutes", index), "minutes must be a whole number from 1 to 1440")
        zone = zones.named(str(table.get("zone", "")).removesuffix(" time"))
        if zone is None:
            raise ProgrammeRefused(self._line("zone", index), f'zone "{table.get("zone", "")}" names no clock')
        recording = table.get("recording_url")
        if recording is not None and not str(recording).startswith("https://"):
            raise ProgrammeRefused(self._line("recording_url", index), "recording_url must begin with https://")
        return {
            **self._link_mode(table, index),
            "kind": str(kind),
            "minutes": minutes,
            "zone": zone,
            "starts_at": self._starts_at(table, index, zone, shift if kind == Kind.DISCUSSION else timedelta()),
            "recording_url": recording,
            **{name: self._texts(table, name, index) for name in EVENT_TEXTS},
        }

    def _link_mode(self, table: Mapping[str, Any], index: int) -> dict[str, object]:
        """Return how guests get to the meeting where the file says it; what it doesn't say stays."""
        if "link_mode" not in table:
            return {}
        if table["link_mode"] not in list(LinkMode):
            raise ProgrammeRefused(self._line("link_mode", index), f"link_mode must be one of {', '.join(LinkMode)}")
        return {"link_mode": str(table["link_mode"])}

    def _starts_at(self, table: Mapping[str, Any], index: int, zone: str, shift: timedelta) -> datetime | None:
        day, hour = table.get("date"), table.get("time")
        if day is None and hour is None:
            return None
        if type(day) is not date:
            raise ProgrammeRefused(self._line("date", index), "date must be a day such as 2025-07-12")
        if type(hour) is not time:
            raise ProgrammeRefused(self._line("time", index), "time must be an hour such as 16:00:00")
        try:
            return from_wall(day + shift, hour, zone)
        except HourRefused as error:
            raise ProgrammeRefused(self._line("time", index), str(error)) from error

    def _shift(self, tables: list[Mapping[str, Any]], first_saturday: date | None) -> timedelta:
        if first_saturday is None:
            return timedelta()
        if first_saturday.weekday() != SATURDAY:
            raise ProgrammeRefused(1, f"--first-saturday {first_saturday} is not a Saturday")
        days: list[date] = [
            table["date"] for table in tables if table.get("kind") == Kind.DISCUSSION and "date" in table
        ]
        if not days or any(type(day) is not date for day in days):
            raise ProgrammeRefused(1, "--first-saturday needs discussions with dates")
        shift = first_saturday - min(days)
        if shift.days % 7:
            raise ProgrammeRefused(1, f"the first discussion, on {min(days)}, is not on a Saturday")
        return shift

    def _texts(self, table: Mapping[str, Any], name: str, index: int | None) -> dict[str, str]:
        value = table.get(name)
        if not isinstance(value, dict) or set(value) != set(languages.LANGUAGES):
            needed = " and ".join(languages.LANGUAGES)
            raise ProgrammeRefused(self._line(name, index), f"{name} needs a text in {needed}")
        if any(not isinstance(words, str) or not words.strip() for words in value.values()):
            raise ProgrammeRefused(self._line(name, index), f"{name} has an empty text")
        return {language: languages.tidy(words) for language, words in value.items()}

    def _text(self, table: Mapping[str, Any], name: str, index: int | None) -> str:
        value = table.get(name)
        if not isinstance(value, str) or not value.strip():
            raise ProgrammeRefused(self._line(name, index), f"{name} is missing")
        return value.strip()

    def _slug(self, table: Mapping[str, Any], index: int | None) -> str:
        slug = self._text(table, "slug", index)
        if not is_slug(slug):
            raise ProgrammeRefused(
                self._line("slug", index), f'slug "{slug}" must be small letters, digits and hyphens'
            )
        return slug

    def _refuse_unknown(self, table: Mapping[str, Any], known: set[str], index: int | None) -> None:
        for name in table:
            if name not in known:
                raise ProgrammeRefused(self._line(name, index), f"{name} is not known here")

    def _line(self, name: str, index: int | None) -> int:
        """Return where a key stands, or the head of its table where it is missing. Counts from 1."""
        heads = [number for number, line in enumerate(self.lines, 1) if HEAD.match(line)]
        start = heads[index] if index is not None and index < len(heads) else 1
        ends = [*heads, len(self.lines) + 1]
        end = next((number for number in ends if number > start), start)
        for number in range(start, end):
            if re.match(rf"\s*(\[events\.)?{re.escape(name)}\s*(=|\.|\])", self.lines[number - 1]):
                return number
        return start
