"""The desk: where the coordinator decides. Nobody else sees a byte of it."""

from flask import Blueprint, redirect, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from rsvp.languages import LANGUAGES
from rsvp.services import deliveries
from rsvp.views.access import coordinator
from rsvp.views.desk import events, letters, rsvps
from rsvp.views.guests import now

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
for module in (rsvps, events, letters):
    blueprint.register_blueprint(module.blueprint)


@blueprint.before_request
def admit() -> Response | None:
    """Refuse strangers once more, whatever a page says of itself."""
    return None if current_user.is_authenticated else redirect(url_for("security.login"))


@blueprint.context_processor
def trouble() -> dict[str, object]:
    """Show letters in trouble on every page of the desk."""
    return {"trouble": deliveries.trouble(at=now())}


@blueprint.post("/language")
@coordinator
def choose_language() -> Response:
    """Keep the desk's language for this session."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = language
    return redirect(url_for("desk.rsvps.show"), 303)
