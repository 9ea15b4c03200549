"""Add many people from a list: first a preview of every row, then, once confirmed, just what it showed.

Nothing is kept in between: the confirmation carries the list itself, and a digest of what was shown.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from flask import Blueprint, render_template, request
from flask_babel import lazy_gettext as _
from flask_security import current_user

from rsvp import sheets
from rsvp.models.rsvp import State
from rsvp.services import additions
from rsvp.services.additions import Addition
from rsvp.sheets import SheetRefused
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk import lists, people
from rsvp.views.desk.people import DETAIL_WORDS
from rsvp.views.states import STATES

blueprint = Blueprint("imports", __name__, url_prefix="/people/imports")

CHANGED = _("Something changed since the preview. Nothing was added: please look again.")


@dataclass(frozen=True)
class Line:
    """What one row of the list does, or did, in the page's language."""

    number: int
    name: str
    email: str
    is_new: bool
    requested: str
    again: str
    standing: tuple[str, ...]
    kept: str  # the details in which what is stored differs and stays


@blueprint.get("/new")
@coordinator
def new() -> str:
    """Show where a list is pasted or uploaded, and what it must look like."""
    return _form()


@blueprint.post("/new")
@coordinator
def preview() -> str | tuple[str, int]:
    """Show row by row what would happen. Nothing is stored."""
    typed = request.form.get("text", "")
    try:
        text = lists.plain(_sent(typed))
        return _preview(text, lists.read(text, _slugs()))
    except SheetRefused as refusal:
        return _form(typed, refusal), 422


@blueprint.post("")
@coordinator
def create() -> str | tuple[str, int]:
    """Add the people, if the list and what it does are still what the preview showed."""
    text = lists.plain(request.form.get("text", ""))
    try:
        found = lists.read(text, _slugs())
    except SheetRefused as refusal:
        return _form(text, refusal), 422
    wanted = [asked for _row, asked in found.good]
    if request.form.get("digest") != _digest(text, additions.foresee(wanted)):
        return _preview(text, found, notice=CHANGED), 409
    done = additions.add_all(wanted, by=current_user.public_id, at=guests.now())
    return render_template("desk/import_done.html", lines=_lines(found, done), found=found)


def _sent(typed: str) -> str:
    """Return the list, pasted or uploaded.

    Raises:  SheetRefused for both at once, and for a file that isn't in UTF-8.
    """
    file = request.files.get("file")
    content = file.read() if file else b""
    if content and typed.strip():
        raise SheetRefused(_("Please either paste the list or choose a file, not both."))
    return sheets.decode(content) if content else typed


def _slugs() -> list[str]:
    return [event.slug for event in additions.events(at=guests.now())]


def _digest(text: str, seen: list[Addition]) -> str:
    """Return SHA-256 of a list and of what it does, so that the button confirms just that."""
    facts = [text, [asdict(addition) for addition in seen]]
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _preview(text: str, found: lists.People, *, notice: object = None) -> str:
    seen = additions.foresee([asked for _row, asked in found.good])
    return render_template(
        "desk/import_preview.html",
        text=text,
        digest=_digest(text, seen),
        lines=_lines(found, seen),
        found=found,
        adding=sum(bool(addition.requested) for addition in seen),
        notice=notice,
    )


def _lines(found: lists.People, done: list[Addition]) -> list[Line]:
    pairs = zip(found.good, done, strict=True)
    titles = people.titles()
    return [
        Line(
            number=row.line,
            name=asked.name,
            email=asked.email,
            is_new=addition.is_new,
            requested=_join(titles[slug] for slug in addition.requested),
            again=_join(titles[slug] for slug in addition.again),
            standing=tuple(f"{titles[slug]} ({STATES[State(state)]})" for slug, state in addition.standing.items()),
            # What the list doesn't say differs from nothing.
            kept=", ".join(str(DETAIL_WORDS[name]) for name in addition.differing if row.cells.get(name, "").strip()),
        )
        for (row, asked), addition in pairs
    ]


def _join(titles: Iterable[str]) -> str:
    return "; ".join(titles)


def _form(text: str = "", refusal: SheetRefused | None = None) -> str:
    cards = [people.card(event) for event in additions.events(at=guests.now())]
    return render_template(
        "desk/import.html",
        text=text,
        refusal=refusal,
        cards=cards,
        columns=lists.COLUMNS,
        needed=lists.NEEDED,
        most_rows=lists.MOST_ROWS,
        most_kilobytes=lists.MOST_BYTES // 1024,
    )
