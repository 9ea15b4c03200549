"""How public pages travel: compressed, and kept by the browser where they tell nothing about who asked.

A page that holds a secret is never compressed: its length would tell of the secret whoever can put words beside it into
the page and watch the line (BREACH). So only what everybody sees alike is, and nothing of the desk, where forms carry
tokens.
"""

import gzip

import brotli
from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from rsvp.views.access import Audience, audience_of

# Public, the same for all, with nothing to fill in: back on a slow line, the browser asks only whether they changed.
# The form isn't among them: on a shared computer the next one at the keyboard would find what was typed.
KEPT = frozenset({"schedule.show", "events.show", "zones.show", "zones.of_event"})
TEXTS = frozenset({"text/html", "application/json", "application/xml", "text/plain"})
LEAST_BYTES = 1000
# Beyond these levels milliseconds buy few bytes.
BROTLI_QUALITY, GZIP_LEVEL = 5, 6


def init(app: Flask) -> None:
    """Look at every answer; registered after the edges, so that what is said here stands."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or not _is_same_for_all():
        return response
    encoding = _encoding(response)
    if encoding:
        _compress(response, encoding)
    if request.endpoint in KEPT:
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


def _is_same_for_all() -> bool:
    endpoint = request.endpoint
    if endpoint is None or request.path.startswith("/desk"):
        return False
    return audience_of(current_app, endpoint) == Audience.PUBLIC


def _encoding(response: Response) -> str | None:
    """Return the encoding to use, if any; what has an ETag or an encoding has been seen to already."""
    is_done = "ETag" in response.headers or "Content-Encoding" in response.headers
    if is_done or response.mimetype not in TEXTS or response.is_streamed:
        return None
    response.vary.add("Accept-Encoding")
    if len(response.get_data()) < LEAST_BYTES:
        return None
    wanted = request.accept_encodings.best_match(["br", "gzip", "identity"])
    return wanted if wanted in ("br", "gzip") else None


def _compress(response: Response, encoding: str) -> None:
    body = response.get_data()
    if encoding == "br":
        response.set_data(brotli.compress(body, quality=BROTLI_QUALITY, mode=brotli.MODE_TEXT))
    else:
        response.set_data(gzip.compress(body, compresslevel=GZIP_LEVEL, mtime=0))
    response.headers["Content-Encoding"] = encoding
