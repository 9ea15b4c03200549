"""Serve the application behind nginx: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`."""

import os
import sys

from gunicorn.glogging import Logger

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
threads = 8
timeout = 30
graceful_timeout = 30
# nginx buffers; a request that reaches us is whole and short.
# A line of 4k that nginx took compressed (HTTP/2) may be longer here.
limit_request_line = 8190
limit_request_fields = 50
control_socket_disable = True
# Who asked, and for what, is nobody's business: method, status and milliseconds only.
accesslog = "-"
access_log_format = "%(t)s %(m)s %(s)s %(M)sms"


class logger_class(Logger):  # noqa: N801 - gunicorn's name for it
    """Log what breaks outside the application's own pages by its kind alone: gunicorn's words name the address."""

    def exception(self, msg, *args, **kwargs):
        """Say what kind of error it was."""
        kind = sys.exc_info()[0]
        self.error("request failed outside the application error=%s", kind.__name__ if kind else "unknown")
