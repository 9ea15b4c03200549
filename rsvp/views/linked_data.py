"""Say to machines what an event page says to people, as schema.org's Event in JSON-LD.

Where it takes place is our own page: a meeting's link never stands here, nor anything that isn't known to be true.
Source:  https://schema.org/Event
"""

import json
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from rsvp.languages import text
from rsvp.models.event import Event, Kind
from rsvp.times import in_zone
from rsvp.views import previews
from rsvp.views.languages import current

# The community's own discussions are held in Khmer; in which language the other sessions are held isn't stored.
SPOKEN = {Kind.DISCUSSION: "km"}


def block(event: Event) -> Markup | None:
    """Return the JSON of an event, safe inside a script element; None while its time isn't known."""
    if event.starts_at is None or event.ends_at is None:
        return None
    facts = _facts(event) | {
        "startDate": in_zone(event.starts_at, event.zone).isoformat(),
        "endDate": in_zone(event.ends_at, event.zone).isoformat(),
    }
    return htmlsafe_json_dumps(facts, dumps=json.dumps, ensure_ascii=False, separators=(",", ":"))


def _facts(event: Event) -> dict[str, Any]:
    language = current()
    address = previews.addresses("events.show", slug=event.slug)[language]
    status = "EventCancelled" if event.is_cancelled else "EventScheduled"
    facts = {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": text(event.title, language),
        "description": text(event.summary, language),
        "url": address,
        "image": previews.picture(language),
        "eventStatus": f"https://schema.org/{status}",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "url": address},
        "organizer": {
            "@type": "Organization",
            "name": text(event.programme.organiser, language),
            "url": previews.addresses("schedule.show")[language],
        },
    }
    spoken = SPOKEN.get(Kind(event.kind))
    return facts | ({"inLanguage": spoken} if spoken else {})
