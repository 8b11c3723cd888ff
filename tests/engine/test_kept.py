"""Single results on disk: made once, made anew when damaged, and nowhere at all without a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from accord.engine.kept import Kept

Arrays = dict[str, np.ndarray[Any, np.dtype[Any]]]
MADE: Arrays = {"a": np.array([1.0, np.nan, -0.0]), "long.name": np.arange(6, dtype=np.int64).reshape(2, 3)}


class Maker:
    """Makes arrays and counts how often."""

    def __init__(self, made: Arrays = MADE) -> None:
        self.made, self.calls = made, 0

    def __call__(self) -> Arrays:
        self.calls += 1
        return self.made


def same(found: Arrays) -> bool:
    """Whether these are the arrays that were made, bit for bit."""
    return list(found) == list(MADE) and all(
        found[key].dtype == array.dtype
        and found[key].shape == array.shape
        and found[key].tobytes() == array.tobytes()
        for key, array in MADE.items()
    )


def test_arrays_are_made_once(tmp_path: Path) -> None:
    maker = Maker()
    for _ in range(3):
        assert same(Kept(tmp_path / "deep").arrays("one", maker))
    assert maker.calls == 1
    other = Maker({"a": np.zeros(2)})
    assert Kept(tmp_path / "deep").arrays("other", other)["a"].tolist() == [0.0, 0.0]
    assert other.calls == 1
    assert same(Kept(tmp_path / "deep").arrays("one", maker))
    assert len(list((tmp_path / "deep").iterdir())) == 2, "whole files only"


def test_names_may_hold_anything(tmp_path: Path) -> None:
    kept = Kept(tmp_path)
    for name in ("../up", "lever [('a.b', 1.0, None)]", "x" * 1000, "Großmut", ""):
        assert same(kept.arrays(name, Maker()))
    assert len(list(tmp_path.iterdir())) == 5


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "no archive": lambda raw: b"\x00\x01 nonsense",
    "text": lambda raw: b"not arrays at all",
    "cut short": lambda raw: raw[: len(raw) // 2],
    "end missing": lambda raw: raw[:-10],
    "a flipped bit": lambda raw: raw[:140] + bytes([raw[140] ^ 0xFF]) + raw[141:],
}


@pytest.mark.parametrize("how", list(DAMAGE))
def test_a_damaged_file_is_made_anew(tmp_path: Path, how: str) -> None:
    kept, maker = Kept(tmp_path), Maker()
    kept.arrays("one", maker)
    path = kept.path("one", "npz")
    assert path is not None
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    assert same(kept.arrays("one", maker))
    assert maker.calls == 2
    assert same(kept.arrays("one", maker))
    assert maker.calls == 2, "and kept whole again"


def test_what_is_being_made_when_it_fails_leaves_nothing(tmp_path: Path) -> None:
    def failing() -> Arrays:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Kept(tmp_path).arrays("one", failing)
    assert not list(tmp_path.iterdir())


def test_a_mapping_comes_back_in_another_run(tmp_path: Path) -> None:
    data = {"verdict": "supported", "effect": 0.1 + 0.2, "nested": [{"x": None}, True], "word": "ü"}
    first = Kept(tmp_path).mapping("claim")
    first["C01"] = data
    later = Kept(tmp_path).mapping("claim")
    assert "C01" in later
    assert later["C01"] == data
    assert dict(later) == {"C01": data}
    assert len(later) == 1


def test_a_mapping_knows_only_its_own_kind_and_names(tmp_path: Path) -> None:
    Kept(tmp_path).mapping("claim")["C01"] = {"x": 1}
    with pytest.raises(KeyError, match="C02"):
        Kept(tmp_path).mapping("claim")["C02"]
    with pytest.raises(KeyError, match="C01"):
        Kept(tmp_path).mapping("other")["C01"]
    assert Kept(tmp_path).mapping("claim").get("C02") is None


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b'{"x": 1'])
def test_a_damaged_entry_of_a_mapping_is_none(tmp_path: Path, raw: bytes) -> None:
    kept = Kept(tmp_path)
    kept.mapping("claim")["C01"] = {"x": 1}
    path = kept.path("claim C01", "json")
    assert path is not None
    path.write_bytes(raw)
    assert "C01" not in kept.mapping("claim")
    mapping = kept.mapping("claim")
    mapping["C01"] = {"x": 2}
    assert kept.mapping("claim")["C01"] == {"x": 2}


def test_nothing_is_written_without_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kept, maker = Kept(), Maker()
    assert same(kept.arrays("one", maker))
    assert same(kept.arrays("one", maker))
    assert maker.calls == 2
    mapping = kept.mapping("claim")
    mapping["C01"] = {"x": 1}
    assert mapping["C01"] == {"x": 1}
    assert "C01" not in kept.mapping("claim")
    assert kept.path("one", "npz") is None
    del mapping["C01"]
    assert "C01" not in mapping
    assert not list(tmp_path.iterdir())
