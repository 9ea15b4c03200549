"""My details: what guests change about themselves, on a page of their own."""

from datetime import datetime

from flask import redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from rsvp import zones
from rsvp.models.participant import Participant
from rsvp.models.programme import Programme
from rsvp.services import addresses, moves, preferences
from rsvp.services import places as own_places
from rsvp.services.own_requests import BeingDecided
from rsvp.services.preferences import NameFixed, Preferences
from rsvp.views import guests, limits, places
from rsvp.views.access import guest
from rsvp.views.forms import PreferencesForm
from rsvp.views.languages import current
from rsvp.views.limits import limit_own_requests
from rsvp.views.security import csrf

blueprint = guests.blueprint("preferences")
csrf.exempt(blueprint)  # the address itself is the secret

# What `?done=` may say.
DONE = {"saved": _("Saved. From now on we write to you like this.")}


@blueprint.get("/places/<token>/preferences")
@guest
def show(token: str) -> str:
    """Show what the participant may change."""
    participant = places.owner(token)
    form = PreferencesForm(
        data={
            "name": participant.name,
            "email": moves.waiting(participant, at=guests.now()) or participant.email,
            "zone": participant.zone,
            "language": participant.language,
        }
    )
    return _page(participant, token, form)


@blueprint.post("/places/<token>/preferences")
@guest
@limit_own_requests
def change(token: str) -> Response | tuple[str, int]:
    """Keep what was changed; another address is written to for proof."""
    participant, at = places.owner(token), guests.now()
    form = PreferencesForm(request.form)
    if not preferences.may_rename(participant) and "name" not in request.form:
        form.name.data = participant.name
    if not form.validate():
        return _page(participant, token, form), 422
    email, was_written_in = addresses.normalise(form.email.data or "") or "", participant.language
    try:
        is_changed = preferences.change(participant, _wanted(form), at=at)
        if moves.is_another(participant, email):
            _begin_move(participant, email, at)
        else:
            is_changed = moves.end(participant, at=at) or is_changed
    except NameFixed as refusal:
        is_news = own_places.may_rename(participant, at=at)
        form.name.errors = [BeingDecided.message if is_news else refusal.message]
        return _page(participant, token, form), 422
    except moves.TooManyTries as refusal:
        form.email.errors = [refusal.message]
        return _page(participant, token, form), 422
    language = participant.language if is_changed and form.language.data != was_written_in else current()
    done = "saved" if is_changed else None
    return redirect(url_for("preferences.show", token=token, language=language, done=done), 303)


def _begin_move(participant: Participant, email: str, at: datetime) -> None:
    """Write to a new address, but not again and again to one, whoever names it: the page says the same."""
    token = moves.ask(participant, email, at=at)
    if token is not None and limits.may_write_to(email):
        moves.send_proof(participant, email, token, at=at)


def _wanted(form: PreferencesForm) -> Preferences:
    return Preferences(
        name=form.name.data or "", language=form.language.data, zone=zones.named(form.zone.data) or zones.DEFAULT
    )


def _page(participant: Participant, token: str, form: PreferencesForm) -> str:
    zone = zones.named(form.zone.data or "") or participant.zone
    return render_template(
        "preferences.html",
        token=token,
        programme=Programme.current(),
        form=form,
        done=DONE.get(request.args.get("done", "")),
        name=participant.name,
        email=participant.email,
        may_rename=own_places.may_rename(participant, at=guests.now()),
        new_email=moves.waiting(participant, at=guests.now()),
        zones=zones.offered(zone, current()),
        # Who names a city that we don't know gets the whole list, where one nearby can be found.
        zone_groups=zones.groups(current()) if form.zone.errors else (),
    )
