"""The desk: where the coordinator decides. Nobody else sees a byte of it."""

from flask import Blueprint, redirect, request, session, url_for
from flask_security import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from rsvp.languages import LANGUAGES
from rsvp.services import deliveries
from rsvp.views.access import coordinator, desk_address, is_admitted
from rsvp.views.desk import (
    account,
    attendances,
    broadcasts,
    coordinators,
    decisions,
    drafts,
    events,
    exports,
    hours,
    imports,
    journal,
    letters,
    overview,
    passkeys,
    people,
    proofs,
    rsvps,
    series,
)
from rsvp.views.guests import now

blueprint = Blueprint("desk", __name__, url_prefix="/desk")
for module in (
    rsvps,
    decisions,
    drafts,
    hours,
    series,
    events,
    attendances,
    people,
    imports,
    exports,
    letters,
    journal,
    account,
    passkeys,
    proofs,
    coordinators,
    broadcasts,
    overview,
):
    blueprint.register_blueprint(module.blueprint)


@blueprint.before_request
def admit() -> Response | None:
    """Refuse strangers once more, whatever a page says of itself."""
    return None if current_user.is_authenticated else redirect(url_for("security.login"))


@blueprint.context_processor
def trouble() -> dict[str, object]:
    """Show letters in trouble on every page of the desk, to whom it is open; none where the database is gone."""
    try:
        return {"trouble": deliveries.trouble(at=now())} if is_admitted() else {}
    except SQLAlchemyError:
        return {}


@blueprint.post("/language")
@coordinator
def choose_language() -> Response:
    """Keep the language of the coordinator's desk, and show the page again that was open."""
    language = request.form.get("language", "")
    if language in LANGUAGES:
        session["language"] = current_user.language = language
    return redirect(desk_address(request.form.get("next")), 303)
