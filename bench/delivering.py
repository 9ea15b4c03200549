"""How many letters a worker sends in a second, against smtplib alone with messages of the same size."""

import json
import smtplib
import time

from bench import stage
from rsvp.db import transaction
from rsvp.messages import Parts
from rsvp.models.letter import LetterKind
from rsvp.services import outbox
from tests import factories

LETTERS = 500
ROUNDS = 3
TARGET_A_SECOND, TARGET_RATIO = 150, 0.80


def run() -> list[str]:
    """Return what was measured, in lines: the rounds of both alternate, so that other work disturbs both alike."""
    lines = []
    with stage.mail_server() as port, stage.application(port) as app:
        factories.event(link=factories.LINK)
        factories.approved()
        clock = app.extensions["clock"]
        outbox_parts = Parts(**json.loads(factories.letters(LetterKind.INVITATION)[-1].content or ""))
        message = stage.message_of(outbox_parts, "sok@example.org")
        outbox.deliver(clock.now)
        for _ in range(ROUNDS):
            alone = _alone(message, port)
            _write(outbox_parts)
            began = time.perf_counter()
            assert outbox.deliver(clock.now) == LETTERS
            worker = LETTERS / (time.perf_counter() - began)
            lines.append(
                f"delivering {LETTERS} invitations of {len(message)} bytes: {worker:.0f} letters/s "
                f"(target {TARGET_A_SECOND}), {worker / alone:.0%} of smtplib's {alone:.0f} (target {TARGET_RATIO:.0%})"
            )
    return lines


def _alone(message: bytes, port: int) -> float:
    with smtplib.SMTP("127.0.0.1", port) as server:
        began = time.perf_counter()
        for _ in range(LETTERS):
            server.sendmail("nalen.smith@example.org", ["sok@example.org"], message)
        return LETTERS / (time.perf_counter() - began)


def _write(parts: Parts) -> None:
    person = factories.only_participant().id
    with transaction():
        for _ in range(LETTERS):
            draft = outbox.Draft(LetterKind.INVITATION, "en", "sok@example.org", parts, person)
            outbox.add(draft, at=factories.NOW)
