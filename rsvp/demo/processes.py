"""Start processes together and end them together: none outlives the others, or the one that started them.

Knows signals and processes, and nothing of what they do.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import FrameType, TracebackType

STOPPED_BY = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL_SECONDS = 0.1
GRACE_SECONDS = 5
PR_SET_PDEATHSIG = 1  # prctl(2)

_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


class Stopped(Exception):
    """Somebody asked for the end."""


class ProcessFailed(Exception):
    """A process ended by itself, or wasn't up in time. The text names it."""


@dataclass(frozen=True)
class Child:
    """A process that was started, and the signal on which it ends in good order."""

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: signal.Signals


class Processes:
    """Processes that live together, for a `with` block: whatever ends the block ends them all."""

    def __init__(self, folder: str | os.PathLike[str], environ: Mapping[str, str]):
        self._folder = folder
        self._environ = dict(environ)
        self._children: list[Child] = []
        self._is_stopping = False

    def __enter__(self) -> "Processes":
        # A shell starts background jobs with SIGINT ignored, so each is set, not only trusted.
        for number in STOPPED_BY:
            signal.signal(number, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        for child in reversed(self._children):
            _end(child)
        return kind is Stopped

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        stop_signal: signal.Signals = signal.SIGTERM,
        keep: Sequence[int] = (),
    ) -> None:
        """Start a Python module with arguments; `keep` names file descriptors that it inherits.

        It has a session of its own, so that a terminal's Ctrl-C reaches it through us, in order.
        """
        self.check()
        process = subprocess.Popen(  # noqa: S603 - the commands are ours
            [sys.executable, "-m", *command],
            cwd=self._folder,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
            pass_fds=keep,
            start_new_session=True,
            preexec_fn=partial(end_with_parent, os.getpid(), stop_signal),  # noqa: PLW1509 - we run no threads
        )
        self._children.append(Child(name, process, stop_signal))

    def wait_until(self, is_up: Callable[[], bool], what: str, *, deadline: float) -> None:
        """Wait until something is so; `deadline` is an instant of `time.monotonic`.

        Raises:  ProcessFailed when it isn't in time; Stopped.
        """
        while not is_up():
            self.check()
            if time.monotonic() > deadline:
                raise ProcessFailed(f"{what} was not up in time")
            time.sleep(POLL_SECONDS)

    def watch(self) -> None:
        """Wait for the end.

        Raises:  Stopped when a signal asks for it; ProcessFailed when a process ended by itself.
        """
        while True:
            self.check()
            time.sleep(POLL_SECONDS)

    def check(self) -> None:
        """Raise what `watch` raises if it is so now."""
        if self._is_stopping:
            raise Stopped
        for child in self._children:
            code = child.process.poll()
            if code is not None:
                raise ProcessFailed(f"{child.name} ended by itself (status {code})")

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True


def end_with_parent(parent: int, number: signal.Signals) -> None:
    """Ask the kernel to send us a signal when our parent, whose id is given, ends in whatever way (Linux)."""
    if _prctl is None:
        return
    _prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:
        os.kill(os.getpid(), number)


def _end(child: Child) -> None:
    """End a process in good order, then whatever is left of its group."""
    if child.process.poll() is None:
        child.process.send_signal(child.stop_signal)
        with suppress(subprocess.TimeoutExpired):
            child.process.wait(GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(child.process.pid, signal.SIGKILL)
    child.process.wait()
