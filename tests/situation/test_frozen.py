"""The frozen mapping: equal like a dict, hashable, picklable, and never changing."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.situation import Frozen

VALUES = st.integers() | st.text(max_size=3) | st.none()
ITEMS = st.dictionaries(st.text(max_size=4), VALUES, max_size=5)
NESTED = st.recursive(
    VALUES, lambda inner: st.dictionaries(st.text(max_size=3), inner, max_size=3).map(Frozen), max_leaves=6
)


@given(ITEMS)
def test_it_reads_like_the_dict_it_was_made_from(items: dict[str, Any]) -> None:
    frozen = Frozen(items)
    assert dict(frozen) == items
    assert list(frozen) == list(items)
    assert len(frozen) == len(items)
    assert frozen == items
    assert items == frozen
    assert isinstance(frozen, Mapping)


@given(ITEMS, st.text(max_size=4))
def test_it_is_asked_like_the_dict_it_was_made_from(items: dict[str, Any], name: str) -> None:
    frozen = Frozen(items)
    assert (name in frozen) == (name in items)
    assert frozen.get(name) == items.get(name)
    assert frozen.get(name, "other") == items.get(name, "other")
    assert list(frozen.items()) == list(items.items())
    assert (list(frozen.keys()), list(frozen.values())) == (list(items), list(items.values()))
    assert (frozen == [*items]) is False


@given(ITEMS, st.randoms())
def test_order_changes_neither_equality_nor_hash(items: dict[str, Any], chance: Any) -> None:
    mixed = list(items.items())
    chance.shuffle(mixed)
    assert Frozen(mixed) == Frozen(items)
    assert hash(Frozen(mixed)) == hash(Frozen(items))


@given(ITEMS, ITEMS)
def test_equal_means_the_same_items(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert (Frozen(one) == Frozen(other)) == (one == other)
    if one == other:
        assert hash(Frozen(one)) == hash(Frozen(other))


@given(st.dictionaries(st.text(max_size=3), NESTED, max_size=3).map(Frozen))
def test_copies_are_equal(frozen: Frozen[Any]) -> None:
    for twin in (pickle.loads(pickle.dumps(frozen)), copy.copy(frozen), copy.deepcopy(frozen)):
        assert twin == frozen
        assert hash(twin) == hash(frozen)
        assert list(twin) == list(frozen)


def test_it_cannot_be_changed() -> None:
    items = {"one": 1}
    frozen = Frozen(items)
    items["two"] = 2
    assert dict(frozen) == {"one": 1}
    with pytest.raises(TypeError):
        frozen["one"] = 2  # type: ignore[index]
    with pytest.raises(TypeError):
        del frozen["one"]  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        frozen.more = 1  # type: ignore[attr-defined]
    with pytest.raises(KeyError):
        frozen["two"]


def test_it_shows_what_it_holds() -> None:
    assert repr(Frozen({"one": Frozen()})) == "Frozen({'one': Frozen({})})"
