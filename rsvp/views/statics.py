"""Serve the stylesheet, the script, fonts and pictures: named by their content, kept for a year, compressed once.

`url_for("static", filename="site.css")` gives `/static/site.<hash>.css`; what a stylesheet names is hashed too. A file
without its hash, or with that of an earlier version, is answered as well, but asked for anew each time: a page that
stayed open over a deployment keeps its looks.
"""

import gzip
import mimetypes
import re
from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from posixpath import dirname, join, normpath

import brotli
from flask import Flask, Response, abort, current_app, request

from rsvp.views.access import findable, public

FOLDER = Path(__file__).parents[1] / "static"
YEAR_SECONDS = 365 * 24 * 60 * 60
HASH_LENGTH = 12
HASHED = re.compile(r"^(?P<stem>.+)\.(?P<hash>[0-9a-f]{12})(?P<suffix>\.\w+)?$")
NAMED_BY_CSS = re.compile(r'url\("(?P<name>[^":]+)"\)')
TYPES = {".woff2": "font/woff2", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What is compressed already only grows.
COMPRESSIBLE = frozenset({"text/css", "text/javascript", "image/svg+xml", "text/plain"})
ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=11),
    "gzip": lambda body: gzip.compress(body, compresslevel=9, mtime=0),
}


class StaticFile:
    """One file as it leaves the server. It is read once: what changes on the disk is served after a restart."""

    def __init__(self, body: bytes, name: str):
        self.body = body
        self.hash = sha256(body).hexdigest()[:HASH_LENGTH]
        suffix = Path(name).suffix
        self.type = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "text/plain"
        self.hashed_name = f"{name.removesuffix(suffix)}.{self.hash}{suffix}"

    @property
    def is_compressible(self) -> bool:
        """Whether it has compressed variants."""
        return self.type in COMPRESSIBLE

    @cached_property
    def variants(self) -> dict[str, bytes]:
        """Its body in every encoding, made when it is first asked for."""
        return {encoding: compress(self.body) for encoding, compress in ENCODINGS.items()}


class Statics:
    """All files under the folder, by their names."""

    def __init__(self, folder: Path):
        bodies = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        self.files = {name: StaticFile(body, name) for name, body in bodies.items()}
        # A stylesheet's own hash has to follow from what it names.
        for name in bodies:
            if name.endswith(".css"):
                self.files[name] = StaticFile(self._with_hashes(name), name)

    def _with_hashes(self, name: str) -> bytes:
        def hashed(found: re.Match[str]) -> str:
            file = self.files[normpath(join(dirname(name), found["name"]))]
            return f'url("{join(dirname(found["name"]), file.hashed_name.rpartition("/")[2])}")'

        return NAMED_BY_CSS.sub(hashed, self.files[name].body.decode()).encode()


def init(app: Flask) -> None:
    """Read every file, and let `url_for("static", …)` name it by its content."""
    app.extensions["statics"] = Statics(FOLDER)
    app.add_url_rule("/static/<path:filename>", "static", show)
    app.url_defaults(_name_by_content)


@public
@findable
def show(filename: str) -> Response:
    """Serve a file in the encoding that the browser prefers."""
    statics: Statics = current_app.extensions["statics"]
    hashed = HASHED.match(filename)
    file = statics.files.get(f"{hashed['stem']}{hashed['suffix'] or ''}" if hashed else filename)
    if file is None:
        abort(404)
    encoding = _encoding() if file.is_compressible else None
    answer = Response(file.variants[encoding] if encoding else file.body, content_type=_content_type(file))
    if file.is_compressible:
        answer.vary.add("Accept-Encoding")
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    is_current = filename == file.hashed_name
    answer.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if is_current else "no-cache"
    answer.set_etag(f"{file.hash}-{encoding}" if encoding else file.hash)
    return answer.make_conditional(request)  # type: ignore[return-value]


def _encoding() -> str | None:
    wanted = request.accept_encodings.best_match([*ENCODINGS, "identity"])
    return wanted if wanted in ENCODINGS else None


def _content_type(file: StaticFile) -> str:
    return f"{file.type}; charset=utf-8" if file.type.startswith("text/") else file.type


def _name_by_content(endpoint: str, values: dict[str, str]) -> None:
    if endpoint == "static":
        statics: Statics = current_app.extensions["statics"]
        file = statics.files.get(values["filename"])
        values["filename"] = file.hashed_name if file else values["filename"]
