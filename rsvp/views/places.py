"""The participant's own page: how each request stands, what the coordinator asks, and the button to withdraw."""

from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from rsvp.errors import Refusal
from rsvp.languages import text
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.models.question import Question
from rsvp.models.rsvp import Mover, Rsvp, State, can_move
from rsvp.models.token import Purpose
from rsvp.services import joins, links, places, questions, rsvps
from rsvp.services.joins import Door
from rsvp.views import guests
from rsvp.views.access import guest
from rsvp.views.forms import AnswerForm
from rsvp.views.guests import EventCard
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.views.security import csrf

blueprint = guests.blueprint("places")
csrf.exempt(blueprint)  # the address itself is the secret


@dataclass(frozen=True)
class PlaceCard:
    """One request as its participant sees it. `door` leads to the meeting for an approved one only."""

    event: EventCard
    state: str
    reason: str | None
    door: Door
    can_withdraw: bool


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
    return _page(_participant(token), token)


@blueprint.post("/places/<token>/withdrawals")
@guest
def withdraw(token: str) -> Response | tuple[str, int]:
    """Give up one request or place."""
    participant = _participant(token)
    try:
        rsvps.withdraw(participant.id, request.form.get("event", ""), at=guests.now())
    except Refusal as refusal:
        return refusal_page(409, title=refusal.message)
    return redirect(url_for("places.show", token=token), 303)


@blueprint.post("/places/<token>/answers")
@guest
def answer(token: str) -> Response | tuple[str, int]:
    """Keep the answer to a question of the coordinator's."""
    participant = _participant(token)
    form = AnswerForm(request.form)
    if not form.validate():
        return _page(participant, token, form=form), 422
    try:
        questions.answer(participant.id, form.question.data or "", form.answer.data or "", at=guests.now())
    except Refusal as refusal:
        return refusal_page(409, title=refusal.message, advice=_("Go back to your page to see it."))
    return redirect(url_for("places.show", token=token, _anchor="questions"), 303)


@blueprint.post("/places/<token>/feeds")
@guest
def make_feed(token: str) -> str:
    """Make the address of the participant's own calendar, the only one: an earlier one ends."""
    participant, at = _participant(token), guests.now()
    links.revoke(participant, Purpose.FEED, at=at)
    feed = links.issue(participant, Purpose.FEED, at=at)
    return _page(participant, token, feed_url=links.feed_url(feed, participant.language))


@blueprint.post("/places/<token>/feeds/revocation")
@guest
def end_feed(token: str) -> Response:
    """End the address of the participant's own calendar."""
    links.revoke(_participant(token), Purpose.FEED, at=guests.now())
    return redirect(url_for("places.show", token=token), 303)


def _page(participant: Participant, token: str, *, feed_url: str | None = None, form: AnswerForm | None = None) -> str:
    return render_template(
        "places.html",
        token=token,
        name=participant.name,
        cards=[_card(rsvp, participant) for rsvp in places.of(participant)],
        questions=[_question(asked, form) for asked in questions.of_participant(participant.id)],
        programme=Programme.current(),
        feed_url=feed_url,
        webcal_url="webcal://" + feed_url.partition("://")[2] if feed_url else None,
        has_feed=links.is_held(participant, Purpose.FEED, at=guests.now()),
    )


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


def _participant(token: str) -> Participant:
    participant = links.open_link(token, Purpose.PLACES, at=guests.now())
    if participant is None:
        abort(404)
    return participant


def _card(rsvp: Rsvp, participant: Participant) -> PlaceCard:
    at = guests.now()
    may_join = rsvp.state == State.APPROVED and not rsvp.event.is_past(at) and not rsvp.event.is_cancelled
    return PlaceCard(
        event=guests.card(rsvp.event, zone=participant.zone, at=at),
        state=rsvp.state,
        reason=rsvp.reason if rsvp.state in (State.DECLINED, State.REVOKED) else None,
        door=joins.door(rsvp) if may_join else joins.CLOSED,
        can_withdraw=can_move(State(rsvp.state), State.WITHDRAWN, by=Mover.PARTICIPANT) and not rsvp.event.is_past(at),
    )
