"""The house rules see what they are meant to see: each rule fails on a small bad tree, and passes a good one."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
DOOR = '"""The front door."""\n\n__all__ = ["look"]\n'
Tree = Callable[[dict[str, str]], list[str]]


def load(name: str) -> ModuleType:
    """A script of ``tools/`` as a module; dataclasses need it registered under its name."""
    spec = importlib.util.spec_from_file_location(f"accord_tools_{name}", TOOLS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


rules = load("house_rules")
licences = load("licences")


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Write files under a root and return what the rules say about them."""

    def write(files: dict[str, str]) -> list[str]:
        for name, text in {"src/accord/__init__.py": DOOR, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return [str(violation) for violation in rules.check(tmp_path)]

    return write


def function(lines: int, docstring: str = "One.") -> str:
    """A module with one function whose body has so many lines."""
    body = "\n".join(f"    x{number} = {number}" for number in range(lines))
    return f'"""A module."""\n\n\ndef long():\n    """{docstring}"""\n{body}\n'


def test_a_good_tree_passes(tree: Tree) -> None:
    assert tree({"src/accord/room/__init__.py": '"""A room."""\n'}) == []


def test_forty_lines_pass_whatever_the_docstring(tree: Tree) -> None:
    assert tree({"src/accord/a.py": function(40, "One.\n\n" + "    more\n" * 30 + "    ")}) == []


@pytest.mark.parametrize("folder", ["src/accord", "tests", "tools", "bench", "docs"])
def test_a_long_function(tree: Tree, folder: str) -> None:
    said = tree({f"{folder}/a.py": function(41)})
    assert said == [f"{folder}/a.py:4: function 'long' has a body of 41 lines; at most 40"]


def test_a_long_method_and_a_long_inner_function(tree: Tree) -> None:
    inner = "".join(f"            x{number} = 1\n" for number in range(41))
    method = f'    def b(self):\n        """B."""\n\n        async def c():\n{inner}'
    assert tree({"src/accord/a.py": f'"""M."""\n\n\nclass A:\n    """A."""\n\n{method}'}) == [
        "src/accord/a.py:7: function 'b' has a body of 42 lines; at most 40",
        "src/accord/a.py:10: function 'c' has a body of 41 lines; at most 40",
    ]


def test_decorators_of_the_first_inner_function_count(tree: Tree) -> None:
    lines = "".join(f"        x{number} = 1\n" for number in range(38))
    text = f'"""M."""\n\n\ndef a():\n    """A."""\n    @one\n    @two\n    def b():\n{lines}'
    assert tree({"src/accord/a.py": text}) == [
        "src/accord/a.py:4: function 'a' has a body of 41 lines; at most 40"
    ]


def test_a_long_file(tree: Tree) -> None:
    assert tree({"tests/a.py": "x = 1\n" * 500}) == []
    assert tree({"tests/a.py": "x = 1\n" * 501}) == ["tests/a.py:501: file has 501 lines; at most 500"]


@pytest.mark.parametrize("name", ["src/accord/utils.py", "tests/utils/a.py", "tools/util.py"])
def test_a_module_called_utils(tree: Tree, name: str) -> None:
    (said,) = tree({name: '"""U."""\n'})
    assert said.startswith(f"{name}:1: nothing is called 'util")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('"""M."""\nx = 1  # TODO later\n', 2),
        ('"""M.\n\nFIXME: wrong.\n"""\n', 3),
        ('"""M."""\n\n\ndef a():\n    """A.\n\n    XXX\n    """\n', 7),
        ('"""M."""\n\n\ndef a():\n    """A."""\n    raise NotImplementedError\n', 6),
        ('"""M."""\n\n\ndef a():\n    """A."""\n    raise NotImplementedError("later")\n', 6),
    ],
)
def test_unfinished_work(tree: Tree, text: str, line: int) -> None:
    (said,) = tree({"src/accord/a.py": text})
    assert said.startswith(f"src/accord/a.py:{line}: ")
    assert "unfinished work" in said


def test_functions_that_hang_on_the_processor(tree: Tree) -> None:
    text = '"""A module."""\n\nimport numpy as np\n\nHALF = float(np.log(0.5))\n'
    says = "'np.log' differs with the processor in the last bit; use log of accord.formulas"
    for inside in ("formulas/a.py", "worlds/a.py", "lenses/interests/a.py"):
        assert tree({f"src/accord/{inside}": text}) == [f"src/accord/{inside}:5: {says}"]
        assert tree({f"src/accord/{inside}": text.replace("np.log", "math.log")}) == []
    for free in (
        "formulas/arithmetic.py",
        "lenses/endurance/kernels/a.py",
        "lenses/precedent/a.py",
        "study/a.py",
    ):
        assert tree({f"src/accord/{free}": text}) == []


@pytest.mark.parametrize(
    ("line", "what", "instead"),
    [
        ("x = np.exp(y)", "np.exp", "use exp of accord.formulas"),
        ("x = map(np.exp, y)", "np.exp", "use exp of accord.formulas"),
        ("x = np.power.outer(y, y)", "np.power", "use power of accord.formulas"),
        ("x = numpy.log1p(y)", "numpy.log1p", "use log1p of accord.formulas"),
        ("import numpy as num; x = num.exp(y)", "num.exp", "use exp of accord.formulas"),
        ("from numpy import expm1 as e", "from numpy import expm1", "use expm1 of accord.formulas"),
        ("x = y**z", "y ** z", "use power of accord.formulas"),
        ("x **= z", "x **= z", "use power of accord.formulas"),
        ("x = np.tanh(y)", "np.tanh", "build it on those of accord.formulas"),
        ("x = np.arctan2(y, z)", "np.arctan2", "build it on those of accord.formulas"),
        ("x = np.logaddexp2(y, z)", "np.logaddexp2", "build it on those of accord.formulas"),
        ("x = np.float_power(y, z)", "np.float_power", "build it on those of accord.formulas"),
    ],
)
def test_each_way_to_write_a_function_that_hangs_on_the_processor(
    tree: Tree, line: str, what: str, instead: str
) -> None:
    says = f"'{what}' differs with the processor in the last bit; {instead}"
    text = f'"""A module."""\n\n{line}\n'
    assert tree({"src/accord/worlds/a.py": text}) == [f"src/accord/worlds/a.py:3: {says}"]
    assert tree({"src/accord/worlds/a.py": '"""A module."""\n', "src/accord/study/a.py": text}) == []


@pytest.mark.parametrize(
    "line", ["x = y**2", "x = 2.0**y", "x = y**-0.5", "x **= 2", "x = math.exp(y)", "x = formulas.exp(y)"]
)
def test_what_is_the_same_on_every_processor_may_stand(tree: Tree, line: str) -> None:
    assert tree({"src/accord/worlds/a.py": f'"""A module."""\n\n{line}\n'}) == []


def test_the_words_themselves_may_be_data(tree: Tree) -> None:
    assert tree({"src/accord/a.py": '"""M."""\n\nWORDS = ("TODO", "FIXME")\n'}) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("x = 1\n", "a.py:1: module 'accord.a' has no docstring"),
        ('"""M."""\ndef b():\n    return 1\n', "a.py:2: public function 'b' has no docstring"),
        ('"""M."""\nasync def b():\n    return 1\n', "a.py:2: public function 'b' has no docstring"),
        ('"""M."""\nclass B:\n    x = 1\n', "a.py:2: public class 'B' has no docstring"),
        (
            '"""M."""\nclass B:\n    """B."""\n    def c(self):\n        return 1\n',
            "a.py:4: public method 'B.c' has no docstring",
        ),
        ('"""M."""\nif x:\n    def b():\n        return 1\n', "a.py:3: public function 'b' has no docstring"),
        (
            '"""M."""\ntry:\n    x = 1\nexcept OSError:\n    def b():\n        return 1\n',
            "a.py:5: public function 'b' has no docstring",
        ),
    ],
)
def test_missing_docstrings(tree: Tree, text: str, says: str) -> None:
    assert tree({"src/accord/a.py": text}) == [f"src/accord/{says}"]


@pytest.mark.parametrize(
    "text",
    [
        "def _b():\n    return 1\n",
        "class _B:\n    def c(self):\n        return 1\n",
        'class B:\n    """B."""\n\n    def __init__(self):\n        self.x = 1\n',
        "@overload\ndef b(x: int) -> int: ...\n",
        "@b.setter\ndef b(self, x):\n    self.x = x\n",
        "@typing.override\ndef b(self):\n    return 1\n",
    ],
)
def test_docstrings_that_need_not_be(tree: Tree, text: str) -> None:
    assert tree({"src/accord/a.py": f'"""M."""\n{text}'}) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("from accord import b", "from accord import a"),
        ("import accord.b", "from accord.a import x"),
        ("from . import b", "from .a import x"),
        ("def f():\n    import accord.b", "def f():\n    from accord import a"),
        ("if TYPE_CHECKING:\n    from accord.b import B", "from accord import a"),
        ("importlib.import_module('accord.b')", "from accord import a"),
    ],
    ids=["from", "import", "relative", "lazy", "types only", "by name"],
)
def test_a_cycle(tree: Tree, one: str, other: str) -> None:
    text = '"""M."""\n{}\ndef _f():\n    pass\n'
    files = {"src/accord/a.py": text.format(one), "src/accord/b.py": text.format(other)}
    said = [line for line in tree(files) if "cycle" in line]
    assert len(said) == 1
    assert said[0].startswith("src/accord/a.py:")
    assert said[0].endswith("import cycle: accord.a -> accord.b -> accord.a")


def test_a_long_way_round_is_found_once(tree: Tree) -> None:
    ways = {"a": "b", "b": "c", "c": "room.d", "room/d": "a"}
    files = {f"src/accord/{name}.py": f'"""M."""\nimport accord.{target}\n' for name, target in ways.items()}
    (said,) = tree({**files, "src/accord/room/__init__.py": '"""R."""\n'})
    cycle = "accord.a -> accord.b -> accord.c -> accord.room.d -> accord.a"
    assert said == f"src/accord/a.py:2: import cycle: {cycle}"


def test_a_room_and_what_is_in_it(tree: Tree) -> None:
    room = '"""R."""\nfrom accord.room.a import x\n'
    good = {"src/accord/room/__init__.py": room, "src/accord/room/a.py": '"""A."""\nx = 1\n'}
    assert tree(good) == []
    (said,) = tree({**good, "src/accord/room/a.py": '"""A."""\nfrom accord.room import y\nx = 1\n'})
    assert said.endswith("import cycle: accord.room -> accord.room.a -> accord.room")


@pytest.mark.parametrize("where", ["look.py", "look/__init__.py", "room/look.py"])
def test_a_front_door_name_that_is_a_module(tree: Tree, where: str) -> None:
    said = tree({f"src/accord/{where}": '"""M."""\n'})
    assert said == [
        f"src/accord/__init__.py:3: front-door name 'look' is also the module src/accord/{where}; rename one of them"
    ]


@pytest.mark.parametrize(
    "door", ['"""D."""\n', '"""D."""\n__all__ = [*NAMES]\n', '"""D."""\n__all__ = dir()\n']
)
def test_a_front_door_that_cannot_be_read(tree: Tree, door: str) -> None:
    (said,) = tree({"src/accord/__init__.py": door})
    assert said.endswith("__all__ is not a plain list of names; write it out")


def test_no_front_door_at_all(tmp_path: Path) -> None:
    assert [str(violation) for violation in rules.check(tmp_path)] == [
        "src/accord/__init__.py:1: the package has no front door"
    ]


def test_slow_failing_and_missing_commands(capsys: pytest.CaptureFixture[str]) -> None:
    python = sys.executable
    assert list(rules.too_slow("quick", [python, "-c", ""], 60.0, "a.py")) == []
    assert "quick: 0." in capsys.readouterr().out
    (slow,) = rules.too_slow("slow", [python, "-c", ""], 0.0, "a.py")
    assert str(slow).startswith("a.py:1: 'slow' takes ")
    (failing,) = rules.too_slow("bad", [python, "-c", "raise SystemExit(3)"], 60.0, "a.py")
    assert "'bad' could not be timed" in str(failing)
    (missing,) = rules.too_slow("gone", [str(Path(python).with_name("no-such-command"))], 60.0, "a.py")
    assert "'gone' could not be timed" in str(missing)


def test_heavy_and_broken_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tmp_path) + os.pathsep + os.environ.get("PYTHONPATH", ""))
    (tmp_path / "slow_thing.py").write_text("")
    (tmp_path / "accord").mkdir()
    door = tmp_path / "accord" / "__init__.py"
    monkeypatch.setattr(rules, "HEAVY", ("slow_thing",))
    door.write_text("")
    assert list(rules.heavy_imports("a.py")) == []
    door.write_text("import slow_thing")
    (said,) = rules.heavy_imports("a.py")
    assert (
        str(said) == "a.py:1: 'import accord' imports slow_thing; import it inside the function that needs it"
    )
    door.write_text("import no_such_thing")
    (said,) = rules.heavy_imports("a.py")
    assert "'import accord' fails: ModuleNotFoundError" in str(said)


def test_the_exit_status_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "src" / "accord").mkdir(parents=True)
    door = tmp_path / "src" / "accord" / "__init__.py"
    door.write_text(DOOR)
    assert rules.main(["--root", str(tmp_path), "--no-timing"]) == 0
    door.write_text(DOOR + "x = 1  # FIXME\n")
    assert rules.main(["--root", str(tmp_path), "--no-timing"]) == 1
    assert "src/accord/__init__.py:4: 'FIXME' marks" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("expression", "grade"),
    [
        ("MIT", "PERMISSIVE"),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", "PERMISSIVE"),
        ("Apache-2.0 WITH LLVM-exception", "PERMISSIVE"),
        ("BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1", "PERMISSIVE"),
        ("MIT OR GPL-2.0-only", "PERMISSIVE"),
        ("MPL-2.0", "WEAK"),
        ("MIT AND (LGPL-2.1-or-later OR MPL-2.0)", "WEAK"),
        ("GPL-3.0-only", "STRONG"),
        ("MIT AND AGPL-3.0-or-later", "STRONG"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "STRONG"),
        ("LicenseRef-Ours", "UNKNOWN"),
        ("MIT MIT", "UNKNOWN"),
        ("(MIT", "UNKNOWN"),
    ],
)
def test_grades_of_licences(expression: str, grade: str) -> None:
    assert licences.grade_of_expression(expression).name == grade


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("MIT License", "PERMISSIVE"),
        ("Python Software Foundation License", "PERMISSIVE"),
        ("GNU Lesser General Public License v3 (LGPLv3)", "WEAK"),
        ("Mozilla Public License 2.0 (MPL 2.0)", "WEAK"),
        ("GNU General Public License v3 (GPLv3)", "STRONG"),
        ("GNU Affero General Public License v3", "STRONG"),
        ("Other/Proprietary License", "UNKNOWN"),
        ("", "UNKNOWN"),
    ],
)
def test_grades_of_named_licences(name: str, grade: str) -> None:
    assert licences.grade_of_one(name).name == grade


@pytest.mark.parametrize(
    ("name", "grade", "to_run", "fails"),
    [
        ("a", "PERMISSIVE", True, False),
        ("a", "WEAK", True, True),
        ("a", "UNKNOWN", True, True),
        ("a", "STRONG", False, True),
        ("a", "WEAK", False, True),
        ("a", "UNKNOWN", False, True),
        ("hypothesis", "WEAK", False, False),
        ("hypothesis", "WEAK", True, True),
        ("hypothesis", "STRONG", False, True),
        ("pycountry", "WEAK", True, False),
        ("pycountry", "UNKNOWN", True, True),
        ("pycountry", "STRONG", True, True),
    ],
)
def test_what_may_be_used(name: str, grade: str, to_run: bool, fails: bool) -> None:
    package = licences.Declared(name, "1", "text", licences.Grade[grade])
    assert bool(licences.problem(package, to_run)) is fails


def test_a_locked_package_that_is_not_installed_fails(tmp_path: Path) -> None:
    for name in (licences.RUN, *licences.OTHERS):
        (tmp_path / name).write_text("no-such-package-at-all==1.0 \\\n    --hash=sha256:00\n")
    assert licences.main(["--folder", str(tmp_path)]) == 1
