"""Start the demo as a process of its own, and read what it says and keeps."""

import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import config

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 30
SETTINGS = {*config.SECRETS, "DEMO", "NOW", "NOW_SINCE", "BASE_URL", "TRUSTED_HOSTS", "PROXIES", "DATABASE_URL"}
LINES = re.compile(
    r"Schedule: (?P<schedule>http://127\.0\.0\.1:\d+/en/)\n"
    r"Desk: (?P<desk>http://127\.0\.0\.1:\d+/desk/) (?P<email>\S+@\S+) (?P<password>\S+)\n"
    r"Mailbox: (?P<mailbox>http://127\.0\.0\.1:\d+/mailbox/)\n"
)


@dataclass
class Demo:
    """A demo that runs. `said` is what it printed to its standard output."""

    process: subprocess.Popen[str]
    instance: Path
    port: int
    said: str = ""

    def read_lines(self) -> re.Match[str]:
        """Wait for the three lines and return what they name."""
        assert self.process.stdout is not None
        if not self.said:
            self.said = "".join(self.process.stdout.readline() for _ in range(3))
        found = LINES.fullmatch(self.said)
        assert found, self.said
        return found

    @property
    def address(self) -> str:
        """The beginning of every address of this demo."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def greeting(self) -> str:
        """What it says on its standard error when it starts."""
        return f"Using the demo's settings under {self.instance}/\n"

    def letters(self) -> list[Path]:
        """Return the letters that have arrived, oldest first."""
        return sorted((self.instance / "mail" / "new").glob("*"), key=lambda file: file.stat().st_mtime_ns)

    def letter_to(self, address: str, *, number: int) -> EmailMessage:
        """Wait for somebody's letter, the first being number 1, and return it."""
        found: list[EmailMessage] = []

        def has_arrived() -> bool:
            found[:] = [message for message in map(read, self.letters()) if message["To"] == address]
            return len(found) >= number

        wait_until(has_arrived)
        return found[number - 1]

    def processes(self) -> list[int]:
        """Return the ids of the demo's processes: they alone carry its instance in their environment."""
        wanted = f"INSTANCE={self.instance}\0".encode()
        return [int(folder.name) for folder in Path("/proc").glob("[0-9]*") if wanted in _environ_of(folder)]


@contextmanager
def start_demo(instance: Path, port: int, environ: dict[str, str]) -> Iterator[Demo]:
    """Start a demo and end it with the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
        cwd=ROOT,
        env=bare_environ() | {"INSTANCE": str(instance), "PORT": str(port)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    with process:  # closes the pipe and waits
        try:
            yield Demo(process, instance, port)
        finally:
            process.send_signal(signal.SIGTERM)


def bare_environ() -> dict[str, str]:
    """Return this process's environment without what would decide for a demo or a command."""
    hidden = {*SETTINGS, "FLASK_RUN_FROM_CLI", "MAKELEVEL"}
    return {name: value for name, value in os.environ.items() if name not in hidden}


def read(file: Path) -> EmailMessage:
    """Return a kept letter, parsed."""
    return email.message_from_bytes(file.read_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def wait_until(is_so: Callable[[], bool], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait for something to be so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)


def _environ_of(folder: Path) -> bytes:
    with suppress(OSError):
        return (folder / "environ").read_bytes()
    return b""
