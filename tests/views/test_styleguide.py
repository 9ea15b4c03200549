"""The demo's style guide: each component by its macro's name, with figures from the stylesheet."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from rsvp import create_app, palette
from tests import factories
from tests.databases import Databases
from tests.views import pages
from tests.views.test_mailbox import PRODUCTION

TEMPLATES = Path(__file__).parents[2] / "templates"
# What a page is put together from, but nobody looks at by itself.
INVISIBLE = {"instant", "language_switch", "local_times", "zone_options", "every_zone", "zone_picker", "describe"}
SAID_BY_OTHERS = {"kind_words", "home_words", "calendar_hint", "line", "places"}
# These belong to a form of somebody who has signed in: the guide opens no session.
IN_A_SESSION = {"csrf", "passkey_answer", "passkey_door", "undo"}


@pytest.mark.parametrize(("language", "words"), [("en", "Event card"), ("km", "ប័ណ្ណកម្មវិធី")])
def test_the_guide_is_a_page_in_both_languages(client: FlaskClient, language: str, words: str) -> None:
    answer = client.get(f"/styleguide?language={language}")
    tree = pages.check(answer)
    assert (answer.status_code, tree.get("lang")) == (200, language)
    assert words in answer.text
    other = "km" if language == "en" else "en"
    assert f'href="/styleguide?language={other}"' in answer.text


@pytest.mark.parametrize(("prefix", "file"), [("m", "macros.html"), ("parts", "desk/parts.html")])
def test_the_guide_shows_every_component_by_its_name(client: FlaskClient, prefix: str, file: str) -> None:
    macros = set(re.findall(r"{% macro (\w+)\(", (TEMPLATES / file).read_text()))
    page = client.get("/styleguide").text
    shown = set(re.findall(rf"<code[^>]*>{prefix}\.(\w+)</code>", page))
    assert macros - INVISIBLE - SAID_BY_OTHERS - IN_A_SESSION == shown


def test_the_guides_figures_are_the_stylesheets(client: FlaskClient) -> None:
    page = client.get("/styleguide").text
    for theme in palette.themes():
        for pair in theme.pairs:
            assert f"<strong>{pair.contrast}</strong>" in page
            assert f"{pair.colours[pair.words]} {pair.colours[pair.ground]}" in page


def test_production_has_no_style_guide(databases: Databases, tmp_path: Path) -> None:
    settings = factories.settings(tmp_path, DATABASE_URL=databases.sqlite(tmp_path), **PRODUCTION)
    site: Flask = create_app(settings, factories.Moment())
    assert site.test_client().get("/styleguide", base_url="https://rsvp.example.org").status_code == 404
