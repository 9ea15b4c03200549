"""People at the desk: add somebody who asked by mail or telephone."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from rsvp import languages, zones
from rsvp.models.event import Event
from rsvp.models.rsvp import State
from rsvp.services import additions, addresses
from rsvp.services.requests import PlacesRequest
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk.forms import TOO_LONG
from rsvp.views.forms import PersonForm, line_length, message_length, one_line, plain, reachable, tidied
from rsvp.views.languages import current
from rsvp.views.states import STATES

blueprint = Blueprint("people", __name__, url_prefix="/people")

KEEP, REPLACE = "keep", "replace"
DETAIL_WORDS = {
    "name": _("Name"),
    "language": _("Language of our letters"),
    "zone": _("Time zone"),
    "country": _("Country"),
    "organisation": _("Organisation"),
    "referrer": _("Who in the community knows them"),
    "message": _("What they wrote or said"),
}


class AdditionForm(PersonForm):
    """Somebody who asked a coordinator."""

    email = EmailField(
        _("Email address"),
        [
            InputRequired(_("Please write their email address: the letters go to it.")),
            Length(max=254, message=TOO_LONG),
            reachable,
        ],
        filters=[tidied],
    )
    zone = SelectField(DETAIL_WORDS["zone"], validate_choice=False)
    referrer = StringField(DETAIL_WORDS["referrer"], [Optional(), line_length, plain, one_line], filters=[tidied])
    message = TextAreaField(
        DETAIL_WORDS["message"],
        [Optional(), message_length, plain],
        filters=[tidied],
    )
    # Asked once it shows that something else is stored.
    details = RadioField(
        _("Which details hold?"),
        choices=[SelectChoice(KEEP), SelectChoice(REPLACE)],
        validate_choice=False,
    )


@blueprint.get("/")
@coordinator
def index() -> str:
    """Show what can be done about people: add one, add many, take lists out."""
    events = additions.events(at=guests.now())
    return render_template("desk/people.html", cards=[card(event) for event in events])


@blueprint.get("/new")
@coordinator
def new() -> str:
    """Show the form."""
    return _page(AdditionForm(data={"zone": zones.DEFAULT, "language": current()}))


@blueprint.post("/")
@coordinator
def create() -> Response | tuple[str, int]:
    """Bring the requests to the queue; where other details are stored, ask first which ones hold."""
    form = AdditionForm(request.form)
    form.offer([event.slug for event in additions.events(at=guests.now())])
    if not form.validate():
        return _page(form), 422
    asked = asked_by(form)
    [seen] = additions.foresee([asked])
    if seen.differing and form.details.data not in (KEEP, REPLACE):
        return _page(form, differing=[str(DETAIL_WORDS[name]) for name in seen.differing]), 422
    done = additions.add(asked, by=current_user.public_id, at=guests.now())
    if seen.differing and form.details.data == REPLACE:
        additions.replace_details(asked, by=current_user.public_id, at=guests.now())
    _say(done)
    return redirect(url_for("desk.people.index"), 303)


def asked_by(form: PersonForm) -> PlacesRequest:
    """Return what a form asks. Call it on a form that is valid."""
    return PlacesRequest(
        email=addresses.normalise(form.email.data or "") or "",
        events=tuple(dict.fromkeys(form.events.data or ())),
        name=form.name.data or "",
        language=form.language.data,
        zone=zones.named(form.zone.data) or zones.DEFAULT,
        country=form.country.data or None,
        organisation=form.organisation.data or None,
        referrer=form.referrer.data or None,
        message=form.message.data or None,
    )


def titles() -> dict[str, str]:
    """Return the title of each event by its slug, in the page's language."""
    return {event.slug: languages.text(event.title, current()) for event in additions.events(at=guests.now())}


def card(event: Event) -> guests.EventCard:
    """Return what these pages show of an event, at Washington's hour."""
    return guests.card(event, zone=zones.HOME, at=guests.now())


def _say(done: additions.Addition) -> None:
    """Tell what was done, without a word about the person: this is kept in the coordinator's cookie."""
    if done.requested:
        said = ngettext(
            "%(shown)s request waits in the queue. A letter tells the person.",
            "%(shown)s requests wait in the queue. A letter tells the person.",
            len(done.requested),
            shown=languages.digits(len(done.requested), current()),
        )
        flash(said, "success")
    for slug, state in done.standing.items():
        words = {"event": titles()[slug], "state": STATES[State(state)]}
        flash(str(_("Left as it was: %(event)s (%(state)s).", **words)), "plain")


def _page(form: AdditionForm, *, differing: list[str] | None = None) -> str:
    zone = zones.named(form.zone.data or "") or zones.DEFAULT
    return render_template(
        "desk/person.html",
        form=form,
        differing=differing or [],
        cards=[card(event) for event in additions.events(at=guests.now())],
        zones=zones.offered(zone, current()),
        zone_groups=zones.groups(current()),
    )
