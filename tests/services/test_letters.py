"""Every letter in both languages as its reader gets it, kept as text beside the tests to be read in a diff.

`SNAPSHOTS=write make snapshots` writes them anew; then read what changed.
"""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from rsvp.languages import LANGUAGES
from rsvp.models.letter import LetterKind
from rsvp.services import outbox
from tests import stationery, stories
from tests.factories import Moment
from tests.mailserver import MailServer, Received
from tests.stories import STORIES

pytestmark = pytest.mark.usefixtures("app")

FOLDER = Path(__file__).parents[1] / "snapshots"
TITLES = {"en": ("Democracy", "Officials"), "km": ("ប្រជាធិបតេយ្យ", "មន្ត្រី")}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_letter_reads_as_agreed(
    story: Callable[[str], None], language: str, mail_server: MailServer, clock: Moment
) -> None:
    stories.programme()
    story(language)
    clock.at = stories.LAST
    outbox.deliver(clock.now)
    dress(mail_server.received[-1], language)
    letter = readable(mail_server.received[-1])
    file = FOLDER / f"{story.__name__}.{language}.txt"
    if os.environ.get("SNAPSHOTS") == "write":
        file.parent.mkdir(exist_ok=True)
        file.write_text(letter, encoding="utf-8")
    assert letter == file.read_text(encoding="utf-8")


def test_every_kind_of_letter_has_a_story() -> None:
    assert set(LetterKind) <= {story.__name__ for story in STORIES}


def test_every_letter_exists_in_every_language() -> None:
    folder = Path(__file__).parents[2] / "templates" / "letters"
    names = {file.name.split(".")[0] for file in folder.glob("*.md")}
    for name in names:
        assert {file.name.split(".")[1] for file in folder.glob(f"{name}.*.md")} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_subject_says_nothing_about_politics(story: Callable[[str], None], language: str) -> None:
    lines = (FOLDER / f"{story.__name__}.{language}.txt").read_text(encoding="utf-8").splitlines()
    subject = next(line for line in lines if line.startswith("Subject:"))
    assert not [title for title in TITLES[language] if title in subject]


def dress(received: Received, language: str) -> None:
    html, text = (received.message.get_body((kind,)) for kind in ("html", "plain"))
    assert html is not None
    assert text is not None
    stationery.check(html.get_content(), text.get_content(), language, titles=TITLES[language])


def readable(received: Received) -> str:
    """Return the letter as text: who, what, the words, the calendar; what is random is named."""
    message = received.message
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Subject", "In-Reply-To") if message[name]]
    for part in message.walk():
        if part.get_content_type() in ("text/plain", "text/calendar"):
            lines += ["", f"--- {part.get_content_type()}", part.get_content().replace("\r\n", "\n").rstrip()]
    shown = "\n".join(lines) + "\n"
    # In a calendar a line may break anywhere (RFC 5545 §3.1).
    shown = re.sub(r"(places|verifications|join|addresses)/((\n )?[\w-]){43}", r"\1/[token]", shown)
    shown = re.sub(r"UID:[0-9a-f]{32}", "UID:[uid]", shown)
    return re.sub(r"<[\w-]{22}@", "<[letter]@", shown)
