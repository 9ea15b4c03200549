"""What a picture shows: a page of the service in one state, and the house that it stands in."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.gallery.house import House

Act = Callable[[House, Page], None]

FULL, BARE, AUTUMN, MEETINGS, CROWD, BROKEN = "full", "bare", "autumn", "meetings", "crowd", "broken"


@dataclass(frozen=True)
class Scene:
    """One page in one state. `endpoint` is the route that makes it, none where no route of ours does.

    `act` is what the visitor does once the address is open. `wrong` tells that the page says so of a form's fields.
    """

    name: str
    endpoint: str | None
    address: str
    act: Act | None = None
    status: int = 200
    house: str = FULL
    signed_in: bool = False
    wrong: bool = False

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter as a mail program shows it."""
        return self.endpoint == "mailbox.html"

    @property
    def is_one_of_many(self) -> bool:
        """Whether another scene's page is built the same: letters as text differ in their words only."""
        return self.endpoint == "mailbox.show" and self.name != "letter-invitation"
