"""Ask for places: one form, any number of events, the same answer for every address."""

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from rsvp import zones
from rsvp.models.programme import Programme
from rsvp.services import addresses, requests
from rsvp.views import guests, previews, stamps
from rsvp.views.access import findable, public
from rsvp.views.forms import RequestForm
from rsvp.views.languages import current
from rsvp.views.limits import limit_requests
from rsvp.views.previews import Preview
from rsvp.views.security import csrf

PURPOSE = "rsvps"

blueprint = guests.blueprint("rsvps")
csrf.exempt(blueprint)  # a guest has no cookie; the form's stamp stands for the token


@blueprint.get("/rsvps/new")
@public
@findable
def new() -> str:
    """Show the form; `?events=` chooses beforehand."""
    zone = guests.asked_zone()
    form = RequestForm(data={"zone": zone.name, "language": current(), "events": request.args.getlist("events")})
    words = _("Ask for places at online events. A pseudonym is fine, and only the coordinator reads what you write.")
    return _page(form, preview=previews.preview("rsvps.new", words))


@blueprint.post("/rsvps")
@public
@limit_requests
def create() -> Response | tuple[str, int]:
    """Keep the request and send the visitor to the page that says to look at their mail."""
    form = RequestForm(request.form)
    form.offer(_offered())
    is_valid = form.validate()
    notice = stamps.stamp_problem(form.stamp.data, PURPOSE)
    if not is_valid or notice:
        return _page(form, notice=notice), 422
    requests.receive(_asked(form), at=guests.now())
    return redirect(url_for("rsvps.received"), 303)


@blueprint.get("/rsvps")
@public
def received() -> str:
    """Say what happens next, in the same words for every address."""
    return render_template("received.html", programme=Programme.current())


def _page(form: RequestForm, *, notice: object = None, preview: Preview | None = None) -> str:
    form.offer(_offered())
    form.stamp.data = stamps.new_stamp(PURPOSE)
    at = guests.now()
    zone = zones.named(form.zone.data or "") or zones.DEFAULT
    return render_template(
        "request.html",
        form=form,
        notice=notice,
        preview=preview,
        programme=Programme.current(),
        zones=zones.offered(zone, current()),
        # Who names a city that we don't know gets the whole list, where one nearby can be found.
        zone_groups=zones.groups(current()) if form.zone.errors else (),
        cards=[guests.card(event, zone=zone, at=at) for event in requests.open_events(at)],
    )


def _offered() -> list[str]:
    return [event.slug for event in requests.open_events(guests.now())]


def _asked(form: RequestForm) -> requests.PlacesRequest:
    return requests.PlacesRequest(
        email=addresses.normalise(form.email.data or "") or "",
        events=tuple(form.events.data or ()),
        name=form.name.data or "",
        language=form.language.data,
        zone=zones.named(form.zone.data) or zones.DEFAULT,
        country=form.country.data or None,
        organisation=form.organisation.data or None,
        referrer=form.referrer.data or None,
        message=form.message.data or None,
    )
