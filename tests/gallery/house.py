"""The real application behind a real server on loopback, at a fixed instant, with one state of its data."""

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from flask import Flask
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import WSGIRequestHandler, make_server

from rsvp import create_app
from tests import factories
from tests.databases import Databases, release
from tests.factories import Moment
from tests.mailserver import MailServer, free_port
from tests.views import pages

READER = "Mozilla/5.0 (the gallery's reader)"
# What nginx shows when the service can't answer.
ERRORS = Path(__file__).parents[2] / "deploy" / "errors"


@dataclass
class House:
    """A service that runs. `facts` are what its addresses name: tokens, ids and keys."""

    app: Flask
    language: str
    address: str
    clock: Moment
    mail_server: MailServer
    databases: Databases
    facts: dict[str, str] = field(default_factory=dict)
    _cookies: list[dict[str, str]] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        """The folder that is its own."""
        return Path(self.app.instance_path)

    def address_of(self, path: str) -> str:
        """Return where a browser finds a path, with the facts that it names filled in."""
        return self.address + path.format(language=self.language, **self.facts)

    def cookies(self) -> list[dict[str, str]]:
        """Return the cookies of a coordinator who has signed in and chosen the language."""
        if not self._cookies:
            client = self.app.test_client()
            client.environ_base["HTTP_USER_AGENT"] = READER
            page = pages.sign_in(client).get("/desk/").text
            form = {"language": self.language, "csrf_token": pages.csrf_token(page)}
            assert client.post("/desk/language", data=form).status_code == 303
            cookie = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
            assert cookie is not None
            self._cookies = [{"name": cookie.key, "value": cookie.value, "url": self.address}]
        return self._cookies


Furnish = Callable[[House], None]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002
        """Say nothing: nobody reads it."""


@contextmanager
def open_house(
    language: str, folder: Path, databases: Databases, furnish: Furnish | None, **settings: str
) -> Iterator[House]:
    """Serve the application until the block ends; without anybody to furnish it, it lacks even its tables."""
    folder.mkdir(parents=True)
    port = free_port()
    address = f"http://localhost:{port}"
    url = databases.sqlite(folder) if furnish else f"sqlite:///{folder / 'nothing.sqlite'}"
    with ExitStack() as doors:
        mail_server = doors.enter_context(MailServer())
        clock = Moment()
        changes = {"DATABASE_URL": url, "BASE_URL": address, "MAIL_PORT": str(mail_server.port)} | settings
        app = create_app(factories.settings(folder, **changes), clock)
        app.config["LEVELLED_SECONDS"] = 0
        house = House(app, language, address, clock, mail_server, databases)
        doors.callback(_leave, house)
        if furnish:
            furnish(house)
        else:
            logging.getLogger("rsvp.views.refusals").addHandler(logging.NullHandler())
        doors.enter_context(_serve(app, port))
        yield house


@contextmanager
def _serve(app: Flask, port: int) -> Iterator[None]:
    site = SharedDataMiddleware(app, {"/errors": str(ERRORS)})
    server = make_server("127.0.0.1", port, site, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _leave(house: House) -> None:
    with house.app.app_context():
        release(house.app)
    shutil.rmtree(house.folder, ignore_errors=True)
