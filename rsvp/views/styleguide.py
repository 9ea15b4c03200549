"""The demo's style guide: every token and component by its name, in all its states. Registered in the demo only."""

from dataclasses import replace
from datetime import UTC, datetime

from flask import Blueprint, g, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Form, RadioField, SelectField, StringField, TextAreaField

from rsvp import languages, palette, zones
from rsvp.languages import local_time
from rsvp.models.event import Kind
from rsvp.models.programme import Programme
from rsvp.strip import strip
from rsvp.views.access import public
from rsvp.views.events import CITIES
from rsvp.views.guests import EventCard
from rsvp.views.languages import current
from rsvp.views.states import LETTER_STATES, STATES

# A Sunday in Phnom Penh that is a Saturday in Washington.
SAMPLE_AT = datetime(2025, 7, 12, 20, tzinfo=UTC)

blueprint = Blueprint("styleguide", __name__)


class SampleForm(Form):
    """Fields in their states: plain, with a hint, refused, long."""

    name = StringField(_("Name"))
    email = StringField(_("Email address"))
    message = TextAreaField(_("Message"))
    zone = SelectField(_("Your time zone"), choices=[])
    language = RadioField(_("Language of our letters"), choices=[])


@blueprint.before_request
def choose_language() -> None:
    """Show the page in the language that its address asks for."""
    if request.args.get("language") in languages.LANGUAGES:
        g.language = request.args["language"]


@blueprint.get("/styleguide")
@public
def show() -> str:
    """Show the tokens as the stylesheet has them, and each component with its macro's name."""
    form = SampleForm(data={"zone": zones.DEFAULT, "language": current()})
    form.email.errors = [gettext("Please write your email address: the invitation is sent to it.")]
    return render_template(
        "styleguide.html",
        programme=Programme.current(),
        themes=palette.themes(),
        cards=_cards(),
        form=form,
        zones=zones.offered(zones.DEFAULT, current()),
        states=list(STATES),
        letter_states=list(LETTER_STATES),
        strip=strip(SAMPLE_AT, 120, CITIES, language=current()),
    )


def _cards() -> dict[str, EventCard]:
    """Return an event in each of its states."""
    language = current()
    upcoming = EventCard(
        slug="sample",
        kind=Kind.DISCUSSION,
        title=gettext("A sample event"),
        summary=gettext("What it is about stands here, in one or two sentences."),
        minutes=120,
        starts_at=SAMPLE_AT,
        local=local_time(SAMPLE_AT, zones.DEFAULT, language),
        home=local_time(SAMPLE_AT, zones.HOME, language),
        is_past=False,
        is_cancelled=False,
        takes_requests=True,
        recording_url=None,
    )
    closed = replace(upcoming, slug="closed", takes_requests=False)
    return {
        "upcoming": upcoming,
        "announced": replace(upcoming, slug="announced", starts_at=None, local=None, home=None),
        "closed": closed,
        "cancelled": replace(closed, slug="cancelled", is_cancelled=True),
        "past": replace(closed, slug="past", is_past=True),
    }
