"""What is held about a participant, for them alone: to read, to take along, and to erase."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import Response, g, render_template
from flask_babel import lazy_gettext as _

from rsvp.languages import LANGUAGES, local_time, text
from rsvp.models.invitation import Invitation
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.question import Question
from rsvp.models.token import Purpose, Token
from rsvp.services import disclosures, erasures, moves
from rsvp.services.disclosures import Request
from rsvp.views import guests, places
from rsvp.views.access import guest
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.views.security import csrf
from rsvp.zones import city

blueprint = guests.blueprint("own_data")
csrf.exempt(blueprint)  # the address itself is the secret

FILE = "my-data.json"
GONE = _("Nothing is kept under this link")
# What stands between a day and its hour.
SEPARATORS = {"en": ", ", "km": " "}
OPENS = {
    Purpose.PLACES: _("Your own page"),
    Purpose.FEED: _("Your own calendar"),
    Purpose.JOIN: _("A page that opens a meeting"),
    Purpose.VERIFICATION: _("The page that confirms your address"),
    Purpose.ADDRESS: _("The page that confirms a new address"),
}


@dataclass(frozen=True)
class RequestCard:
    """What is held about one request. `reason` is there where the coordinator's answer came with one."""

    title: str
    state: str
    instants: tuple[tuple[object, datetime], ...]
    reason: str | None
    reply: str | None
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class LinksCard:
    """How many links of one kind work, and until when the last of them does."""

    opens: object
    count: int
    until: datetime


@blueprint.get("/places/<token>/data")
@guest
def show(token: str) -> str:
    """Show all that is held about the participant, and until when."""
    participant = places.owner(token)
    told = disclosures.of(participant, at=guests.now())
    return render_template(
        "own_data.html",
        token=token,
        programme=Programme.current(),
        person=participant,
        proposed={name: value for name, value in told.proposed.items() if value},
        told=told,
        requests=[_card(request) for request in told.requests],
        letters=told.letters[::-1],
        links=_links(told.links, told.kept_until),
        new_email=moves.waiting(participant, at=guests.now()),
        letters_in=LANGUAGES[participant.language],
        city=city(participant.zone, current()),
        **_words(participant),
    )


@blueprint.get("/places/<token>/export.json")
@guest
def export(token: str) -> Response:
    """The same as a file."""
    at = guests.now()
    data = disclosures.as_data(disclosures.of(places.owner(token), at=at), at=at)
    answer = Response(json.dumps(data, ensure_ascii=False, indent=2), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    return answer


@blueprint.post("/places/<token>/erasure")
@guest
def erase(token: str) -> str | tuple[str, int]:
    """Erase everything at once, and say what that was; or, for every link that opens nothing, that nothing is kept."""
    participant, at = places.find(token), guests.now()
    if participant is None:
        return refusal_page(404, title=GONE, advice=_("If you have just erased everything, it is done."))
    words = _words(participant)
    until = erasures.erase(participant, at=at)
    g.is_erased = True
    return render_template("erased.html", programme=Programme.current(), mark_until=until, **words)


def _words(participant: Participant) -> dict[str, object]:
    """Return how the page says instants: by the participant's own clock."""
    zone, language = participant.zone, current()

    def moment(at: datetime) -> str:
        local = local_time(at, zone, language)
        return f"{local.date}{SEPARATORS[language]}{local.hour}"

    return {"day": lambda at: local_time(at, zone, language).date, "moment": moment}


def _card(request: Request) -> RequestCard:
    rsvp, entry = request.rsvp, request.invitation
    instants: list[tuple[object, datetime | None]] = [
        (_("You asked"), rsvp.requested_at),
        (_("You asked again"), rsvp.asked_again_at),
        (_("The coordinator decided"), request.decided_at),
        (_("We wrote to your calendar first"), entry.created_at if entry else None),
        (_("We wrote to your calendar last"), entry.stamped_at if entry and _is_newer(entry) else None),
        (_("Your calendar answered"), entry.replied_at if entry else None),
        *((_("We reminded you"), reminder.written_at) for reminder in request.reminders),
        (_("You opened the meeting"), rsvp.opened_at),
        (_("The host noted that you attended"), rsvp.attended_at),
    ]
    return RequestCard(
        title=text(rsvp.event.title, current()),
        state=request.state,
        instants=tuple((words, at) for words, at in instants if at),
        reason=request.reason,
        reply=entry.partstat if entry else None,
        questions=request.questions,
    )


def _is_newer(entry: Invitation) -> bool:
    return entry.stamped_at > entry.created_at


def _links(held: Iterable[Token], kept_until: datetime) -> list[LinksCard]:
    """Return the links that work, by what they open; they end with what they open."""
    untils: dict[str, list[datetime]] = {}
    for link in held:
        if link.revoked_at is None and link.used_at is None:
            untils.setdefault(link.purpose, []).append(min(link.expires_at, kept_until))
    return [LinksCard(OPENS[Purpose(each)], len(found), max(found)) for each, found in untils.items()]
