"""The queue and the decisions about it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp import languages
from rsvp.errors import DecidedAlready, Refusal
from rsvp.languages import LocalTime, local_time
from rsvp.models.letter import Letter
from rsvp.models.rsvp import Mover, Rsvp, State, can_move
from rsvp.services import coordinators, deliveries, invitations, queue, rsvps
from rsvp.views.access import coordinator
from rsvp.views.desk.forms import ReasonForm
from rsvp.views.guests import now
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.views.states import STATES
from rsvp.zones import HOME

TABS = (State.PENDING, State.WAITLISTED, State.APPROVED, State.DECLINED, State.REVOKED, State.WITHDRAWN)
DONE = {
    "approval": _("Approved. The invitation is on its way."),
    "decline": _("Declined. The letter is on its way."),
    "waitlisting": _("Put on the waiting list. The letter is on its way."),
    "revocation": _("The place is taken back. The cancellation is on its way."),
    "reopening": _("Back in the queue. Nobody was written to."),
}

ACTS = {
    "approval": State.APPROVED,
    "decline": State.DECLINED,
    "waitlisting": State.WAITLISTED,
    "revocation": State.REVOKED,
    "reopening": State.PENDING,
}

blueprint = Blueprint("rsvps", __name__)


@dataclass(frozen=True)
class DeskCard:
    """One request as the coordinator sees it."""

    rsvp: Rsvp
    title: str
    language: str
    local: LocalTime | None  # the event in the person's zone
    home: LocalTime | None  # and in Washington
    asked: LocalTime  # when they asked, Washington time
    letter: Letter | None
    reply: str | None  # what their calendar answered (PARTSTAT)
    decided: LocalTime | None
    decided_by: str
    acts: frozenset[str]


@dataclass(frozen=True)
class _About:
    """What a page of requests needs to know beside them, asked for at once."""

    letters: dict[int, Letter]
    replies: dict[int, str]
    coordinators: dict[str, str]


@blueprint.get("/")
@coordinator
def show() -> str:
    """Show the requests in one state, the pending ones unless asked otherwise."""
    asked = request.args.get("state", State.PENDING)
    if asked not in TABS:
        abort(404)
    view = queue.View(State(asked))
    counts = queue.counts(view)
    pages = max(1, -(-counts.get(asked, 0) // queue.PAGE))
    page = min(_page_number(), pages)
    found = queue.of(view, page=page)
    ids = [rsvp.id for rsvp in found]
    about = _About(deliveries.newest(ids), invitations.replies(ids), coordinators.emails())
    return render_template(
        "desk/queue.html",
        cards=[_card(rsvp, about) for rsvp in found],
        state=asked,
        tabs=TABS,
        counts=counts,
        page=page,
        pages=pages,
    )


@blueprint.post("/rsvps/<public_id>/approval")
@coordinator
def approve(public_id: str) -> Response | tuple[str, int]:
    """Give the place."""
    return _decide("approval", public_id, rsvps.approve)


@blueprint.post("/rsvps/<public_id>/decline")
@coordinator
def decline(public_id: str) -> Response | tuple[str, int]:
    """Refuse the place, with a reason for the person if one was written."""
    return _decide_with_reason("decline", public_id, rsvps.decline)


@blueprint.post("/rsvps/<public_id>/waitlisting")
@coordinator
def waitlist(public_id: str) -> Response | tuple[str, int]:
    """Put the request on the waiting list."""
    return _decide("waitlisting", public_id, rsvps.waitlist)


@blueprint.post("/rsvps/<public_id>/revocation")
@coordinator
def revoke(public_id: str) -> Response | tuple[str, int]:
    """Take the place back."""
    return _decide_with_reason("revocation", public_id, rsvps.revoke)


@blueprint.post("/rsvps/<public_id>/reopening")
@coordinator
def reopen(public_id: str) -> Response | tuple[str, int]:
    """Put a refused request back into the queue."""
    return _decide("reopening", public_id, rsvps.reopen)


def _decide(act: str, public_id: str, verb: Callable[[rsvps.Decision], Rsvp]) -> Response | tuple[str, int]:
    seen = request.form.get("version", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        abort(400)
    decision = rsvps.Decision(public_id, int(seen), by=current_user.public_id, at=now())
    try:
        verb(decision)
    except rsvps.UnknownRsvp:
        abort(404)
    except DecidedAlready as refusal:
        return refusal_page(409, title=refusal.message, advice=_who_decided(public_id))
    except Refusal as refusal:
        return refusal_page(409, title=refusal.message, advice=_("Nothing was changed. Go back to the queue."))
    flash(DONE[act], "success")
    return redirect(url_for("desk.rsvps.show"), 303)


def _decide_with_reason(act: str, public_id: str, verb: Callable[..., Rsvp]) -> Response | tuple[str, int]:
    form = ReasonForm(request.form)
    if not form.validate():
        # Nothing is lost: the reason stands in the form again, beside what is wrong with it.
        return render_template("desk/reason.html", form=form, seen=request.form.get("version", "")), 422
    return _decide(act, public_id, lambda decision: verb(decision, reason=form.reason.data or None))


def _page_number() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def _who_decided(public_id: str) -> str:
    rsvp = rsvps.named(public_id)
    if rsvp is None or rsvp.decided_at is None:
        return str(_("The person changed it. Go back to the queue."))
    return str(
        _(
            "%(who)s decided it: %(state)s, at %(hour)s.",
            who=coordinators.emails().get(rsvp.decided_by or "", ""),
            state=STATES[State(rsvp.state)],
            hour=_at(rsvp.decided_at).hour,
        )
    )


def _card(rsvp: Rsvp, about: _About) -> DeskCard:
    event, person = rsvp.event, rsvp.participant
    return DeskCard(
        rsvp=rsvp,
        title=languages.text(event.title, current()),
        language=languages.LANGUAGES[person.language],
        local=local_time(event.starts_at, person.zone, current()) if event.starts_at else None,
        home=_at(event.starts_at) if event.starts_at else None,
        asked=_at(rsvp.requested_at),
        letter=about.letters.get(rsvp.id),
        reply=about.replies.get(rsvp.id),
        decided=_at(rsvp.decided_at) if rsvp.decided_at else None,
        decided_by=about.coordinators.get(rsvp.decided_by or "", ""),
        acts=frozenset(act for act, to in ACTS.items() if can_move(State(rsvp.state), to, by=Mover.COORDINATOR)),
    )


def _at(at: datetime) -> LocalTime:
    return local_time(at, HOME, current())
