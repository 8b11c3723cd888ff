"""One slip in a name is one problem, however many places use the name."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from accord.problems import Problem, listed

# What is expected of a citation, as the builder says it.
_SOURCE = "a name under 'sources'"
_FEW = 3


def gathered(problems: Sequence[Problem]) -> list[Problem]:
    """The problems, each source that is not declared told once: where it is used first, and how often.

    Parameters
    ----------
    problems : sequence of Problem
        In the order in which they were found.

    Returns
    -------
    list of Problem
        One that stands alone is as it was.
    """
    uses: dict[str, list[Problem]] = {}
    for problem in problems:
        if _undeclared(problem):
            uses.setdefault(problem.says, []).append(problem)
    told = []
    for problem in problems:
        same = uses.get(problem.says, []) if _undeclared(problem) else []
        if len(same) <= 1:
            told.append(problem)
        elif problem is same[0]:
            told.append(_together(same))
    return told


def _undeclared(problem: Problem) -> bool:
    """Whether it is about a source that is cited and not declared."""
    return problem.kind == "unknown-reference" and problem.expected == _SOURCE


def _together(same: Sequence[Problem]) -> Problem:
    """All uses of one source as one problem, at the first of them."""
    places = list(dict.fromkeys(_number_of(problem.path) for problem in same))
    if len(places) == 1:
        return same[0]
    says = f"{same[0].says}, and {len(places)} places use it: {listed(places, _FEW)}"
    return dataclasses.replace(same[0], says=says)


def _number_of(path: str) -> str:
    """What cites a source, from the path of the citation."""
    # The last one: names may begin with it too (``actors.source_team.size.source.of``).
    before, found, _ = path.rpartition(".source")
    return before if found else path
