"""House rules that no linter knows: lengths, cycles, names, docstrings, start-up time.

Run ``python tools/house_rules.py`` in the environment that Accord is installed in.  Every violation is printed as
``file:line: says``; the exit status is 1 when there is one.  Only the standard library is used, and only the checks
of start-up time run any of Accord's code.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import subprocess
import sys
import time
import tokenize
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FUNCTION_LINES = 40
FILE_LINES = 500
IMPORT_SECONDS = 0.5
HELP_SECONDS = 0.3
ROUNDS = 5
TRIES = 3  # a busy machine gets three chances to show its best time
FOLDERS = ("src", "tests", "tools", "bench", "docs")
PACKAGE = "accord"
HEAVY = ("numba", "matplotlib", "duckdb", "scipy", "pandas")
BANNED_MODULES = ("utils", "util")
# Rooms whose numbers make the digest of a run, and functions of numpy's that differ with the processor in the last bit.
DIGESTED = re.compile(r"^src/accord/(formulas|worlds|engine|lenses/(?!precedent/))")
STEADY_HOME = "src/accord/formulas/arithmetic.py"
MADE_STEADY = frozenset(["exp", "expm1", "log", "log1p", "power"])
# Without sin and arcsin, which stand in the words of one message (worlds/copula.py) and reach no digest.
UNSTEADY = MADE_STEADY | frozenset(
    [
        *("arccos", "arccosh", "arcsinh", "arctan", "arctan2", "arctanh", "cbrt", "cos", "cosh", "exp2"),
        *("float_power", "log10", "log2", "logaddexp", "logaddexp2", "sinh", "tan", "tanh"),
    ]
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, order=True)
class Violation:
    """One breach of a rule, with its place."""

    path: str
    line: int
    says: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.says}"


@dataclass(frozen=True)
class Source:
    """A Python file, read and parsed once."""

    path: str  # relative to the root
    text: str
    tree: ast.Module
    module: str  # dotted name for files of the package, empty for others

    @property
    def is_package(self) -> bool:
        """Whether the file is the ``__init__`` of a package."""
        return Path(self.path).name == "__init__.py"


def sources(root: Path) -> list[Source]:
    """Every Python file under the folders that the rules hold for, in order of path."""
    files = sorted(path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return [read(root, path) for path in files]


def read(root: Path, path: Path) -> Source:
    """One file, parsed, with its dotted name when it belongs to the package."""
    text = path.read_text(encoding="utf-8")
    relative = path.relative_to(root)
    parts = relative.with_suffix("").parts
    inside = parts[1:] if parts[0] == "src" else ()
    name = ".".join(inside[:-1] if inside and inside[-1] == "__init__" else inside)
    return Source(relative.as_posix(), text, ast.parse(text, str(path)), name)


# --- lengths and names ------------------------------------------------------------------------


def without_docstring(node: Function | ast.ClassDef | ast.Module) -> list[ast.stmt]:
    """The statements of a body, its docstring left out."""
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body


def first_line(statement: ast.stmt) -> int:
    """The line a statement begins on, its decorators included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(decorator.lineno for decorator in decorators)])


def long_functions(source: Source) -> Iterator[Violation]:
    """Functions whose body, docstring not counted, has too many lines."""
    for node in ast.walk(source.tree):
        if not isinstance(node, Function):
            continue
        body = without_docstring(node)
        lines = (body[-1].end_lineno or 0) - first_line(body[0]) + 1 if body else 0
        if lines > FUNCTION_LINES:
            says = f"function '{node.name}' has a body of {lines} lines; at most {FUNCTION_LINES}"
            yield Violation(source.path, node.lineno, says)


def long_files(source: Source) -> Iterator[Violation]:
    """Files with too many lines."""
    lines = len(source.text.splitlines())
    if lines > FILE_LINES:
        yield Violation(source.path, FILE_LINES + 1, f"file has {lines} lines; at most {FILE_LINES}")


def banned_names(source: Source) -> Iterator[Violation]:
    """Modules and packages whose name says nothing."""
    for part in Path(source.path).with_suffix("").parts:
        if part in BANNED_MODULES:
            yield Violation(source.path, 1, f"nothing is called '{part}'; name it after what it is about")


# --- unfinished work --------------------------------------------------------------------------


def unfinished(source: Source) -> Iterator[Violation]:
    """Marks of unfinished work in comments and docstrings, and raised NotImplementedError."""
    for line, text in [*comments(source.text), *docstrings(source.tree)]:
        for offset, part in enumerate(text.splitlines()):
            if found := UNFINISHED.search(part):
                says = f"'{found.group()}' marks unfinished work; finish it or file an issue"
                yield Violation(source.path, line + offset, says)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            says = "NotImplementedError marks unfinished work; declare a Protocol or finish it"
            yield Violation(source.path, node.lineno, says)


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Each comment with its line."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Each docstring with the line it begins on."""
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef | ast.Module):
            text = ast.get_docstring(node, clean=False)
            if text is not None:
                yield node.body[0].lineno, text


# --- the same bits on every processor ---------------------------------------------------------


def unsteady(source: Source) -> Iterator[Violation]:
    """Exponentials of numpy's and their like, called or handed on, and powers; kernels, which numba compiles, may."""
    if not DIGESTED.match(source.path) or source.path == STEADY_HOME or "/kernels/" in source.path:
        return
    numpys = numpy_names(source.tree)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in UNSTEADY and ast.unparse(node.value) in numpys:
            yield Violation(source.path, node.lineno, unsteady_words(ast.unparse(node), node.attr))
        elif isinstance(node, ast.ImportFrom) and node.module == "numpy":
            for alias in node.names:
                if alias.name in UNSTEADY:
                    says = unsteady_words(f"from numpy import {alias.name}", alias.name)
                    yield Violation(source.path, node.lineno, says)
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Pow):
            sides = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
            if not any(plain_number(side) for side in sides):
                yield Violation(source.path, node.lineno, unsteady_words(ast.unparse(node), "power"))


def unsteady_words(what: str, name: str) -> str:
    """What is the matter with one of numpy's functions, and what to take instead."""
    instead = (
        f"use {name} of accord.formulas" if name in MADE_STEADY else "build it on those of accord.formulas"
    )
    return f"'{what}' differs with the processor in the last bit; {instead}"


def numpy_names(tree: ast.Module) -> set[str]:
    """What numpy is called in a module."""
    imported = [alias for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    return {"np", "numpy"} | {alias.asname or alias.name for alias in imported if alias.name == "numpy"}


def plain_number(node: ast.expr) -> bool:
    """Whether an expression is a number as it is written, with a sign or without."""
    value = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(value, ast.Constant) and isinstance(value.value, int | float)


# --- docstrings -------------------------------------------------------------------------------


def missing_docstrings(source: Source) -> Iterator[Violation]:
    """Public modules, classes, functions and methods of the package that do not say what they are."""
    if not source.module:
        return
    if ast.get_docstring(source.tree) is None:
        yield Violation(source.path, 1, f"module '{source.module}' has no docstring")
    yield from undocumented(source, source.tree, "")


def undocumented(source: Source, parent: ast.Module | ast.ClassDef, prefix: str) -> Iterator[Violation]:
    """Public definitions of one body, and of the public classes in it, without a docstring."""
    for node in definitions(parent.body):
        if node.name.startswith("_") or exempt(node):
            continue
        if ast.get_docstring(node) is None:
            kind = "class" if isinstance(node, ast.ClassDef) else "method" if prefix else "function"
            yield Violation(source.path, node.lineno, f"public {kind} '{prefix}{node.name}' has no docstring")
        if isinstance(node, ast.ClassDef):
            yield from undocumented(source, node, f"{prefix}{node.name}.")


def definitions(body: Iterable[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """Functions and classes of a body, those under ``if``, ``try`` and ``with`` included."""
    for statement in body:
        if isinstance(statement, Function | ast.ClassDef):
            yield statement
            continue
        for name in ("body", "orelse", "finalbody"):
            yield from definitions(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", []):
            yield from definitions(handler.body)


def exempt(node: Function | ast.ClassDef) -> bool:
    """Whether the docstring stands elsewhere: overloads, overrides, and the setters of properties."""
    last = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return bool(last & {"overload", "override", "setter", "deleter"})


# --- cycles -----------------------------------------------------------------------------------


def imports(source: Source, known: frozenset[str]) -> Iterator[tuple[str, int]]:
    """Modules of the package that a file imports anywhere, lazily or for types only, each with its line."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = absolute(source, node)
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield (inner if inner in known else base), node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "import_module":
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value, node.lineno


def absolute(source: Source, node: ast.ImportFrom) -> str:
    """The dotted name that a ``from`` import starts at, relative ones resolved."""
    if not node.level:
        return node.module or ""
    parts = source.module.split(".")
    keep = len(parts) - node.level + (1 if source.is_package else 0)
    return ".".join([*parts[:keep], *([node.module] if node.module else [])])


def cycles(every: list[Source]) -> Iterator[Violation]:
    """One violation for each knot of modules that import one another, lazily or not."""
    inside = {source.module: source for source in every if source.module}
    known = frozenset(inside)
    edges: dict[str, dict[str, int]] = {}
    for name, source in inside.items():
        edges[name] = {}
        for target, line in imports(source, known):
            if target in known:
                edges[name].setdefault(target, line)
    for knot in knots(edges):
        path = shortest_cycle(edges, knot)
        says = "import cycle: " + " -> ".join(path)
        yield Violation(inside[path[0]].path, edges[path[0]][path[1]], says)


def reach(edges: dict[str, dict[str, int]], start: str) -> dict[str, str]:
    """Every module that can be reached from one, with the module before it on a shortest way."""
    before: dict[str, str] = {}
    queue = [start]
    for here in queue:
        for there in sorted(edges[here]):
            if there not in before:
                before[there] = here
                queue.append(there)
    return before


def knots(edges: dict[str, dict[str, int]]) -> list[list[str]]:
    """Sets of modules that all reach one another, each sorted."""
    reached = {name: reach(edges, name) for name in edges}
    found = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in edges
        if name in reached[name]
    }
    return [list(knot) for knot in sorted(found)]


def shortest_cycle(edges: dict[str, dict[str, int]], knot: list[str]) -> list[str]:
    """A shortest way from some module of a knot back to itself."""

    def around(start: str) -> list[str]:
        before = reach(edges, start)
        path = [start, before[start]]
        while path[-1] != start:
            path.append(before[path[-1]])
        return path[::-1]

    return min((around(name) for name in knot), key=lambda path: (len(path), path))


# --- the front door ---------------------------------------------------------------------------


def front_door(every: list[Source]) -> Iterator[Violation]:
    """Names that the package exports which are also the name of one of its modules or packages."""
    door = next((source for source in every if source.module == PACKAGE), None)
    if door is None:
        yield Violation(f"src/{PACKAGE}/__init__.py", 1, "the package has no front door")
        return
    names, line = exported(door.tree)
    if names is None:
        yield Violation(door.path, line, "__all__ is not a plain list of names; write it out")
        return
    homes = {source.module.rpartition(".")[2]: source for source in every if "." in source.module}
    for name in names:
        if name in homes:
            says = f"front-door name '{name}' is also the module {homes[name].path}; rename one of them"
            yield Violation(door.path, line, says)


def exported(tree: ast.Module) -> tuple[list[str] | None, int]:
    """The names of ``__all__`` (None when it is missing or computed) and its line."""
    for node in reversed(tree.body):  # the last word counts
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            value = getattr(node, "value", None)
            if isinstance(value, ast.List | ast.Tuple) and not isinstance(node, ast.AugAssign):
                words = [item.value for item in value.elts if isinstance(item, ast.Constant)]
                names = [word for word in words if isinstance(word, str)]
                return (names if len(names) == len(value.elts) else None), node.lineno
            return None, node.lineno
    return None, 1


# --- start-up ---------------------------------------------------------------------------------


def best_seconds(command: list[str], limit: float) -> float:
    """The best wall time of five runs of a command; five more, twice, while it is over the limit."""
    best = float("inf")
    for _ in range(TRIES):
        for _ in range(ROUNDS):
            start = time.perf_counter()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            best = min(best, time.perf_counter() - start)
        if best < limit:
            break
    return best


def too_slow(what: str, command: list[str], limit: float, path: str) -> Iterator[Violation]:
    """A violation when a command takes longer than its limit, fails, or is not there; prints the figure."""
    try:
        seconds = best_seconds(command, limit)
    except (OSError, subprocess.CalledProcessError) as error:
        yield Violation(path, 1, f"'{what}' could not be timed: {error}")
        return
    print(f"{what}: {seconds:.3f} s (limit {limit} s)")
    if seconds >= limit:
        yield Violation(path, 1, f"'{what}' takes {seconds:.2f} s; less than {limit} s is allowed")


def heavy_imports(path: str) -> Iterator[Violation]:
    """Heavy packages that ``import accord`` drags in."""
    code = f"import sys, {PACKAGE}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        yield Violation(path, 1, f"'import {PACKAGE}' fails: {last}")
    for name in done.stdout.split():
        says = f"'import {PACKAGE}' imports {name}; import it inside the function that needs it"
        yield Violation(path, 1, says)


def start_up() -> list[Violation]:
    """Violations of the limits on start-up, of whatever ``accord`` this environment has."""
    door, command_line = f"src/{PACKAGE}/__init__.py", f"src/{PACKAGE}/cli.py"
    python, script = sys.executable, str(Path(sys.executable).with_name(PACKAGE))
    return [
        *heavy_imports(door),
        *too_slow(f"import {PACKAGE}", [python, "-c", f"import {PACKAGE}"], IMPORT_SECONDS, door),
        *too_slow(f"{PACKAGE} --help", [script, "--help"], HELP_SECONDS, command_line),
    ]


# --- all of them ------------------------------------------------------------------------------

RULES: tuple[Callable[[Source], Iterator[Violation]], ...] = (
    long_functions,
    long_files,
    banned_names,
    unfinished,
    unsteady,
    missing_docstrings,
)


def check(root: Path) -> list[Violation]:
    """Every violation that can be read off the files under a root, in order of place."""
    every = sources(root)
    found = [violation for rule in RULES for source in every for violation in rule(source)]
    return sorted({*found, *cycles(every), *front_door(every)})


def main(arguments: list[str] | None = None) -> int:
    """Check a checkout and print what breaks a rule; 1 when something does."""
    parser = argparse.ArgumentParser(description="House rules: lengths, cycles, names, docstrings, start-up.")
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parent.parent)
    parser.add_argument("--no-timing", action="store_true", help="only what can be read off the files")
    chosen = parser.parse_args(arguments)
    found = check(chosen.root) + ([] if chosen.no_timing else start_up())
    for violation in found:
        print(violation)
    print(f"house rules: {len(sources(chosen.root))} files, {len(found)} to mend")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
