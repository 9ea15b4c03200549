"""Say an event's hour in the community's cities, at the desk: as a table, and as words for its script."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from rsvp import zones
from rsvp.errors import HourRepeated, HourSkipped
from rsvp.languages import LocalTime, local_time
from rsvp.times import day_shift
from rsvp.views.desk.event_forms import CLOCK_CHANGES
from rsvp.views.events import CITIES
from rsvp.views.languages import current
from rsvp.views.script_words import script_words

# How a city's day stands to that of the event's zone.
SHIFTS = {-1: _("the day before"), 0: "", 1: _("the day after")}


@dataclass(frozen=True)
class CityHour:
    """What clocks in one city show at an instant; `shift` says it when their day isn't the event's."""

    local: LocalTime
    shift: object


def in_cities(at: datetime | None, home: str) -> list[CityHour]:
    """Return the hour in each of the eight cities, or nothing without an instant. `home` is the event's zone."""
    if at is None:
        return []
    return [CityHour(local_time(at, zone, current()), shift(at, zone, home=home)) for zone in CITIES]


def shift(at: datetime, zone: str, *, home: str) -> object:
    """Return in words how the day in a zone stands to that of the event's."""
    return SHIFTS.get(day_shift(at, zone, home=home), "")


def city_words(zone: str) -> dict[str, object]:
    """Return what the script needs to say the hour that is being typed as the server would, in words of the page.

    `zone` is where the hour is typed for.
    """
    language = current()
    words = {name: said for name, said in script_words().items() if name not in ("aliases", "cities")}
    refusals = [str(CLOCK_CHANGES[kind]) for kind in (HourSkipped, HourRepeated)]
    city = zones.city(zone, language)
    return words | {
        "zone": zone,
        "places": [(name, zones.city(name, language)) for name in CITIES],
        "shifts": {shift: str(words) for shift, words in SHIFTS.items()},
        "refusals": [words.replace("%(city)s", city) for words in refusals],
    }
