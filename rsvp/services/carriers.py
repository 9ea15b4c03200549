"""Carry letters to the mail server: each carrier has a connection of its own and a letter at a time in its hands.

A carrier works in a thread and touches no row; what became of its letter is for the outbox to write.
"""

import json
import logging
import smtplib
from dataclasses import dataclass

import config
from config import Settings
from rsvp.cipher import Cipher
from rsvp.db import cipher
from rsvp.messages import Connection, Envelope, Message, Parts, compose
from rsvp.services.claims import Taken

log = logging.getLogger(__name__)


class Carrier:
    """One connection to the mail server. `is_usable` turns false when the next letter can't go over it."""

    def __init__(self, connection: Connection, settings: Settings, letter_cipher: Cipher):
        self.is_usable = True
        self._connection = connection
        self._settings = settings
        self._cipher = letter_cipher

    def carry(self, taken: Taken) -> "Outcome":
        """Send one letter and say what became of it; nothing is raised."""
        try:
            self._connection.send(self._message(taken))
        except Exception as error:
            self.is_usable = self._recovers()
            return Outcome(self, taken, error)
        return Outcome(self, taken, None)

    def leave(self) -> None:
        """Take leave of the server."""
        try:
            if self._connection.host is not None:
                self._connection.host.quit()
        except (smtplib.SMTPException, OSError):
            log.info("mail server closed the connection first")

    def _message(self, taken: Taken) -> Message:
        """Return the message of a letter; whatever is wrong with it is raised here."""
        envelope = Envelope(
            recipient=self._cipher.decrypt(taken.recipient or "", "letter.recipient"),
            language=taken.language,
            message_id=message_id(taken.public_id, self._settings.host),
            dated=taken.created_at,
        )
        parts = Parts(**json.loads(self._cipher.decrypt(taken.content or "", "letter.content")))
        return compose(parts, envelope, sender=self._settings.mail_default_sender)

    def _recovers(self) -> bool:
        """Whether the server is ready for another letter after one that it didn't get."""
        try:
            return self._connection.host is not None and self._connection.host.rset()[0] == 250
        except (smtplib.SMTPException, OSError):
            log.info("mail server closed the connection")
            return False


@dataclass(frozen=True)
class Outcome:
    """What became of a letter. `error` is the server's (an OSError), or says why no message could be made of it."""

    carrier: Carrier
    taken: Taken
    error: Exception | None

    @property
    def silence(self) -> Exception | None:
        """The error of a server that has fallen silent: it says nothing about the letter, and the others must wait."""
        error = self.error
        return error if error and isinstance(error.__context__ or error, TimeoutError) else None


def hire() -> Carrier:
    """Return a carrier whom the server has greeted.

    Raises:  SMTPException, OSError.
    """
    settings = config.current()
    connection = Connection(settings)
    connection.host = connection.configure_host()
    return Carrier(connection, settings, cipher())


def message_id(public_id: str, host: str) -> str:
    """Return the Message-ID of the letter with that public id: the same at every attempt."""
    return f"<{public_id}@{host}>"
