"""Limit how often one network asks, on storage that every web process shares."""

import ipaddress

from flask import Flask, request
from flask_limiter import Limiter

import config
from config import Settings

limiter = Limiter(key_func=lambda: network(request.remote_addr or ""))

limit_requests = limiter.limit(lambda: f"{config.current().requests_per_hour} per hour")


def init(app: Flask) -> None:
    """Bind the limits to their storage."""
    settings: Settings = app.extensions["settings"]
    app.config["RATELIMIT_STORAGE_URI"] = settings.ratelimit_storage_uri
    limiter.init_app(app)


def network(address: str) -> str:
    """Return whose limit a request counts against: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)
