"""The demo: the whole service on one machine, with people made up for it and a mailbox that keeps every letter.

Nothing here exists in production.
"""

from flask import Flask

from rsvp.demo.command import demo
from rsvp.demo.settings import environment
from rsvp.views import mailbox, styleguide

__all__ = ["environment", "init"]


def init(app: Flask) -> None:
    """Add what only the demo has: the command that runs it all, the pages of its letters, and its style guide."""
    app.cli.add_command(demo)
    app.register_blueprint(mailbox.blueprint)
    app.register_blueprint(styleguide.blueprint)
