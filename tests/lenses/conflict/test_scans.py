"""Scans of alliances that are kept: the same warm and cold, damaged or not to be written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from accord.disk import remember
from accord.lenses.conflict import coalitions, compute, reach, scans
from accord.lenses.conflict.coalitions import Scan, scan
from accord.lenses.conflict.sanctions import CONCEPTS, Side

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "cut off": lambda raw: raw[: len(raw) // 2],
    "one bit": lambda raw: raw[:-1] + bytes([raw[-1] ^ 1]),
}
OWNERS = [0, 0, 1, 1, 2]
PAYOFFS = np.random.default_rng(7).permuted(np.tile(np.arange(32.0), (3, 1)), axis=1)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder of the test's own, in which small scans are kept as well."""
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(scans, "_WORTH_KEEPING", 0)
    return tmp_path / "cache"


def kept(folder: Path) -> list[Path]:
    """What is kept."""
    return sorted(folder.rglob("*.kept"))


def same(one: Scan, other: Scan) -> bool:
    """Whether two scans say the same."""
    return (
        one.breaks == other.breaks
        and one.partitions == other.partitions
        and all(np.array_equal(one.stable[c], other.stable[c]) for c in CONCEPTS)
        and all(np.array_equal(one.equilibria[c], other.equilibria[c]) for c in CONCEPTS)
    )


def cold(monkeypatch: pytest.MonkeyPatch) -> Scan:
    """A scan without any cache."""
    with monkeypatch.context() as patch:
        patch.setattr(scans, "_WORTH_KEEPING", 10**9)
        return scan(PAYOFFS, OWNERS)


def test_a_scan_is_made_once(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    expected = cold(monkeypatch)
    assert expected.breaks, "the test needs alliances that break something"
    assert not kept(own_folder)
    assert same(scan(PAYOFFS, OWNERS), expected)
    monkeypatch.setattr(coalitions, "_looked", lambda *_: pytest.fail("scanned again"))
    again = scan(PAYOFFS, OWNERS)
    assert same(again, expected)
    broken = again.breaks[0]
    assert again.path(broken) == expected.path(broken), "and its ways"


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_scan_is_made_again(monkeypatch: pytest.MonkeyPatch, own_folder: Path, how: str) -> None:
    expected = scan(PAYOFFS, OWNERS)
    (path,) = kept(own_folder)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    assert same(scan(PAYOFFS, OWNERS), expected)


@pytest.mark.parametrize("content", [b"", b"nonsense"])
def test_a_scan_of_another_form_is_made_again(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    expected = cold(monkeypatch)
    moves = reach.moves_of(3, 32, OWNERS, None, None, None)
    remember(scans._KIND, scans._key(moves, PAYOFFS, CONCEPTS), content)
    assert same(scan(PAYOFFS, OWNERS), expected)


def test_everything_that_matters_is_in_the_key(own_folder: Path) -> None:
    other = PAYOFFS.copy()
    other[0, [0, 1]] = other[0, [1, 0]]
    feasible = np.arange(32)
    scan(PAYOFFS, OWNERS)
    scan(other, OWNERS)
    scan(PAYOFFS, [0, 1, 1, 1, 2])
    scan(PAYOFFS, OWNERS, feasible, ["forward", *["both"] * 4])
    scan(PAYOFFS, OWNERS, concepts=("R", "SEQ"))
    assert len(kept(own_folder)) == 5
    scan(PAYOFFS, OWNERS, feasible)
    assert len(kept(own_folder)) == 5, "every outcome is feasible by default"


def test_a_folder_that_cannot_be_written_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path
) -> None:
    own_folder.write_text("a file where the folder should be")
    assert same(scan(PAYOFFS, OWNERS), cold(monkeypatch))


def test_stable_is_what_stays_says() -> None:
    luck = np.random.default_rng(3)
    for _ in range(30):
        sets = [[int(bits) for bits in luck.integers(0, 256, 8)] for _ in range(5)]
        side = Side(*sets)
        for concept in CONCEPTS:
            assert side.stable(concept).tolist() == [side.stays(s, concept) for s in range(8)]


def test_the_last_scans_are_kept_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr(compute, "_SCANS", {})
    monkeypatch.setattr(compute, "_scan", lambda model, payoffs: calls.append(1) or "a scan")

    class Plain:
        """As much of a model as is asked for."""

        actors, options, directions = ("a", "b", "c"), ("x",) * 5, None
        owners, feasible, arcs, members = np.array(OWNERS), np.ones(32, dtype=np.bool_), None, None

    for shift in (0.0, 0.0, 1.0, 0.0):
        compute.scanned(Plain, PAYOFFS + shift * np.arange(32.0))  # type: ignore[arg-type]
    assert len(calls) == 2
    for number in range(2 * compute._KEEP):
        compute.scanned(Plain, PAYOFFS * (number + 2.0))  # type: ignore[arg-type]
    assert len(compute._SCANS) == compute._KEEP


def test_shares_are_made_once_and_again_when_damaged(own_folder: Path) -> None:
    calls: list[int] = []
    expected = np.linspace(0.0, 4.0, scans._MANY_STATES)

    def made() -> np.ndarray:
        """The shares, counted."""
        calls.append(1)
        return expected

    def found(key: str = "key") -> bool:
        """Whether the shares are what they should be."""
        return np.array_equal(scans.shares_of(key, scans._MANY_STATES, made), expected)

    assert found()
    assert found()
    assert len(calls) == 1
    assert found("another")
    assert len(calls) == 2
    for path in kept(own_folder):
        path.write_bytes(path.read_bytes()[:-1])
    assert found()
    assert len(calls) == 3
    for content in (b"", b"1234567", b"x" * 16):
        key = next(iter(scans_keys("key")))
        remember(scans._KIND, key, content)
        assert found()
    assert len(calls) == 6
    assert len(scans.shares_of("few", 3, lambda: np.zeros(3))) == 3
    assert len(kept(own_folder)) == 2, "few outcomes are not kept"


def scans_keys(key: str) -> list[str]:
    """The whole keys that shares of this key are kept under."""
    seen: list[str] = []
    real = scans.recalled
    scans.recalled = lambda kind, whole: seen.append(whole)  # type: ignore[func-returns-value]
    keep, scans.remember = scans.remember, lambda *_: None
    try:
        scans.shares_of(key, scans._MANY_STATES, lambda: np.zeros(scans._MANY_STATES))
    finally:
        scans.recalled, scans.remember = real, keep
    return seen
