"""Write letters: a whole text per language, made into plain text and HTML, put into the outbox.

Decides what a letter says, never whether one is due, and never sends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

import config
from rsvp import prose
from rsvp.languages import DEFAULT, LocalTime, digits, local_time, text
from rsvp.messages import Parts
from rsvp.models.coordinator import Coordinator
from rsvp.models.event import Event
from rsvp.models.letter import Letter, LetterKind
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.rsvp import Rsvp
from rsvp.models.token import Purpose
from rsvp.services import joins, links, outbox
from rsvp.services.joins import Door
from rsvp.zones import HOME

TEMPLATES = Path(__file__).parents[2] / "templates" / "letters"

# Where an event takes place when its link isn't known or isn't to be told.
PLACE = {"en": "Online (Zoom)", "km": "តាមអ៊ីនធឺណិត (Zoom)"}

_loader = FileSystemLoader(TEMPLATES)
# Whatever a letter is told stands for itself: nobody's name can become a link or a heading.
_words = Environment(
    loader=_loader,
    undefined=StrictUndefined,
    finalize=prose.escape,
    autoescape=False,  # noqa: S701 - Markdown, not HTML
    auto_reload=False,
)
# A calendar's description is plain text.
_plain = Environment(loader=_loader, undefined=StrictUndefined, autoescape=False, auto_reload=False)  # noqa: S701
for _texts in (_words, _plain):
    _texts.filters["khmer"] = lambda number: digits(number, "km")
_pages = Environment(loader=_loader, undefined=StrictUndefined, autoescape=True, auto_reload=False)


@dataclass(frozen=True)
class Calendar:
    """The calendar object that goes with a letter, its METHOD and hour, and the letter that it follows."""

    body: bytes
    method: str
    starts_at: datetime
    in_reply_to: str | None


@dataclass(frozen=True)
class Enclosed:
    """What goes into a letter beside its words. How to get to the meeting is in it only by the `door` given.

    `note` is the coordinator's own line, by language.
    """

    calendar: Calendar | None = None
    door: Door = joins.CLOSED
    note: Mapping[str, str] = field(default_factory=dict)
    moved_from: datetime | None = None  # the start that the guest knew
    question: str | None = None  # what the coordinator asks
    subject: Mapping[str, str] = field(default_factory=dict)  # of a letter whose words are the coordinator's own


NOTHING = Enclosed()


@dataclass(frozen=True)
class EventWords:
    """What a letter says of an event, in its reader's language and zone."""

    title: str
    local: LocalTime | None
    home: LocalTime | None
    minutes: int
    link: str | None
    passcode: str | None
    is_guarded: bool  # the link is a page of the reader's own
    early_minutes: int  # how long before the start such a page opens the meeting


def write_verification(participant: Participant, *, at: datetime) -> outbox.Draft:
    """Return the letter that asks to prove an address. It holds no word that the requester typed."""
    token = links.issue(participant, Purpose.VERIFICATION, at=at)
    context: dict[str, object] = {
        "url": links.verification_url(token, participant.language),
        "hours": config.current().unverified_hours,
        **_coordinator(Programme.current(), participant.language),
    }
    return _draft(LetterKind.VERIFICATION, participant, context)


def send_receipt(participant: Participant, rsvps: list[Rsvp], *, at: datetime) -> Letter:
    """Tell the participant what arrived at the desk, with the link to their places."""
    context: dict[str, object] = {
        "events": [_event_now(rsvp.event, participant, door=joins.CLOSED) for rsvp in rsvps],
        **_person(participant, at),
        **_coordinator(Programme.current(), participant.language),
    }
    return outbox.add(_draft(LetterKind.RECEIPT, participant, context), at=at)


def send_link(participant: Participant, *, at: datetime) -> Letter:
    """Send the participant a new link to their own page."""
    context: dict[str, object] = {
        **_person(participant, at),
        **_coordinator(Programme.current(), participant.language),
    }
    return outbox.add(_draft(LetterKind.LINK, participant, context), at=at)


def send_address_proof(participant: Participant, email: str, url: str, *, at: datetime, due_at: datetime) -> Letter:
    """Ask at a new address whether it is the participant's. It holds no word that anybody typed."""
    context: dict[str, object] = {
        "url": url,
        "hours": config.current().unverified_hours,
        **_coordinator(Programme.current(), participant.language),
    }
    return outbox.add(replace(_draft(LetterKind.ADDRESS, participant, context), recipient=email), at=at, due_at=due_at)


def send_moving(participant: Participant, *, at: datetime) -> Letter:
    """Tell the address that holds that another one was asked for, which it doesn't name, and how to end that."""
    context: dict[str, object] = {
        "name": participant.name,
        "url": links.lost_url(participant.language),
        **_coordinator(Programme.current(), participant.language),
    }
    return outbox.add(_draft(LetterKind.MOVING, participant, context), at=at)


def send_moved(participant: Participant, old: str, *, at: datetime) -> Letter:
    """Tell the address that was left that letters go to another one from now on, which it doesn't name."""
    context: dict[str, object] = {
        "name": participant.name,
        **_coordinator(Programme.current(), participant.language),
    }
    return outbox.add(replace(_draft(LetterKind.MOVED, participant, context), recipient=old), at=at)


def send(kind: LetterKind, rsvp: Rsvp, *, at: datetime, enclosed: Enclosed = NOTHING) -> Letter:
    """Write to the participant about one RSVP."""
    context = {**_about(rsvp, enclosed), **_person(rsvp.participant, at)}
    return outbox.add(_draft(kind, rsvp.participant, context, rsvp=rsvp, calendar=enclosed.calendar), at=at)


def preview(kind: LetterKind, rsvp: Rsvp, *, enclosed: Enclosed = NOTHING) -> Parts:
    """Return what `send` would write, with an address in it that opens nothing. Nothing is stored."""
    reader = rsvp.participant
    context = {
        **_about(rsvp, enclosed),
        "name": reader.name,
        "places_url": links.places_url("your-own-link", reader.language),
    }
    return _draft(kind, reader, context, rsvp=rsvp).parts


def _about(rsvp: Rsvp, enclosed: Enclosed) -> dict[str, object]:
    participant, calendar = rsvp.participant, enclosed.calendar
    return {
        "event": _event_now(rsvp.event, participant, door=enclosed.door),
        "reason": rsvp.reason,
        "question": enclosed.question,
        "note": text(enclosed.note, participant.language),
        "subject": text(enclosed.subject, participant.language),
        "was": local_time(enclosed.moved_from, participant.zone, participant.language) if enclosed.moved_from else None,
        "state": rsvp.state,
        "is_called_off": rsvp.event.is_cancelled,
        "told": local_time(calendar.starts_at, participant.zone, participant.language) if calendar else None,
        **_coordinator(rsvp.event.programme, participant.language),
    }


def send_digest(reader: Coordinator, counts: Mapping[str, object], *, at: datetime) -> Letter:
    """Write to a coordinator how many requests and letters wait: numbers only."""
    language = reader.language or DEFAULT
    context = {
        **counts,
        "desk_url": f"{config.current().base_url}/desk/",
        **_coordinator(Programme.current(), language),
    }
    parts = _parts(LetterKind.DIGEST, language, context)
    return outbox.add(outbox.Draft(LetterKind.DIGEST, language, reader.email, parts), at=at)


def describe(rsvp: Rsvp, *, starts_at: datetime, door: Door) -> str:
    """Return the text that a calendar shows with the entry; the address to join at stands on its own line.

    `starts_at` is the entry's own start: an entry that is taken out may have another one than the event by now.
    """
    event, person = rsvp.event, rsvp.participant
    words = _event_words(event, person, starts_at=starts_at, door=door)
    template = _plain.get_template(f"entry.{person.language}.txt")
    return template.render(event=words, **_coordinator(event.programme, person.language))


def _event_now(event: Event, person: Participant, *, door: Door) -> EventWords:
    return _event_words(event, person, starts_at=event.starts_at, door=door)


def _event_words(event: Event, person: Participant, *, starts_at: datetime | None, door: Door) -> EventWords:
    return EventWords(
        title=text(event.title, person.language),
        local=local_time(starts_at, person.zone, person.language) if starts_at else None,
        home=local_time(starts_at, HOME, person.language) if starts_at else None,
        minutes=event.minutes,
        link=door.address,
        passcode=door.passcode,
        is_guarded=door.is_guarded,
        early_minutes=joins.EARLY // timedelta(minutes=1),
    )


def _person(participant: Participant, at: datetime) -> dict[str, str]:
    token = links.issue(participant, Purpose.PLACES, at=at)
    return {"name": participant.name, "places_url": links.places_url(token, participant.language)}


def _draft(
    kind: LetterKind,
    participant: Participant,
    context: dict[str, object],
    *,
    rsvp: Rsvp | None = None,
    calendar: Calendar | None = None,
) -> outbox.Draft:
    parts = _parts(kind, participant.language, context)
    if calendar:
        parts = replace(
            parts, calendar=calendar.body.decode(), method=calendar.method, in_reply_to=calendar.in_reply_to
        )
    return outbox.Draft(
        kind=kind,
        language=participant.language,
        recipient=participant.email,
        parts=parts,
        participant_id=participant.id,
        rsvp_id=rsvp.id if rsvp else None,
    )


def _parts(kind: LetterKind, language: str, context: dict[str, object]) -> Parts:
    subject, body = _render(kind, language, context)
    fragment = Markup(body.html)  # noqa: S704 - made by our own renderer, which lets no HTML in
    page = _pages.get_template("frame.html")
    html = page.render(language=language, subject=subject, preview=_preview(body), body=fragment)
    return Parts(subject=subject, text=body.text, html=html)


def _render(kind: LetterKind, language: str, context: dict[str, object]) -> tuple[str, prose.Prose]:
    """Return the subject and the body of a letter; the template's first line is its subject."""
    template = _words.get_template(f"{kind}.{language}.md")
    first, _, rest = template.render(context).partition("\n")
    return prose.unescape(first.removeprefix("Subject:").strip()), prose.render(rest)


def _preview(body: prose.Prose) -> str:
    """Return what a locked telephone shows below the subject: the sentence after the greeting, never a title."""
    return body.text.split("\n\n", 2)[1]


def _coordinator(programme: Programme | None, language: str) -> dict[str, str]:
    """Return who decides about the places, and for whom."""
    if programme is None:
        return {"coordinator": "", "coordinator_email": "", "organiser": ""}
    return {
        "coordinator": text(programme.coordinator_name, language),
        "coordinator_email": programme.coordinator_email,
        "organiser": text(programme.organiser, language),
    }
