"""What the part of a move comes from that no change explains: other draws, other settings, or worlds not looked at."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from accord.lenses import all_lenses
from accord.situation import Situation, Vocabulary
from accord.study.policy import read_by_verdict
from accord.study.ran import How, Ran
from accord.study.subjects import all_priors, subject_of, subjects_of
from accord.worlds import plan

Cause = Literal["draws", "places", "how", "worlds"]

# Settings that give other draws; whatever else differs in how runs were made leaves the draws alone.
_DRAWS = frozenset({"worlds", "done", "seed", "method"})


def causes(
    one: Ran, other: Ran, how: Collection[How], count: int, vocabulary: Vocabulary
) -> tuple[Cause, ...]:
    """What a rest can come from, by what the two runs say.

    Parameters
    ----------
    one, other : Ran
    how : collection of How
        In what they were made differently.
    count : int
        Worlds of the first run that effects were looked at in.
    vocabulary : Vocabulary

    Returns
    -------
    tuple of str
        ``draws``: another seed, method or number of worlds.  ``places``: the same seed, but a number that is drawn in one
        run only moves others to other places in the design, so that they are drawn anew.  ``how``: something else in how
        they were made.  ``worlds``: the runs hold worlds that were not looked at.
    """
    found: list[Cause] = []
    if any(setting.what in _DRAWS for setting in how):
        found.append("draws")
    elif _moved_over(one, other, vocabulary):
        found.append("places")
    if any(setting.what not in _DRAWS for setting in how):
        found.append("how")
    if count < int(one.record["run"]["done"]):
        found.append("worlds")
    return tuple(found)


def _moved_over(one: Ran, other: Ran, vocabulary: Vocabulary) -> bool:
    """Whether a number that the verdict reads has another place in the design of a run than in the looks at the first one."""
    both = (one.situation, other.situation)
    looks = _places(_own_paths(one.situation, vocabulary))
    for ran in (one, other):
        run = _places(_run_paths(ran, vocabulary))
        read = [path for path in _own_paths(ran.situation, vocabulary) if read_by_verdict(path, *both)]
        if any(run.get(path) != looks.get(path) for path in read):
            return True
    return False


def _places(paths: tuple[str, ...]) -> dict[str, int]:
    """The place of each number in a design."""
    return {path: place for place, path in enumerate(paths)}


def _own_paths(situation: Situation, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What is drawn of a situation by itself, in order."""
    return plan(situation, extra=subject_of("", situation, vocabulary, all_lenses()).priors).paths


def _run_paths(ran: Ran, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What a run drew, in order: scenarios beside the situation may assume further numbers."""
    shown = None if ran.record["run"].get("effort", {}).get("scenarios") else ()
    subjects = subjects_of(ran.situation, vocabulary, None, shown, all_lenses())
    return plan(*(one.situation for one in subjects), extra=all_priors(subjects)).paths
