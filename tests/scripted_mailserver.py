"""An SMTP server on loopback that stops at a step of its dialogue, as a test tells it to, until it is let go on."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType

from tests.mailserver import Received

PATIENCE_SECONDS = 30
HANG_UP = "hang up"


class Seam(StrEnum):
    """A step of the dialogue: what the client has just done, and the server hasn't answered yet."""

    CONNECTED = "connected"
    MAIL = "MAIL"
    DATA = "DATA"
    DOT = "the dot"


@dataclass
class Script:
    """Where to stop, and what to answer then."""

    at: Seam | None = None
    letter: int = 1  # from the nth letter on; once
    then: str | None = None  # the answer when it is let go on; the usual one if nothing is said
    reached: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    begun: int = 0


class _Dialogue(socketserver.StreamRequestHandler):
    """One connection."""

    server: "_Server"

    def handle(self) -> None:
        """Speak SMTP until the client leaves or the connection is lost."""
        with self.server.visit() as is_welcome:
            if is_welcome:
                self._speak()
            else:
                self._say("421 too many connections")

    def _speak(self) -> None:
        try:
            self._step(Seam.CONNECTED, "220 ready")
            while line := self.rfile.readline():
                if self._obey(line.decode().strip()):
                    return
        except OSError:
            return

    def _obey(self, command: str) -> bool:
        verb = command[:4].upper()
        if verb == "MAIL":
            self.server.script.begun += 1
            self._step(Seam.MAIL, "250 OK")
        elif verb == "RCPT":
            self._recipient = command.partition("<")[2].partition(">")[0]
            self._say("250 OK")
        elif verb == "DATA":
            self._step(Seam.DATA, "354 go ahead")
            lines = []
            while (line := self.rfile.readline()) != b".\r\n":
                if not line:
                    raise ConnectionError("the client is gone, and its letter isn't whole")
                lines.append(line.removeprefix(b"."))
            self.server.received.append(Received(self._recipient, b"".join(lines)))
            self._step(Seam.DOT, "250 taken")
        else:
            self._say("221 bye" if verb == "QUIT" else "250 OK")
        return verb == "QUIT"

    def _step(self, seam: Seam, answer: str) -> None:
        script = self.server.script
        if script.at == seam and script.begun >= (0 if seam == Seam.CONNECTED else script.letter):
            script.at = None
            script.reached.set()
            script.go_on.wait(PATIENCE_SECONDS)
            if script.then == HANG_UP:
                raise ConnectionError("as the script says")
            answer = script.then or answer
        self._say(answer)

    def _say(self, answer: str) -> None:
        self.wfile.write(answer.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Dialogue)
        self.script = Script()
        self.received: list[Received] = []
        self.most_connections = 100
        self.connections = 0
        self.connections_at_once = 0
        self._counting = threading.Lock()

    @contextmanager
    def visit(self) -> Iterator[bool]:
        """Count a connection while it lasts; say whether there was room for it."""
        with self._counting:
            is_welcome = self.connections < self.most_connections
            self.connections += is_welcome
            self.connections_at_once = max(self.connections_at_once, self.connections)
        try:
            yield is_welcome
        finally:
            with self._counting:
                self.connections -= is_welcome


class ScriptedMailServer:
    """The server; it starts with the test and ends with it."""

    def __init__(self) -> None:
        self._server = _Server()
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> "ScriptedMailServer":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.script.go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def received(self) -> list[Received]:
        """Every message whose last dot has arrived, whatever was answered."""
        return self._server.received

    @property
    def connections_at_once(self) -> int:
        """How many connections there were at the same time, at most."""
        return self._server.connections_at_once

    def allow(self, connections: int) -> None:
        """Turn away whoever comes while so many are connected."""
        self._server.most_connections = connections

    def stop_at(self, seam: Seam, *, letter: int = 1, then: str | None = None) -> Script:
        """Stop at the first such step from the nth letter on, and say when it is reached."""
        self._server.script = Script(at=seam, letter=letter, then=then, begun=self._server.script.begun)
        return self._server.script
