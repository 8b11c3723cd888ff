"""Why a claim came out as it did, in a sentence: what contradicts it, or what leaves it undecided."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from accord.figures.numbers import number
from accord.formulas import wording
from accord.study.claims import KINDS, ClaimResult, tally
from accord.study.comparing import ERRORS, LEAST, LEAST_SHARE, MOST_WORLDS, Detail, Verdict

Words = Callable[[str], str]

# Units that add nothing to a number.
PLAIN = ("", "0..1", "number")
BEYOND = "cannot be tested by this model"
_TWO_THIRDS = "fewer than two thirds"
_WAYS = {"up": ("rise", "rises", "falls"), "down": ("fall", "falls", "rises")}


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """A claim that the model does not support, with the sentence that says why.

    Parameters
    ----------
    ident, says, why : str
    """

    ident: str
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Claims that came out alike.

    Parameters
    ----------
    heading, reading : str
        What they have in common, and what that means.
    claims : tuple of OpenClaim
    """

    heading: str
    reading: str
    claims: tuple[OpenClaim, ...]


def open_claims(results: Sequence[ClaimResult], words: Words = str) -> tuple[OpenGroup, ...]:
    """Claims that are not supported, the contradicted ones first; groups without any are left out.

    Parameters
    ----------
    results : sequence of ClaimResult
    words : callable
        From the path of an output to what it is called.
    """
    made = (
        (
            "Contradicted",
            "The model says the opposite.",
            [one for one in results if one.verdict == "contradicted"],
        ),
        (
            "Undecided",
            "The model says neither yes nor no.",
            [one for one in results if one.verdict == "undecided" and not one.beyond],
        ),
        (
            "Not for this model to test",
            "What is changed moves nothing in it, so that its silence says nothing about the claim.",
            [one for one in results if one.beyond or one.verdict == "untestable"],
        ),
    )
    return tuple(
        OpenGroup(heading, reading, tuple(OpenClaim(one.id, one.says, why(one, words)) for one in some))
        for heading, reading, some in made
        if some
    )


def why(result: ClaimResult, words: Words = str) -> str:
    """What contradicts a claim, leaves it undecided or keeps it from being tested; empty for others.

    Parameters
    ----------
    result : ClaimResult
    words : callable
        From the path of an output to what it is called.
    """
    if result.verdict not in ("contradicted", "undecided") or result.lead is None:
        return result.reason
    details = tuple(
        replace(one, output=words(one.output), bound=" ".join(map(words, one.bound.split())))
        for one in result.details
    )
    result = replace(result, output=words(result.output), details=details)
    some = [one for one in result.details if one.verdict == result.verdict]
    reason = _against if result.verdict == "contradicted" else _between
    said = "; ".join(f"{_place(one)}{reason(one, result)}" for one in some)
    if not result.beyond:
        return said
    return f"{BEYOND}: {said}" + (f". {' '.join(result.note.split())}" if result.note else "")


def counted(results: Sequence[ClaimResult], words: Mapping[Verdict, str]) -> list[str]:
    """How many came out how, in the order of *words*; those that the model cannot test named apart."""
    found = tally(results, KINDS)
    beyond = sum(one.beyond for one in results)
    aside = {"undecided": f" ({beyond} of them {BEYOND})" if beyond else ""}
    return [
        f"{found[verdict]} {said}{aside.get(verdict, '')}"
        for verdict, said in words.items()
        if found[verdict]
    ]


def _place(one: Detail) -> str:
    """Which further test of the claim it is."""
    about = f" ({one.about.rstrip('.')})" if one.about else ""
    return f"in the test '{one.comparison.replace('_', ' ')}'{about} " if one.comparison else ""


def _amount(value: float, result: ClaimResult, one: Detail) -> str:
    """A number with the unit of the claim's output, where that is the one looked at."""
    unit = result.unit if one.output == result.output and result.unit not in PLAIN else ""
    return f"{number(value)} {unit}".rstrip()


def _against(one: Detail, result: ClaimResult) -> str:
    """What was expected of an output, and what came out."""
    if one.movement == "holds":
        means = f"{_amount(one.varied, result, one)} against {number(one.base)} on average"
        return f"{one.output} was to stay {one.bound} and does so {_only(one.share)} ({means})"
    if one.movement == "smaller":
        sizes = f"by {number(one.varied)} against {number(one.base)}"
        return f"{one.output} was to move less than in the claim's own comparison and moves more, {sizes}"
    if one.movement in _WAYS:
        wanted, _, other = _WAYS[one.movement]
        means = f"from {number(one.base)} to {_amount(one.varied, result, one)} on average"
        return f"{one.output} was to {wanted} and {other}, {means}"
    wanted = "stay the same" if one.movement == "unchanged" else "be exact"
    return f"{one.output} was to {wanted} and does not: {one.words}"


def _only(share: float | None) -> str:
    """In how few worlds."""
    return "" if share is None else f"only {wording.in_worlds(share)}" if share > 0.0 else "in no world"


def _between(one: Detail, result: ClaimResult) -> str:
    """Why neither holds, by the rules that decide."""
    if one.still:
        worlds = f"each of {one.judged:,} worlds" if one.judged > 0 else "every world"
        worlds += " in which it is defined" if one.undefined else ""
        changed = "what it changes" if one.comparison else f"changing {result.path}"
        return f"{changed} leaves {one.output} exactly as it is in {worlds}"
    if one.movement == "holds":
        share = wording.in_worlds(math.nan if one.share is None else one.share)
        return f"{one.output} is {one.bound} {share}, neither in two thirds of them nor in one third or fewer"
    return f"{_moves(one, result)}: " + " and ".join(_shortfalls(one))


def _moves(one: Detail, result: ClaimResult) -> str:
    """How far an output moves, and whether that way was expected."""
    if one.movement == "smaller":
        return f"{one.output} moves by {number(one.varied)} against {number(one.base)}"
    right = (one.effect > 0) == (one.movement == "up")
    expected, verb, other = _WAYS[one.movement]
    if one.effect == 0.0:
        return f"{one.output} does not move on average, though it was to {expected}"
    size = _amount(abs(one.effect), result, one)
    return f"{one.output} {verb if right else other} by {size} on average" + (
        "" if right else f", though it was to {expected}"
    )


def _shortfalls(one: Detail) -> list[str]:
    """What a verdict would have taken; the same order and limits as :func:`accord.study.comparing.verdict_of`."""
    size = abs(one.effect)
    found = []
    if size < LEAST and size < LEAST_SHARE * abs(one.base):
        found.append(
            f"too little to count (less than {LEAST:g} and than {round(100 * LEAST_SHARE)} % of"
            f" what it was, {number(one.base)})"
        )
    if math.isnan(one.se):
        found.append("a single world tells no error")
    elif size <= ERRORS * one.se and one.se > 0.0:
        found.append(
            f"too small against its error (less than {ERRORS:g} standard errors of {number(one.se)})"
        )
    if found or one.share is None:
        return found
    right = one.movement == "smaller" or (one.effect > 0) == (one.movement == "up")
    if right and one.share < MOST_WORLDS:
        return [f"as claimed only {wording.in_worlds(one.share)}, {_TWO_THIRDS}"]
    return [f"that way in {_TWO_THIRDS} of the worlds (as claimed {wording.in_worlds(one.share)})"]
