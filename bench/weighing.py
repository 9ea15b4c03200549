"""How much memory a web process takes while a coordinator works among ten thousand people. Linux counts it."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

from flask import Flask

from bench import deciding, stage
from rsvp.db import db
from rsvp.models import Rsvp
from rsvp.services import exports
from rsvp.views.desk import lists
from tests import factories
from tests.demos import bare_environ
from tests.mailserver import free_port
from tests.views import pages

TARGET_MB = 150


class Desk:
    """The desk of a real gunicorn, and the memory that its one worker took at most."""

    def __init__(self, process: int, address: str):
        self._process = process
        self._address = address
        self._browser: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()))

    def work(self, waiting: list[str]) -> dict[str, int]:
        """Do what a coordinator does in a day; return the peak so far after each part, in MB."""
        token = {"csrf_token": pages.csrf_token(self.get("/desk/session"))}
        signed_in = self.post("/desk/session", email=pages.EMAIL, password=pages.PASSWORD, **token)
        token = {"csrf_token": pages.csrf_token(signed_in)}
        opened = re.search(r"/desk/rsvps/[\w-]{20,}", signed_in)
        assert opened
        parts = {
            "the queue": lambda: self.get("/desk/"),
            "a search": lambda: self.post("/desk/searches", words="dara 99", **token),
            "opening a request": lambda: self.get(opened[0]),
            f"{len(waiting)} approvals": lambda: self.post("/desk/decisions", act="approval", rsvps=waiting, **token),
            "an export": lambda: self.post("/desk/exports", states=exports.STATES, **token),
            "the preview of an import": lambda: self.post("/desk/people/imports/new", text=_list(), **token),
        }
        peaks = {"signing in": self._peak_mb()}
        for name, part in parts.items():
            assert part()
            peaks[name] = self._peak_mb()
        return peaks

    def get(self, address: str) -> str:
        """Return a page."""
        answer: bytes = self._browser.open(self._address + address, timeout=stage.PATIENCE_SECONDS).read()
        return answer.decode()

    def post(self, address: str, **form: object) -> str:
        """Send a form and return the page that answers it."""
        sent = urlencode(form, doseq=True).encode()
        answer: bytes = self._browser.open(self._address + address, sent, timeout=stage.PATIENCE_SECONDS).read()
        return answer.decode()

    def _peak_mb(self) -> int:
        (worker,) = Path(f"/proc/{self._process}/task/{self._process}/children").read_text().split()
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{worker}/status").read_text())
        assert found
        return int(found[1]) // 1024


def run() -> list[str]:
    """Return what was measured, in lines."""
    with stage.application(port=1) as app:
        deciding.fill()
        pages.build_desk(app)
        rows = db.session.query(Rsvp.public_id, Rsvp.version).order_by(Rsvp.id).limit(deciding.DECIDED).all()
        db.session.remove()
        with _web_server(app) as desk:
            peaks = desk.work([f"{row.public_id}:{row.version}" for row in rows])
    said = ", ".join(f"{peak} after {name}" for name, peak in peaks.items())
    return [f"peak memory of a web process: {max(peaks.values())} MB (target {TARGET_MB} MB): {said}"]


@contextmanager
def _web_server(app: Flask) -> Iterator[Desk]:
    """Serve an application's database as the operator's guide has it served."""
    port, instance = free_port(), app.instance_path
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    address = f"http://127.0.0.1:{port}"
    environ = factories.environ(DATABASE_URL=url, INSTANCE=instance, BASE_URL=address, NOW=factories.NOW.isoformat())
    words = ("gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "wsgi:app")
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, "-m", *words], cwd=stage.ROOT, env=bare_environ() | environ, stdout=quiet, stderr=quiet
    )
    try:
        desk = Desk(process.pid, address)
        _wait_for(desk)
        yield desk
    finally:
        process.terminate()
        process.wait(stage.PATIENCE_SECONDS)


def _wait_for(desk: Desk) -> None:
    for _ in range(10 * stage.PATIENCE_SECONDS):
        try:
            desk.get("/healthz")
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the web server doesn't answer")


def _list() -> str:
    """Return the longest list that the desk takes."""
    rows = [f"Chan Rath {number},new{number}@example.org,{deciding.EVENTS[0]}" for number in range(lists.MOST_ROWS)]
    return "\n".join(["name,email,events", *rows])
