"""The events at the desk: their places, their link, their changes, the end of their requests and their own."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp.errors import EventActRefused, EventNameTaken
from rsvp.languages import digits, local_time
from rsvp.models.event import Event
from rsvp.services import attendances, deliveries, events, invitations, rsvps
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk import notices
from rsvp.views.desk.city_hours import city_words, in_cities
from rsvp.views.desk.event_forms import EventForm
from rsvp.views.desk.forms import LinkForm, NoteForm
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.zones import HOME

blueprint = Blueprint("events", __name__, url_prefix="/events")

Answer = Response | tuple[str, int]


@blueprint.get("/")
@coordinator
def index() -> str:
    """List the events with their places, drafts too."""
    at = guests.now()
    rows = [(event, guests.card(event, zone=HOME, at=at), rsvps.places_taken(event)) for event in events.known()]
    return render_template("desk/events.html", rows=rows)


@blueprint.get("/<slug>")
@coordinator
def show(slug: str) -> str:
    """Show one event, who lacks the invitation, and the forms."""
    return _page(named(slug))


@blueprint.post("/<slug>/link")
@coordinator
def set_link(slug: str) -> Answer:
    """Set the link; whoever is approved gets the updated invitation."""
    event = named(slug)
    form = LinkForm(request.form)
    if not form.validate():
        return _page(event, link_form=form), 422
    return _change(event, {"link": form.link.data or None, "passcode": form.passcode.data or None}, form)


@blueprint.post("/<slug>/changes")
@coordinator
def change(slug: str) -> Answer:
    """Change the event: first say how many letters that sends, then do it."""
    event = named(slug)
    form = EventForm.sent(request.form, event)
    if "preview" in request.form:
        status = 200 if form.check_time() else 422
        return _page(event, form=form), status
    if not form.validate():
        return _page(event, form=form), 422
    if request.form.get("seen") != event.updated_at.isoformat():
        return refusal_page(
            409,
            title=_("Somebody changed this event while your page was open."),
            advice=_("Nothing of yours was saved. Open the event again to see how it stands now."),
        )
    facts = form.facts()
    try:
        letters = events.letters_for(event, facts, at=guests.now())
        if letters and "confirmed" not in request.form:
            return _review(event, form, letters), 200
        return _change(event, facts, form)
    except EventNameTaken as refusal:
        form.slug.errors = (refusal.message,)
        return _page(event, form=form), 422


@blueprint.post("/<slug>/cancellation")
@coordinator
def call_off(slug: str) -> Answer:
    """Cancel the event; it leaves every calendar."""
    event, form = named(slug), NoteForm(request.form)
    if not form.validate():
        return _page(event, note_form=form), 422
    try:
        sent = events.call_off(event, by=current_user.public_id, at=guests.now(), note=form.note)
    except EventActRefused as refusal:
        return refused(refusal)
    return _done(slug, sent)


@blueprint.post("/<slug>/restoration")
@coordinator
def restore(slug: str) -> Answer:
    """Let a cancelled event take place after all."""
    event, form = named(slug), NoteForm(request.form)
    if not form.validate():
        return _page(event, note_form=form), 422
    return _done(slug, events.restore(event, by=current_user.public_id, at=guests.now(), note=form.note))


@blueprint.post("/<slug>/closing")
@coordinator
def close(slug: str) -> Answer:
    """Take no more requests."""
    return act(events.close, named(slug), _("Requests are closed. Those that there are stay in the queue."))


@blueprint.post("/<slug>/reopening")
@coordinator
def reopen(slug: str) -> Answer:
    """Take requests again."""
    return act(events.reopen, named(slug), _("Requests are open again."))


class Act(Protocol):
    """What a coordinator does with an event that sends no letter."""

    def __call__(self, event: Event, /, *, by: str, at: datetime) -> None:
        """Do it.

        Raises:  EventActRefused when the event isn't one with which that can be done.
        """


def act(verb: Act, event: Event, said: object) -> Answer:
    """Do something with an event and say so on its page."""
    try:
        verb(event, by=current_user.public_id, at=guests.now())
    except EventActRefused as refusal:
        return refused(refusal)
    flash(str(said), "success")
    return redirect(url_for("desk.events.show", slug=event.slug), 303)


def refused(refusal: EventActRefused) -> tuple[str, int]:
    """Return the page that says why an act wasn't done."""
    return refusal_page(409, title=refusal.message, advice=_("Nothing was changed. Go back to the event."))


def named(slug: str) -> Event:
    """Return the event with that name in its address, or end with the page for nonsense."""
    event = events.named(slug)
    if event is None:
        abort(404)
    return event


def _review(event: Event, form: EventForm, letters: int) -> str:
    starts_at = form.starts_at()
    return render_template(
        "desk/event_review.html",
        event=event,
        card=guests.card(event, zone=HOME, at=guests.now()),
        new=local_time(starts_at, HOME, current()) if starts_at else None,
        form=form,
        letters=letters,
    )


def _change(event: Event, facts: Mapping[str, object], form: NoteForm) -> Response:
    sent = events.change(event, facts, by=current_user.public_id, at=guests.now(), note=form.note)
    return _done(event.slug, sent)


def _done(slug: str, sent: int) -> Response:
    flash(
        ngettext(
            "Saved. %(shown)s letter is on its way.",
            "Saved. %(shown)s letters are on their way.",
            sent,
            shown=digits(sent, current()),
        )
        if sent
        else _("Saved. Nobody needed a letter."),
        "success",
    )
    return redirect(url_for("desk.events.show", slug=slug), 303)


def _page(
    event: Event,
    *,
    form: EventForm | None = None,
    link_form: LinkForm | None = None,
    note_form: NoteForm | None = None,
) -> str:
    form = form or EventForm.of(event)
    return render_template(
        "desk/event.html",
        event=event,
        card=guests.card(event, zone=HOME, at=guests.now()),
        form=form,
        cities=in_cities(form.typed_start(), form.zone),
        city_words=city_words(form.zone),
        missing=[form[f"{name}_{language}"].label.text for name, language in event.missing],
        is_unfolded=bool(form.errors) or "preview" in request.form,
        link_form=link_form or LinkForm(data={"link": event.link, "passcode": event.passcode}),
        note_form=note_form or NoteForm(),
        seen=event.updated_at.isoformat(),
        taken=rsvps.places_taken(event),
        capacity=event.capacity,
        without=deliveries.without_invitation(event),
        invited=invitations.answers(event),
        opened=attendances.opened(event),
        had_place=attendances.had_place(event),
        attended=attendances.attended(event),
        broadcast=notices.broadcast_of(event),
        can_note_attendance=attendances.can_be_noted(event, at=guests.now()),
    )
