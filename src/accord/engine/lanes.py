"""Four runs side by side in one kernel: numbers that hold four lanes, one processor instruction for all of them.

A kernel that is written with these functions works on a pointer ``a`` of either kind.  Through :data:`Lanes` ``a[k]`` is
four numbers, one for each run; through :data:`Lane` it is the number of one run, for the rare steps that only some runs
take.  Where runs differ, both sides are worked out and :func:`pick` takes each lane's own; :func:`some` asks whether
anybody needs a side at all.  Arithmetic is the same in every lane and in both kinds, bit for bit, so no result depends on
how runs are put together.

The compiler cannot be relied upon to find this by itself: a month has hundreds of branches.
"""

from __future__ import annotations

import operator
from typing import Any

import numba.core.cgutils
import numba.core.datamodel.models
import numba.core.extending
import numba.core.imputils
import numba.core.types
import numba.core.typing.templates

LANES = 4

# numba and llvmlite come without types for these.
_types: Any = numba.core.types
_cgutils: Any = numba.core.cgutils
_ir: Any = _cgutils.ir
_models: Any = numba.core.datamodel.models
_templates: Any = numba.core.typing.templates
_infer: Any = _templates.infer_global
_Template: Any = _templates.AbstractTemplate
_signature: Any = _templates.signature
_imputils: Any = numba.core.imputils
_builtin: Any = _imputils.lower_builtin
intrinsic: Any = numba.core.extending.intrinsic

_DOUBLE, _WORD = _ir.DoubleType(), _ir.IntType(64)
_DOUBLES, _WORDS = _ir.VectorType(_DOUBLE, LANES), _ir.VectorType(_WORD, LANES)
_TRUTHS = _ir.VectorType(_ir.IntType(1), LANES)


class _Kind(_types.Type):  # type: ignore[misc]
    """A type of this module; there is one of each."""


class _FourKind(_Kind):
    """Type of four numbers."""


class _TruthsKind(_Kind):
    """Type of four truth values."""


class _LanesKind(_Kind):
    """Type of a pointer to numbers in groups of four."""


class _LaneKind(_Kind):
    """Type of a pointer to every fourth number."""


FOUR, TRUTHS = _FourKind("accord.Four"), _TruthsKind("accord.FourTruths")
LANES_POINTER, LANE_POINTER = _LanesKind("accord.Lanes"), _LaneKind("accord.Lane")


def _model(kind: Any, inside: Any) -> None:
    """Tell numba how a type is held."""

    class Model(_models.PrimitiveModel):  # type: ignore[misc]
        """Held as it is."""

        def __init__(self, manager: Any, of: Any) -> None:
            super().__init__(manager, of, inside)

    _models.register_default(kind)(Model)


_model(_FourKind, _DOUBLES)
_model(_TruthsKind, _TRUTHS)
_model(_LanesKind, _DOUBLE.as_pointer())
_model(_LaneKind, _DOUBLE.as_pointer())


def _splat(builder: Any, value: Any, inside: Any, whole: Any) -> Any:
    """One value in every lane."""
    first = builder.insert_element(
        _ir.Constant(whole, _ir.Undefined), value, _ir.Constant(_ir.IntType(32), 0)
    )
    nought = _ir.Constant(_ir.VectorType(_ir.IntType(32), LANES), [0] * LANES)
    return builder.shuffle_vector(first, _ir.Constant(whole, _ir.Undefined), nought)


def _wide(builder: Any, kind: Any, value: Any) -> Any:
    """A value in every lane, unless it has lanes."""
    if isinstance(kind, _FourKind | _TruthsKind):
        return value
    if isinstance(kind, _types.Boolean):
        return _splat(builder, value, _ir.IntType(1), _TRUTHS)
    return _splat(builder, value, _DOUBLE, _DOUBLES)


def _number(kind: Any) -> Any:
    """The type that an operand is taken as: four numbers, or one; None for what is no number."""
    if isinstance(kind, _FourKind):
        return FOUR
    return _types.float64 if isinstance(_types.unliteral(kind), _types.Number) else None


def _truth(kind: Any) -> Any:
    """The type that an operand is taken as: four truth values, or one; None for what is neither."""
    if isinstance(kind, _TruthsKind):
        return TRUTHS
    return _types.boolean if isinstance(_types.unliteral(kind), _types.Boolean) else None


def _operation(symbols: Any, gives: Any, taken: Any, make: Any, arity: int = 2) -> None:
    """Teach numba an operator of which at least one operand has lanes."""
    for symbol in symbols:

        @_infer(symbol)
        class Template(_Template):  # type: ignore[misc]
            """Types of the operands and of what it gives."""

            def generic(self, args: Any, kws: Any) -> Any:
                """The signature; None where this is not about lanes."""
                kinds = [taken(one) for one in args]
                laned = any(isinstance(one, _FourKind | _TruthsKind) for one in args)
                if len(args) != arity or kws or not laned or None in kinds:
                    return None
                return _signature(gives, *kinds)

        def lowered(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            """The instruction."""
            wide = [_wide(builder, kind, one) for kind, one in zip(signature.args, values, strict=True)]
            return make(builder, *wide)

        for pattern in _patterns(arity):
            _builtin(symbol, *pattern)(lowered)


def _patterns(arity: int) -> list[tuple[Any, ...]]:
    """Combinations of types of operands with at least one that has lanes."""
    pairs = ((_FourKind, _types.Float), (_TruthsKind, _types.Boolean))
    if arity == 1:
        return [(_FourKind,), (_TruthsKind,)]
    return [(x, y) for lanes, one in pairs for x, y in ((lanes, lanes), (lanes, one), (one, lanes))]


def _compare(symbol: str) -> Any:
    """A comparison that is false for missing numbers, but for ``!=``, which is true."""

    def make(builder: Any, x: Any, y: Any) -> Any:
        """The instruction."""
        if symbol == "!=":
            return builder.fcmp_unordered(symbol, x, y)
        return builder.fcmp_ordered(symbol, x, y)

    return make


def _absolute(builder: Any, x: Any) -> Any:
    """Without the bit of the sign."""
    kept = _ir.Constant(_WORDS, [2**63 - 1] * LANES)
    return builder.bitcast(builder.and_(builder.bitcast(x, _WORDS), kept), _DOUBLES)


_operation((operator.add, operator.iadd), FOUR, _number, lambda b, x, y: b.fadd(x, y))
_operation((operator.sub, operator.isub), FOUR, _number, lambda b, x, y: b.fsub(x, y))
_operation((operator.mul, operator.imul), FOUR, _number, lambda b, x, y: b.fmul(x, y))
_operation((operator.truediv, operator.itruediv), FOUR, _number, lambda b, x, y: b.fdiv(x, y))
for _symbol in ("<", "<=", ">", ">=", "==", "!="):
    _named = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}[_symbol]
    _operation((getattr(operator, _named),), TRUTHS, _number, _compare(_symbol))
_operation((operator.and_,), TRUTHS, _truth, lambda b, x, y: b.and_(x, y))
_operation((operator.or_,), TRUTHS, _truth, lambda b, x, y: b.or_(x, y))
_operation((operator.xor,), TRUTHS, _truth, lambda b, x, y: b.xor(x, y))
_operation((operator.neg,), FOUR, _number, lambda b, x: b.fneg(x), 1)
_operation((abs,), FOUR, _number, _absolute, 1)


def _place(builder: Any, pointer: Any, index: Any) -> Any:
    """Address of the first lane of a place."""
    return builder.gep(pointer, [builder.mul(index, _ir.Constant(_WORD, LANES))], source_etype=_DOUBLE)


def _indexed(kind: Any, element: Any, inside: Any) -> None:
    """Reading and writing through a pointer."""

    @_infer(operator.getitem)
    class Read(_Template):  # type: ignore[misc]
        """``a[k]``."""

        def generic(self, args: Any, kws: Any) -> Any:
            """The signature; None for other containers."""
            if len(args) == 2 and isinstance(args[0], kind):
                return _signature(element, args[0], _types.intp)
            return None

    @_infer(operator.setitem)
    class Write(_Template):  # type: ignore[misc]
        """``a[k] = x``."""

        def generic(self, args: Any, kws: Any) -> Any:
            """The signature; None for other containers."""
            if len(args) == 3 and isinstance(args[0], kind):
                taken = _number(args[2])
                if taken is not None and (taken is element or element is FOUR):
                    return _signature(_types.none, args[0], _types.intp, taken)
            return None

    def read(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """Load."""
        place = builder.bitcast(_place(builder, *values), inside.as_pointer())
        return builder.load(place, align=8, typ=inside)

    def write(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """Store."""
        pointer, index, value = values
        if element is FOUR:
            value = _wide(builder, signature.args[2], value)
        builder.store(value, builder.bitcast(_place(builder, pointer, index), inside.as_pointer()), align=8)
        return context.get_dummy_value()

    _builtin(operator.getitem, kind, _types.Integer)(read)
    for what in (_types.Float, _FourKind):
        _builtin(operator.setitem, kind, _types.Integer, what)(write)


_indexed(_LanesKind, FOUR, _DOUBLES)
_indexed(_LaneKind, _types.float64, _DOUBLE)


def _has_lanes(*kinds: Any) -> bool:
    """Whether any of these types has lanes."""
    return any(isinstance(kind, _FourKind | _TruthsKind) for kind in kinds)


def _pick(typing: Any, truth: Any, yes: Any, no: Any) -> Any:
    """In each lane *yes* where *truth* holds, else *no*."""
    if _truth(truth) is None or _number(yes) is None or _number(no) is None:
        return None
    laned = _has_lanes(truth, yes, no)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """A selection."""
        if not laned:
            return builder.select(*values)
        return builder.select(
            *(_wide(builder, kind, one) for kind, one in zip(signature.args, values, strict=True))
        )

    gives = FOUR if laned else _types.float64
    return gives(_truth(truth), _number(yes), _number(no)), generate


def _bits(typing: Any, truth: Any) -> Any:
    """Truth values as the bits of a number, the first lane's lowest."""
    if _truth(truth) is None:
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The bits next to one another."""
        if not _has_lanes(signature.args[0]):
            return builder.zext(values[0], _WORD)
        return builder.zext(builder.bitcast(values[0], _ir.IntType(LANES)), _WORD)

    return _types.int64(_truth(truth)), generate


def _some(typing: Any, truth: Any) -> Any:
    """Whether it holds in any lane."""
    if _truth(truth) is None:
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """Whether the bits are not all off."""
        if not _has_lanes(signature.args[0]):
            return values[0]
        bits = builder.bitcast(values[0], _ir.IntType(LANES))
        return builder.icmp_unsigned("!=", bits, _ir.Constant(_ir.IntType(LANES), 0))

    return _types.boolean(_truth(truth)), generate


def _flip(typing: Any, truth: Any) -> Any:
    """The opposite in every lane."""
    if _truth(truth) is None:
        return None
    kind = _truth(truth)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """Not."""
        return builder.not_(values[0])

    return kind(kind), generate


def _of(typing: Any, value: Any, lane: Any) -> Any:
    """What one lane holds: a number or a truth value."""
    if isinstance(value, _FourKind):
        gives = _types.float64
    elif isinstance(value, _TruthsKind):
        gives = _types.boolean
    else:
        gives = value = _number(value) if _truth(value) is None else _truth(value)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The value at the lane."""
        if not _has_lanes(signature.args[0]):
            return values[0]
        return builder.extract_element(values[0], values[1])

    return gives(value, _types.intp), generate


def _with_lane(typing: Any, value: Any, lane: Any, number: Any) -> Any:
    """The same numbers but for one lane."""
    if _number(value) is None:
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The number put in."""
        if not _has_lanes(signature.args[0]):
            return values[2]
        return builder.insert_element(values[0], values[2], values[1])

    return _number(value)(_number(value), _types.intp, _types.float64), generate


def _even(typing: Any, like: Any, value: Any) -> Any:
    """One number in every lane that numbers behind this pointer have."""
    laned = isinstance(like, _LanesKind)

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The number, as often as there are lanes."""
        return _splat(builder, values[1], _DOUBLE, _DOUBLES) if laned else values[1]

    return (FOUR if laned else _types.float64)(like, _types.float64), generate


def _width(typing: Any, a: Any) -> Any:
    """How many lanes there are behind a pointer."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """A constant."""
        return _ir.Constant(_WORD, LANES if isinstance(signature.args[0], _LanesKind) else 1)

    return _types.int64(a), generate


def _lane(typing: Any, a: Any, lane: Any) -> Any:
    """A pointer to the numbers of one lane."""
    if not isinstance(a, _LanesKind | _LaneKind):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The address of the lane's first number."""
        if isinstance(signature.args[0], _LaneKind):
            return values[0]
        return builder.gep(values[0], [values[1]], source_etype=_DOUBLE)

    return LANE_POINTER(a, _types.intp), generate


def _lanes_to_row(typing: Any, array: Any, row: Any) -> Any:
    """Pointer to groups of four in one row of a C-contiguous array of two dimensions."""
    if not isinstance(array, _types.Array) or array.layout != "C" or array.ndim != 2:
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The address of the row."""
        made = _cgutils.create_struct_proxy(signature.args[0])(context, builder, value=values[0])
        length = _cgutils.unpack_tuple(builder, made.shape)[1]
        return builder.gep(made.data, [builder.mul(values[1], length)], source_etype=_DOUBLE)

    return LANES_POINTER(array, _types.intp), generate


def _lanes_of(typing: Any, array: Any) -> Any:
    """Pointer to groups of four in a C-contiguous array of one dimension."""
    if not isinstance(array, _types.Array) or array.layout != "C":
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The address of the data."""
        return _cgutils.create_struct_proxy(signature.args[0])(context, builder, value=values[0]).data

    return LANES_POINTER(array), generate


def _as_words(builder: Any, kind: Any, value: Any) -> tuple[Any, Any]:
    """The bits of numbers, and how to make constants that go with them."""
    if isinstance(kind, _FourKind):
        return builder.bitcast(value, _WORDS), lambda one: _ir.Constant(_WORDS, [one] * LANES)
    return builder.bitcast(value, _WORD), lambda one: _ir.Constant(_WORD, one)


def _shape_of(kind: Any) -> Any:
    """How numbers of a type are held."""
    return _DOUBLES if isinstance(kind, _FourKind) else _DOUBLE


def _two_to(typing: Any, shifted: Any) -> Any:
    """``2^k`` for *shifted* = k + 1.5 x 2^52, whose last bits are k (k from -1022 to 1023)."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The exponent, moved to where a number has it."""
        bits, constant = _as_words(builder, signature.args[0], values[0])
        made = builder.shl(builder.add(bits, constant(1023)), constant(52))
        return builder.bitcast(made, _shape_of(signature.args[0]))

    return _number(shifted)(_number(shifted)), generate


# Bits of sqrt(1/2), so that the mantissa lies between it and sqrt(2).
_ROOT = 0x3FE6A09E667F3BCD
_ONE = 0x3FF0000000000000
_MANTISSA = 0x000FFFFFFFFFFFFF
# 2^52, whose last bits are ones, and 2^84, whose last bits are 2^32s.
_ONES, _HIGHS = 0x4330000000000000, 0x4530000000000000
_OFFSET = 2.0**84 + 2.0**52


def _exponent(typing: Any, x: Any) -> Any:
    """The whole k for which ``x / 2^k`` lies in [sqrt(1/2), sqrt(2))."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The exponent's bits as a number: put into the last bits of 2^52, which is then taken away."""
        bits, constant = _as_words(builder, signature.args[0], values[0])
        moved = builder.add(bits, constant(_ONE - _ROOT))
        number = builder.or_(builder.lshr(moved, constant(52)), constant(_ONES))
        held = _shape_of(signature.args[0])
        less = -(2.0**52 + 1023.0)
        offset = _ir.Constant(held, [less] * LANES if held is _DOUBLES else less)
        return builder.fadd(builder.bitcast(number, held), offset)

    return _number(x)(_number(x)), generate


def _mantissa(typing: Any, x: Any) -> Any:
    """``x / 2^k`` in [sqrt(1/2), sqrt(2))."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """The bits behind the exponent, in front of them that of the interval."""
        bits, constant = _as_words(builder, signature.args[0], values[0])
        moved = builder.add(bits, constant(_ONE - _ROOT))
        kept = builder.add(builder.and_(moved, constant(_MANTISSA)), constant(_ROOT))
        return builder.bitcast(kept, _shape_of(signature.args[0]))

    return _number(x)(_number(x)), generate


def _whole_number(typing: Any, word: Any) -> Any:
    """A whole number below 2^53 as a floating-point one, exactly.

    Its lower half goes into the last bits of 2^52, its upper half into those of 2^84; both powers are then taken away.
    """
    if not isinstance(word, _types.Integer):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        """Four operations on bits, two on numbers."""
        low = builder.and_(values[0], _ir.Constant(_WORD, 2**32 - 1))
        low = builder.or_(low, _ir.Constant(_WORD, _ONES))
        high = builder.lshr(values[0], _ir.Constant(_WORD, 32))
        high = builder.or_(high, _ir.Constant(_WORD, _HIGHS))
        rest = builder.fsub(builder.bitcast(high, _DOUBLE), _ir.Constant(_DOUBLE, _OFFSET))
        return builder.fadd(rest, builder.bitcast(low, _DOUBLE))

    return _types.float64(_types.uint64), generate


pick: Any = intrinsic(_pick)
bits: Any = intrinsic(_bits)
some: Any = intrinsic(_some)
flip: Any = intrinsic(_flip)
of: Any = intrinsic(_of)
with_lane: Any = intrinsic(_with_lane)
even: Any = intrinsic(_even)
width: Any = intrinsic(_width)
lane: Any = intrinsic(_lane)
lanes_of: Any = intrinsic(_lanes_of)
lanes_to_row: Any = intrinsic(_lanes_to_row)
two_to: Any = intrinsic(_two_to)
exponent: Any = intrinsic(_exponent)
mantissa: Any = intrinsic(_mantissa)
whole_number: Any = intrinsic(_whole_number)
