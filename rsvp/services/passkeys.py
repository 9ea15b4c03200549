"""Check what passkeys say: keys on devices that open with a finger, a face or a PIN.

Source:  W3C Web Authentication Level 2, §7.1 (a new key) and §7.2 (signing in).
"""

import base64
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import webauthn
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

import config
from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.coordinator import Coordinator, Passkey
from rsvp.services import journal

NAME_CHARACTERS = 60
# What the library lets through of a text that isn't what a browser makes.
UNREADABLE = (WebAuthnException, ValueError, KeyError, TypeError)


class LastFactor(Refusal):
    """A password alone would be left, where that isn't enough."""

    message = _("This is your only second factor: set up another one first.")


@dataclass(frozen=True)
class Party:
    """The name for which browsers keep passkeys, and the only address whose pages may ask for them."""

    id: str
    origin: str


def party() -> Party | None:
    """Return for whom passkeys are; None if the service has no name, for browsers take no bare IP address.

    This machine has one that every browser knows: localhost, at which the demo can be read too.
    """
    address = urlsplit(config.current().base_url)
    host = address.hostname or ""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return Party(host, config.current().base_url)
    port = f":{address.port}" if address.port else ""
    return Party("localhost", f"{address.scheme}://localhost{port}") if is_here else None


def options_for_new(coordinator: Coordinator, *, party: Party, challenge: bytes) -> str:
    """Return what a browser needs to make a passkey, as JSON: one that signs in by itself, and only after a check."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.id,
        user_name=coordinator.email,
        user_id=coordinator.public_id.encode(),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=known.credential_id) for known in coordinator.webauthn],
    )
    return webauthn.options_to_json(options)


def add(
    coordinator: Coordinator, answer: str, *, name: str, party: Party, challenge: bytes, at: datetime
) -> Passkey | None:
    """Store the passkey that a browser made, or return None if it isn't what was asked for."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    if _stored(made.credential_id) is not None:
        return None
    passkey = Passkey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        backup_state=made.credential_backed_up,
        device_type=made.credential_device_type,
        create_datetime=at.replace(tzinfo=None),
        lastuse_datetime=at.replace(tzinfo=None),
        name=name,
        usage="first",
    )
    coordinator.fs_webauthn_user_handle = coordinator.public_id
    coordinator.webauthn.append(passkey)
    _record("passkey", coordinator, at=at)
    return passkey


def options_for_sign_in(*, party: Party, challenge: bytes) -> str:
    """Return what a browser needs to ask for a passkey, as JSON; it names no account."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return webauthn.options_to_json(options)


def owner(answer: str, *, party: Party, challenge: bytes, at: datetime) -> Coordinator | None:
    """Return who signed the challenge with a passkey of theirs, having shown the device who they are."""
    try:
        said = parse_authentication_credential_json(answer)
        passkey = _stored(said.raw_id)
        if passkey is None or said.response.user_handle != passkey.user.public_id.encode():
            return None
        checked = webauthn.verify_authentication_response(
            credential=said,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except UNREADABLE:
        return None
    passkey.sign_count, passkey.lastuse_datetime = checked.new_sign_count, at.replace(tzinfo=None)
    return passkey.user if passkey.user.active else None


def public_id(passkey: Passkey) -> str:
    """Return the name of a passkey that its device knows too."""
    return base64.urlsafe_b64encode(passkey.credential_id).decode().rstrip("=")


def named(coordinator: Coordinator, wanted: str) -> Passkey | None:
    """Return the coordinator's own passkey with this public id."""
    return next((passkey for passkey in coordinator.webauthn if public_id(passkey) == wanted), None)


def remove(coordinator: Coordinator, passkey: Passkey, *, at: datetime) -> None:
    """Let a passkey open nothing more.

    Raises:  LastFactor.
    """
    db.session.refresh(coordinator, with_for_update=True)  # an app isn't removed at the same instant
    if not config.current().demo and not coordinator.has_app and len(coordinator.webauthn) == 1:
        raise LastFactor
    coordinator.webauthn.remove(passkey)
    _record("passkey_removal", coordinator, at=at)


def _stored(credential_id: bytes) -> Passkey | None:
    chosen = select(Passkey).where(Passkey.credential_id == credential_id).with_for_update()
    return db.session.scalars(chosen).one_or_none()


def _record(act: str, coordinator: Coordinator, *, at: datetime) -> None:
    journal.record(act, f"coordinator:{coordinator.public_id}", by=coordinator.public_id, at=at)
