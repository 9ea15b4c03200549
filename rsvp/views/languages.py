"""Choose the language of a page, and give templates their words for days, hours and texts."""

from flask import Flask, g, request, session
from flask_babel import Babel, get_locale

from rsvp import languages

babel = Babel()


def init(app: Flask) -> None:
    """Bind the catalogues and the template words."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    babel.init_app(app, locale_selector=chosen)
    app.context_processor(_words)


def chosen() -> str:
    """Return the language of this page: the address says it, at the desk the coordinator's choice."""
    language = getattr(g, "language", None)
    if language is None and request.path.startswith("/desk"):
        language = session.get("language")
    return language if language in languages.LANGUAGES else preferred()


def preferred() -> str:
    """Return the language that the browser asks for."""
    return request.accept_languages.best_match(list(languages.LANGUAGES)) or languages.DEFAULT


def current() -> str:
    """Return the language of this page."""
    locale = get_locale()
    return locale.language if locale else languages.DEFAULT


def _words() -> dict[str, object]:
    return {
        "language": current(),
        "languages": languages.LANGUAGES,
        "text": lambda texts: languages.text(texts, current()),
        "digits": lambda number: languages.digits(number, current()),
    }
