"""The headers of every answer."""

import pytest
from flask import Flask

from rsvp import create_app
from rsvp.views.access import Audience, audience_of
from tests import factories
from tests.databases import Databases
from tests.views import pages

GOLDEN = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def strict(headers: object) -> dict[str, str]:
    return {name: headers[name] for name in GOLDEN if name in headers}  # type: ignore[index,operator]


def test_every_answer_carries_the_same_strict_set(site: Flask) -> None:
    world = pages.build(site)
    for rule, address in pages.addresses(site, world):
        for method in ("GET", "POST"):
            answer = pages.visit(site.test_client(), address, method)
            assert strict(answer.headers) == GOLDEN, f"{method} {rule.rule}"
            assert "Server" not in answer.headers


@pytest.mark.parametrize(
    ("address", "code"), [("/nothing", 404), ("/xx/", 404), ("/en/rsvps/new/", 404), ("/static/nothing", 404)]
)
def test_an_error_carries_it_too(site: Flask, address: str, code: int) -> None:
    answer = site.test_client().get(address)
    assert (answer.status_code, strict(answer.headers)) == (code, GOLDEN)


def test_a_broken_page_carries_it_and_tells_nothing_of_the_cause(site: Flask) -> None:
    site.testing = False

    def broken() -> str:
        raise ValueError("sok@example.org")

    broken.audience = Audience.PUBLIC  # type: ignore[attr-defined]
    site.add_url_rule("/broken", "broken", broken)
    answer = site.test_client().get("/broken")
    assert (answer.status_code, strict(answer.headers)) == (500, GOLDEN)
    assert "sok@example.org" not in answer.text


def test_https_is_kept_by_the_browser(databases: Databases, tmp_path) -> None:
    settings = factories.settings(tmp_path, DATABASE_URL=databases.sqlite(tmp_path), BASE_URL="https://localhost")
    answer = create_app(settings, factories.Moment()).test_client().get("/healthz", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"


def test_pages_behind_a_link_or_the_desk_are_neither_kept_nor_found(site: Flask) -> None:
    world = pages.build(site)
    for rule, address in pages.addresses(site, world):
        if audience_of(site, rule.endpoint) == Audience.PUBLIC:
            continue
        answer = pages.visit(site.test_client(), address)
        # A calendar keeps its subscription, which nobody between may, and asks each time whether it still holds.
        kept = "no-store"
        assert answer.headers["Cache-Control"] == kept, rule.rule
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", rule.rule
