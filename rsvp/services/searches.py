"""Find people by what the coordinator remembers of them: a name, an address, or the address's domain.

Names are encrypted, so every one is read: ten thousand take a fraction of a second, and no index tells who is here.
"""

import unicodedata

from sqlalchemy import select

from rsvp.db import db
from rsvp.models.participant import Participant

# Between Khmer words; who searches doesn't type it.
WORD_BREAK = "\u200b"


def participants(words: str) -> list[int]:
    """Return the ids of the people whose name or address contains every one of the words."""
    wanted = folded(words).split()
    if not wanted:
        return []
    people = db.session.execute(select(Participant.id, Participant.name, Participant.email))
    return [row.id for row in people if _has(folded(f"{row.name}\n{row.email}"), wanted)]


def folded(words: str) -> str:
    """Return words as they are compared: letters and marks without case, accents and invisible breaks."""
    parts = unicodedata.normalize("NFKD", words.replace(WORD_BREAK, "")).casefold()
    return "".join(letter for letter in parts if not 0x300 <= ord(letter) < 0x370)


def _has(words: str, wanted: list[str]) -> bool:
    return all(word in words for word in wanted)
