"""An SMTP server on loopback that keeps what it receives, and refuses what a test tells it to."""

import email
import email.policy
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from types import TracebackType

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Received:
    """One message as the server took it."""

    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return email.message_from_bytes(self.raw, policy=email.policy.default)  # type: ignore[return-value]


@dataclass
class _Handler:
    received: list[Received] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        self.received.append(Received(envelope.rcpt_tos[0], raw))
        return "250 OK"


class MailServer:
    """A server that starts with a block and ends with it."""

    def __init__(self, *, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> None:
        self._handler = _Handler()
        self._tls, self._starttls = tls, starttls
        self.port = free_port()
        self._controller = self._build()

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._controller.server is not None:
            self._controller.stop()

    def renew(self) -> None:
        """Become as good as new: nothing received, nobody refused, and up again if it went down."""
        self._handler.received, self._handler.refused = [], {}
        if self._controller.server is None:
            self._controller = self._build()
            self._controller.start()

    @property
    def received(self) -> list[Received]:
        """Every message so far."""
        return self._handler.received

    def refuse(self, address: str, answer: str) -> None:
        """Answer RCPT for that address with a refusal."""
        self._handler.refused[address] = answer

    def accept(self, address: str) -> None:
        """Take letters for that address again."""
        self._handler.refused.pop(address, None)

    def stop(self) -> None:
        """Go down, as a mail server does."""
        self._controller.stop()

    def _build(self) -> Controller:
        return Controller(
            self._handler,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=self._tls,
            tls_context=self._starttls,
            require_starttls=self._starttls is not None,
        )


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
