"""Numbers that move together: rank correlations as a Gaussian copula, which leaves every single distribution as it is.

For a bivariate normal, Spearman's rank correlation r and Pearson's rho are tied by rho = 2 sin(pi r / 6) (Pearson 1907;
Kruskal 1958, J. Am. Stat. Assoc. 53, 814-861).  Ranks do not change under increasing functions, so the copula gives
continuous numbers exactly the rank correlation asked for; with a number that takes two values it comes out weaker.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from accord.problems import Problem, listed
from accord.situation import Correlation, Situation

FloatArray = NDArray[np.float64]

_SMALLEST_EIGENVALUE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Numbers that are tied to one another, directly or through others.

    Parameters
    ----------
    paths : tuple of str
    matrix : ndarray, shape (paths, paths)
        Correlations of their normal scores.
    names : tuple of str
        The entries under ``correlations`` it is made of.
    """

    paths: tuple[str, ...]
    matrix: FloatArray
    names: tuple[str, ...]

    @property
    def possible(self) -> bool:
        """Whether numbers with these correlations exist (the matrix is positive definite)."""
        return float(np.linalg.eigvalsh(self.matrix).min()) > _SMALLEST_EIGENVALUE

    def factor(self) -> FloatArray:
        """Lower Cholesky factor; ValueError when the correlations are impossible together."""
        if not self.possible:
            raise ValueError(_impossible(self).says)
        return _cholesky(self.matrix)


def _cholesky(matrix: FloatArray) -> FloatArray:
    """Lower factor row by row: a row does not change, to the last bit, when numbers are added after it."""
    lower = np.zeros_like(matrix)
    for i in range(len(matrix)):
        for j in range(i):
            rest = matrix[i, j] - sum(lower[i, k] * lower[j, k] for k in range(j))
            lower[i, j] = rest / lower[j, j]
        lower[i, i] = math.sqrt(matrix[i, i] - sum(lower[i, k] ** 2 for k in range(i)))
    return lower


def score_correlation(rank: float) -> float:
    """Correlation of the normal scores that gives a Spearman rank correlation."""
    return 2.0 * math.sin(math.pi * rank / 6.0)


def groups(correlations: Mapping[str, Correlation], paths: Iterable[str]) -> tuple[Group, ...]:
    """Tied numbers among these paths, in the order of the paths; correlations with other paths are left out.

    Parameters
    ----------
    correlations : mapping
        As under ``correlations``; of two entries for one pair the first by name counts.
    paths : iterable of str
        The uncertain numbers.
    """
    order = {path: place for place, path in enumerate(paths)}
    pairs: dict[tuple[str, str], tuple[str, float]] = {}
    for name in sorted(correlations):
        between = correlations[name].between
        if len(between) == 2 and between[0] != between[1] and all(path in order for path in between):
            one, other = sorted(between, key=order.__getitem__)
            pairs.setdefault((one, other), (name, correlations[name].rank))
    members = _components(pairs, order)
    return tuple(_group(component, pairs) for component in members)


def _components(pairs: Iterable[tuple[str, str]], order: Mapping[str, int]) -> list[list[str]]:
    """Paths that hang together, each list and the lists themselves in the order given."""
    part: dict[str, set[str]] = {}
    for one, other in pairs:
        whole = part.get(one, {one}) | part.get(other, {other})
        part.update(dict.fromkeys(whole, whole))
    distinct = {id(members): members for members in part.values()}
    lists = [sorted(members, key=order.__getitem__) for members in distinct.values()]
    return sorted(lists, key=lambda members: order[members[0]])


def _group(paths: list[str], pairs: Mapping[tuple[str, str], tuple[str, float]]) -> Group:
    """The matrix of one group."""
    matrix = np.eye(len(paths))
    names = []
    for (one, other), (name, rank) in pairs.items():
        if one in paths:
            i, j = paths.index(one), paths.index(other)
            matrix[i, j] = matrix[j, i] = score_correlation(rank)
            names.append(name)
    return Group(tuple(paths), matrix, tuple(sorted(names)))


def check_correlations(situation: Situation) -> list[Problem]:
    """Correlations that no set of numbers can have together (a with b, b with c, but a against c, say).

    Whether each names two different uncertain numbers is for the reader of files to check, and is not repeated here.

    Parameters
    ----------
    situation : Situation

    Returns
    -------
    list of Problem
        One for each group of numbers whose correlations contradict one another.
    """
    paths = sorted({path for correlation in situation.correlations.values() for path in correlation.between})
    found = groups(situation.correlations, paths)
    return [_impossible(group) for group in found if not group.possible]


def _impossible(group: Group) -> Problem:
    """What to say of correlations that contradict one another, with how far they would have to shrink."""
    says = f"no numbers can be correlated like this: {listed(group.names)} contradict one another"
    hint = f"multiply each of these ranks by {_shrink(group):.2g}, or drop one of them"
    return Problem(
        "contradictory",
        says,
        f"correlations.{group.names[0]}.rank",
        "correlations that can hold together",
        hint,
    )


def _shrink(group: Group) -> float:
    """A factor, rounded down to hundredths, by which ranks that are too strong together become possible."""
    ranks = 6.0 / math.pi * np.arcsin(np.clip(group.matrix - np.eye(len(group.paths)), -1.0, 1.0) / 2.0)
    for hundredths in range(99, 0, -1):
        weaker = np.eye(len(group.paths)) + 2.0 * np.sin(math.pi * ranks * hundredths / 600.0)
        if float(np.linalg.eigvalsh(weaker).min()) > _SMALLEST_EIGENVALUE:
            return hundredths / 100.0
    return 0.0
