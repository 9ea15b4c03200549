"""The events at the desk: their places, their link, their changes and their end."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp.languages import digits, local_time
from rsvp.models.event import Event
from rsvp.services import deliveries, events, invitations, rsvps
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk.forms import EventForm, LinkForm, NoteForm
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.zones import HOME

blueprint = Blueprint("events", __name__, url_prefix="/events")

Answer = Response | tuple[str, int]


@blueprint.get("/")
@coordinator
def index() -> str:
    """List the events with their places."""
    at = guests.now()
    rows = [
        (guests.card(event, zone=HOME, at=at), rsvps.places_taken(event), event.capacity, bool(event.link))
        for event in events.published()
    ]
    return render_template("desk/events.html", rows=rows)


@blueprint.get("/<slug>")
@coordinator
def show(slug: str) -> str:
    """Show one event, who lacks the invitation, and the forms."""
    return _page(_named(slug))


@blueprint.post("/<slug>/link")
@coordinator
def set_link(slug: str) -> Answer:
    """Set the link; whoever is approved gets the updated invitation."""
    event = _named(slug)
    form = LinkForm(request.form)
    if not form.validate():
        return _page(event, link_form=form), 422
    return _change(event, {"link": form.link.data or None, "passcode": form.passcode.data or None}, form)


@blueprint.post("/<slug>/changes")
@coordinator
def change(slug: str) -> Answer:
    """Change the event: first say how many letters that sends, then do it."""
    event = _named(slug)
    form = EventForm(request.form)
    form.zone = event.zone
    if not form.validate():
        return _page(event, form=form), 422
    if request.form.get("seen") != event.updated_at.isoformat():
        return refusal_page(
            409,
            title=_("Somebody changed this event while your page was open."),
            advice=_("Nothing of yours was saved. Open the event again to see how it stands now."),
        )
    facts = form.facts(event)
    letters = events.letters_for(event, facts, at=guests.now())
    if letters and "confirmed" not in request.form:
        return _review(event, form, letters), 200
    return _change(event, facts, form)


@blueprint.post("/<slug>/cancellation")
@coordinator
def call_off(slug: str) -> Answer:
    """Cancel the event; it leaves every calendar."""
    event, form = _named(slug), NoteForm(request.form)
    if not form.validate():
        return _page(event, note_form=form), 422
    return _done(slug, events.call_off(event, by=current_user.public_id, at=guests.now(), note=form.note))


@blueprint.post("/<slug>/restoration")
@coordinator
def restore(slug: str) -> Answer:
    """Let a cancelled event take place after all."""
    event, form = _named(slug), NoteForm(request.form)
    if not form.validate():
        return _page(event, note_form=form), 422
    return _done(slug, events.restore(event, by=current_user.public_id, at=guests.now(), note=form.note))


def _review(event: Event, form: EventForm, letters: int) -> str:
    starts_at = form.starts_at(event)
    return render_template(
        "desk/event_review.html",
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
    return render_template(
        "desk/event.html",
        card=guests.card(event, zone=HOME, at=guests.now()),
        form=form or EventForm.of(event),
        link_form=link_form or LinkForm(data={"link": event.link, "passcode": event.passcode}),
        note_form=note_form or NoteForm(),
        seen=event.updated_at.isoformat(),
        taken=rsvps.places_taken(event),
        capacity=event.capacity,
        without=deliveries.without_invitation(event),
        invited=invitations.answers(event),
    )


def _named(slug: str) -> Event:
    event = events.named(slug)
    if event is None:
        abort(404)
    return event
