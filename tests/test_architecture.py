"""The shape of the house: who may import whom, where a transaction ends, and how large things get (STYLE.md)."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.sources import ROOT, Function, Source, everything, service

ON_TOP = {"cli", "tasks"}
# What each part of the house may import of ours; the root package is what puts it together.
MAY_IMPORT = {
    "config_values": set(),
    "config": {"config_values"},
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

# Who speaks to a library. The demo waits for its own mail server, and is no part of production.
OUTSIDE = {
    "smtplib": {"rsvp.messages", "rsvp.services.carriers", "rsvp.services.outbox"},
    "flask_mail": {"rsvp", "rsvp.messages"},
    "icalendar": {"rsvp.ics", "rsvp.inbox"},
    "pytz": {"rsvp.times", "rsvp.zones"},
}
COMMIT_SITES = {"rsvp.db", "rsvp.views.edges"}
VAGUE = re.compile(r"(^|[._])(utils?|common|helpers?|base|managers?|handlers?|misc)($|[._])")
LEFT_OVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

Rule = Callable[[Source], object]


def test_arrows_between_the_parts_point_downwards() -> None:
    def rising(source: Source) -> list[str]:
        return sorted(name for name in source.ours if _part(name) not in MAY_IMPORT[_part(source.name)])

    assert _offenders(service(), rising) == {}


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        order = list(TopologicalSorter({source.name: source.ours for source in service()}).static_order())
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))
    assert order.index("rsvp.db") < order.index("rsvp.models.rsvp") < order.index("rsvp.services.rsvps")


def test_a_service_imports_only_services_below_it() -> None:
    def rising(source: Source) -> list[str]:
        own = STOREYS.get(_storey(source.name), len(STOREYS))
        return sorted(name for name in source.ours if STOREYS.get(_storey(name), -1) >= own)

    assert _offenders(service(), rising) == {}


def test_models_and_services_know_no_request() -> None:
    web = {f"flask.{name}" for name in ("request", "g", "session", "url_for", "render_template", "abort", "redirect")}
    inner = [source for source in service() if _part(source.name) in ("floor", "models", "services")]

    def of_the_web(source: Source) -> list[str]:
        libraries = ("werkzeug", "wtforms", "flask_wtf", "flask_limiter")
        return sorted(name for name in source.imported if name in web or name.startswith(libraries))

    assert _offenders(inner, of_the_web) == {}


@pytest.mark.parametrize("library", OUTSIDE)
def test_a_library_is_spoken_to_in_its_own_place_only(library: str) -> None:
    users = {source.name for source in service() if any(name.split(".")[0] == library for name in source.imported)}
    assert {name for name in users if _part(name) != "demo"} == OUTSIDE[library]


def test_nobody_reaches_into_anothers_privates() -> None:
    def imported(source: Source) -> list[str]:
        return [name for name in source.imported if _is_private(name.rpartition(".")[2])]

    assert _offenders(service(), imported) == {}
    assert _offenders(service(), _reached) == {}


def test_a_transaction_ends_at_the_edge_of_a_request_or_of_a_command_only() -> None:
    sites = {source.name for source in service() if any(node.attr == "commit" for node in _attributes(source))}
    assert sites == COMMIT_SITES


def test_a_file_tells_one_story() -> None:
    assert _offenders(everything(), lambda source: len(source.text.splitlines()) > 300) == {}


def test_a_function_fits_a_screen() -> None:
    def long(source: Source) -> list[str]:
        return [function.name for function in source.functions if _length(function) > 40]

    assert _offenders(everything(), long) == {}


def test_a_function_takes_few_arguments_by_position() -> None:
    def greedy(source: Source) -> list[str]:
        return [function.name for function in source.functions if _positional(function) > 5]

    assert _offenders(everything(), greedy) == {}


def test_imports_stand_at_the_top_and_are_absolute() -> None:
    def hidden(source: Source) -> list[int]:
        top = {node.lineno for node in source.tree.body if isinstance(node, ast.Import | ast.ImportFrom)}
        found = [node for node in ast.walk(source.tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        return [node.lineno for node in found if node.lineno not in top or getattr(node, "level", 0)]

    assert _offenders(everything(), hidden) == {}


def test_every_module_says_what_it_is_for() -> None:
    assert _offenders(service(), lambda source: not ast.get_docstring(source.tree)) == {}


def test_every_public_class_and_function_says_what_it_does() -> None:
    def silent(source: Source) -> list[str]:
        return [node.name for node in _public(source.tree) if not ast.get_docstring(node)]

    assert _offenders(service(), silent) == {}


def test_a_module_is_named_for_what_it_holds() -> None:
    assert _offenders(everything(), lambda source: VAGUE.search(source.name)) == {}


def test_nothing_is_left_for_later() -> None:
    pages = (path for folder in ("templates", "rsvp/static") for path in (ROOT / folder).rglob("*") if path.is_file())
    texts = {source.path: source.text for source in everything() if source.path != Path(__file__)}
    texts |= {path: path.read_text() for path in pages if path.suffix in (".html", ".md", ".css", ".js", ".txt")}
    assert [str(path.relative_to(ROOT)) for path, text in texts.items() if LEFT_OVER.search(text)] == []


def _offenders(sources: Iterable[Source], rule: Rule) -> dict[str, object]:
    """Return what the rule finds, by the file that it was found in."""
    return {source.where: found for source in sources if (found := rule(source))}


def _part(name: str) -> str:
    """Return the part of the house that a module belongs to: single files under rsvp/ are its floor."""
    head, _, rest = name.partition(".")
    if head != "rsvp":
        return head
    part = rest.partition(".")[0]
    is_floor = (ROOT / "rsvp" / f"{part}.py").exists() and part not in ON_TOP
    return "floor" if is_floor else part or "root"


def _storey(name: str) -> str:
    return name.removeprefix("rsvp.services.")


def _reached(source: Source) -> list[str]:
    """Return the private names of other modules that are reached through the module."""
    imports = (node for node in ast.walk(source.tree) if isinstance(node, ast.Import | ast.ImportFrom))
    modules = {alias.asname or alias.name for node in imports for alias in node.names}
    return [
        f"{node.value.id}.{node.attr}"
        for node in _attributes(source)
        if isinstance(node.value, ast.Name) and node.value.id in modules and _is_private(node.attr)
    ]


def _attributes(source: Source) -> list[ast.Attribute]:
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


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
