"""Every letter in both languages as its reader gets it, kept as text beside the tests to be read in a diff.

`SNAPSHOTS=write make snapshots` writes them anew; then read what changed.
"""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from rsvp.db import transaction
from rsvp.languages import LANGUAGES
from rsvp.models.event import Event
from rsvp.models.letter import LetterKind
from rsvp.services import events, letters, outbox, reminders, rsvps
from tests import factories
from tests.factories import Moment
from tests.mailserver import MailServer, Received

pytestmark = pytest.mark.usefixtures("app")

FOLDER = Path(__file__).parents[1] / "snapshots"
ADDRESS = "sok.dara@example.org"
REASON = {
    "en": "Every place is for people who know somebody here.\nPlease write to me.",
    "km": "កន្លែងមានកំណត់។\nសូមសរសេរមកខ្ញុំ។",
}
NOTE = {"en": "A guest speaker has fallen ill.", "km": "វាគ្មិនម្នាក់មានជំងឺ។"}
NAMES = {"en": "Sok Dara", "km": "សុខ ដារ៉ា"}


def verification(language: str) -> None:
    factories.ask(email=ADDRESS, language=language, name=NAMES[language])


def receipt(language: str) -> None:
    factories.pending("democracy", "officials", email=ADDRESS, language=language, name=NAMES[language])


def invitation(language: str) -> None:
    set_link()
    factories.approved(email=ADDRESS, language=language, name=NAMES[language])


def invitation_before_the_link(language: str) -> None:
    factories.approved(email=ADDRESS, language=language, name=NAMES[language])


def update(language: str) -> None:
    invitation_before_the_link(language)
    outbox.deliver(lambda: factories.NOW)
    set_link()


def update_after_a_move(language: str) -> None:
    invitation(language)
    outbox.deliver(lambda: factories.NOW)
    change({"starts_at": factories.FIRST + timedelta(days=7, hours=2), "minutes": 90})


def cancellation_of_the_event(language: str) -> None:
    invitation(language)
    outbox.deliver(lambda: factories.NOW)
    with transaction():
        events.call_off(named(), by="x", at=factories.NOW, note=NOTE)


def cancellation_of_an_event_without_a_time(language: str) -> None:
    approval(language)
    outbox.deliver(lambda: factories.NOW)
    with transaction():
        events.call_off(named("officials"), by="x", at=factories.NOW, note=NOTE)


def cancellation_when_the_time_is_open_again(language: str) -> None:
    invitation(language)
    outbox.deliver(lambda: factories.NOW)
    change({"starts_at": None})


def reminder(language: str) -> None:
    invitation(language)
    outbox.deliver(lambda: factories.NOW)
    reminders.write_due(at=factories.FIRST - timedelta(hours=1))


def regret(language: str) -> None:
    invitation(language)
    outbox.deliver(lambda: factories.NOW)
    with transaction():
        letters.send(LetterKind.REGRET, factories.rsvp_of(factories.only_participant()), at=factories.NOW)


def approval(language: str) -> None:
    factories.approved("officials", email=ADDRESS, language=language, name=NAMES[language])


def decline(language: str) -> None:
    rsvp = factories.pending(email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        rsvps.decline(factories.decision(rsvp), reason=REASON[language])


def waitlisting(language: str) -> None:
    rsvp = factories.pending(email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        rsvps.waitlist(factories.decision(rsvp))


def cancellation(language: str) -> None:
    set_link()
    rsvp = factories.approved(email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        rsvps.revoke(factories.decision(rsvp), reason=REASON[language])


def cancellation_after_withdrawing(language: str) -> None:
    rsvp = factories.approved(email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        rsvps.withdraw(rsvp.participant_id, "democracy", at=factories.NOW)


def cancellation_without_a_time(language: str) -> None:
    rsvp = factories.approved("officials", email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        rsvps.revoke(factories.decision(rsvp))


def set_link() -> None:
    with transaction():
        events.change(named(), {"link": factories.LINK, "passcode": "482 913"}, by="x", at=factories.NOW)


def change(facts: dict[str, object]) -> None:
    with transaction():
        events.change(named(), facts, by="x", at=factories.NOW, note=NOTE)


def named(slug: str = "democracy") -> Event:
    event = events.named(slug)
    assert event is not None
    return event


TITLES = {"en": ("Democracy", "Officials"), "km": ("ប្រជាធិបតេយ្យ", "មន្ត្រី")}

STORIES: tuple[Callable[[str], None], ...] = (
    verification,
    receipt,
    invitation,
    invitation_before_the_link,
    update,
    update_after_a_move,
    approval,
    decline,
    waitlisting,
    cancellation,
    cancellation_after_withdrawing,
    cancellation_without_a_time,
    cancellation_of_the_event,
    cancellation_of_an_event_without_a_time,
    cancellation_when_the_time_is_open_again,
    reminder,
    regret,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_letter_reads_as_agreed(
    story: Callable[[str], None], language: str, mail_server: MailServer, clock: Moment
) -> None:
    factories.event()
    factories.event(
        "officials",
        kind="officials",
        starts_at=None,
        title={"en": "Higher-Leadership Officials Session", "km": "កិច្ចប្រជុំជាមួយមន្ត្រីជាន់ខ្ពស់"},
    )
    story(language)
    clock.at = factories.FIRST - timedelta(hours=1)
    outbox.deliver(clock.now)
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


def readable(received: Received) -> str:
    """Return the letter as text: who, what, the words, the calendar; what is random is named."""
    message = received.message
    lines = [f"{name}: {message[name]}" for name in ("From", "To", "Subject", "In-Reply-To") if message[name]]
    for part in message.walk():
        if part.get_content_type() in ("text/plain", "text/calendar"):
            lines += ["", f"--- {part.get_content_type()}", part.get_content().replace("\r\n", "\n").rstrip()]
    shown = "\n".join(lines) + "\n"
    shown = re.sub(r"(places|verifications)/[\w-]{43}", r"\1/[token]", shown)
    shown = re.sub(r"UID:[0-9a-f]{32}", "UID:[uid]", shown)
    return re.sub(r"<[\w-]{22}@", "<[letter]@", shown)
