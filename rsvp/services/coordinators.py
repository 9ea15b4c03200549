"""Let people work at the desk, by a link with which they enrol, and let them go.

Password hashes come in ready-made: argon2 takes its time, and nobody who writes may wait for it.
"""

import secrets
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _
from flask_security import hash_password
from sqlalchemy import ColumnElement, func, select

import config
from rsvp import tokens
from rsvp.db import db
from rsvp.errors import Refusal
from rsvp.models.coordinator import Coordinator
from rsvp.services import journal

LINK_LIFETIME = timedelta(hours=24)
OPERATOR = "operator"


class EnrolledAlready(Refusal):
    """The address belongs to somebody who works at the desk."""

    message = _("This person is a coordinator already.")


class LastCoordinator(Refusal):
    """Nobody would be left at the desk."""

    message = _("The last coordinator can't be removed: invite somebody else first.")


def add(email: str, *, password: str, at: datetime) -> Coordinator:
    """Make the demo's account, or give the one with that address a new password and end its sessions."""
    known = find(email) or _make(email, at=at)
    known.password, known.active, known.removed_at = hash_password(password), True, None
    end_sessions(known)
    return known


def find(email: str) -> Coordinator | None:
    """Return who has this address, however it is written, at the desk or not."""
    chosen = select(Coordinator).where(func.lower(Coordinator.email) == email.lower())
    return db.session.scalars(chosen).one_or_none()


def named(public_id: str) -> Coordinator | None:
    """Return who has this public id and was not removed."""
    chosen = select(Coordinator).where(Coordinator.public_id == public_id, Coordinator.removed_at.is_(None))
    return db.session.scalars(chosen).one_or_none()


def everybody() -> list[Coordinator]:
    """Return who works at the desk or is invited to, in the order of their addresses."""
    return list(
        db.session.scalars(select(Coordinator).where(Coordinator.removed_at.is_(None)).order_by(Coordinator.email))
    )


def emails() -> dict[str, str]:
    """Return the address of every coordinator by public id, also of those who were removed."""
    rows = db.session.execute(select(Coordinator.public_id, Coordinator.email))
    return dict(rows.all())


def invite(email: str, *, by: str, at: datetime) -> str:
    """Return the token of a link with which somebody new enrols; an earlier link of theirs ends.

    Raises:  EnrolledAlready.
    """
    known = find(email)
    if known is not None and known.active:
        raise EnrolledAlready
    return _issue(known or _make(email, at=at), by=by, at=at)


def issue_link(email: str, *, at: datetime) -> str:
    """Return the token of a link with which the address enrols, for the first time or anew; its sessions end.

    Until the link is used the account's password and second factor stay: whoever must be kept out is removed.
    """
    known = find(email) or _make(email, at=at)
    end_sessions(known)
    return _issue(known, by=OPERATOR, at=at)


def link_of(token: str) -> str:
    """Return the address of the page on which somebody enrols."""
    return f"{config.current().base_url}/desk/enrolments/{token}"


def enrolling(token: str, *, at: datetime) -> Coordinator | None:
    """Return whom the link is for, or None for every link that opens nothing now."""
    found = db.session.scalars(select(Coordinator).where(_has(token))).one_or_none()
    return found if found is not None and found.is_invited(at) else None


def enrol(token: str, *, hashed: str, at: datetime) -> Coordinator | None:
    """Begin the account anew with this password, once: what opened it before opens nothing more."""
    found = db.session.scalars(select(Coordinator).where(_has(token)).with_for_update()).one_or_none()
    if found is None or not found.is_invited(at):
        return None
    _forget_credentials(found)
    found.password, found.active = hashed, True
    _record("enrolment", found, by=found.public_id, at=at)
    return found


def change_password(coordinator: Coordinator, *, hashed: str, at: datetime) -> None:
    """Give the account another password; every session ends."""
    coordinator.password = hashed
    end_sessions(coordinator)
    _record("password", coordinator, by=coordinator.public_id, at=at)


def sign_out_everywhere(coordinator: Coordinator, *, at: datetime) -> None:
    """End every session of the account."""
    end_sessions(coordinator)
    _record("sign_out_everywhere", coordinator, by=coordinator.public_id, at=at)


def remove(coordinator: Coordinator, *, by: str, at: datetime) -> None:
    """Let somebody go: their sessions and whatever opened the desk to them end at once.

    Raises:  LastCoordinator.
    """
    # All rows, in one order: two who remove each other at the same moment may not both succeed.
    rows = db.session.scalars(
        select(Coordinator).order_by(Coordinator.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    if not any(other.active and other is not coordinator for other in rows):
        raise LastCoordinator
    _forget_credentials(coordinator)
    coordinator.active, coordinator.removed_at = False, at
    _record("removal", coordinator, by=by, at=at)


def end_sessions(coordinator: Coordinator) -> None:
    """End every session of the account: their cookies name what it is no more."""
    coordinator.fs_uniquifier = secrets.token_hex(32)


def _make(email: str, *, at: datetime) -> Coordinator:
    made = Coordinator(email=email, public_id=tokens.new_public_id(), created_at=at, active=False)
    end_sessions(made)
    db.session.add(made)
    return made


def _issue(coordinator: Coordinator, *, by: str, at: datetime) -> str:
    token, coordinator.enrolment_digest = tokens.new_token()
    coordinator.enrolment_expires_at, coordinator.removed_at = at + LINK_LIFETIME, None
    _record("enrolment_link", coordinator, by=by, at=at)
    return token


def _has(token: str) -> ColumnElement[bool]:
    return Coordinator.enrolment_digest == tokens.digest(token)


def _forget_credentials(coordinator: Coordinator) -> None:
    coordinator.password = coordinator.tf_totp_secret = coordinator.tf_primary_method = None
    coordinator.tf_counter = coordinator.mf_recovery_codes = None
    coordinator.enrolment_digest = coordinator.enrolment_expires_at = None
    coordinator.webauthn.clear()
    end_sessions(coordinator)


def _record(act: str, coordinator: Coordinator, *, by: str, at: datetime) -> None:
    journal.record(act, f"coordinator:{coordinator.public_id}", by=by, at=at)
