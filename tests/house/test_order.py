"""The order in which workers take the files of the tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import SimpleNamespace
from typing import Any

TESTS = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("order_of_tests", TESTS / "conftest.py")
assert spec is not None
assert spec.loader is not None
order = importlib.util.module_from_spec(spec)
spec.loader.exec_module(order)


def test_what_is_named_is_there() -> None:
    for name in (order.FIRST, *order.NOT_PLAIN, *order.LONG):
        assert (TESTS / name).is_file(), name
    for room in order.PLAIN:
        assert list((TESTS / room).glob("test_*.py")), room
    assert all(name.startswith(order.PLAIN) for name in order.NOT_PLAIN)
    assert not any(name.startswith(order.PLAIN) for name in (order.FIRST, *order.LONG))


def test_workers_take_a_whole_run_first_and_files_stay_together() -> None:
    wanted = [order.FIRST, "data/test_import.py", "worlds/test_priors.py", *order.LONG]
    wanted += ["contract/test_lenses.py", *order.NOT_PLAIN]
    mixed = [(name, test) for name in reversed(wanted) for test in "ba"]
    items: list[Any] = [SimpleNamespace(path=TESTS / name, name=test) for name, test in mixed]
    order.pytest_collection_modifyitems(SimpleNamespace(), items)  # type: ignore[arg-type]
    assert [(one.path, one.name) for one in items] == [(TESTS / name, test) for name, test in mixed]
    order.pytest_collection_modifyitems(SimpleNamespace(workerinput={}), items)  # type: ignore[arg-type]
    found = [(one.path.relative_to(TESTS).as_posix(), one.name) for one in items]
    assert found[:2] == [(order.FIRST, "b"), (order.FIRST, "a")]
    assert [name for name, _ in found[6:12:2]] == list(order.LONG)
    assert {name for name, _ in found[2:6]} == {"data/test_import.py", "worlds/test_priors.py"}
    assert all(one == other for (one, _), (other, _) in zip(found[::2], found[1::2], strict=True))


def test_the_makefile_keeps_that_order() -> None:
    text = (TESTS.parent / "Makefile").read_text("utf-8")
    assert "pytest -n 2 --dist loadfile --no-loadscope-reorder" in text
