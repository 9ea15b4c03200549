"""Answer a request for places after a fixed while: the time taken would tell whether an address is known."""

import time

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response

# Well above what the slowest of the ways through takes; the commit is inside.
SECONDS = 0.15

LEVELLED = frozenset({"rsvps.create"})


def init(app: Flask) -> None:
    """Level the answers. Register it before the edges, so that it runs after the commit."""
    app.config.setdefault("LEVELLED_SECONDS", SECONDS)
    app.before_request(_start)
    app.after_request(_wait)


def _start() -> None:
    g.started = time.monotonic()


def _wait(response: Response) -> Response:
    if request.endpoint in LEVELLED and response.status_code < 400:
        left = current_app.config["LEVELLED_SECONDS"] - (time.monotonic() - g.started)
        time.sleep(max(0.0, left))
    return response
