"""Records of numbers that a kernel reads all the time and never changes, behind one pointer.

A named tuple that is handed from kernel to kernel goes number by number: thirty arguments for every call.  A pointer is one,
and because nothing changes behind it, the compiler may keep what it has read.
"""

from __future__ import annotations

from typing import Any, get_type_hints

import numba.core.cgutils
import numba.core.datamodel.models
import numba.core.extending
import numba.core.imputils
import numba.core.types
import numba.core.typing.templates
import numpy as np
from numpy.typing import NDArray

# numba and llvmlite come without types for these.
_types: Any = numba.core.types
_cgutils: Any = numba.core.cgutils
_ir: Any = _cgutils.ir
_models: Any = numba.core.datamodel.models
_templates: Any = numba.core.typing.templates
_imputils: Any = numba.core.imputils
_intrinsic: Any = numba.core.extending.intrinsic
_WORD, _DOUBLE = _ir.IntType(64), _ir.DoubleType()


class _RecordKind(_types.Type):  # type: ignore[misc]
    """Type of a pointer to a record: names of its numbers, and which of them are whole."""

    def __init__(self, name: str, fields: tuple[tuple[str, bool], ...]) -> None:
        self.fields = fields
        super().__init__(f"accord.Record({name}: {fields})")

    def place(self, name: str) -> int:
        """Where a number stands; -1 where there is none of that name."""
        names = [field for field, _ in self.fields]
        return names.index(name) if name in names else -1


class _Model(_models.PrimitiveModel):  # type: ignore[misc]
    """Held as an address."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _WORD.as_pointer())


class _Attributes(_templates.AttributeTemplate):  # type: ignore[misc]
    """``record.name``."""

    key = _RecordKind

    def generic_resolve(self, kind: Any, name: str) -> Any:
        """Type of a number; None where there is none of that name."""
        place = kind.place(name)
        if place < 0:
            return None
        return _types.int64 if kind.fields[place][1] else _types.float64


def _read(context: Any, builder: Any, kind: Any, value: Any, name: str) -> Any:
    """Load a number, which is never stored."""
    place = kind.place(name)
    inside = _WORD if kind.fields[place][1] else _DOUBLE
    at = builder.gep(value, [_ir.Constant(_WORD, place)], source_etype=_WORD)
    loaded = builder.load(builder.bitcast(at, inside.as_pointer()), align=8, typ=inside)
    loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


_models.register_default(_RecordKind)(_Model)
_templates.infer_getattr(_Attributes)
_imputils.lower_getattr_generic(_RecordKind)(_read)


def words_of(record: Any) -> NDArray[np.int64]:
    """A named tuple of int and float as 64-bit words, to hand to a kernel."""
    words = np.empty(len(record), np.int64)
    for place, (value, (_, whole)) in enumerate(zip(record, _fields(type(record)), strict=True)):
        if whole:
            words[place] = value
        else:
            words.view(np.float64)[place] = value
    return words


def reader(record: Any) -> Any:
    """A kernel function that takes the words of such a named tuple for a record with its names.

    The array must outlive the record.
    """
    kind = _RecordKind(record.__name__, _fields(record))

    def read(typing: Any, words: Any) -> Any:
        """The pointer."""
        if not isinstance(words, _types.Array) or words.dtype is not _types.int64 or words.layout != "C":
            return None

        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            """The address of the data."""
            return _cgutils.create_struct_proxy(signature.args[0])(context, builder, value=values[0]).data

        return kind(words), generate

    return _intrinsic(read)


def _fields(record: Any) -> tuple[tuple[str, bool], ...]:
    """Names of a named tuple's numbers, and whether they are whole."""
    hints = get_type_hints(record)
    return tuple((name, hints[name] is int) for name in record._fields)
