"""Offer passkeys on a page, and take what a browser answers: each challenge is good once, and for ten minutes."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from flask import request, session
from limits import RateLimitItemPerMinute

from rsvp import tokens
from rsvp.models.coordinator import Coordinator, Passkey
from rsvp.services import passkeys
from rsvp.services.passkeys import Party
from rsvp.views.guests import now
from rsvp.views.limits import limiter

LIFETIME = timedelta(minutes=10)
# A challenge lies in the cookie; that it was used is noted where every web process counts its limits.
ONCE = RateLimitItemPerMinute(1, 10)


@dataclass(frozen=True)
class Offer:
    """What a page says of passkeys: what the browser needs, or the address at which the service takes them."""

    options: dict[str, object] | None
    address: str


def offer_sign_in() -> Offer | None:
    """Return what a page needs to ask for a passkey, None if the service can have none."""
    found = passkeys.party()
    if found is None or not _is_here(found):
        return _elsewhere(found)
    options = passkeys.options_for_sign_in(party=found, challenge=_challenge("sign-in"))
    return Offer(json.loads(options), found.origin)


def offer_new(coordinator: Coordinator) -> Offer | None:
    """Return what a page needs to make a passkey, None if the service can have none."""
    found = passkeys.party()
    if found is None or not _is_here(found):
        return _elsewhere(found)
    options = passkeys.options_for_new(coordinator, party=found, challenge=_challenge("new"))
    return Offer(json.loads(options), found.origin)


def owner() -> Coordinator | None:
    """Return whose passkey the form of this request brings."""
    found, challenge = passkeys.party(), _answered("sign-in")
    if found is None or challenge is None:
        return None
    return passkeys.owner(request.form.get("answer", ""), party=found, challenge=challenge, at=now())


def add(coordinator: Coordinator, *, name: str) -> Passkey | None:
    """Store the new passkey that the form of this request brings."""
    found, challenge = passkeys.party(), _answered("new")
    if found is None or challenge is None:
        return None
    answer = request.form.get("answer", "")
    return passkeys.add(coordinator, answer, name=name, party=found, challenge=challenge, at=now())


def _is_here(party: Party) -> bool:
    return request.host == urlsplit(party.origin).netloc


def _elsewhere(party: Party | None) -> Offer | None:
    return None if party is None else Offer(None, party.origin)


def _challenge(purpose: str) -> bytes:
    challenge, _digest = tokens.new_token()
    session[f"challenge {purpose}"] = {"text": challenge, "until": (now() + LIFETIME).isoformat()}
    return challenge.encode()


def _answered(purpose: str) -> bytes | None:
    """Return the challenge to which the form answers, once."""
    made = session.pop(f"challenge {purpose}", None)
    if made is None or now() >= datetime.fromisoformat(made["until"]):
        return None
    is_first = limiter.limiter.hit(ONCE, "challenge", tokens.digest(made["text"]))
    return made["text"].encode() if is_first else None
