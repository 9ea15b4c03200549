"""Decide about many requests at once, and say of each what became of it."""

from dataclasses import dataclass

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp.errors import DecidedAlready, EventFull, MoveRefused
from rsvp.languages import LocalTime
from rsvp.models.rsvp import Rsvp, State
from rsvp.services import decisions, queue
from rsvp.services.decisions import Act, Result
from rsvp.services.rsvps import Decision
from rsvp.views.access import coordinator
from rsvp.views.desk import cards, listing, notices
from rsvp.views.desk.words import ReasonForm
from rsvp.views.guests import now

# A person may ask for many events, and a page has so many rows.
MOST = 2 * queue.WHOLE

blueprint = Blueprint("decisions", __name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one request: done, or why not; who decided it before, and when."""

    rsvp: Rsvp
    title: str
    refusal: object
    by: str
    at: LocalTime | None


@blueprint.post("/decisions")
@coordinator
def create() -> Response | str | tuple[str, int]:
    """Decide each of the chosen requests as it was shown."""
    act, chosen = request.form.get("act", ""), request.form.getlist("rsvps")
    if act not in set(Act) or len(chosen) > MOST:
        abort(400)
    seen = [_decision(each) for each in dict.fromkeys(chosen)]
    if not seen:
        flash(_("Please choose at least one request."), "error")
        return redirect(url_for("desk.rsvps.show", **listing.asked().address), 303)
    form = ReasonForm(request.form)
    if not form.validate():
        carried = [("act", act), *(("rsvps", each) for each in chosen)]
        return listing.ask_again(form.reason, carried), 422
    results = decisions.decide(Act(act), seen, reason=form.reason.data or None)
    notices.hold_letters()
    return _page(Act(act), results)


def _decision(chosen: str) -> Decision:
    """Return the decision about a row of a form: a public id and the version that was shown."""
    public_id, _colon, version = chosen.partition(":")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        abort(400)
    return Decision(public_id, int(version), by=current_user.public_id, at=now(), undo=notices.UNDO)


def _page(act: Act, results: list[Result]) -> str:
    done = [result.rsvp for result in results if result.refusal is None and result.rsvp is not None]
    full = [result.rsvp for result in results if isinstance(result.refusal, EventFull) and result.rsvp is not None]
    return render_template(
        "desk/decisions.html",
        act=act,
        words=notices.DONE[act],
        done=[_outcome(rsvp) for rsvp in done],
        refused=[_outcome(result.rsvp, result) for result in results if result.refusal and result.rsvp is not None],
        unknown=sum(result.rsvp is None for result in results),
        offered=[rsvp for rsvp in full if rsvp.state == State.PENDING],
        undo_seconds=min((notices.undo_seconds(rsvp) for rsvp in done), default=0),
        listing=listing.asked(),
    )


def _outcome(rsvp: Rsvp, result: Result | None = None) -> Outcome:
    refusal = result.refusal if result else None
    is_decided = isinstance(refusal, DecidedAlready | MoveRefused) and rsvp.decided_at is not None
    return Outcome(
        rsvp=rsvp,
        title=cards.title_of(rsvp),
        refusal=refusal.message if refusal else None,
        by=cards.who_decided(rsvp) if is_decided else "",
        at=cards.desk_time(rsvp.decided_at) if is_decided and rsvp.decided_at else None,
    )
