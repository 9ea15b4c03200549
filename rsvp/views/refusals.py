"""Answer what went wrong with a page in the reader's language that says the way out, and nothing else."""

import logging

from flask import Flask, current_app, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from rsvp import languages
from rsvp.db import db
from rsvp.models.programme import Programme
from rsvp.views.ways import Way, way_on

log = logging.getLogger(__name__)

PAGES = {
    400: (_("We couldn't read that"), _("Please go back and try again.")),
    403: (_("This is not for this account"), _("Ask another coordinator if you need it.")),
    404: (
        _("There is nothing here"),
        _("The link may be wrong, too old or already replaced by a newer one. Look for the newest letter from us."),
    ),
    405: (_("This can't be done here"), _("Please go back and use the button on the page.")),
    413: (_("That is too much text"), _("Please go back and shorten what you wrote.")),
    429: (_("Too many requests from your network"), _("Please wait an hour and try again.")),
    500: (
        _("Something broke on our side"),
        _("Nothing you sent was kept. Please try again in a few minutes, or write to the coordinator."),
    ),
}
# What the desk says otherwise: nobody there waits for a letter from us.
DESK_ADVICE = {404: _("The address may be wrong, or what stood here was deleted.")}


def init(app: Flask) -> None:
    """Register one handler for every refusal, a broken server's included."""
    app.register_error_handler(CSRFError, _stale)
    app.register_error_handler(SecurityError, _refuse_host)
    app.register_error_handler(HTTPException, _refuse)
    app.register_error_handler(Exception, _break)
    # What breaks after the page, such as the commit, is told to the log by Flask, with the address: links are secrets.
    app.log_exception = lambda info: _note(info[1])  # type: ignore[assignment, method-assign]


def refusal_page(
    code: int, *, title: object = None, advice: object = None, back: str | None = None, way: Way | None = None
) -> tuple[str, int]:
    """Return the page for a status code, with words of its own where the cause is known better.

    `back` is the address of the guest's own page, where they came from it; `way` is where somebody at the desk goes on,
    where the sentence speaks of another page than the one that was refused.
    """
    _choose_language()
    known_title, known_advice = PAGES.get(code, PAGES[400 if code < 500 else 500])
    title, way = title or known_title, way or way_on(code)
    if way is not None:
        advice = advice or DESK_ADVICE.get(code, known_advice)
        return render_template("desk/refusal.html", title=title, advice=advice, way=way), code
    advice, programme = advice or known_advice, _programme()
    return render_template("refusal.html", code=code, title=title, advice=advice, back=back, programme=programme), code


def _programme() -> Programme | None:
    """Return whom to ask, unless it is the database that broke."""
    try:
        with db.session.no_autoflush:
            return Programme.current()
    except SQLAlchemyError:
        return None


def _refuse_host(_error: SecurityError) -> ResponseReturnValue:
    # With a foreign host no address can be built, so this page has none.
    _choose_language()
    title, advice = PAGES[400]
    return render_template("refusal_bare.html", title=title, advice=advice), 400


def _refuse(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    page, code = refusal_page(error.code)
    response = current_app.make_response((page, code))
    if error.code == 405:
        response.headers["Allow"] = error.get_response().headers.get("Allow", "")
    return response


def _stale(_error: CSRFError) -> ResponseReturnValue:
    return refusal_page(
        400,
        title=_("This page was open for too long"),
        advice=_("Go back, reload the page and press the button again. Nothing was changed."),
    )


def _break(error: Exception) -> ResponseReturnValue:
    _note(error)
    db.session.rollback()
    if current_app.config.get("PROPAGATE_EXCEPTIONS") and current_app.testing:
        raise error
    return refusal_page(InternalServerError.code)


def _note(error: BaseException | None) -> None:
    """Log what broke by its kind, its place and the route: its message may hold what somebody typed."""
    trace = error.__traceback__ if error else None
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "unknown"
    rule = request.url_rule.rule if request.url_rule else "no route"
    log.error("request failed route=%s error=%s at=%s", rule, type(error).__name__, place)


def _choose_language() -> None:
    """A page that doesn't exist has its language in its address all the same."""
    first = request.path.split("/")[1] if "/" in request.path else ""
    if not hasattr(g, "language") and first in languages.LANGUAGES:
        g.language = first
