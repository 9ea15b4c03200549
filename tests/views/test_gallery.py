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
    # All of them first: while they are made, every visit would share one context, and one coordinator.
    for rule, address in list(pages.addresses(site, world)):
        if "GET" not in (rule.methods or ()) or rule.rule.endswith(DATA):
            continue
        if audience_of(site, rule.endpoint) in (None, Audience.NOBODY):
            continue
        answers = [pages.visit(client, address) for client in (visitor, coordinator)]
        if any(answer.mimetype == "text/html" and not 300 <= answer.status_code < 400 for answer in answers):
            shown.add(rule.endpoint)
    assert sorted(shown - PICTURED) == [], "add a scene to tests/gallery/scenes.py"


def test_a_picture_shows_a_page_that_there_is(site: Flask) -> None:
    assert PICTURED - {None} - set(site.view_functions) == set()


def test_each_picture_has_a_name_of_its_own() -> None:
    names = [scene.name for scene in SCENES]
    assert sorted(names) == sorted(set(names))
