"""What a page that may be found says of itself: to search engines, and to a chat in which somebody shares its address.

Only what everybody may read on the page: never a meeting's link, a count or a guest. Addresses begin with BASE_URL.
"""

import unicodedata
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

import config
from rsvp import zones
from rsvp.languages import DEFAULT, LANGUAGES
from rsvp.views.guests import EventCard
from rsvp.views.languages import current

# OpenGraph names a language with a country.
LOCALES = {"en": "en_US", "km": "km_KH"}
# About as much of a description as search engines and chats show, counted without marks above and below letters.
LETTERS = 160
ENDS = (".", "?", "!", "។")  # of a sentence, after which nothing seems to be missing
TAKES_NO_ROOM = ("Mn", "Cf")


@dataclass(frozen=True)
class Preview:
    """One page as others show it. `addresses` has the page in each language, `linked_data` a JSON-LD block."""

    addresses: dict[str, str]
    description: str
    picture: str
    picture_words: str
    locale: str
    other_locales: tuple[str, ...]
    linked_data: Markup | None = None

    @property
    def address(self) -> str:
        """The one address that the page is to be known by."""
        return self.addresses[current()]

    @property
    def default_address(self) -> str:
        """The page for readers of any other language."""
        return self.addresses[DEFAULT]


def preview(endpoint: str, description: str = "", *, linked_data: Markup | None = None, **values: str) -> Preview:
    """Return the preview of a page in the reader's language; without a description it has the picture's words."""
    language, drawn = current(), _drawn()
    return Preview(
        addresses=addresses(endpoint, **values),
        description=brief(description) or drawn,
        picture=picture(language),
        picture_words=drawn,
        locale=LOCALES[language],
        other_locales=tuple(locale for code, locale in LOCALES.items() if code != language),
        linked_data=linked_data,
    )


def addresses(endpoint: str, **values: str) -> dict[str, str]:
    """Return the absolute address of a page in each language, without what a visitor chose on it."""
    base = config.current().base_url
    return {language: base + url_for(endpoint, _external=False, language=language, **values) for language in LANGUAGES}


def picture(language: str) -> str:
    """Return the absolute address of the drawn picture."""
    return config.current().base_url + url_for("static", filename=f"previews/{language}.png")


def event_words(card: EventCard) -> str:
    """Return what a shared event says of itself: when, on Washington's clock, and what it is about."""
    if card.is_cancelled:
        when = _("Cancelled")
    elif card.home:
        home = card.home
        # Whoever reads it in a chat lives anywhere, and may not know the letters.
        said = {"hour": home.hour, "city": zones.city(zones.HOME, current()), "letters": home.abbreviation}
        when = _("%(date)s, %(hour)s in %(city)s (%(letters)s)", date=home.date, **said)
    else:
        when = _("Time to be announced")
    return f"{when} · {card.summary}"


def brief(words: str, letters: int = LETTERS) -> str:
    """Return the words, or as many whole ones as fit, with an ellipsis unless they end a sentence.

    Khmer has spaces between phrases only: cut there, no word is broken. A first phrase that is too long stays whole.
    """
    words = " ".join(words.split())
    if _room(words) <= letters:
        return words
    kept, *rest = words.split(" ")
    for word in rest:
        if _room(f"{kept} {word}…") > letters:
            break
        kept = f"{kept} {word}"
    return kept if kept.endswith(ENDS) or kept == words else f"{kept.rstrip(',;:·—–-')}…"


def _drawn() -> str:
    """Return what stands on the picture, word for word; `make previews` draws it anew."""
    heading, line = _("Online discussions"), _("Every hour where you live. Ask for a place.")
    return f"{heading} · {line}"


def _room(words: str) -> int:
    return sum(unicodedata.category(character) not in TAKES_NO_ROOM for character in words)
