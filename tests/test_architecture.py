"""The shape of the house: who may import whom, where a transaction ends, and how large things get (STYLE.md)."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.sources import ROOT, Function, Source, everything, service

FLOOR = {f"rsvp.{name}" for name in ("errors", "times", "zones", "tokens", "cipher", "ics", "languages", "db")} | {
    "rsvp.prose",
    "rsvp.messages",
}
# What each part of the house may import of ours; the root package is what puts it together.
MAY_IMPORT = {
    "config": set(),
    "floor": {"config", "floor"},
    "models": {"floor", "models"},
    "services": {"config", "floor", "models", "services"},
    "tasks": {"config", "floor", "models", "services", "tasks"},
    "views": {"config", "floor", "models", "services", "tasks", "views"},
    "cli": {"config", "floor", "models", "services", "tasks"},
    "demo": {"config", "floor", "models", "services", "tasks", "views", "demo"},
    "root": {"config", "floor", "models", "services", "tasks", "views", "cli", "demo"},
    "wsgi": {"config", "root", "demo"},
}
# Inside the services an arrow between these points to a lower number only.
STOREYS = {"outbox": 0, "letters": 1, "invitations": 2, "rsvps": 3, "requests": 3, "events": 3, "programmes": 4}

OUTSIDE = {
    "smtplib": {"rsvp.messages", "rsvp.services.outbox"},
    "flask_mail": {"rsvp", "rsvp.messages"},
    "icalendar": {"rsvp.ics"},
    "pytz": {"rsvp.times", "rsvp.zones"},
}
COMMIT_SITES = {"rsvp.db", "rsvp.views.edges"}
VAGUE = re.compile(r"(^|[._])(utils?|common|helpers?|base|managers?|handlers?|misc)($|[._])")
LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

each_service_file = pytest.mark.parametrize("source", service(), ids=lambda source: source.where)
each_file = pytest.mark.parametrize("source", everything(), ids=lambda source: source.where)


@each_service_file
def test_arrows_between_the_parts_point_downwards(source: Source) -> None:
    allowed = MAY_IMPORT[_part(source.name)]
    assert {name for name in source.ours if _part(name) not in allowed} == set()


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        order = list(TopologicalSorter({source.name: source.ours for source in service()}).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
    assert order.index("rsvp.db") < order.index("rsvp.models.rsvp") < order.index("rsvp.services.rsvps")


@each_service_file
def test_a_service_imports_only_services_below_it(source: Source) -> None:
    own = STOREYS.get(_storey(source.name))
    for name in source.ours:
        other = STOREYS.get(_storey(name))
        if own is not None and other is not None:
            assert other < own, f"{source.name} → {name}"


@each_service_file
def test_models_and_services_know_no_request(source: Source) -> None:
    if _part(source.name) not in ("floor", "models", "services"):
        return
    web = {"flask.request", "flask.g", "flask.session", "flask.url_for", "flask.render_template", "flask.abort"}
    assert source.imported & web == set()
    assert not [name for name in source.imported if name.startswith(("werkzeug", "wtforms", "flask_wtf"))]


@pytest.mark.parametrize("library", OUTSIDE)
def test_a_library_is_spoken_to_in_its_own_place_only(library: str) -> None:
    users = {source.name for source in service() if any(name.split(".")[0] == library for name in source.imported)}
    assert users == OUTSIDE[library]


@each_service_file
def test_nobody_reaches_into_anothers_privates(source: Source) -> None:
    names = {name.rpartition(".")[2] for name in source.imported}
    assert {name for name in names if name.startswith("_") and not name.startswith("__")} == set()
    modules = {alias.asname or alias.name for node in ast.walk(source.tree) for alias in _aliases(node)}
    reached = [
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in modules
        if node.attr.startswith("_") and not node.attr.startswith("__")
    ]
    assert reached == []


def test_a_transaction_ends_at_the_edge_of_a_request_or_of_a_command_only() -> None:
    sites = {
        source.name
        for source in service()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    }
    assert sites == COMMIT_SITES


@each_file
def test_a_file_tells_one_story(source: Source) -> None:
    assert len(source.text.splitlines()) <= 300


@each_file
def test_a_function_fits_a_screen(source: Source) -> None:
    assert [function.name for function in source.functions if _length(function) > 40] == []


@each_file
def test_a_function_takes_few_arguments_by_position(source: Source) -> None:
    assert [function.name for function in source.functions if _positional(function) > 5] == []


@each_file
def test_imports_stand_at_the_top_and_are_absolute(source: Source) -> None:
    top = {node for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
    deeper = [node.lineno for node in ast.walk(source.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert sorted(deeper) == sorted(node.lineno for node in top)
    assert not [name for name in source.imported if name.startswith(".") or name.endswith(".*")]


@each_service_file
def test_every_module_says_what_it_is_for(source: Source) -> None:
    assert ast.get_docstring(source.tree)


@each_service_file
def test_every_public_class_and_function_says_what_it_does(source: Source) -> None:
    assert [node.name for node in _public(source.tree) if not ast.get_docstring(node)] == []


@each_file
def test_a_module_is_named_for_what_it_holds(source: Source) -> None:
    assert not VAGUE.search(source.name)


def test_nothing_is_left_for_later() -> None:
    this = ROOT / "tests" / "test_architecture.py"
    pages = (path for folder in ("templates", "rsvp/static") for path in (ROOT / folder).rglob("*") if path.is_file())
    texts = {source.path: source.text for source in everything() if source.path != this}
    texts |= {path: path.read_text() for path in pages if path.suffix in (".html", ".md", ".css", ".js", ".txt")}
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if LEFT_OVER.search(text)] == []


def _part(name: str) -> str:
    if name in FLOOR:
        return "floor"
    head, _, rest = name.partition(".")
    return head if head != "rsvp" else rest.split(".")[0] or "root"


def _storey(name: str) -> str:
    return name.removeprefix("rsvp.services.")


def _aliases(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.Import | ast.ImportFrom) else []


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def _public(node: ast.Module | ast.ClassDef) -> Iterator[ast.ClassDef | Function]:
    for inner in node.body:
        if isinstance(inner, ast.ClassDef | Function) and not inner.name.startswith("_"):
            yield inner
            if isinstance(inner, ast.ClassDef):
                yield from _public(inner)
