"""What is asked of all divisions at once: the best, the second best, minima, and what each pair costs apart and together."""

from __future__ import annotations

from typing import Any

import numpy as np

from accord.engine.compile import njit
from accord.lenses.alignment.kernels.blocks import Space, fill, merge, prepare, set_high


@njit(inner=True)
def note(block: Any, start: int, slack: float, best: Any, codes: Any) -> None:
    """Bring the lowest two energies of *best*, how many share the lowest, and the first code of these up to date."""
    for t in range(block.size):
        x = block[t]
        if x < best[0] - slack:
            best[1], best[0] = best[0], x
            codes[0], codes[1] = start + t, 1
        elif x <= best[0] + slack:
            best[1] = min(best[1], max(x, best[0]))
            best[0] = min(best[0], x)
            codes[0], codes[1] = min(codes[0], start + t), codes[1] + 1
        elif x < best[1]:
            best[1] = x


@njit(melt=True)
def rise(code: int, bit: int, s: Space) -> Any:
    """By how much the energy rises when one bit of a code is turned."""
    total = s.single[bit]
    for k in range(s.single.size):
        if (code >> k) & 1 and k != bit:
            total -= 2.0 * s.pair[bit, k]
    return -total if (code >> bit) & 1 else total


@njit(melt=True)
def _around_six(block: Any, q: int, near: Any) -> None:
    """Least energy a turn of one of six bits above the row away, for each code of row *q* (rows of 16, 64 of them).

    Rows are cut out first: with their lengths known to be apart from one another the loop runs on several at once.
    """
    a, b, c = (q ^ 1) * 16, (q ^ 2) * 16, (q ^ 4) * 16
    d, e, f = (q ^ 8) * 16, (q ^ 16) * 16, (q ^ 32) * 16
    one, two, three = block[a : a + 16], block[b : b + 16], block[c : c + 16]
    four, five, six = block[d : d + 16], block[e : e + 16], block[f : f + 16]
    for t in range(16):
        x, y, z = min(one[t], two[t]), min(three[t], four[t]), min(five[t], six[t])
        x = min(x, y)
        near[t] = min(x, z)


@njit(melt=True)
def _around(block: Any, q: int, rows: int, near: Any) -> None:
    """As :func:`_around_six` for any number of rows."""
    near[:] = np.inf
    bit = 1
    while bit < rows:
        other = (q ^ bit) * near.size
        for t in range(near.size):
            near[t] = min(near[t], block[other + t])
        bit <<= 1


@njit(inner=True)
def lowest_around(block: Any, start: int, slack: float, s: Space, found: Any, count: int) -> Any:
    """Add to *found* the codes of this block that no turn of one actor betters by more than *slack*; how many by now."""
    width, rows = s.fine.size, s.coarse.size
    for q in range(rows):
        if rows == 64:
            _around_six(block, q, s.around[q * 16 : q * 16 + 16])
        else:
            _around(block, q, rows, s.around[q * width : (q + 1) * width])
    for at in range(block.size):
        if block[at] <= s.around[at] + slack and _stays(block, at, start, slack, s):
            if count < found.size:
                found[count] = start + at
            count += 1
    return count


@njit(melt=True)
def _stays(block: Any, at: int, start: int, slack: float, s: Space) -> Any:
    """Whether no turn of a bit within the row, of a high one or of actor 0 betters the code."""
    bit = 1
    while bit < s.fine.size:
        if block[at ^ bit] < block[at] - slack:
            return False
        bit <<= 1
    for high in range(s.field.size, s.single.size):
        if rise(start + at, high, s) < -slack:
            return False
    first = 0.0
    for k in range(s.single.size):
        first += -s.first[k] if ((start + at) >> k) & 1 else s.first[k]
    return first >= -slack


@njit(inner=True)
def sweep(weight: Any, slack: float, bonds: bool, s: Space, best: Any, codes: Any, found: Any) -> Any:
    """Look at every division once; how many are minima (not looked for when *found* has no room).

    Into *best* the lowest and second lowest energy, into *codes* the first of the lowest and how many they are, into
    *found* the codes of minima.
    """
    prepare(weight, s)
    low, high = s.field.size, s.unset.shape[0]
    best[:], codes[:] = np.inf, 0
    s.unset[:], s.set[:] = np.inf, np.inf
    level, count = 0.0, 0
    for code in range(1 << high):
        if code:
            level = set_high(code, level, s)
        block = s.tree[high + 1] if code & 1 or high == 0 else s.tree[0]
        least = fill(level, s, block)
        s.least[code] = least
        if least <= best[1] + slack:
            note(block, code << low, slack, best, codes)
        if found.size:
            count = lowest_around(block, code << low, slack, s, found, count)
        if bonds:
            merge(code, s)
    return count


@njit(inner=True)
def _by_bit(values: Any, unset: Any, put: Any) -> None:
    """Least of the values where each bit of their index is unset, or set; halves *values* away as it goes."""
    half = values.size >> 1
    bit = unset.size
    while half:
        bit -= 1
        low, high = np.inf, np.inf
        for t in range(half):
            a, b = values[t], values[half + t]
            low = a if a < low else low
            high = b if b < high else high
            values[t] = a if a < b else b
        unset[bit], put[bit] = low, high
        half >>= 1


@njit(inner=True)
def _put(i: int, j: int, apart: float, together: float, out: Any) -> None:
    """Write what a pair costs."""
    out[0, i, j], out[1, i, j] = apart, together
    out[0, j, i], out[1, j, i] = apart, together


@njit(inner=True)
def _within(values: Any, first: int, bits: int, four: Any, out: Any) -> None:
    """Pairs among the bits that index *values*, which are bits from *first* on, and of each with actor 0."""
    top = out.shape[1] - 1 - first
    copy = np.empty(values.size)
    for a in range(bits - 1, -1, -1):
        half = 1 << a
        copy[: 2 * half] = values[: 2 * half]
        low, high = np.inf, np.inf
        for t in range(half):
            x, y = values[t], values[half + t]
            low, high = min(low, x), min(high, y)
            values[t] = x if x < y else y
        _put(top - a, 0, high, low, out)
        _by_bit(copy[:half], four[0, :a], four[1, :a])
        _by_bit(copy[half : 2 * half], four[2, :a], four[3, :a])
        for b in range(a):
            apart, together = min(four[1, b], four[2, b]), min(four[0, b], four[3, b])
            _put(top - a, top - b, apart, together, out)


@njit(inner=True)
def pairs(s: Space, out: Any) -> None:
    """After a sweep with bonds: the least energy of all divisions in which two actors stand apart, or together.

    *out* has the shape (2, actors, actors); the diagonal becomes infinite.  Uses up the tables of the sweep.
    """
    low, high, top = s.field.size, s.unset.shape[0], s.single.size
    out[:] = np.inf
    four = np.empty((4, top + 1))
    _within(s.tree[high + 1], 0, low, four, out)
    _within(s.least, low, high, four, out)
    for j in range(high):
        _by_bit(s.unset[j], four[0, :low], four[1, :low])
        _by_bit(s.set[j], four[2, :low], four[3, :low])
        for a in range(low):
            apart, together = min(four[1, a], four[2, a]), min(four[0, a], four[3, a])
            _put(top - low - j, top - a, apart, together, out)


@njit()
def landscape_of(weight: Any, slack: float, s: Space, best: Any, codes: Any, found: Any, costs: Any) -> Any:
    """One landscape: number of minima; the rest is written to the arguments (pairs only when *costs* has room)."""
    count = sweep(weight, slack, costs.size > 0, s, best, codes, found)
    if costs.size:
        pairs(s, costs)
    return count


@njit()
def landscapes_of(
    weights: Any, slack: float, wanted: Any, s: Space, best: Any, codes: Any, costs: Any
) -> None:
    """Landscapes of many worlds, arrays with a leading dimension; worlds that are not *wanted* are left as they are."""
    nothing = np.empty(0, np.int64)
    for world in range(weights.shape[0]):
        if wanted[world]:
            sweep(weights[world], slack, True, s, best[world], codes[world], nothing)
            pairs(s, costs[world])


@njit()
def energies_of(weight: Any, s: Space, out: Any) -> None:
    """Every energy, in the order of codes."""
    prepare(weight, s)
    low, level = s.field.size, 0.0
    for code in range(s.least.size):
        if code:
            level = set_high(code, level, s)
        fill(level, s, out[code << low : (code + 1) << low])
