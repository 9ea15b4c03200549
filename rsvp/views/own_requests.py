"""Ask for more places, ask again and withdraw, on the participant's own page."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from rsvp.languages import digits, text
from rsvp.models.participant import Participant
from rsvp.services import own_requests
from rsvp.services.own_requests import Outcome, Refused
from rsvp.views import guests, places
from rsvp.views.access import guest
from rsvp.views.languages import current
from rsvp.views.limits import limit_own_requests
from rsvp.views.places import Notice, Shown
from rsvp.views.security import csrf

blueprint = guests.blueprint("own_requests")
csrf.exempt(blueprint)  # the address itself is the secret

Answer = Response | tuple[str, int]


@blueprint.post("/places/<token>/rsvps")
@guest
@limit_own_requests
def ask(token: str) -> Answer:
    """Ask for places at more events, or again for some that were withdrawn."""
    participant, slugs = places.owner(token), request.form.getlist("events")
    if not slugs:
        words = _("Please choose at least one event.")
        return _refuse(participant, token, Notice(words, "lotus", is_about_more=True), 422)
    outcome = own_requests.ask(participant, slugs, at=guests.now())
    return _answer(participant, token, outcome, "noted" if outcome.done and outcome.letter is None else "asked")


@blueprint.post("/places/<token>/withdrawals")
@guest
def withdraw(token: str) -> Answer:
    """Give up one request or place, or several."""
    participant, slugs = places.owner(token), request.form.getlist("event")
    if not slugs:
        return _refuse(participant, token, Notice(_("Please choose at least one event."), "lotus"), 422)
    return _answer(participant, token, own_requests.withdraw(participant, slugs, at=guests.now()), "withdrawn")


def _answer(participant: Participant, token: str, outcome: Outcome, word: str) -> Answer:
    """Lead back to the page; what was refused is said at once, since no event's name may stand in an address."""
    if not outcome.refused:
        return places.back(token, word)
    lines = [_line(each) for each in outcome.refused]
    if not outcome.done:
        return _refuse(participant, token, Notice(_("Nothing was changed."), "lotus", lines))
    count = len(outcome.done)
    said = ngettext(
        "It was done for %(shown)s event, but not for all:",
        "It was done for %(shown)s events, but not for all:",
        count,
        shown=digits(count, current()),
    )
    return places.page(participant, token, Shown(notice=Notice(said, "saffron", lines))), 200


def _refuse(participant: Participant, token: str, notice: Notice, code: int = 409) -> tuple[str, int]:
    chosen: Sequence[str] = request.form.getlist("events")
    return places.page(participant, token, Shown(notice=notice, chosen=chosen)), code


def _line(refused: Refused) -> str:
    if refused.event is None:
        return str(refused.refusal.message)
    return f"{text(refused.event.title, current())}: {refused.refusal.message}"
