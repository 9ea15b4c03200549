"""The service's own source files as syntax trees, for tests that hold its shape."""

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[1]

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file. `name` is the module's dotted name."""

    path: Path
    name: str

    @cached_property
    def text(self) -> str:
        """The file's text."""
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        """The file's syntax tree."""
        return ast.parse(self.text, str(self.path))

    @property
    def where(self) -> str:
        """The path that a reader finds it under."""
        return str(self.path.relative_to(ROOT))

    @cached_property
    def imported(self) -> frozenset[str]:
        """Dotted names of everything that it imports: a module, or a name inside one, as it is written."""
        return frozenset(
            name
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in _names(node)
        )

    @cached_property
    def ours(self) -> frozenset[str]:
        """Names of our own modules that it imports."""
        known = {source.name for source in service()}
        return frozenset(found for name in self.imported if (found := _module(name, known)) not in (None, self.name))

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """Every function and method, nested ones too."""
        return tuple(node for node in ast.walk(self.tree) if isinstance(node, Function))


@cache
def service() -> tuple[Source, ...]:
    """Return the files that run in production, and the demo."""
    return (_source(ROOT / "config.py"), _source(ROOT / "wsgi.py"), *_below(ROOT / "rsvp"))


@cache
def everything() -> tuple[Source, ...]:
    """Return every file but the migrations, which are written once and never read again."""
    return (*service(), *_below(ROOT / "tests"), *_below(ROOT / "bench"), *_below(ROOT / "drawing"))


def _below(folder: Path) -> list[Source]:
    return [_source(path) for path in sorted(folder.rglob("*.py"))]


def _source(path: Path) -> Source:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return Source(path, ".".join(parts[:-1] if parts[-1] == "__init__" else parts))


def _names(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]


def _module(name: str, known: set[str]) -> str | None:
    """Return the module of ours that a name is, or is in."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None
