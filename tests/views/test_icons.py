"""The icon of the service, on every page and on every phone."""

import struct

import pytest
from flask.testing import FlaskClient

from tests.views import pages


@pytest.mark.parametrize("address", ["/en/", "/km/rsvps/new", "/desk/session", "/en/nothing"])
def test_a_page_has_an_icon_for_every_browser_and_home_screen(client: FlaskClient, address: str) -> None:
    links = pages.check(client.get(address)).iter(f"{pages.XHTML}link")
    icons = {(link.get("rel"), link.get("type")): link for link in links if "icon" in (link.get("rel") or "")}
    assert list(icons) == [("icon", "image/png"), ("icon", "image/svg+xml"), ("apple-touch-icon", None)]
    for (rel, kind), link in icons.items():
        answer = pages.visit(client, link.get("href") or "")
        assert (answer.status_code, answer.mimetype) == (200, kind or "image/png")
        assert len(answer.data) < 6_000
        if kind != "image/svg+xml":
            side = 180 if rel == "apple-touch-icon" else int((link.get("sizes") or "").partition("x")[0])
            assert struct.unpack(">II", answer.data[16:24]) == (side, side)
