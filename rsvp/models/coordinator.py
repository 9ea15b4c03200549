"""A coordinator: who decides, with password, one-time codes and passkeys as Flask-Security keeps them."""

from datetime import datetime

from flask_security import AsaList, RoleMixin, UserMixin, WebAuthnMixin
from sqlalchemy import Column, DateTime, ForeignKey, LargeBinary, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rsvp.db import Base, Encrypted, Instant

coordinator_role = Table(
    "coordinator_role",
    Base.metadata,
    Column("coordinator_id", ForeignKey("coordinator.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """A named set of permissions. Flask-Security asks for the table; every coordinator may do the same today."""

    __tablename__ = "role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))


class Coordinator(Base, UserMixin):
    """Who works at the desk. The address is published by the programme itself, so it isn't hidden here."""

    __tablename__ = "coordinator"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    # argon2
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    # Names them in the cookie and the journal; a new one ends every session.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    # base32, shared with the authenticator app
    tf_totp_secret: Mapped[str | None] = mapped_column(Encrypted("coordinator.tf_totp_secret"))
    # The step of time whose code was used last: it and those before it open nothing more (RFC 6238 §5.2).
    tf_counter: Mapped[int | None]
    # Keyed digests of the recovery codes that are left.
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)  # type: ignore[assignment]
    # The digest of the link with which they choose a password, until it was used.
    enrolment_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    enrolment_expires_at: Mapped[datetime | None] = mapped_column(Instant)
    # Removed people keep their row, so that the journal can still be read.
    removed_at: Mapped[datetime | None] = mapped_column(Instant)
    # The language of their desk.
    language: Mapped[str | None] = mapped_column(String(8))
    # How many hours apart their digests are at least; 0 for none. And when the newest was written.
    digest_hours: Mapped[int] = mapped_column(default=0, server_default="0")
    digest_at: Mapped[datetime | None] = mapped_column(Instant)

    roles: Mapped[list[Role]] = relationship(secondary=coordinator_role)  # type: ignore[assignment]
    webauthn: Mapped[list["Passkey"]] = relationship(back_populates="user", cascade="all, delete-orphan")  # type: ignore[assignment]

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app makes codes for this account."""
        return self.tf_totp_secret is not None

    @property
    def has_second_factor(self) -> bool:
        """Whether a password alone isn't enough."""
        return self.has_app or bool(self.webauthn)

    def is_invited(self, at: datetime) -> bool:
        """Whether a link that works then waits for them."""
        return self.enrolment_expires_at is not None and at < self.enrolment_expires_at


class Passkey(Base, WebAuthnMixin):
    """One WebAuthn credential (W3C Web Authentication Level 2 §5.2)."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("coordinator.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(AsaList()))
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    # Flask-Security writes naive UTC into these two.
    create_datetime: Mapped[datetime] = mapped_column(DateTime)
    lastuse_datetime: Mapped[datetime] = mapped_column(DateTime)
    name: Mapped[str] = mapped_column(String(64))
    usage: Mapped[str] = mapped_column(String(64))

    user: Mapped[Coordinator] = relationship(back_populates="webauthn")
