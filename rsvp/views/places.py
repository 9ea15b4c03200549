"""The participant's own page: how each request stands, what happens next, and what the coordinator asks.

Nothing personal may stand in its address: what was just done is told by a fixed word.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import abort, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

import config
from rsvp.errors import Refusal
from rsvp.languages import text
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.question import Question
from rsvp.models.token import Purpose
from rsvp.services import links, places, questions
from rsvp.views import guests, place_cards
from rsvp.views.access import guest
from rsvp.views.edges import SAFE_METHODS
from rsvp.views.forms import AnswerForm
from rsvp.views.languages import current
from rsvp.views.security import csrf

blueprint = guests.blueprint("places")
csrf.exempt(blueprint)  # the address itself is the secret

# What `?done=` may say.
DONE = {
    "asked": _("Your request has reached the coordinator. A letter to you lists what you asked for."),
    "noted": _("Your request has reached the coordinator."),
    "withdrawn": _("You have withdrawn. If you change your mind, you may ask again."),
    "answered": _("Your answer has reached the coordinator. Thank you."),
    "sent": _(
        "The invitation is on its way to your mail. It may take some minutes; look among unwanted mail (spam) too."
    ),
    "moved": _(
        "From now on our letters go to your new address. This page has a new link too: the old ones have ended."
    ),
    "ended": _("The address of your calendar has ended."),
}


@dataclass(frozen=True)
class Notice:
    """What is said on top of the page, or where more places are asked for: a sentence, and what it is about."""

    words: object
    tone: str = "jade"
    lines: Sequence[object] = ()
    is_about_more: bool = False


@dataclass(frozen=True)
class Shown:
    """What a page shows besides how things stand."""

    notice: Notice | None = None
    feed_url: str | None = None
    form: AnswerForm | None = None
    chosen: Sequence[str] = field(default=())  # events that were ticked


@dataclass(frozen=True)
class QuestionCard:
    """What the coordinator asked about one request. `answer` is None until there is one."""

    public_id: str
    title: str
    words: str
    answer: str | None
    form: AnswerForm


@blueprint.get("/places/<token>")
@guest
def show(token: str) -> str:
    """Show every request of the participant."""
    words = DONE.get(request.args.get("done", ""))
    return page(owner(token), token, Shown(notice=Notice(words) if words else None))


@blueprint.post("/places/<token>/answers")
@guest
def answer(token: str) -> Response | tuple[str, int]:
    """Keep the answer to a question of the coordinator's."""
    participant = owner(token)
    form = AnswerForm(request.form)
    if not form.validate():
        return page(participant, token, Shown(notice=Notice(form.answer.errors[0], "lotus"), form=form)), 422
    try:
        questions.answer(participant.id, form.question.data or "", form.answer.data or "", at=guests.now())
    except Refusal as refusal:
        return page(participant, token, Shown(notice=Notice(refusal.message, "lotus"))), 409
    return back(token, "answered")


def owner(token: str) -> Participant:
    """Return whose page it is; a wrong link looks like nonsense."""
    found = find(token)
    if found is None:
        abort(404)
    return found


def find(token: str) -> Participant | None:
    """Return whose page it is, held for an act, or None for every link that opens none now."""
    by_link = links.open_link if request.method in SAFE_METHODS else links.hold_link
    return by_link(token, Purpose.PLACES, at=guests.now())


def back(token: str, done: str) -> Response:
    """Lead back to the page, which then says what was done."""
    return redirect(url_for("places.show", token=token, done=done), 303)


def page(participant: Participant, token: str, shown: Shown) -> str:
    """Return the page."""
    at = guests.now()
    open_events, asked = places.still_open(participant, at=at), _asked(participant, at)
    return render_template(
        "places.html",
        token=token,
        name=participant.name,
        shown=shown,
        board=place_cards.board(participant, at=at),
        questions=[_question(each, shown.form) for each in asked if each.answered_at is None],
        answers=[_question(each, None) for each in asked if each.answered_at],
        open_cards=[guests.card(event, zone=participant.zone, at=at) for event in open_events],
        programme=Programme.current(),
        answer_days=config.current().answer_days,
        has_feed=links.is_held(participant, Purpose.FEED, at=at),
    )


def _asked(participant: Participant, at: datetime) -> list[Question]:
    """Return what was asked, but what waits for an answer that nobody needs any more."""
    asked = questions.told(participant.id, at=at)
    return [each for each in asked if each.answered_at or places.told(each.rsvp, at=at) in questions.ASKABLE]


def _question(asked: Question, sent: AnswerForm | None) -> QuestionCard:
    """Return a question with its form, which keeps what couldn't be taken as it was."""
    is_sent = sent is not None and sent.question.data == asked.public_id
    form = sent if sent is not None and is_sent else AnswerForm()
    form.answer.id = f"answer-{asked.public_id}"
    return QuestionCard(
        public_id=asked.public_id,
        title=text(asked.rsvp.event.title, current()),
        words=asked.words,
        answer=asked.answer,
        form=form,
    )
