"""What makes the tests quick and changes nothing that they show: files in memory, everything compiled once.

Nothing here stands in for a part of the service: both databases sync, to files that are only nearer; passwords are
hashed by argon2, but as cheaply as it can, except where its cost is what a test is about.
"""

import gc
import os
import shutil
import tempfile
from pathlib import Path
from types import MethodType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.util import LRUCache
from werkzeug.routing.rules import Rule

from rsvp.views import security

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder is the machine's, what is made in it is private
# Two databases' servers, their files and a browser's profile, for each of two processes.
ENOUGH_BYTES = 4 * 2**30
# More than the statements of the whole service.
STATEMENTS = 5000
TRUE_COST = dict(security.HASHING)


def keep_files_in_memory() -> None:
    """Put temporary files where nobody waits for a disk, if the machine has the room and nobody chose a place."""
    is_free = "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK)
    if is_free and shutil.disk_usage(MEMORY).free >= ENOUGH_BYTES:
        # What the tests start, servers and browsers, finds it there.
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def compile_routes_once() -> None:
    """Keep what werkzeug makes of a route: it writes and compiles functions for each, anew for each application."""
    compile_route = Rule.compile
    made: dict[tuple[object, ...], Rule] = {}

    def compiled_once(self: Any) -> None:
        told = (self.rule, self.host, self.subdomain, self.merge_slashes, repr(self.defaults))
        known: Any = made.setdefault((*told, *self.map.converters.values()), self)
        if known is self:
            compile_route(self)
            return
        self._parts, self._trace, self._converters = known._parts, known._trace, known._converters
        self.arguments = set(known.arguments)
        self._build = MethodType(known._build.__func__, self)
        self._build_unknown = MethodType(known._build_unknown.__func__, self)

    setattr(Rule, "compile", compiled_once)  # noqa: B010


class Compiled(BytecodeCache):
    """What Jinja makes of each template, for every application of this process."""

    def __init__(self) -> None:
        self.made: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give back what was made of the same source."""
        if bucket.key in self.made:
            bucket.bytecode_from_string(self.made[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was made."""
        self.made[bucket.key] = bucket.bytecode_to_string()


def compile_templates_once() -> None:
    """Let every application of this process share what Jinja makes of the templates."""
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": Compiled()}


def hash_cheaply() -> None:
    """Let argon2 take as little as it can for each password."""
    security.HASHING.update(argon2__memory_cost=8, argon2__rounds=1)


def compile_statements_once() -> None:
    """Let every application's engine use what SQLAlchemy has made of a statement for another one of its kind."""
    compile_cached = ClauseElement._compile_w_cache  # noqa: SLF001
    kinds: dict[type[Any], tuple[Any, LRUCache[Any, Any]]] = {}

    def compiled_once(self: ClauseElement, dialect: Any, *, compiled_cache: Any, **more: Any) -> Any:
        first, made = kinds.setdefault(type(dialect), (dialect, LRUCache(STATEMENTS)))
        return compile_cached(self, first, compiled_cache=made, **more)

    setattr(ClauseElement, "_compile_w_cache", compiled_once)  # noqa: B010


def spare_what_stays() -> None:
    """Let the garbage collector look no more at what is loaded: modules and thousands of tests, which stay anyway."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20000, 10, 10)
