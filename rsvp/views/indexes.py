"""Tell search engines which pages there are to find; what they may not list says so itself, on the page.

A page that nobody may visit can't tell that it isn't to be listed: so nothing is barred here, nor any private
address named.
"""

from flask import Blueprint, Response, render_template

import config
from rsvp.languages import DEFAULT
from rsvp.services import events
from rsvp.views import previews
from rsvp.views.access import findable, public
from rsvp.views.feeds import PUBLIC_SECONDS

blueprint = Blueprint("indexes", __name__)


@blueprint.get("/robots.txt")
@public
@findable
def robots() -> Response:
    """Let everybody visit every page, and name the list of those to find."""
    words = f"User-agent: *\nDisallow:\n\nSitemap: {config.current().base_url}/sitemap.xml\n"
    return _answer(words, "text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
@public
@findable
def sitemap() -> Response:
    """List every page to find, in each language.

    When a page was changed isn't said: an event's own instant also moves with what no page shows.
    Source:  https://www.sitemaps.org/protocol.html
    """
    pages = [previews.addresses("schedule.show"), previews.addresses("rsvps.new")]
    pages += [previews.addresses("events.show", slug=event.slug) for event in events.published()]
    return _answer(render_template("sitemap.xml", pages=pages, default=DEFAULT), "application/xml; charset=utf-8")


def _answer(words: str, content_type: str) -> Response:
    answer = Response(words, content_type=content_type)
    answer.headers["Cache-Control"] = f"public, max-age={PUBLIC_SECONDS}"
    return answer
