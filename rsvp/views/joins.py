"""A guest's own page for one meeting: it counts the time until it opens, and opens it behind a button."""

from datetime import datetime, timedelta

from flask import abort, make_response, render_template
from werkzeug.wrappers import Response

from rsvp.languages import LocalTime, local_time
from rsvp.models.event import Event
from rsvp.models.rsvp import Rsvp
from rsvp.services import joins
from rsvp.services.joins import Stage
from rsvp.views import guests, spans
from rsvp.views.access import guest
from rsvp.views.languages import current
from rsvp.views.security import csrf

blueprint = guests.blueprint("joins")
csrf.exempt(blueprint)  # the address itself is the secret

# How many seconds later a page that waits is asked for again: soon when something is about to be there, never so often
# that a slow line has no time to show it.
SOONEST, LATEST, WHILE_LINKLESS = 20, 600, 60
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@blueprint.get("/join/<token>")
@guest
def show(token: str) -> Response:
    """Show how the meeting stands; the page comes again by itself while there is something to wait for."""
    at = guests.now()
    rsvp = _found(joins.named(token, at=at))
    return _coming_again(make_response(_page(rsvp, token, at=at)), rsvp.event, at)


@blueprint.post("/join/<token>")
@guest
def pass_through(token: str) -> Response:
    """Show the meeting's address to who presses the button in time; to others the page as it stands."""
    at = guests.now()
    rsvp = _found(joins.hold(token, at=at))
    is_open = joins.pass_through(rsvp, at=at)
    # No redirect: where a form may lead is held by the policy, and the address would stand in a header.
    answer = make_response(_page(rsvp, token, at=at, shows_link=is_open), 200 if is_open else 409)
    return _coming_again(answer, rsvp.event, at)


def _found(rsvp: Rsvp | None) -> Rsvp:
    if rsvp is None:
        abort(404)
    return rsvp


def _coming_again(answer: Response, event: Event, at: datetime) -> Response:
    """Let a page that waits be asked for again; a form that came too early isn't sent a second time."""
    seconds = _refresh_seconds(event, at)
    if seconds is not None:
        # A header, no <meta>: it belongs to this answer, and a page that was saved or printed asks for nothing.
        answer.headers["Refresh"] = str(seconds)
    return answer


def _page(rsvp: Rsvp, token: str, *, at: datetime, shows_link: bool = False) -> str:
    event = rsvp.event
    return render_template(
        "join.html",
        token=token,
        programme=event.programme,
        card=guests.card(event, zone=rsvp.participant.zone, at=at),
        stage=joins.stage(event, at=at),
        opens=_opening(rsvp),
        left=_left(event, at),
        is_near=event.starts_at is not None and event.starts_at - at < DAY,
        early=spans.minutes(joins.EARLY // MINUTE),
        link=event.link if shows_link else None,
        passcode=event.passcode if shows_link else None,
    )


def _opening(rsvp: Rsvp) -> LocalTime | None:
    """Return when the page opens the meeting, as the guest's clock shows it."""
    opens_at = joins.opens_at(rsvp.event)
    return local_time(opens_at, rsvp.participant.zone, current()) if opens_at else None


def _left(event: Event, at: datetime) -> str:
    """Return in words how long it is until the page opens the meeting; minutes are rounded up, never to none."""
    opens_at = joins.opens_at(event)
    left = opens_at - at if opens_at else timedelta(0)
    if left >= 2 * DAY:
        return spans.days(left // DAY)
    if left >= 2 * HOUR:
        return spans.hours(left // HOUR)
    return spans.minutes(-(-left // MINUTE))


def _refresh_seconds(event: Event, at: datetime) -> int | None:
    """Return after how many seconds the page has something new to say, None when it hasn't by itself."""
    stage, opens_at = joins.stage(event, at=at), joins.opens_at(event)
    if stage == Stage.LINKLESS:
        return WHILE_LINKLESS
    if stage != Stage.EARLY or opens_at is None:
        return None
    seconds = -((at - opens_at) // timedelta(seconds=1))  # rounded up: a moment too early would show nothing new
    return min(max(seconds, SOONEST), LATEST)
