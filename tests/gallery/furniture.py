"""What stands in the gallery's houses: the published programme, people made up for it, and every letter."""

import mailbox
from datetime import datetime, timedelta
from email.message import Message

from rsvp import create_app
from rsvp.db import db, transaction
from rsvp.mailbox import FOLDER, newest
from rsvp.models import Letter, Rsvp
from rsvp.models.event import Event, Kind
from rsvp.models.letter import LetterKind, LetterState
from rsvp.models.programme import Programme
from rsvp.models.token import Purpose
from rsvp.services import (
    coordinators,
    drafts,
    events,
    invitations,
    links,
    outbox,
    own_requests,
    programmes,
    questions,
    requests,
    rsvps,
    second_factors,
)
from rsvp.zones import HOME
from tests import factories, stories
from tests.databases import release
from tests.factories import Moment
from tests.gallery.house import House
from tests.mailserver import Received
from tests.views import pages

NOW = factories.NOW
EARLIER = NOW - timedelta(days=14)
AUTUMN = NOW + timedelta(days=92)
NAMES = {
    "en": ("Sample Sokha", "Sample Dara", "Sample Vanna", "Sample Lim"),
    "km": ("គំរូ សុខា", "គំរូ ដារ៉ា", "គំរូ វណ្ណា", "គំរូ លីម"),
}
MESSAGES = {
    "en": "A sample request.\nI would like to listen, and to ask one question.",
    "km": "សំណើគំរូ។\nខ្ញុំចង់ស្តាប់ និងសួរសំណួរមួយ។",
}
ZONES = {"en": "America/Los_Angeles", "km": "Asia/Phnom_Penh"}


def furnish_full(house: House) -> None:
    """Load the programme, with events and requests in every state, and keep one letter of every story."""
    with house.app.app_context():
        _load_programme(EARLIER)
        pages.build_desk(house.app)
        _add_coordinator()
        _ask_before_the_changes(house)
        _change_events()
        _fill_the_queue(house)
        _send_letters(house)
        _prepare_links(house)
    keep_letters(house)


def furnish_bare(house: House) -> None:
    """Leave the tables empty, but for who works at the desk."""
    pages.build_desk(house.app)


def furnish_autumn(house: House) -> None:
    """Load the programme and let its summer pass."""
    with house.app.app_context():
        _load_programme(EARLIER)
    house.clock.at = AUTUMN


def keep_letters(house: House) -> None:
    """Send one letter of every story by SMTP, and keep them in the mailbox under their stories' names."""
    folder = mailbox.Maildir(house.folder / FOLDER)
    for story in stories.STORIES:
        _keep(folder, _letter_of(house, story.__name__))
    for story, letter in zip(reversed(stories.STORIES), newest(house.folder / FOLDER), strict=True):
        house.facts[f"letter_{story.__name__}"] = letter.key


def _add_coordinator() -> None:
    """Add somebody whose phone makes codes."""
    with transaction():
        other = coordinators.add(pages.WITH_APP, password=pages.PASSWORD, at=NOW)
        other.tf_totp_secret = second_factors.new_secret()
        second_factors.keep_recovery_codes(other, second_factors.new_recovery_codes(), at=NOW)


def _load_programme(at: datetime) -> None:
    with transaction():
        programmes.load(factories.PROGRAMME_FILE.read_text(encoding="utf-8"), at=at)


def _person(number: int, language: str) -> dict[str, str]:
    return {"name": NAMES[language][number], "language": language, "zone": ZONES[language]}


def _ask_before_the_changes(house: House) -> None:
    """Let two people ask for what is later called off or past, so that their pages show every state."""
    language = house.language
    lucky = factories.pending(*_slugs(), at=EARLIER, email="sokha@example.org", **_person(0, language)).participant
    _decide(lucky.id, "preparatory", "democracy", "transnational-repression", "officials")
    with transaction():
        rsvps.waitlist(factories.decision(_rsvp(lucky.id, "economic-pressure"), at=EARLIER))
    unlucky = factories.pending(*_slugs(), at=EARLIER, email="lim@example.org", **_person(3, language)).participant
    _decide(unlucky.id, "sovereignty", "officials")
    with transaction():
        reason = stories.REASON[language]
        rsvps.decline(factories.decision(_rsvp(unlucky.id, "democracy"), at=EARLIER), reason=reason)
        rsvps.revoke(factories.decision(_rsvp(unlucky.id, "officials"), at=EARLIER), reason=reason)
        rsvps.withdraw(unlucky.id, "economic-pressure", at=EARLIER)
    with transaction():
        for name, participant in (("places", lucky), ("refused_places", unlucky)):
            house.facts[name] = links.issue(db.session.merge(participant), Purpose.PLACES, at=NOW)
        house.facts["feed"] = links.issue(db.session.merge(lucky), Purpose.FEED, at=NOW)
    house.facts["rsvp"] = _rsvp(lucky.id, "democracy").public_id


def _slugs() -> tuple[str, ...]:
    return tuple(event.slug for event in requests.open_events(EARLIER))


def _change_events() -> None:
    """Set a link, a recording, an end of requests and a cancellation; begin a draft in one language."""
    with transaction():
        _begin_draft()
        _change("democracy", {"link": factories.LINK, "passcode": "482 913", "capacity": 12})
        _change("working-officials", {"recording_url": "https://video.example/2025-03-26"})
        _change("economic-pressure", {"closed_at": NOW})
        events.call_off(stories.named("transnational-repression"), by=events.OPERATOR, at=EARLIER, note=stories.NOTE)


def _begin_draft() -> None:
    programme = Programme.current()
    assert programme is not None
    texts = {"title": {"en": "Sample draft"}, "summary": {"en": "A session still in writing."}}
    facts = {"kind": Kind.DISCUSSION, "zone": HOME, "minutes": 120, "starts_at": None, **texts}
    drafts.begin(programme, facts, by=events.OPERATOR, at=EARLIER)


def _change(slug: str, facts: dict[str, object]) -> None:
    events.change(stories.named(slug), facts, by=events.OPERATOR, at=EARLIER)


def _fill_the_queue(house: House) -> None:
    """Let people wait for the coordinator: with everything that can be said of oneself, and with nothing."""
    language = house.language
    told = {"country": "Cambodia", "organisation": "Sample Community Centre", "referrer": NAMES[language][0]}
    factories.pending("democracy", at=NOW, email="dara@example.org", **_person(1, language), **told)
    said = {"message": MESSAGES[language]}
    waiting = factories.pending(
        "sovereignty", "officials", at=NOW, email="vanna@example.org", **_person(2, language), **said
    )
    house.facts["waiting"] = waiting.public_id
    with transaction():
        waiting = db.session.merge(waiting)
        asked = questions.ask(factories.decision(waiting, at=NOW), stories.QUESTION[language])
        questions.answer(waiting.participant_id, asked.public_id, said["message"], at=NOW)
        questions.ask(
            factories.decision(_rsvp(waiting.participant_id, "officials"), at=NOW), stories.QUESTION[language]
        )
        house.facts["asked_places"] = links.issue(waiting.participant, Purpose.PLACES, at=NOW)
    other = "km" if language == "en" else "en"
    factories.approved("democracy", at=NOW, email="bopha@example.org", **_person(1, other))
    answering = factories.approved("democracy", at=NOW, email="rith@example.org", **_person(2, other))
    with transaction():
        invitation = invitations.of(db.session.merge(answering))
        assert invitation is not None
        invitation.partstat, invitation.replied_at = "ACCEPTED", NOW


def _send_letters(house: House) -> None:
    """Deliver what waits to a server that refuses one guest for good and another for now; then let one more wait."""
    house.mail_server.refuse("bopha@example.org", "550 5.1.1 no such user")
    house.mail_server.refuse("vanna@example.org", "451 4.3.0 try again later")
    outbox.deliver(lambda: NOW)
    with transaction():
        sent = db.session.query(Letter).filter_by(state=LetterState.SENT, kind=LetterKind.INVITATION).first()
        assert sent is not None
        sent.state, sent.error = LetterState.BOUNCED, "550 5.2.2 mailbox full"
    factories.ask("sovereignty", at=NOW, email="waiting@example.org", **_person(3, house.language))


def _prepare_links(house: House) -> None:
    """Make the links that prove an address: one that waits, one used, one too old, one without a request."""
    language = house.language
    told = {"country": "Cambodia", "referrer": NAMES[language][0], "message": MESSAGES[language]}
    asking = factories.ask("democracy", "officials", **_person(1, language), **told)
    done = factories.ask("democracy", **_person(2, language))
    late = factories.ask("transnational-repression", "democracy", at=NOW - timedelta(hours=49), **_person(2, language))
    promised = factories.approved("sovereignty", **_person(1, language)).participant
    with transaction():
        house.facts["verification"] = links.issue(db.session.merge(asking), Purpose.VERIFICATION, at=NOW)
        house.facts["idle_verification"] = links.issue(db.session.merge(late), Purpose.VERIFICATION, at=NOW)
        house.facts["enrolment"] = coordinators.invite("new@example.org", by=factories.COORDINATOR, at=NOW)
        house.facts["coordinator"] = coordinators.everybody()[0].public_id
        own_requests.ask(db.session.merge(promised), ["democracy"], at=NOW)
        rsvps.withdraw(promised.id, "democracy", at=NOW)
        house.facts["idle_places"] = links.issue(db.session.merge(late), Purpose.PLACES, at=NOW)
        house.facts["promised_places"] = links.issue(db.session.merge(promised), Purpose.PLACES, at=NOW)
        old, used = NOW - timedelta(days=3), db.session.merge(done)
        house.facts["old_verification"] = links.issue(db.session.merge(late), Purpose.VERIFICATION, at=old)
        house.facts["used_verification"] = links.issue(used, Purpose.VERIFICATION, at=NOW)
        shown = requests.waiting(used, at=NOW).digest
        requests.verify(house.facts["used_verification"], shown=shown, at=NOW)


def _decide(participant_id: int, *slugs: str) -> None:
    for slug in slugs:
        with transaction():
            rsvps.approve(factories.decision(_rsvp(participant_id, slug), at=EARLIER))


def _rsvp(participant_id: int, slug: str) -> Rsvp:
    held = db.session.query(Rsvp).join(Event).filter(Rsvp.participant_id == participant_id, Event.slug == slug)
    return held.one()


def _letter_of(house: House, name: str) -> Received:
    """Live through a story in an application of its own, and return its letter as the mail server got it."""
    folder = house.folder / name
    folder.mkdir()
    url, port = house.databases.sqlite(folder), str(house.mail_server.port)
    clock = Moment()
    changes = {"DATABASE_URL": url, "MAIL_PORT": port, "BASE_URL": house.address}
    app = create_app(factories.settings(folder, **changes), clock)
    with app.app_context():
        stories.programme()
        getattr(stories, name)(house.language)
        clock.at = stories.LAST
        outbox.deliver(clock.now)
        release(app)
    return house.mail_server.received[-1]


def _keep(folder: mailbox.Maildir, letter: Received) -> None:
    """Keep a letter as the demo's mail server does: with the address that the server was told."""
    message = mailbox.MaildirMessage(letter.raw)
    Message.add_header(message, "X-RcptTo", letter.recipient)
    folder.add(message)
