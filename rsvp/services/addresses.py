"""Read email addresses as people type them, and make the digest that finds a person again."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

from rsvp.db import cipher

PURPOSE = "participant.email"


def normalise(typed: str) -> str | None:
    """Return the address as mail is sent to it, or None if no mail can reach it.

    Source:  RFC 5321 §4.1.2; the domain isn't asked for, so that the form tells nothing to a name server.
    """
    try:
        return validate_email(typed.strip(), check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None


def index(email: str) -> str:
    """Return the keyed digest of an address, the same for every way to write it in capitals."""
    return cipher().digest(unicodedata.normalize("NFC", email).casefold(), PURPOSE)
