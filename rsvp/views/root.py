"""The bare address: send a visitor to their language."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from rsvp.views.access import findable, public
from rsvp.views.languages import preferred

blueprint = Blueprint("root", __name__)


@blueprint.get("/")
@public
@findable
def show() -> Response:
    """Redirect by Accept-Language."""
    response = redirect(url_for("schedule.show", language=preferred()))
    response.vary.add("Accept-Language")
    return response
