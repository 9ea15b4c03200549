"""What the clocks of the world show, by two sources that know nothing of pytz.

Python's zoneinfo reads the tzdata package; Node's Intl carries a time zone database and words of its own.
"""

import json
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

# The four discussions as published, 4 PM in Washington, and the same hour in winter.
SUMMER = tuple(datetime(2025, month, day, 20, tzinfo=UTC) for month, day in ((7, 12), (7, 19), (7, 26), (8, 2)))
WINTER = tuple(
    datetime(year, month, day, 21, tzinfo=UTC) for year, month, day in ((2025, 12, 6), (2025, 12, 13), (2026, 1, 3))
)
INSTANTS = (*SUMMER, *WINTER)

# Where the community lives, then offsets of halves and quarters, both ends of the date line, and clocks
# that are set in other months than Washington's.
ZONES = (
    "Asia/Phnom_Penh",
    "Asia/Bangkok",
    "Asia/Tokyo",
    "Australia/Melbourne",
    "Pacific/Auckland",
    "Europe/Paris",
    "America/New_York",
    "America/Los_Angeles",
    "America/Toronto",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "Australia/Lord_Howe",
    "America/St_Johns",
    "Australia/Adelaide",
    "Australia/Eucla",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/Phoenix",
    "Africa/Cairo",
    "UTC",
)
HOME = "America/New_York"

_SCRIPT = """
const asked = JSON.parse(require("fs").readFileSync(0, "utf8"));
const parts = (at, zone, tag, options) => Object.fromEntries(
  new Intl.DateTimeFormat(tag, { timeZone: zone, ...options })
    .formatToParts(new Date(at)).map((part) => [part.type, part.value]));
const shown = ([at, zone]) => {
  const wall = parts(at, zone, "en-US", { hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "longOffset" });
  const clock = parts(at, zone, "en-US", { hour: "numeric", minute: "2-digit", hour12: true });
  const words = (tag) => parts(at, zone, tag, { weekday: "long", month: "long", day: "numeric", year: "numeric" });
  return {
    wall: `${wall.year}-${wall.month}-${wall.day}T${wall.hour}:${wall.minute}:${wall.second}`,
    offset: wall.timeZoneName.replace("GMT", ""),
    clock: `${clock.hour}:${clock.minute} ${clock.dayPeriod}`,
    en: words("en-US"), km: words("km-u-nu-khmr"),
  };
};
console.log(JSON.stringify(asked.map(shown)));
"""


@dataclass(frozen=True)
class Shown:
    """What Intl says of one instant in one place."""

    wall: datetime  # naive: what the clock shows
    offset: str  # `+05:45`, or nothing for UTC
    clock: str  # `4:00 PM`
    en: dict[str, str]
    km: dict[str, str]


def zone_by_tzdata(zone: str) -> ZoneInfo:
    """Return a zone out of the tzdata package, whatever the machine's own files say."""
    with resources.files("tzdata.zoneinfo").joinpath(zone).open("rb") as file:
        return ZoneInfo.from_file(file, key=zone)


def by_zoneinfo(at: datetime, zone: str) -> datetime:
    """Return what the clock shows, with its offset."""
    return at.astimezone(zone_by_tzdata(zone))


def by_intl(at: datetime, zone: str) -> Shown:
    """Return what Node's Intl says of one of the instants in one of the zones."""
    return _all_by_intl()[at, zone]


@cache
def _all_by_intl() -> dict[tuple[datetime, str], Shown]:
    asked = [(at, zone) for at in INSTANTS for zone in ZONES]
    words = json.dumps([(at.isoformat(), zone) for at, zone in asked])
    answer = subprocess.run(["node", "-e", _SCRIPT], input=words, capture_output=True, text=True, check=True)
    shown = [Shown(**{**said, "wall": datetime.fromisoformat(said["wall"])}) for said in json.loads(answer.stdout)]
    return dict(zip(asked, shown, strict=True))
