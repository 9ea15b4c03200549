"""How long one invitation takes to build, against the same parts put together by the standard library alone."""

import json
from email.message import EmailMessage
from email.policy import SMTP

from bench import stage
from rsvp import ics
from rsvp.db import db
from rsvp.messages import Parts
from rsvp.models.letter import LetterKind
from rsvp.models.rsvp import Rsvp
from rsvp.services import invitations, joins, letters
from tests import factories

TIMES = 300
TARGET_MS = 3.0


def run() -> list[str]:
    """Return what was measured, in lines."""
    with stage.application(port=1):
        factories.event(link=factories.LINK)
        return [_measure(language) for language in ("en", "km")]


def _measure(language: str) -> str:
    factories.approved(language=language)
    rsvp = factories.letters(LetterKind.INVITATION)[-1].rsvp
    assert rsvp is not None
    parts = Parts(**json.loads(factories.letters(LetterKind.INVITATION)[-1].content or ""))
    size = len(stage.message_of(parts, "sok@example.org"))
    with db.session.no_autoflush:
        ours, plain = stage.seconds(lambda: _build(rsvp), TIMES), stage.seconds(lambda: _plain(parts), TIMES)
    db.session.rollback()
    return (
        f"building an invitation ({language}, {size} bytes): {ours * 1000:.2f} ms (target {TARGET_MS} ms), "
        f"{ours / plain:.2f} times the standard library's {plain * 1000:.2f} ms for the MIME alone"
    )


def _build(rsvp: Rsvp) -> bytes:
    """Do everything between the row and the wire: calendar, text, HTML, MIME."""
    invitation = invitations.of(rsvp)
    assert invitation is not None
    body = ics.build_invitation(invitations.meeting(invitation))
    calendar = letters.Calendar(body, invitation.method, invitation.starts_at, None)
    enclosed = letters.Enclosed(calendar=calendar, door=joins.door(rsvp))
    letter = letters.send(LetterKind.INVITATION, rsvp, at=factories.NOW, enclosed=enclosed)
    return stage.message_of(Parts(**json.loads(letter.content or "")), letter.recipient or "")


def _plain(parts: Parts) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Subject"], message["From"], message["To"] = parts.subject, "nalen@example.org", "sok@example.org"
    message.set_content(parts.text, cte="base64")
    message.add_alternative(parts.html, subtype="html", cte="base64")
    calendar = (parts.calendar or "").encode()
    message.add_alternative(calendar, maintype="text", subtype="calendar", cte="base64")
    message.add_attachment(calendar, maintype="application", subtype="ics", filename="invite.ics")
    return message.as_bytes()
