"""Find people by what the coordinator remembers of them: a name, an address, or the address's domain.

Names are encrypted, so every one is read: ten thousand take a fraction of a second, and no index tells who is here.
"""

import unicodedata

from rsvp.models.participant import Participant
from rsvp.services import participants

# Between Khmer words; who searches doesn't type it.
WORD_BREAK = 0x200B
# That, and accents on their own.
_UNSEEN = dict.fromkeys((WORD_BREAK, *range(0x300, 0x370)))


def people(words: str) -> list[int]:
    """Return the ids of the people whose name or address contains every one of the words."""
    wanted = folded(words).split()
    if not wanted:
        return []
    names, emails = participants.everybody(Participant.name), participants.everybody(Participant.email)
    return [id for id, name in names.items() if id in emails and _has(folded(f"{name}\n{emails[id]}"), wanted)]


def folded(words: str) -> str:
    """Return words as they are compared: letters and marks without case, accents and invisible breaks."""
    if words.isascii():
        return words.casefold()
    return unicodedata.normalize("NFKD", words).casefold().translate(_UNSEEN)


def _has(words: str, wanted: list[str]) -> bool:
    return all(word in words for word in wanted)
