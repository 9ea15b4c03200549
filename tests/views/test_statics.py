"""Stylesheet, script and fonts: named by their content, kept for a year, compressed for whoever takes it."""

import gzip
import re
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from rsvp.views.access import Audience, audience_of
from rsvp.views.statics import FOLDER, Statics
from tests.views import pages

YEAR = "public, max-age=31536000, immutable"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
TYPES = {
    "site.css": "text/css; charset=utf-8",
    "local-times.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "fonts/noto-sans-khmer-400.woff2": "font/woff2",
    "fonts/LICENSE": "text/plain; charset=utf-8",
}


@pytest.fixture(params=FILES)
def file(request: pytest.FixtureRequest) -> str:
    """The name of each file in turn."""
    name: str = request.param
    return name


def get(client: FlaskClient, path: str, accepted: str = "") -> TestResponse:
    return client.get(path, headers={"Accept-Encoding": accepted} if accepted else {})


def test_every_file_is_named_by_its_content_and_kept_for_a_year(site: Flask, client: FlaskClient, file: str) -> None:
    named = pages.static_address(site, file)
    assert re.search(r"\.[0-9a-f]{12}(\.\w+)?$", named)
    answer = get(client, named)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, YEAR)
    assert "Set-Cookie" not in answer.headers
    if not file.endswith(".css"):
        assert answer.data == (FOLDER / file).read_bytes()


def test_another_content_has_another_name(tmp_path: Path) -> None:
    names = []
    for words in (b"a", b"b"):
        (tmp_path / "font.woff2").write_bytes(words)
        (tmp_path / "site.css").write_text('@font-face { src: url("font.woff2") }')
        names.append({name: found.hashed_name for name, found in Statics(tmp_path).files.items()})
    assert names[0]["font.woff2"] != names[1]["font.woff2"]
    assert names[0]["site.css"] != names[1]["site.css"], "a page would keep the stylesheet that names the old font"


@pytest.mark.parametrize(("name", "content_type"), TYPES.items())
def test_a_file_says_what_it_is(site: Flask, client: FlaskClient, name: str, content_type: str) -> None:
    assert get(client, pages.static_address(site, name)).headers["Content-Type"] == content_type


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("deflate", None),
        ("identity", None),
        ("", None),
    ],
)
def test_each_browser_gets_the_encoding_that_it_takes(
    site: Flask, client: FlaskClient, accepted: str, encoding: str | None
) -> None:
    plain = get(client, pages.static_address(site, "site.css"))
    answer = get(client, pages.static_address(site, "site.css"), accepted)
    assert answer.headers.get("Content-Encoding") == encoding
    assert answer.headers["Vary"] == "Accept-Encoding"
    unpack = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
    assert unpack(answer.data) == plain.data
    assert (len(answer.data) < len(plain.data) / 3) == bool(encoding)


def test_a_font_is_not_compressed_twice(site: Flask, client: FlaskClient) -> None:
    answer = get(client, pages.static_address(site, "fonts/noto-sans-khmer-400.woff2"), "br, gzip")
    assert "Content-Encoding" not in answer.headers


def test_a_file_that_has_not_changed_is_not_sent_again(site: Flask, client: FlaskClient) -> None:
    tags = set()
    for accepted in ("br", "gzip", ""):
        tag = get(client, "/static/site.css", accepted).headers["ETag"]
        tags.add(tag)
        again = client.get("/static/site.css", headers={"Accept-Encoding": accepted, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
    assert len(tags) == 3


@pytest.mark.parametrize("old", ["/static/site.css", "/static/site.0123456789ab.css"])
def test_a_page_from_before_an_update_keeps_its_looks_and_asks_again_next_time(client: FlaskClient, old: str) -> None:
    answer = get(client, old)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "name", ["none.css", "none.0123456789ab.css", "../config.py", "%2e%2e/config.py", "fonts/", "."]
)
def test_what_is_not_there_is_a_page_that_nobody_keeps(client: FlaskClient, name: str) -> None:
    answer = get(client, f"/static/{name}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_every_page_and_stylesheet_names_files_by_their_content(site: Flask, client: FlaskClient) -> None:
    named = [name for page in ("/en/", "/km/") for name in re.findall(r'/static/[^"\s]+', client.get(page).text)]
    css = get(client, pages.static_address(site, "site.css")).text
    named += [f"/static/{name}" for name in re.findall(r'url\("([^"]+)"\)', css)]
    assert len(named) > 6
    for name in named:
        answer = get(client, name)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, YEAR), name


def test_the_scripts_of_the_guests_pages_are_small(site: Flask) -> None:
    """4 kB in all: some of the guests' phones are ten years old."""
    scripts = set()
    for rule, page in pages.addresses(site, pages.build(site)):
        if audience_of(site, rule.endpoint) in (Audience.PUBLIC, Audience.GUEST):
            scripts |= set(re.findall(r'<script src="([^"]+)"', pages.visit(site.test_client(), page).text))
    assert len(scripts) == 1
    assert sum(len(get(site.test_client(), script).data) for script in scripts) <= 4096


def test_the_guests_only_script_is_small() -> None:
    assert len((FOLDER / "local-times.js").read_bytes()) < 4_000
