"""Every page has its picture, so that every check of the gallery looks at it too."""

from flask import Flask

from rsvp.views.access import Audience, audience_of
from tests.gallery.scenes import SCENES
from tests.views import pages

DATA = (".ics", ".json")
PICTURED = {scene.endpoint for scene in SCENES}


def test_every_page_that_a_browser_shows_has_a_picture(site: Flask) -> None:
    world = pages.build(site)
    visitor, coordinator = site.test_client(), pages.sign_in(site.test_client())
    shown = set()
    for rule, address in pages.addresses(site, world):
        audience = audience_of(site, rule.endpoint)
        if "GET" not in (rule.methods or ()) or audience in (None, Audience.NOBODY):
            continue
        if rule.rule.endswith(DATA):
            continue
        answer = pages.visit(coordinator if audience == Audience.COORDINATOR else visitor, address)
        if answer.mimetype == "text/html" and answer.status_code not in range(300, 400):
            shown.add(rule.endpoint)
    assert shown - PICTURED == set(), "add a scene to tests/gallery/scenes.py"


def test_a_picture_shows_a_page_that_there_is(site: Flask) -> None:
    assert PICTURED - {None} - set(site.view_functions) == set()


def test_each_picture_has_a_name_of_its_own() -> None:
    names = [scene.name for scene in SCENES]
    assert sorted(names) == sorted(set(names))
