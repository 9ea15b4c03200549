"""Letters where a mail program takes away the doctype and the stylesheet, as the most used ones do."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser

from rsvp.services import outbox
from tests import stories
from tests.factories import Moment
from tests.mailserver import MailServer

KHMER_ROOM, OLDEST_SIZE = 1.8, 14
TAKEN_AWAY = re.compile(r"<!doctype html>|<style>.*?</style>|<!--.*?-->", re.DOTALL)
# Every text with how it is set: its element's words, its size in pixels, and how many times that its line is high.
SET = """() => {
  const walker = document.createTreeWalker(document.querySelector("body > table"), NodeFilter.SHOW_TEXT), found = [];
  while (walker.nextNode()) {
    const words = walker.currentNode.data.trim(), style = getComputedStyle(walker.currentNode.parentElement);
    const size = parseFloat(style.fontSize);
    if (/[\\u1780-\\u17ff]/.test(words)) found.push([words, size, parseFloat(style.lineHeight) / size]);
  }
  return [document.compatMode, found];
}"""


@pytest.mark.parametrize("story", [stories.invitation, stories.update, stories.verification, stories.receipt])
def test_khmer_keeps_its_room_in_every_line(
    site: Flask, mail_server: MailServer, clock: Moment, browser: Browser, story: Callable[[str], None]
) -> None:
    with site.app_context():
        stories.programme()
        story("km")
        clock.at = stories.LAST
        outbox.deliver(clock.now)
    html = mail_server.received[-1].message.get_body(("html",)).get_content()
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.set_content(TAKEN_AWAY.sub("", html))
    mode, lines = page.evaluate(SET)
    page.close()
    assert mode == "BackCompat"
    assert len(lines) > 5
    assert [line for line in lines if not line[2] >= KHMER_ROOM or line[1] < OLDEST_SIZE] == []
