"""The coordinator's own words to everybody with a place at an event: written, previewed, then sent."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import Form, HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Regexp

from rsvp import tokens, zones
from rsvp.errors import Refusal
from rsvp.languages import LANGUAGES
from rsvp.models.event import Event
from rsvp.services import broadcasts, events, invitations
from rsvp.services.broadcasts import Words
from rsvp.views.access import coordinator
from rsvp.views.desk import notices
from rsvp.views.desk.forms import TOO_LONG, tidied
from rsvp.views.forms import one_line, plain
from rsvp.views.guests import now
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page

blueprint = Blueprint("broadcasts", __name__, url_prefix="/events/<slug>/broadcasts")


NEEDED = _("Please write this in both languages.")


class BroadcastForm(Form):
    """A subject and a text in both languages. `number` tells one form from another."""

    number = HiddenField(validators=[InputRequired(), Regexp("^[A-Za-z0-9_-]{8,32}$")])
    subject_en = StringField(
        _("Subject in English"),
        [InputRequired(NEEDED), Length(max=120, message=TOO_LONG), plain, one_line],
        filters=[tidied],
    )
    subject_km = StringField(
        _("Subject in Khmer"),
        [InputRequired(NEEDED), Length(max=120, message=TOO_LONG), plain, one_line],
        filters=[tidied],
    )
    body_en = TextAreaField(
        _("Text in English"), [InputRequired(NEEDED), Length(max=5000, message=TOO_LONG), plain], filters=[tidied]
    )
    body_km = TextAreaField(
        _("Text in Khmer"), [InputRequired(NEEDED), Length(max=5000, message=TOO_LONG), plain], filters=[tidied]
    )

    @property
    def words(self) -> Words:
        """What was written, by language. Call it on a form that is valid."""
        return Words(
            number=self.number.data or "",
            subject={language: self[f"subject_{language}"].data for language in LANGUAGES},
            body={language: self[f"body_{language}"].data for language in LANGUAGES},
        )


@blueprint.get("/new")
@coordinator
def new(slug: str) -> str:
    """Show the form."""
    return _form(_named(slug), BroadcastForm(number=tokens.new_public_id()))


@blueprint.post("")
@coordinator
def send(slug: str) -> Response | tuple[str, int]:
    """Show what everybody would get; send it once that was looked at."""
    event, form = _named(slug), BroadcastForm(request.form)
    if not form.validate():
        return _form(event, form), 422
    if "changing" in request.form:
        return _form(event, form), 200
    if "confirmed" not in request.form:
        return _preview(event, form), 200
    try:
        count = broadcasts.send(event, form.words, by=current_user.public_id, at=now(), undo=notices.UNDO)
    except Refusal as refusal:
        return refusal_page(409, title=refusal.message, advice=_("Nothing was sent."))
    notices.announce_broadcast(event, form.words.number, letters=count)
    return redirect(url_for("desk.events.show", slug=slug), 303)


@blueprint.post("/undoing")
@coordinator
def undo(slug: str) -> Response | tuple[str, int]:
    """Take the letters back while they wait."""
    event, number = _named(slug), request.form.get("number", "")
    try:
        broadcasts.take_back(event, number, by=current_user.public_id, at=now(), undo=notices.UNDO)
    except broadcasts.TooLate as refusal:
        return refusal_page(409, title=refusal.message, advice=_("The letters have left or are leaving."))
    flash(_("Taken back. Nobody was written to."), "success")
    return redirect(url_for("desk.events.show", slug=slug), 303)


def _form(event: Event, form: BroadcastForm) -> str:
    return render_template("desk/broadcast.html", event=event, form=form, readers=len(invitations.approved(event)))


def _preview(event: Event, form: BroadcastForm) -> str:
    groups = broadcasts.preview(event, form.words)
    cities = {group.zone: zones.city(group.zone, current()) for group in groups}
    return render_template(
        "desk/broadcast_preview.html",
        event=event,
        form=form,
        groups=groups,
        cities=cities,
        letters=sum(group.count for group in groups),
    )


def _named(slug: str) -> Event:
    event = events.named(slug)
    if event is None:
        abort(404)
    return event
