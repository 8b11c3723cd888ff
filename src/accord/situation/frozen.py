"""A mapping that cannot change: equal like a dict, hashable, picklable, in the order it was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

V = TypeVar("V")


class Frozen(Mapping[str, V]):
    """An immutable mapping from names to values; equality ignores order, as for dict."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, V] | Iterable[tuple[str, V]] = ()) -> None:
        self._items: dict[str, V] = dict(items)

    def __getitem__(self, name: str) -> V:
        """The value of this name; KeyError when there is none."""
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        """Names in the order they were written."""
        return iter(self._items)

    def __len__(self) -> int:
        """How many names there are."""
        return len(self._items)

    def __hash__(self) -> int:
        """Hash that does not depend on order."""
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        """Like a dict's."""
        return f"Frozen({self._items!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the plain items."""
        return (Frozen, (self._items,))
