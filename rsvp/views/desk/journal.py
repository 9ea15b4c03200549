"""The journal at the desk: who did what and when, and whether anybody changed it since."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _

from rsvp import languages
from rsvp.languages import LocalTime, local_time
from rsvp.models.journal import JournalEntry
from rsvp.models.letter import LetterKind
from rsvp.services import coordinators, events, journal
from rsvp.views.access import coordinator
from rsvp.views.languages import current
from rsvp.views.states import LETTER_KINDS
from rsvp.zones import HOME

ACTS = {
    "approval": _("gave a place"),
    "decline": _("declined a request"),
    "waitlisting": _("put a request on the waiting list"),
    "revocation": _("took a place back"),
    "reopening": _("opened a request again"),
    "undoing": _("took a decision back"),
    "question": _("asked the person a question"),
    "question_undoing": _("took a question back"),
    "note": _("changed the note on a request"),
    "resending": _("wrote a letter anew"),
    "addition": _("added a request by hand"),
    "details": _("changed a person's details"),
    "export": _("exported requests as a file"),
    "admissions": _("opened the admission list"),
    "attendance": _("noted who attended"),
    "enrolment_link": _("made an enrolment link"),
    "enrolment": _("enrolled as a coordinator"),
    "removal": _("removed a coordinator"),
    "password": _("changed the password"),
    "authenticator": _("set up an authenticator app"),
    "authenticator_removal": _("removed the authenticator app"),
    "recovery_codes": _("made new recovery codes"),
    "recovery_code": _("used a recovery code"),
    "passkey": _("added a passkey"),
    "passkey_removal": _("removed a passkey"),
    "sign_out_everywhere": _("signed out everywhere"),
}
# The same words, said of an event.
EVENT_ACTS = {
    "event": _("changed an event"),
    "draft": _("wrote a draft of an event"),
    "deletion": _("deleted the draft of an event"),
    "publication": _("published an event"),
    "closing": _("closed an event to requests"),
    "broadcast": _("wrote to everybody with a place"),
    "recall": _("took back what was written to everybody with a place"),
    "reopening": _("opened an event to requests again"),
}
# After these stands the number of a form, which tells a reader nothing.
NUMBERED = {"broadcast", "recall"}
ACTORS = {
    "operator": _("the operator"),
    "participant": _("the person"),
}
PARTS = {
    "title": _("title"),
    "summary": _("summary"),
    "starts_at": _("day and hour"),
    "minutes": _("length"),
    "capacity": _("places"),
    "link": _("link"),
    "passcode": _("passcode"),
    "link_mode": _("what the invitation holds"),
    "reminders": _("reminders"),
    "recording_url": _("recording"),
    "status": _("whether it takes place"),
    "closed_at": _("whether it takes requests"),
    "zone": _("time zone"),
}

blueprint = Blueprint("journal", __name__, url_prefix="/journal")


@dataclass(frozen=True)
class Line:
    """One entry in the page's language. `slug` and `rsvp` lead to what it was about."""

    number: int
    at: LocalTime
    who: str
    act: str
    about: str
    slug: str | None
    rsvp: str | None  # the request's public id


@blueprint.get("/")
@coordinator
def show() -> str:
    """Show the entries, the newest first, and whether the chain is whole."""
    pages = max(1, -(-journal.count() // journal.PAGE))
    page = min(_page_number(), pages)
    entries = journal.entries(page)
    return render_template("desk/journal.html", lines=_lines(entries), broken=journal.broken(), page=page, pages=pages)


def _lines(entries: list[JournalEntry]) -> list[Line]:
    who = coordinators.emails()
    titles = {event.slug: languages.text(event.title, current()) for event in events.known()}
    slugs = journal.slugs(entries)
    return [
        Line(
            number=entry.id,
            at=local_time(entry.at, HOME, current()),
            who=who.get(entry.by) or str(ACTORS.get(entry.by, entry.by)),
            act=act_words(entry.act, entry.subject),
            about=titles.get(slugs.get(entry.id, ""), slugs.get(entry.id, ""))
            or who.get(entry.subject.partition(":")[2], ""),
            slug=slugs[entry.id] if slugs.get(entry.id) in titles else None,
            rsvp=entry.subject.removeprefix("rsvp:") if entry.subject.startswith("rsvp:") else None,
        )
        for entry in entries
    ]


def act_words(act: str, subject: str) -> str:
    """Return what was done, in the page's language."""
    kind, _space, part = act.partition(" ")
    part = "" if kind in NUMBERED else part
    detail = PARTS.get(part) or (LETTER_KINDS.get(LetterKind(part)) if part in set(LetterKind) else part)
    known = ACTS | EVENT_ACTS if subject.startswith("event:") else ACTS
    words = str(known.get(kind, kind))
    return f"{words} ({detail})" if detail else words


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
