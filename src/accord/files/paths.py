"""Finding the path that somebody meant."""

from __future__ import annotations

from accord.problems import did_you_mean
from accord.situation import Situation, Vocabulary, estimates, matches, ranges


def near_path(path: str, situation: Situation, vocabulary: Vocabulary) -> str:
    """A "did you mean" for a path: first a slip in its last part, then anything close."""
    known = set(estimates(situation))
    parent, _, last = path.rpartition(".")
    if any(matches(path, pattern) for pattern in ranges(vocabulary)):
        return f"'{parent}' is not in this file: add it first"
    beside = {name.rpartition(".")[2] for name in known if name.rpartition(".")[0] == parent}
    beside |= {p.rpartition(".")[2] for p in ranges(vocabulary) if matches(parent, p.rpartition(".")[0])} - {"*"}
    slip = did_you_mean(last, beside - {last})
    if slip:
        return slip.replace("'", f"'{parent}." if parent else "'", 1)
    return did_you_mean(path, known - {path})
