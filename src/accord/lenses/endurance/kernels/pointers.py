"""Bare pointers into arrays, for what a kernel reads and writes all the time.

An array that is handed from function to function is counted at every hand-over (an atomic addition each), and every
index is first looked at for being negative.  A pointer knows neither: whoever calls keeps the array alive, and the
places come from the plan, which holds no negative number.
"""

from __future__ import annotations

from typing import Any

import numba.core.cgutils
import numba.core.types
from numba.core.extending import intrinsic

# numba comes without types for these.
_cgutils: Any = numba.core.cgutils
_types: Any = numba.core.types


def _pointer(typing: Any, array: Any) -> Any:
    """Pointer to the first number of a C-contiguous array."""
    if not isinstance(array, _types.Array) or array.layout != "C":
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The address of the data."""
        return _cgutils.create_struct_proxy(array)(context, builder, value=values[0]).data

    return _types.CPointer(array.dtype)(array), generate


def _pointer_to_row(typing: Any, array: Any, row: Any) -> Any:
    """Pointer to the first number of one row of a C-contiguous array of two dimensions."""
    if not isinstance(array, _types.Array) or array.layout != "C" or array.ndim != 2:
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The address of the row."""
        made = _cgutils.create_struct_proxy(array)(context, builder, value=values[0])
        width = _cgutils.unpack_tuple(builder, made.shape)[1]
        place = context.cast(builder, values[1], row, _types.intp)
        return builder.gep(made.data, [builder.mul(place, width)])

    return _types.CPointer(array.dtype)(array, row), generate


pointer: Any = intrinsic(_pointer)
pointer_to_row: Any = intrinsic(_pointer_to_row)
