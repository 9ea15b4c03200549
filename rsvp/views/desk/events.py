"""The events at the desk: their places and their meeting link."""

from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import Form, StringField, ValidationError
from wtforms.validators import Length, Optional

from rsvp.languages import tidy
from rsvp.models.event import Event
from rsvp.services import events, rsvps
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.forms import one_line, plain
from rsvp.zones import HOME

blueprint = Blueprint("events", __name__, url_prefix="/events")


class LinkForm(Form):
    """The meeting's address and passcode."""

    link = StringField(
        _("Zoom link"),
        [Optional(), Length(max=1000, message=_("This is too long: at most %(max)d characters.")), plain, one_line],
        filters=[lambda value: tidy(value) if value else value],
    )
    passcode = StringField(
        _("Passcode"),
        [Optional(), Length(max=64, message=_("This is too long: at most %(max)d characters.")), plain, one_line],
        filters=[lambda value: tidy(value) if value else value],
    )

    def validate_link(self, field: StringField) -> None:
        """Refuse what a guest's phone wouldn't open."""
        try:
            address = urlsplit(field.data)
            is_good = address.scheme == "https" and bool(address.hostname) and " " not in field.data
        except ValueError:
            is_good = False
        if not is_good or not field.data.isascii():
            raise ValidationError(_("Please paste the whole address of the meeting; it begins with https://."))


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
    """Show one event and the form for its link."""
    event = _named(slug)
    return _page(event, LinkForm(data={"link": event.link, "passcode": event.passcode}))


@blueprint.post("/<slug>/link")
@coordinator
def set_link(slug: str) -> Response | tuple[str, int]:
    """Set the link; whoever is approved gets the updated invitation."""
    event = _named(slug)
    form = LinkForm(request.form)
    if not form.validate():
        return _page(event, form), 422
    rsvps.lock_event(event.id)
    facts = {"link": form.link.data or None, "passcode": form.passcode.data or None}
    sent = events.change(event, facts, by=current_user.public_id, at=guests.now())
    flash(
        ngettext(
            "Saved. %(num)d updated invitation is on its way.",
            "Saved. %(num)d updated invitations are on their way.",
            sent,
        ),
        "success",
    )
    return redirect(url_for("desk.events.show", slug=slug), 303)


def _page(event: Event, form: LinkForm) -> str:
    return render_template(
        "desk/event.html",
        card=guests.card(event, zone=HOME, at=guests.now()),
        form=form,
        taken=rsvps.places_taken(event),
        capacity=event.capacity,
    )


def _named(slug: str) -> Event:
    event = events.named(slug)
    if event is None:
        abort(404)
    return event
