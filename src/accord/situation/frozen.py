"""A mapping that cannot change: equal like a dict, hashable, picklable, in the order it was written."""

from __future__ import annotations

from collections.abc import ItemsView, Iterable, Iterator, KeysView, Mapping, ValuesView
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

    # What follows Mapping has too, but worked out name by name, which takes long where it is done so often.
    def __contains__(self, name: object) -> bool:
        """Whether there is a value of this name."""
        return name in self._items

    def get(self, name: str, default: Any = None) -> Any:
        """The value of this name, or the default."""
        return self._items.get(name, default)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._items.keys()

    def values(self) -> ValuesView[V]:
        """The values."""
        return self._items.values()

    def items(self) -> ItemsView[str, V]:
        """Names and values."""
        return self._items.items()

    def __eq__(self, other: object) -> bool:
        """Whether the items are the same, in whatever order."""
        if isinstance(other, Frozen):
            return self._items == other._items
        return self._items == dict(other) if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        """Hash that does not depend on order."""
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        """Like a dict's."""
        return f"Frozen({self._items!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the plain items."""
        return (Frozen, (self._items,))
