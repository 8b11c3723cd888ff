"""Direction numbers and tables of distributions that are kept for later runs: the same to the last bit, warm and cold."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from accord.disk import remember
from accord.situation import Estimate
from accord.worlds import betas, design
from accord.worlds.distributions import foresee, marginal_of

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "one bit": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
}
SHAPES = [(1.0 + number / 5.0, 5.0 - number / 5.0) for number in range(20)]


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of the test's own, and a process that has made no table yet."""
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(betas, "_HELD", {})
    return tmp_path / "cache"


def kept(folder: Path) -> list[Path]:
    """What is kept."""
    return sorted(folder.rglob("*.kept"))


def test_directions_are_read_off_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = design.sobol_directions(37, 10)
    monkeypatch.setattr(design, "_read_off", lambda *_: pytest.fail("read off again"))
    assert np.array_equal(design.sobol_directions(37, 10), first)
    assert np.array_equal(design.sobol_directions(5, 10), first[:5]), (
        "the first ones do not depend on the rest"
    )
    assert first.shape == (37, 10)
    first[0] = 0
    assert not np.array_equal(design.sobol_directions(37, 10), first), "each caller has a copy"
    assert design.sobol_directions(0, 10).shape == (0, 10)


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_directions_are_read_off_again(own_folder: Path, how: str) -> None:
    first = design.sobol_directions(3, 6)
    (path,) = kept(own_folder)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    assert np.array_equal(design.sobol_directions(3, 6), first)


def test_as_many_dimensions_as_scipy_has() -> None:
    assert design.sobol_directions(design._MOST, 1).shape == (design._MOST, 1)
    with pytest.raises(ValueError):
        design.sobol_directions(design._MOST + 1, 1)


def made_alone() -> list[betas.Table]:
    """Every table, without any cache."""
    return [betas._made(*shape) for shape in SHAPES]


def same(found: list[betas.Table], expected: list[betas.Table]) -> bool:
    """Whether tables are equal to the last bit."""
    return all(
        one[0] == other[0] and one[1].tobytes() == other[1].tobytes() and one[1].shape == other[1].shape
        for one, other in zip(found, expected, strict=True)
    )


def test_tables_are_made_once(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    expected = made_alone()
    betas.tabulate(SHAPES)
    assert same([betas.table_of(*shape) for shape in SHAPES], expected)
    assert len(kept(own_folder)) == 1
    monkeypatch.setattr(betas, "_HELD", {})
    monkeypatch.setattr(betas, "_made", lambda *_: pytest.fail("made again"))
    betas.tabulate(reversed(SHAPES))
    assert same([betas.table_of(*shape) for shape in SHAPES], expected)


@pytest.mark.parametrize("how", DAMAGE)
def test_damaged_tables_are_made_again(monkeypatch: pytest.MonkeyPatch, own_folder: Path, how: str) -> None:
    betas.tabulate(SHAPES)
    (path,) = kept(own_folder)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    monkeypatch.setattr(betas, "_HELD", {})
    betas.tabulate(SHAPES)
    assert same([betas.table_of(*shape) for shape in SHAPES], made_alone())


@pytest.mark.parametrize("content", [b"", b"nonsense", betas._packed([betas._made(2.0, 3.0)])])
def test_tables_of_another_form_are_made_again(content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []
    monkeypatch.setattr(betas, "recalled", lambda kind, key: keys.append(key) or content)
    betas.tabulate(SHAPES)
    assert len(keys) == 1
    assert same([betas.table_of(*shape) for shape in SHAPES], made_alone())


def test_few_shapes_are_not_worth_keeping(own_folder: Path) -> None:
    betas.tabulate(SHAPES[:3])
    assert not kept(own_folder)
    assert not betas._HELD


def test_shapes_too_steep_for_a_table_are_kept_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    steep = (0.001, 0.001)
    assert betas.table_of(*steep)[0] is None, "the test needs such a shape"
    monkeypatch.setattr(betas, "_HELD", {})
    for _ in range(2):
        betas.tabulate([steep, *SHAPES])
        bits, table = betas._HELD[steep]
        assert bits is None
        assert table.shape == (0, 4)
        betas._HELD.clear()


def test_foreseen_estimates_are_the_same_and_impossible_ones_are_told_later() -> None:
    good = [Estimate(0.1 + number / 40.0, 0.0, 1.0, "pert") for number in range(30)]
    bad = [
        Estimate(2.0, 0.0, 1.0, "pert"),
        Estimate(None, 0.0, 1.0, "pert"),
        Estimate(1.0),
        Estimate(1.0, 1.0, 1.0, "pert"),
    ]
    cold = [marginal_of(one) for one in good]
    betas._HELD.clear()
    foresee([*good, *bad])
    assert len(betas._HELD) == len(good)
    for one, plain in zip(good, cold, strict=True):
        found = marginal_of(one)
        assert found.parameters == plain.parameters
        assert found.table.tobytes() == plain.table.tobytes()
    with pytest.raises(ValueError, match="outside"):
        marginal_of(bad[0])


def test_a_folder_that_cannot_be_written_changes_nothing(own_folder: Path) -> None:
    own_folder.write_text("a file where the folder should be")
    remember("worlds", "key", b"")
    betas.tabulate(SHAPES)
    assert same([betas.table_of(*shape) for shape in SHAPES], made_alone())
    assert design.sobol_directions(3, 6).shape == (3, 6)
