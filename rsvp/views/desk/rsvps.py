"""The queue, one request beside it, and the decisions about it."""

from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import Form

from rsvp.errors import DecidedAlready, EventFull, MoveRefused, Refusal
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import events, questions, queue, rsvps, waiting_lists
from rsvp.services.rsvps import Decision
from rsvp.views.access import coordinator
from rsvp.views.desk import cards, listing, notices
from rsvp.views.desk.listing import Listing
from rsvp.views.desk.words import PrivateNoteForm, QuestionForm, ReasonForm
from rsvp.views.guests import now
from rsvp.views.refusals import refusal_page
from rsvp.views.states import STATES
from rsvp.views.ways import to_queue

blueprint = Blueprint("rsvps", __name__)

Answer = Response | tuple[str, int]


@blueprint.get("/")
@coordinator
def show() -> str:
    """Show the requests of one tab, the pending ones unless asked otherwise."""
    return _page(listing.asked())


@blueprint.post("/searches")
@coordinator
def search() -> Response:
    """Narrow the list to the people whom some words name. The words stay out of the address."""
    words = request.form.get("words", "").strip()
    listing.keep_words(words)
    return redirect(url_for("desk.rsvps.show", **listing.asked().within(search="on" if words else "")), 303)


@blueprint.get("/rsvps/<public_id>")
@coordinator
def open_one(public_id: str) -> str:
    """Show one request with everything that helps to decide it, the list beside it."""
    return _page(listing.asked(), opened=_named(public_id))


@blueprint.post("/rsvps/<public_id>/approval")
@coordinator
def approve(public_id: str) -> Answer:
    """Give the place."""
    return _decide("approval", public_id, rsvps.approve)


@blueprint.post("/rsvps/<public_id>/decline")
@coordinator
def decline(public_id: str) -> Answer:
    """Refuse the place, with a reason for the person if one was written."""
    return _decide_with_words(
        "decline", public_id, ReasonForm, lambda decision, words: rsvps.decline(decision, reason=words or None)
    )


@blueprint.post("/rsvps/<public_id>/waitlisting")
@coordinator
def waitlist(public_id: str) -> Answer:
    """Put the request on the waiting list."""
    return _decide("waitlisting", public_id, rsvps.waitlist)


@blueprint.post("/rsvps/<public_id>/revocation")
@coordinator
def revoke(public_id: str) -> Answer:
    """Take the place back."""
    return _decide_with_words(
        "revocation", public_id, ReasonForm, lambda decision, words: rsvps.revoke(decision, reason=words or None)
    )


@blueprint.post("/rsvps/<public_id>/reopening")
@coordinator
def reopen(public_id: str) -> Answer:
    """Put a refused request back into the queue."""
    return _decide("reopening", public_id, rsvps.reopen)


@blueprint.post("/rsvps/<public_id>/question")
@coordinator
def ask(public_id: str) -> Answer:
    """Ask the person something; the request waits on."""
    return _decide_with_words(
        "question", public_id, QuestionForm, lambda decision, words: questions.ask(decision, words).rsvp
    )


@blueprint.post("/rsvps/<public_id>/undoing")
@coordinator
def undo(public_id: str) -> Answer:
    """Take back a decision or a question whose letter still waits."""
    return _decide("undoing", public_id, questions.undo)


@blueprint.post("/rsvps/<public_id>/note")
@coordinator
def annotate(public_id: str) -> Answer:
    """Keep a note for the coordinators."""
    form = PrivateNoteForm(request.form)
    _named(public_id)
    if not form.validate():
        return _ask_again(form), 422
    rsvp = rsvps.annotate(public_id, form.note.data or "", by=current_user.public_id, at=now())
    notices.announce("note", rsvp)
    return redirect(url_for("desk.rsvps.open_one", public_id=public_id, **listing.asked().address), 303)


def _decide_with_words(act: str, public_id: str, form_of: type[Form], verb: Callable[[Decision, str], Rsvp]) -> Answer:
    form = form_of(request.form)
    if not form.validate():
        # Nothing is lost: the words stand in the form again, beside what is wrong with them.
        return _ask_again(form), 422
    (field,) = form
    return _decide(act, public_id, lambda decision: verb(decision, field.data or ""))


def _ask_again(form: Form) -> str:
    (field,) = form
    carried = [("version", request.form.get("version", ""))]
    return listing.ask_again(field, carried)


def _decide(act: str, public_id: str, verb: Callable[[Decision], Rsvp]) -> Answer:
    seen = request.form.get("version", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        abort(400)
    looked_at = listing.asked()
    decision = Decision(public_id, int(seen), by=current_user.public_id, at=now(), undo=notices.UNDO)
    try:
        rsvp = verb(decision)
    except rsvps.UnknownRsvp:
        abort(404)
    except Refusal as refusal:
        return _refuse(refusal, public_id, looked_at, act)
    notices.announce(act, rsvp)
    return redirect(_next_address(rsvp, act, looked_at), 303)


def _next_address(rsvp: Rsvp, act: str, looked_at: Listing) -> str:
    """Return where the work goes on: at the next request that waits; after all else at the same one."""
    is_settled = act in cards.MOVES and rsvp.state != State.PENDING
    if not is_settled or looked_at.view.state not in cards.WAITING:
        return url_for("desk.rsvps.open_one", public_id=rsvp.public_id, **looked_at.address)
    following = queue.after(rsvp, looked_at.view)
    if following is None:
        return url_for("desk.rsvps.show", **looked_at.within())
    return url_for("desk.rsvps.open_one", public_id=following.public_id, **looked_at.address)


def _refuse(refusal: Refusal, public_id: str, looked_at: Listing, act: str) -> Answer:
    if isinstance(refusal, EventFull):
        return _full_page(refusal, _named(public_id), looked_at), 409
    if isinstance(refusal, DecidedAlready):
        return _changed_page(refusal, public_id)
    if isinstance(refusal, MoveRefused) and act == "undoing":
        advice = _("The letter has left or is leaving. Open the request to see what can be done now.")
        return refusal_page(409, title=_("It is too late to take this back."), advice=advice)
    return refusal_page(
        409, title=refusal.message, advice=_("Nothing was changed. Go back to the queue."), way=to_queue()
    )


def _full_page(refusal: EventFull, rsvp: Rsvp, looked_at: Listing) -> str:
    """Ask for the waiting list instead."""
    return render_template(
        "desk/full.html",
        refusal=refusal,
        rsvp=rsvp,
        title=cards.title_of(rsvp),
        taken=rsvps.places_taken(rsvp.event),
        listing=looked_at,
    )


def _changed_page(refusal: DecidedAlready, public_id: str) -> tuple[str, int]:
    """Say who was faster: another coordinator, or the person with a withdrawal, another name or address."""
    rsvp = rsvps.named(public_id)
    if rsvp is None or rsvp.decided_at is None:
        title = _("This request has changed since you opened it. Nothing was decided.")
        return refusal_page(409, title=title, advice=_("The person changed it. Go back to the queue."), way=to_queue())
    advice = _(
        "%(who)s decided it: %(state)s, at %(hour)s.",
        who=cards.who_decided(rsvp),
        state=STATES[State(rsvp.state)],
        hour=cards.desk_time(rsvp.decided_at).hour,
    )
    return refusal_page(409, title=refusal.message, advice=advice)


def _named(public_id: str) -> Rsvp:
    found = rsvps.named(public_id)
    if found is None or found.state == State.UNVERIFIED:
        abort(404)
    return found


def _page(chosen: Listing, opened: Rsvp | None = None) -> str:
    counts = queue.counts(chosen.view)
    total = counts.get(chosen.view.state, 0) if chosen.view.state else sum(counts.values())
    pages = max(1, -(-total // chosen.rows))
    page = min(chosen.page, pages)
    found = queue.of(chosen.view, page=page, rows=chosen.rows)
    return render_template(
        "desk/queue.html",
        listing=Listing(chosen.view, page, chosen.is_whole),
        in_tab=total,
        most=queue.WHOLE,
        rows=cards.rows(found),
        panel=cards.panel(opened) if opened else None,
        beside=_beside(found, opened),
        tabs=[*listing.TABS, *(state for state in listing.RARE if counts.get(state) or state == chosen.view.state)],
        counts=counts,
        total=sum(counts.values()),
        pages=pages,
        events=[(event, rsvps.places_taken(event)) for event in events.published()],
        orders=queue.Order,
        suggestions=waiting_lists.suggestions(at=now()) if chosen.view.state in cards.WAITING and not opened else (),
        notice=notices.announced(),
    )


def _beside(found: list[Rsvp], opened: Rsvp | None) -> dict[str, str]:
    """Return which request comes before the open one on this page of the list, and which after it."""
    ids = [rsvp.public_id for rsvp in found]
    if opened is None or not ids:
        return {}
    if opened.public_id not in ids:
        return {"next": ids[0]}
    at = ids.index(opened.public_id)
    return {name: ids[to] for name, to in (("previous", at - 1), ("next", at + 1)) if 0 <= to < len(ids)}
