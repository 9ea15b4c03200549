"""A mail server that throws away what it takes, for as long as it isn't ended."""

import sys
import threading

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Sink:
    """Takes everything, keeps nothing."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Say yes."""
        return "250 OK"


def main() -> None:
    """Listen on the port that is named on the command line."""
    Controller(Sink(), hostname="127.0.0.1", port=int(sys.argv[1])).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    threading.Event().wait()


if __name__ == "__main__":
    main()
