"""What the report shows, as plain data: the study fills it, the page reads it, nothing flows back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from accord.finding import Finding, Table
from accord.problems import Problem
from accord.report.claim_reasons import OpenGroup
from accord.situation import Frozen, Situation, Vocabulary
from accord.study.verdict import Reason

CLAIMS_UNTESTED = "Not tested in this run."


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a list: what it is about, and what is said."""

    term: str
    says: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """The verdict, ready for the page.

    Parameters
    ----------
    lead : str
        The answer in one sentence.
    points : tuple of Point
        What stands behind it, in a few points.
    plane : Table
        The lead figure, of kind ``plane``.
    marks : tuple of Point
        What the marks of that figure mean.
    asides : tuple of str
        Sentences beside it: type, viability, calibration.
    because : Reason
        The tree of reasons.
    carried : tuple of Table
        What carries it and what would change it.
    robust : tuple of Table
        Shares beside the population's, and under other calibrations.
    """

    lead: str
    points: tuple[Point, ...]
    plane: Table
    marks: tuple[Point, ...]
    asides: tuple[str, ...]
    because: Reason
    carried: tuple[Table, ...]
    robust: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything the report says, before it is put into words.

    Parameters
    ----------
    situation : Situation
        As it was written (or overlaid); its numbers are the evidence table.
    findings : tuple of Finding
        What the lenses saw, in the order of the report.
    not_fitting : tuple of (str, tuple of str)
        Lenses that did not answer, with their reasons in words.
    scenarios : tuple of Table
        Base against scenario, of kind ``shift`` (drawn) or ``plain``.
    worlds : int
        Worlds that the results rest on, world 0 apart.
    asked : int
        Worlds that were asked for; 0 when as many as were computed.
    complete : bool
        False when the run was interrupted.
    failed_worlds : int
        Worlds of those that a lens could not compute.
    seed : int
    method : str
        How worlds were drawn: ``sobol``, ``latin``, or a clause in words.
    priors : tuple of (str, str)
        Path of every omitted number that its prior stands in for, and that prior in words.
    off : tuple of str
        Paths of optional terms that the file leaves out and that therefore play no part.
    problems : tuple of Problem
        What the check warned of.
    provenance : mapping of str to str
        What a reader needs to repeat the run: digests, versions, command, timings.
    title : str
        Heading; the situation's own title when empty.
    lead : tuple of str
        The answer in one or two paragraphs; taken from the findings when empty.
    vocabulary : Vocabulary
        Keys that lenses add, for the units and questions of their numbers.
    references : tuple of str
        Works that the method section cites besides its own.
    claim_results : mapping of str to str
        What became of each claim that was tested, in words, by its id.
    claims_open : tuple of OpenGroup
        Claims that are not supported, with the reason; the contradicted ones first.
    claims_note : str
        What is said above the claims.
    left_out : tuple of str
        Parts of the run that are missing, in words.
    fewer : str
        What looks at the first worlds only, and at how many.
    drawn : bool
        Whether every figure is drawn; else the lead figure only, and the rest stand as tables.
    verdict : VerdictView or None
    """

    situation: Situation
    findings: tuple[Finding, ...] = ()
    not_fitting: tuple[tuple[str, tuple[str, ...]], ...] = ()
    scenarios: tuple[Table, ...] = ()
    worlds: int = 0
    asked: int = 0
    complete: bool = True
    failed_worlds: int = 0
    seed: int = 0
    method: str = "sobol"
    priors: tuple[tuple[str, str], ...] = ()
    off: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=Frozen)
    title: str = ""
    lead: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    references: tuple[str, ...] = ()
    claim_results: Mapping[str, str] = field(default_factory=Frozen)
    claims_open: tuple[OpenGroup, ...] = ()
    claims_note: str = CLAIMS_UNTESTED
    left_out: tuple[str, ...] = ()
    fewer: str = ""
    drawn: bool = True
    verdict: VerdictView | None = None
