"""Who attended: a list of the people with a place, to be ticked."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp.errors import Refusal
from rsvp.languages import digits
from rsvp.models.event import Event
from rsvp.services import attendances, coordinators
from rsvp.services.attendances import Attendance
from rsvp.views import guests
from rsvp.views.access import coordinator
from rsvp.views.desk import cards, events
from rsvp.views.languages import current
from rsvp.views.refusals import refusal_page
from rsvp.zones import HOME

blueprint = Blueprint("attendances", __name__, url_prefix="/events")


@blueprint.get("/<slug>/attendance")
@coordinator
def show(slug: str) -> str:
    """Show the list as it was saved last; before that, with those ticked who opened the meeting themselves."""
    event, at = events.named(slug), guests.now()
    listed = attendances.of(event)
    return render_template(
        "desk/attendance.html",
        event=event,
        card=guests.card(event, zone=HOME, at=at),
        can_be_noted=attendances.can_be_noted(event, at=at),
        listed=listed,
        attended=attendances.attended(event),
        erased=attendances.erased(event),
        opened=attendances.opened(event),
        saved_at=cards.desk_time(listed.saved.at) if listed.saved else None,
        saved_by=_who_saved(listed),
    )


@blueprint.post("/<slug>/attendance")
@coordinator
def save(slug: str) -> Response | tuple[str, int]:
    """Keep who was ticked."""
    event, seen = events.named(slug), request.form.get("seen", "")
    came = set(request.form.getlist("came"))
    number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1
    try:
        count = attendances.save(event, came, seen=number, by=current_user.public_id, at=guests.now())
    except Refusal as refusal:
        return refusal_page(
            409, title=refusal.message, advice=_("Nothing of yours was saved. Open the list again to see it.")
        )
    flash(_saved_words(count), "success")
    return redirect(_address(event), 303)


def _saved_words(count: int) -> str:
    shown = digits(count, current())
    return str(ngettext("Saved. %(shown)s person attended.", "Saved. %(shown)s people attended.", count, shown=shown))


def _who_saved(listed: Attendance) -> str:
    return coordinators.emails().get(listed.saved.by, "") if listed.saved else ""


def _address(event: Event) -> str:
    return url_for("desk.attendances.show", slug=event.slug)
