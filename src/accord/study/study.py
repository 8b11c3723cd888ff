"""What a run gives: findings for the situation and for each scenario, with everything needed to repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from accord.finding import Finding, Need
from accord.lenses.precedent.stored import Stored
from accord.problems import Problem
from accord.situation import Estimate, Situation
from accord.study.claims import ClaimResult
from accord.study.effort import Effort
from accord.study.verdict import Verdict

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Unfit:
    """A lens that could not be used, and what it would need."""

    lens: str
    question: str
    needs: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """One situation seen through every lens that fits.

    Parameters
    ----------
    name : str
        Empty for the situation itself, else the scenario's name.
    situation : Situation
    findings : tuple of Finding
    unfit : tuple of Unfit
    """

    name: str
    situation: Situation
    findings: tuple[Finding, ...]
    unfit: tuple[Unfit, ...]

    def finding(self, lens: str) -> Finding:
        """The finding of one lens; KeyError when it did not fit."""
        for finding in self.findings:
            if finding.lens == lens:
                return finding
        raise KeyError(lens)


@dataclass(frozen=True, slots=True)
class Study:
    """The whole answer.

    Parameters
    ----------
    base : Look
        The situation itself.
    beside : Look or None
        The situation as its scenarios are seen: over the first worlds only and more briefly, on the same random numbers.
    scenarios : tuple of Look
    worlds : int
        Worlds asked for.
    done : int
        Worlds that were computed.
    failed : int
        Worlds whose computation failed (told in ``failures``).
    failures : tuple of str
        What went wrong, with the numbers of the worlds.
    interrupted : bool
        Whether somebody cancelled it.
    seed : int
    method : str
    effort : Effort
    priors : mapping of path to Estimate
        Omitted numbers that took their prior.
    problems : tuple of Problem
        Warnings and notes of the check.
    digest : str
        SHA-256 over all results; the same for the same file, seed and version.
    columns : mapping of str to ndarray
        Per-world results, ``subject|lens|name``, and ``|draws|path``.
    numbers : ndarray of int64
        Absolute world number of each row.
    at_best, beside_best : mapping
        The same for the one world of best estimates: the situation, and briefly it and its scenarios.
    beside_columns, beside_numbers : mapping, ndarray
        Results of the brief looks, and the worlds of their rows.
    versions, timings : mapping
    verdict : Verdict or None
        None when the endurance lens does not fit, or no world is there.
    claims : tuple of ClaimResult
        Empty when they were not tested.
    stored : Stored or None
        The user's own import that the outside view looked at; None without one.
    left_out : tuple of str
        Parts that were not worked out (cancelled, or not asked for), in words.
    """

    base: Look
    beside: Look | None
    scenarios: tuple[Look, ...]
    worlds: int
    done: int
    failed: int
    failures: tuple[str, ...]
    interrupted: bool
    seed: int
    method: str
    effort: Effort
    priors: Mapping[str, Estimate]
    problems: tuple[Problem, ...]
    digest: str
    columns: Mapping[str, Array] = field(repr=False, compare=False)
    numbers: NDArray[np.int64] = field(repr=False, compare=False)
    at_best: Mapping[str, Array] = field(repr=False, compare=False)
    beside_columns: Mapping[str, Array] = field(repr=False, compare=False)
    beside_best: Mapping[str, Array] = field(repr=False, compare=False)
    beside_numbers: NDArray[np.int64] = field(repr=False, compare=False)
    versions: Mapping[str, str] = field(compare=False)
    timings: Mapping[str, float] = field(compare=False)
    verdict: Verdict | None = field(default=None, compare=False)
    claims: tuple[ClaimResult, ...] = ()
    left_out: tuple[str, ...] = ()
    stored: Stored | None = None

    @property
    def situation(self) -> Situation:
        """The situation that was studied."""
        return self.base.situation

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings for the situation itself."""
        return self.base.findings

    @property
    def complete(self) -> bool:
        """Whether every world that was asked for is there."""
        return self.done == self.worlds

    def finding(self, lens: str) -> Finding:
        """The finding of one lens; KeyError when it did not fit."""
        return self.base.finding(lens)
