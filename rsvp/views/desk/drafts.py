"""New events at the desk: begun as drafts that nobody else sees, published as an act of its own, or deleted."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user

from rsvp.errors import EventActRefused, EventNameTaken
from rsvp.models.programme import Programme
from rsvp.services import drafts
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk.city_hours import city_words, in_cities
from rsvp.views.desk.event_forms import EventForm
from rsvp.views.desk.events import Answer, act, named, refused
from rsvp.views.refusals import refusal_page

blueprint = Blueprint("drafts", __name__, url_prefix="/events")


@blueprint.get("/new")
@coordinator
def new() -> str:
    """Show the form of a new event."""
    return _page(EventForm.blank())


@blueprint.post("/")
@coordinator
def create() -> Answer:
    """Begin a draft; or only show the hour that was typed in the community's cities."""
    form = EventForm.sent(request.form)
    if "preview" in request.form:
        status = 200 if form.check_time() else 422
        return _page(form), status
    if not form.validate():
        return _page(form), 422
    programme = Programme.current()
    if programme is None:
        return refusal_page(
            409,
            title=_("There is no programme yet."),
            advice=_("Ask the operator to load one; then events can be added to it."),
        )
    try:
        event = drafts.begin(programme, form.facts(), by=current_user.public_id, at=guests.now())
    except EventNameTaken as refusal:
        form.slug.errors = (refusal.message,)
        return _page(form), 422
    flash(str(_("The draft is saved. Only coordinators see it until you publish it.")), "success")
    return redirect(url_for("desk.events.show", slug=event.slug), 303)


@blueprint.post("/<slug>/publication")
@coordinator
def publish(slug: str) -> Answer:
    """Show the event to everybody."""
    return act(drafts.publish, named(slug), _("Published. People can ask for a place now."))


@blueprint.post("/<slug>/deletion")
@coordinator
def discard(slug: str) -> Answer:
    """Delete a draft."""
    try:
        drafts.discard(named(slug), by=current_user.public_id, at=guests.now())
    except EventActRefused as refusal:
        return refused(refusal)
    flash(str(_("The draft is deleted.")), "success")
    return redirect(url_for("desk.events.index"), 303)


def _page(form: EventForm) -> str:
    cities, words = in_cities(form.typed_start(), form.zone), city_words(form.zone)
    return render_template("desk/event_new.html", form=form, cities=cities, city_words=words)
