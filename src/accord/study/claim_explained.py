"""What a claim of a file is: its words, its kind and what that means, what is changed, what is expected, who claims it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from accord.files.node import Lines
from accord.problems import did_you_mean
from accord.situation import Bound, Change, Claim, Comparison, Estimate, Situation, estimates
from accord.study.explanation import Evidence, graded, in_words

# What each kind is, as people ask for it.
KIND_WORDS = {
    "input": "a number in the file",
    "identity": "an exact property of an equation",
    "paired": "two runs that differ in one input",
    "output": "a result",
}
_MOVES = {
    "up": "rises",
    "down": "falls",
    "unchanged": "stays the same to the last digit",
    "exact": "is what the equations say",
    "reported": "is reported, without a verdict",
    "smaller": "moves less than in the claim's own comparison",
}


@dataclass(frozen=True, slots=True)
class ClaimExplanation:
    """Everything that the file says of one claim.

    Parameters
    ----------
    path : str
        ``claims.C37``.
    says, kind : str
    changes, expects : tuple of str
        What is changed, and what is to come of it; those of further tests begin with their names.
    carried_by : tuple of str
        Paths of the file that carry it.
    evidence : tuple of Evidence
        Who claims it, and where.
    note, place : str
        How it is checked, and where it stands (file and line).
    verdict : str
        The command that tells it.
    """

    path: str
    says: str
    kind: str
    changes: tuple[str, ...]
    expects: tuple[str, ...]
    carried_by: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    note: str
    place: str
    verdict: str


def claims_at(situation: Situation, path: str) -> tuple[str, ...]:
    """Names of the claims that a path means: ``claims``, ``claims.C37`` (or what is inside it), ``C37``; none otherwise.

    A name by itself means a block of numbers of the file (``ties``) before it means a claim.
    """
    if path == "claims":
        return tuple(situation.claims)
    name = path.removeprefix("claims.").split(".")[0]
    if name not in situation.claims or not (path == name or path.startswith("claims.")):
        return ()
    hidden = path == name and any(number.startswith(f"{name}.") for number in estimates(situation))
    return () if hidden else (name,)


def near_claim(situation: Situation, path: str) -> str:
    """What to try for a path that looks like that of a claim; empty where no claim is close."""
    if not path.startswith("claims.") and "." in path:
        return ""
    meant = did_you_mean(path.removeprefix("claims.").split(".")[0], situation.claims)
    return meant.replace("'", "'claims.", 1) if meant else ""


def explain_claim(situation: Situation, name: str, case: str, lines: Lines | None = None) -> ClaimExplanation:
    """Explain one claim.

    Parameters
    ----------
    situation : Situation
    name : str
        One of its claims.
    case : str
        What the user calls the file, for the command that tells the verdict.
    lines : Lines, optional
        Where everything stands.
    """
    claim, path = situation.claims[name], f"claims.{name}"
    parts: list[tuple[str, Claim | Comparison]] = [("", claim)]
    parts += [(f"{key.replace('_', ' ')}: ", one) for key, one in claim.tests.items()]
    line = None if lines is None else lines.find(path)[0]
    return ClaimExplanation(
        path,
        claim.says,
        f"{claim.kind}: {KIND_WORDS[claim.kind]}",
        tuple(head + text for head, one in parts for text in _changes(one)),
        tuple(head + text for head, one in parts for text in _expects(one)),
        claim.encoded_by,
        tuple(graded(situation, citation) for citation in claim.source),
        " ".join((claim.note or "").split()),
        f"{lines.file}:{line}" if lines is not None and line is not None else "",
        f"accord claims {case}",
    )


def _changes(one: Claim | Comparison) -> Iterator[str]:
    """What a comparison changes, path by path."""
    for path, change in one.vary.items():
        yield f"{path} {_change(change)}" + (f" ({change.assumed})" if change.assumed else "")


def _change(change: Change) -> str:
    """One change in words."""
    said = [f"set to {_value(change.to)}"] if change.to is not None else []
    said += [f"times {change.times:g}"] if change.times is not None else []
    said += (
        [f"{'plus' if change.plus >= 0 else 'minus'} {abs(change.plus):g}"] if change.plus is not None else []
    )
    said += [f"against {_value(change.against)}"] if change.against is not None else []
    return ", ".join(said) or "as it stands"


def _value(value: Any) -> str:
    """A value as somebody would write it."""
    if isinstance(value, Estimate):
        return in_words(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _expects(one: Claim | Comparison) -> Iterator[str]:
    """What is to come of a comparison, output by output."""
    for output, movement in one.expect.items():
        yield f"{output} {_MOVES[movement]}"
    for output, bound in one.holds.items():
        yield f"{output} stays {_bound(bound)}"


def _bound(bound: Bound) -> str:
    """A bound in words."""
    ends = [(side, getattr(bound, side)) for side in ("above", "below")]
    return " and ".join(f"{side} {_value(end)}" for side, end in ends if end is not None)
