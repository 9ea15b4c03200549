"""Serve the application behind nginx: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`."""

import os

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
