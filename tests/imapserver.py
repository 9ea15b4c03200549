"""A real IMAP server on loopback, with a folder of its own for each test."""

import imaplib
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from imapclient import IMAPClient

from tests.mailserver import free_port

PATIENCE_SECONDS = 30
USER, PASSWORD = "replies", "secret"  # noqa: S105


@dataclass(frozen=True)
class Folder:
    """One mailbox. Its messages are numbered from 1 in the order in which they came."""

    url: str
    port: int
    name: str

    def receive(self, *messages: bytes) -> None:
        """Let messages arrive."""
        with self._open() as client:
            for message in messages:
                client.append(self.name, message)

    def unread(self) -> list[int]:
        """Return the places of the messages that nobody has read."""
        with self._open() as client:
            client.select_folder(self.name, readonly=True)
            every, unread = client.search("ALL"), client.search("UNSEEN")
            return [every.index(number) + 1 for number in unread]

    def open_by_hand(self) -> None:
        """Let the coordinator look at every message in a mail program."""
        with self._open() as client:
            client.select_folder(self.name)
            client.add_flags(client.search("ALL"), [b"\\Seen"])

    def _open(self) -> IMAPClient:
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=PATIENCE_SECONDS)
        client.login(USER, PASSWORD)
        return client


class ImapServer:
    """The server as a process of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folders = 0
        program = str(Path(sys.executable).parent / "pymap")
        account = ["--demo-user", USER, "--demo-password", PASSWORD]
        self._process = subprocess.Popen(
            [program, "--no-tls", "--host", "127.0.0.1", "--port", str(self.port), "dict", *account],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self) -> "ImapServer":
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                with imaplib.IMAP4("127.0.0.1", self.port, timeout=1) as client:
                    client.noop()
                return self
            except OSError:
                assert time.monotonic() < deadline, "the IMAP server doesn't start"
                time.sleep(0.1)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_SECONDS)

    def folder(self) -> Folder:
        """Return a new, empty mailbox."""
        self._folders += 1
        name = f"Replies {self._folders}"
        with IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=PATIENCE_SECONDS) as client:
            client.login(USER, PASSWORD)
            client.create_folder(name)
        url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/{name.replace(' ', '%20')}"
        return Folder(url, self.port, name)


@contextmanager
def line(port: int, *, fetches: int | None = None, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Lay a line to the server, under TLS if a context is given, that is cut after so many messages were fetched."""

    class Line(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            near = self.request
            try:
                near = tls.wrap_socket(near, server_side=True) if tls else near
                with socket.create_connection(("127.0.0.1", port)) as far:
                    _carry(near, far, fetches)
            except OSError:
                return
            finally:
                near.close()

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Line) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def _carry(near: socket.socket, far: socket.socket, fetches: int | None) -> None:
    back = threading.Thread(target=_carry_back, args=(far, near), daemon=True)
    back.start()
    seen = 0
    while said := near.recv(65536):
        seen += b" FETCH " in said
        if fetches is not None and seen > fetches:
            break
        far.sendall(said)
    far.shutdown(socket.SHUT_RDWR)
    back.join(PATIENCE_SECONDS)


def _carry_back(far: socket.socket, near: socket.socket) -> None:
    try:
        while said := far.recv(65536):
            near.sendall(said)
    except OSError:
        return
