"""`make run` and what it starts: real processes on a free port, with an instance of their own."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.demos import Demo, bare_environ, wait_until
from tests.mailserver import free_port

ROOT = Path(__file__).parents[1]
NOW = "2025-07-05T12:00:00-04:00"
SECONDS_TO_START = 60
SAMPLE_LETTERS = 14  # six confirmations, six receipts, an invitation, a decline


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    """A function that starts the demo; whatever a test leaves behind ends with it."""
    started: list[Demo] = []

    def run(**environ: str) -> Demo:
        demo = _start(tmp_path / "instance", free_port(), environ)
        started.append(demo)
        return demo

    yield run
    for demo in started:
        _end(demo)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo that tests look at and let run."""
    running = _start(tmp_path_factory.mktemp("demo") / "instance", free_port(), {})
    running.read_lines()
    yield running
    _end(running)


def _start(instance: Path, port: int, environ: dict[str, str]) -> Demo:
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo"],
        cwd=ROOT,
        env=bare_environ() | {"INSTANCE": str(instance), "PORT": str(port)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    return Demo(process, instance, port)


def _end(demo: Demo) -> None:
    with demo.process as process:  # closes the pipes and waits
        process.terminate()


def _read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        assert answer.status == 200
        text: str = answer.read().decode()
        return text


def test_the_demo_prints_three_addresses_and_each_answers(start: Callable[..., Demo]) -> None:
    began = time.monotonic()
    demo = start()
    said = demo.read_lines()
    assert time.monotonic() - began < SECONDS_TO_START
    assert "Democracy and the Political Process" in _read(said["schedule"])
    assert "sokha@example.org" in _read(said["mailbox"])
    assert (demo.instance / "demo.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((demo.instance / "demo.json").read_text())["DESK_PASSWORD"] == said["password"]


def test_letters_of_the_samples_arrive_over_smtp_with_an_invitation(demo: Demo) -> None:
    wait_until(lambda: any(b"method=REQUEST" in letter.read_bytes() for letter in demo.letters()))
    assert all(b"X-RcptTo: " in letter.read_bytes() for letter in demo.letters())


def test_the_demo_starts_at_the_instant_it_is_given_with_the_published_dates(start: Callable[..., Demo]) -> None:
    schedule = _read(start(NOW=NOW).read_lines()["schedule"])
    starts = re.findall(r'datetime="(2025[^"]+)"', schedule)
    assert starts[:4] == [
        "2025-07-12T20:00:00Z",
        "2025-07-19T20:00:00Z",
        "2025-07-26T20:00:00Z",
        "2025-08-02T20:00:00Z",
    ]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_no_process_outlives_the_demo(start: Callable[..., Demo], number: signal.Signals) -> None:
    demo = start()
    demo.read_lines()
    assert len(demo.processes()) >= 5  # itself, mailbox, worker, web server and its one process
    demo.process.send_signal(number)
    demo.process.wait(20)
    assert demo.process.returncode == (0 if number != signal.SIGKILL else -number)
    wait_until(lambda: demo.processes() == [])


def test_the_demo_ends_when_one_of_its_processes_does(start: Callable[..., Demo]) -> None:
    demo = start()
    demo.read_lines()
    worker = next(number for number in demo.processes() if b"worker" in Path(f"/proc/{number}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    _, errors = demo.process.communicate(timeout=20)
    assert demo.process.returncode == 1
    assert errors == demo.greeting + "The demo ended: the worker ended by itself (status -9).\n"
    assert demo.processes() == []


def test_a_second_start_is_quick_and_keeps_what_is_there(start: Callable[..., Demo]) -> None:
    first = start()
    password = first.read_lines()["password"]
    wait_until(lambda: len(first.letters()) == SAMPLE_LETTERS)
    first.process.send_signal(signal.SIGINT)
    first.process.wait(20)
    began = time.monotonic()
    second = start()
    assert second.read_lines()["password"] == password
    assert time.monotonic() - began < 20
    assert len(second.letters()) == SAMPLE_LETTERS


def test_a_port_that_is_taken_is_named_with_the_way_out(start: Callable[..., Demo], demo: Demo) -> None:
    other = start(PORT=str(demo.port))
    said, errors = other.process.communicate(timeout=30)
    assert (other.process.returncode, said) == (1, "")
    way_out = f"choose another one, such as PORT={demo.port + 1}"
    assert errors == other.greeting + f"Port {demo.port} can't be used (Address already in use): {way_out}.\n"


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"NOW": "yesterday"}, "NOW must be an ISO instant"),
        ({"PORT": "http"}, "PORT=http is no port"),
        ({"PORT": "99999"}, "is no port"),
    ],
)
def test_a_setting_that_cant_be_read_is_named_without_a_traceback(
    start: Callable[..., Demo], environ: dict[str, str], words: str
) -> None:
    demo = start(**environ)
    said, errors = demo.process.communicate(timeout=30)
    assert demo.process.returncode == 1
    assert said == ""
    assert words in errors
    assert "Traceback" not in errors
