"""Write addresses under which web calendars offer an entry, filled in.

Takes values and returns addresses. Whoever opens one tells that calendar's owner all that it holds.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
OFFICE = "https://outlook.office.com/calendar/0/deeplink/compose"


@dataclass(frozen=True)
class Entry:
    """What the calendar is to hold. The start is aware UTC, the length in minutes; `details` are lines."""

    title: str
    starts_at: datetime
    minutes: int
    location: str
    details: tuple[str, ...]

    @property
    def ends_at(self) -> datetime:
        """The instant at which it ends."""
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def words(self) -> str:
        """The details as one text. Outlook drops line breaks: a space keeps an address from what follows it."""
        return " \n".join(self.details)


def google(entry: Entry) -> str:
    """Return the address at which Google Calendar offers the entry."""
    dates = "/".join(f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (entry.starts_at, entry.ends_at))
    fields = {"action": "TEMPLATE", "text": entry.title, "dates": dates}
    return _address(GOOGLE, fields | {"details": entry.words, "location": entry.location})


def outlook(entry: Entry) -> str:
    """Return the address at which Outlook offers the entry to who has a private account."""
    return _address(OUTLOOK, _composed(entry))


def office(entry: Entry) -> str:
    """Return the address at which Outlook offers the entry to who has an account at work or school."""
    return _address(OFFICE, _composed(entry))


def _composed(entry: Entry) -> dict[str, str]:
    starts, ends = (f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" for at in (entry.starts_at, entry.ends_at))
    fields = {"path": "/calendar/action/compose", "rru": "addevent", "subject": entry.title}
    return fields | {"startdt": starts, "enddt": ends, "body": entry.words, "location": entry.location}


def _address(page: str, fields: dict[str, str]) -> str:
    # Outlook shows a plus where others read a space: only %20 is a space to all.
    return f"{page}?{urlencode(fields, quote_via=quote, safe='')}"
