"""Which requests the coordinator looks at: a tab, an event, an order, and the words of a search.

The words are about a person: they stand in no address, and in the cookie only as this service alone can read them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, session, url_for
from wtforms import Field

from rsvp.cipher import Unreadable
from rsvp.db import cipher
from rsvp.models.rsvp import State
from rsvp.services import events, queue
from rsvp.services.queue import Order

TABS = (State.PENDING, State.WAITLISTED, State.APPROVED, State.DECLINED)
# These have a tab when somebody is in them.
RARE = (State.REVOKED, State.WITHDRAWN)
ALL = "all"
LONGEST_WORDS = 120
WORDS, PURPOSE = "search", "form.search_words"


@dataclass(frozen=True)
class Listing:
    """A list of requests as the coordinator has chosen it, and the page of it.

    The whole list, as far as it can be decided at once, is a single page with everybody chosen.
    """

    view: queue.View
    page: int = 1
    is_whole: bool = False

    @property
    def rows(self) -> int:
        """How many requests a page holds."""
        return queue.WHOLE if self.is_whole else queue.PAGE

    @property
    def tab(self) -> str:
        """The name of the tab."""
        return self.view.state or ALL

    @property
    def address(self) -> dict[str, Any]:
        """What an address says to show the same list; of the words only that there are some."""
        said = {
            "state": "" if self.view.state == State.PENDING else self.tab,
            "event": self.view.event,
            "order": self.view.order or "",
            "search": "on" if self.view.words else "",
            "rows": ALL if self.is_whole else "",
            "page": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in said.items() if value}

    def within(self, **changes: str) -> dict[str, Any]:
        """Return what the address of another list says, from its first page."""
        said = {name: value for name, value in self.address.items() if name not in ("page", "rows")} | changes
        return {name: value for name, value in said.items() if value}


def asked() -> Listing:
    """Return the list that the address asks for; 404 for one that there isn't."""
    state, slug = request.args.get("state", State.PENDING), request.args.get("event", "")
    if state not in (*TABS, *RARE, ALL) or (slug and events.named(slug) is None):
        abort(404)
    order = request.args.get("order", "")
    view = queue.View(
        state=None if state == ALL else State(state),
        event=slug,
        words=_words() if request.args.get("search") else "",
        order=Order(order) if order in set(Order) else None,
    )
    return Listing(view, _page(), is_whole=request.args.get("rows") == ALL)


def keep_words(words: str) -> None:
    """Remember what is searched for until another search, or the end of the session."""
    session[WORDS] = cipher().encrypt(words[:LONGEST_WORDS], PURPOSE)


def ask_again(field: Field, carried: Sequence[tuple[str, str]]) -> str:
    """Return a page on which words that can't be sent are mended; what else the form said goes along."""
    chosen = asked()
    action = url_for(request.endpoint or "", **(request.view_args or {}), **chosen.address)
    return render_template("desk/reason.html", field=field, carried=carried, action=action, listing=chosen)


def _words() -> str:
    try:
        return cipher().decrypt(session.get(WORDS, ""), PURPOSE)
    except Unreadable:
        return ""


def _page() -> int:
    asked = request.args.get("page", "1")
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1
