"""How many strict rankings satisfy a condition, counted exactly and without going through them.

A condition is a conjunction of clauses; a clause holds when one of its terms does; a term is a set of comparisons, each
a pair (a, b) read "a ranks above b", that must all hold.

Two ways to count, both in whole numbers and fractions:

- All comparisons are "s above x" for one and the same s.  Let every other state lie below s with probability p,
  independently: the condition then depends on the set B of states below s only, and the share of all rankings is the
  integral of Pr(condition) over p from 0 to 1, because the place of s is uniform.  With N_k sets of size k among n
  states that satisfy the condition it is the sum of N_k k! (n-k)! / (n+1)!.
- Otherwise by dynamic programming from the lowest rank up.  Of the states that a condition speaks of, each is the lowest
  with the same probability, and once it is placed, every comparison with it is decided; what remains is a condition over
  the others.  Equal conditions are counted once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import comb, factorial

Atom = tuple[int, int]
Term = frozenset[Atom]
Clause = frozenset[Term]
Condition = frozenset[Clause]

TRUE: Condition = frozenset()
NEVER: Condition = frozenset({frozenset()})

# Partial conditions held at a time; above this the count would take minutes.
MOST_PARTS = 6_000
_MOST_LINKED = 400


def tidy(clauses: Iterable[Iterable[Iterable[Atom]]]) -> Condition:
    """A condition without what does not matter: terms that ask for more than another, clauses that hold anyway.

    Parameters
    ----------
    clauses : iterable of clauses, each an iterable of terms, each an iterable of comparisons

    Returns
    -------
    frozenset
        :data:`TRUE` when every ranking satisfies it, :data:`NEVER` when a clause has no term left.
    """
    kept: set[Clause] = set()
    for clause in clauses:
        terms = _least({term for term in map(frozenset, clause) if not _circular(term)})
        if not terms:
            return NEVER
        if frozenset() not in terms:
            kept.add(terms)
    return frozenset(kept)


def _least(terms: set[Term]) -> Clause:
    """The terms that contain no other one."""
    kept: list[Term] = []
    for term in sorted(terms, key=len):
        if len(term) == 1 or not any(other <= term for other in kept):
            kept.append(term)
    return frozenset(kept)


def _circular(term: Term) -> bool:
    """Whether comparisons lead round in a circle, so that no ranking satisfies them all."""
    if len({a for a, _ in term}) < 2:
        return False
    below: dict[int, list[int]] = {}
    for a, b in term:
        below.setdefault(a, []).append(b)
    waiting = {a: sum(b == a for _, b in term) for pair in term for a in pair}
    free = [a for a, count in waiting.items() if count == 0]
    placed = 0
    while free:
        placed += 1
        for b in below.get(free.pop(), ()):
            waiting[b] -= 1
            if waiting[b] == 0:
                free.append(b)
    return placed < len(waiting)


def share(condition: Condition) -> Fraction:
    """The share of all strict rankings that satisfy a condition.

    Parameters
    ----------
    condition : frozenset
        As made by :func:`tidy`.

    Raises
    ------
    ValueError
        When the condition ties together so many states that the count would take minutes.
    """
    if condition == TRUE:
        return Fraction(1)
    if frozenset() in condition:
        return Fraction(0)
    tops = {a for clause in condition for term in clause for a, _ in term}
    if len(tops) == 1:
        sizes = sizes_below([[[b for _, b in term] for term in clause] for clause in condition])
        return _integral(sizes)
    return _lowest_first(condition)


def _integral(sizes: Sequence[int]) -> Fraction:
    """Sum of N_k k! (n-k)! / (n+1)!."""
    n = len(sizes) - 1
    weight, total = factorial(n), 0
    for k, count in enumerate(sizes):
        total += count * weight
        weight = weight * (k + 1) // max(n - k, 1)
    return Fraction(total, factorial(n + 1))


def _lowest_first(condition: Condition) -> Fraction:
    """The share by dynamic programming over who ranks lowest among the states that still matter."""
    states = {x for clause in condition for term in clause for pair in term for x in pair}
    if len(states) > _MOST_LINKED:
        raise ValueError(_too_large(len(states)))
    known: dict[Condition, Fraction] = {}

    def part(rest: Condition) -> Fraction:
        """Share of rankings that keep what is left of the condition."""
        if rest == TRUE:
            return Fraction(1)
        if rest == NEVER:
            return Fraction(0)
        if rest not in known:
            if len(known) >= MOST_PARTS:
                raise ValueError(_too_large(len(states)))
            known[rest] = Fraction(0)
            alike = _interchangeable(rest)
            total = sum((n * part(_placed(rest, low)) for low, n in alike), Fraction(0))
            known[rest] = total / sum(n for _, n in alike)
        return known[rest]

    return part(condition)


def _interchangeable(condition: Condition) -> list[tuple[int, int]]:
    """One state for each kind, and how many states are of that kind.

    States are of one kind when they occur only as the lower one of terms with a single comparison, with the same states
    above them in the same clauses: whichever of them is placed, the same remains, so one is looked at for all.
    """
    where: dict[int, set[tuple[int, int]]] = {}
    special: set[int] = set()
    for number, clause in enumerate(condition):
        for term in clause:
            for a, b in term:
                special.add(a)
                where.setdefault(b, set()).add((number, a))
                if len(term) > 1:
                    special.add(b)
    kinds: dict[frozenset[tuple[int, int]], list[int]] = {}
    for state in where.keys() - special:
        kinds.setdefault(frozenset(where[state]), []).append(state)
    return [(state, 1) for state in special] + [(group[0], len(group)) for group in kinds.values()]


def _placed(condition: Condition, low: int) -> Condition:
    """What remains of a condition once *low* ranks below all other states it speaks of."""
    kept: set[Clause] = set()
    for clause in condition:
        if not any(low in pair for term in clause for pair in term):
            kept.add(clause)
            continue
        terms = {
            frozenset(pair for pair in term if pair[1] != low)
            for term in clause
            if not any(above == low for above, _ in term)
        }
        if not terms:
            return NEVER
        if frozenset() not in terms:
            kept.add(_least(terms))
    return frozenset(kept)


def _too_large(states: int) -> str:
    """The sentence for a condition that cannot be counted."""
    return (
        f"the rankings that satisfy this condition cannot be counted exactly in reasonable time: it ties {states}"
        " states together; ask for R or GMR, or join states that count as one"
    )


def sizes_below(clauses: Sequence[Sequence[Sequence[int]]]) -> list[int]:
    """How many sets B of each size satisfy a condition in which a term holds when B contains all of it.

    Parameters
    ----------
    clauses : sequence of clauses, each a sequence of terms, each a sequence of elements

    Returns
    -------
    list of int, one for each size from 0 to the number of elements that occur
    """
    total = [1]
    for group in _linked([[frozenset(term) for term in clause] for clause in clauses]):
        total = _times(total, _group_sizes(group))
    return total


def _linked(clauses: list[list[frozenset[int]]]) -> list[list[list[frozenset[int]]]]:
    """Clauses in groups that share no element with each other."""
    groups: list[tuple[set[int], list[list[frozenset[int]]]]] = []
    for clause in clauses:
        used: set[int] = set().union(*clause)
        mine = [clause]
        apart = []
        for other, theirs in groups:
            if other.isdisjoint(used):
                apart.append((other, theirs))
            else:
                used |= other
                mine = theirs + mine
        groups = [*apart, (used, mine)]
    return [group for _, group in groups]


def _times(left: list[int], right: list[int]) -> list[int]:
    """Product of two polynomials."""
    out = [0] * (len(left) + len(right) - 1)
    for i, a in enumerate(left):
        if a:
            for j, b in enumerate(right):
                out[i + j] += a * b
    return out


def _group_sizes(clauses: list[list[frozenset[int]]]) -> list[int]:
    """Sets by size for clauses that hang together."""
    if len(clauses) == 1 and all(len(term) == 1 for term in clauses[0]):
        n = len(clauses[0])
        return [0, *(comb(n, k) for k in range(1, n + 1))]
    # Elements that count by themselves come first: what remains of most clauses is then the same.
    place: dict[int, int] = {}
    ordered = sorted(clauses, key=lambda c: (len(c), sorted(map(sorted, c))))
    for single in (True, False):
        for clause in ordered:
            for term in sorted(clause, key=lambda t: (len(t), sorted(t))):
                if (len(term) == 1) == single:
                    for element in sorted(term):
                        place.setdefault(element, len(place))
    start = frozenset(frozenset(sum(1 << place[x] for x in term) for term in clause) for clause in clauses)
    return _by_element(start, len(place))


def _by_element(start: frozenset[frozenset[int]], count: int) -> list[int]:
    """Decide one element after the other, keeping what is left to satisfy and how many sets led there."""
    parts: dict[frozenset[frozenset[int]], list[int]] = {start: [1]}
    for v in range(count):
        following: dict[frozenset[frozenset[int]], list[int]] = {}
        for rest, sizes in parts.items():
            for taken in (False, True):
                left = _decided(rest, 1 << v, taken)
                if left is None:
                    continue
                moved = [0, *sizes] if taken else [*sizes, 0]
                before = following.get(left)
                following[left] = (
                    moved if before is None else [a + b for a, b in zip(before, moved, strict=True)]
                )
        if len(following) > MOST_PARTS:
            raise ValueError(_too_large(count))
        parts = following
    return parts.get(frozenset(), [0] * (count + 1))


def _decided(rest: frozenset[frozenset[int]], bit: int, taken: bool) -> frozenset[frozenset[int]] | None:
    """What is left of clauses once an element is in or out; None when a clause can no longer hold."""
    kept: set[frozenset[int]] = set()
    for clause in rest:
        if not any(term & bit for term in clause):
            kept.add(clause)
            continue
        terms = {term & ~bit for term in clause if taken or not term & bit}
        if not terms:
            return None
        if 0 not in terms:
            kept.add(frozenset(terms))
    return frozenset(kept)
