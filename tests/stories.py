"""The story of every letter: what happens before somebody gets it. What it is about comes last in the outbox."""

from collections.abc import Callable
from datetime import timedelta

from rsvp.db import db, transaction
from rsvp.models.event import Event, LinkMode
from rsvp.models.letter import LetterKind
from rsvp.services import (
    broadcasts,
    coordinators,
    digests,
    events,
    letters,
    link_requests,
    moves,
    outbox,
    preferences,
    questions,
    reminders,
    rsvps,
)
from tests import factories

ADDRESS = "sok.dara@example.org"
NEW_ADDRESS = "dara.sok@example.org"
REASON = {
    "en": "Every place is for people who know somebody here.\nPlease write to me.",
    "km": "កន្លែងមានកំណត់។\nសូមសរសេរមកខ្ញុំ។",
}
NOTE = {"en": "A guest speaker has fallen ill.", "km": "វាគ្មិនម្នាក់មានជំងឺ។"}
QUESTION = {
    "en": "Which group of the community do you come from?\nWho there knows you?",
    "km": "តើអ្នកមកពីក្រុមណាក្នុងសហគមន៍?\nតើនរណានៅទីនោះស្គាល់អ្នក?",
}
BROADCAST_SUBJECT = {"en": "Before Saturday", "km": "មុនថ្ងៃសៅរ៍"}
BROADCAST = {
    "en": "Please bring your questions.\n\nThe room opens ten minutes early.",
    "km": "សូមត្រៀមសំណួររបស់អ្នក។\n\nបន្ទប់បើកមុនដប់នាទី។",
}
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


def invitation_to_a_page_of_their_own(language: str) -> None:
    guard()
    invitation(language)


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


def reminder_of_a_page_of_their_own(language: str) -> None:
    guard()
    reminder(language)


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


def question(language: str) -> None:
    rsvp = factories.pending(email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        questions.ask(factories.decision(rsvp), QUESTION[language])


def broadcast(language: str) -> None:
    factories.approved(email=ADDRESS, language=language, name=NAMES[language])
    with transaction():
        words = broadcasts.Words("1", subject=BROADCAST_SUBJECT, body=BROADCAST)
        broadcasts.send(named(), words, by="x", at=factories.NOW)


def digest(language: str) -> None:
    with transaction():
        coordinator = coordinators.add(ADDRESS, password="a good long password", at=factories.NOW)
        coordinator.language = language
        digests.choose(coordinator, 24)
    factories.pending(email="somebody@example.org")
    digests.write_due(at=factories.NOW + timedelta(hours=30))


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


def guard() -> None:
    with transaction():
        events.change(named(), {"link_mode": LinkMode.GUARDED}, by="x", at=factories.NOW)


def change(facts: dict[str, object]) -> None:
    with transaction():
        events.change(named(), facts, by="x", at=factories.NOW, note=NOTE)


def link(language: str) -> None:
    receipt(language)
    outbox.deliver(lambda: factories.NOW)
    with transaction():
        link_requests.receive(ADDRESS, at=factories.NOW)
    link_requests.answer_all(at=factories.NOW)


def address(language: str) -> None:
    receipt(language)
    outbox.deliver(lambda: factories.NOW)
    ask_to_move()


def moving(language: str) -> None:
    receipt(language)
    outbox.deliver(lambda: factories.NOW)
    with transaction():
        letters.send_moving(factories.only_participant(), at=factories.NOW)


def moved(language: str) -> None:
    receipt(language)
    outbox.deliver(lambda: factories.NOW)
    token = ask_to_move()
    outbox.deliver(lambda: factories.NOW)
    with transaction():
        moves.adopt(token, at=factories.NOW)


def invitation_in_another_language(language: str) -> None:
    other = {"en": "km", "km": "en"}[language]
    set_link()
    rsvp = factories.approved(email=ADDRESS, language=other, name=NAMES[language])
    outbox.deliver(lambda: factories.NOW)
    wanted = preferences.Preferences(NAMES[language], language, "America/Los_Angeles")
    with transaction():
        preferences.change(db.session.merge(rsvp.participant), wanted, at=factories.NOW)


def ask_to_move() -> str:
    with transaction():
        return factories.token_in(factories.ask_to_move(factories.only_participant(), NEW_ADDRESS, at=factories.NOW))


def named(slug: str = "democracy") -> Event:
    event = events.named(slug)
    assert event is not None
    return event


def programme() -> None:
    """Store the events that the stories are about."""
    factories.event()
    factories.event(
        "officials",
        kind="officials",
        starts_at=None,
        title={"en": "Higher-Leadership Officials Session", "km": "កិច្ចប្រជុំជាមួយមន្ត្រីជាន់ខ្ពស់"},
    )


STORIES: tuple[Callable[[str], None], ...] = (
    verification,
    receipt,
    invitation,
    invitation_before_the_link,
    invitation_to_a_page_of_their_own,
    update,
    update_after_a_move,
    approval,
    decline,
    waitlisting,
    question,
    link,
    address,
    moving,
    moved,
    invitation_in_another_language,
    broadcast,
    digest,
    cancellation,
    cancellation_after_withdrawing,
    cancellation_without_a_time,
    cancellation_of_the_event,
    cancellation_of_an_event_without_a_time,
    cancellation_when_the_time_is_open_again,
    reminder,
    reminder_of_a_page_of_their_own,
    regret,
)

# When every story has happened: the reminder is due an hour before the event.
LAST = factories.FIRST - timedelta(hours=1)
