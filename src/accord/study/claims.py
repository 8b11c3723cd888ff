"""Testing what a situation claims: vary something, look at an output in both arms, say whether it moves as expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from accord.engine.abreast import abreast
from accord.engine.progress import Progress, Silent
from accord.situation import Claim, Comparison
from accord.situation.claim import ClaimKind
from accord.study.comparing import Detail, Verdict, compared
from accord.study.intervene import Pairs

Kept = MutableMapping[str, dict[str, Any]]

# Runs of each world: where an ending is rare, few drawn runs would show no movement in most worlds.
REPLICATES, DRAWN = 4, 32
# Kinds whose verdict says something about the model; those that check what was put in, and how the equations work it out.
TESTS: tuple[ClaimKind, ...] = ("paired", "output")
CHECKS: tuple[ClaimKind, ...] = ("input", "identity")
KINDS = (*TESTS, *CHECKS)
VERDICTS: tuple[Verdict, ...] = ("supported", "contradicted", "undecided", "reported", "untestable")


@dataclass(frozen=True, slots=True)
class ClaimResult:
    """What became of one claim.

    Parameters
    ----------
    id, kind, says : str
    verdict : str
        Contradicted if one of its comparisons is, else untestable, else undecided, else supported; reported when there is
        nothing but numbers.
    effect, se : float
        Of the comparison that decided it.
    share : float or None
    path : str
        What was varied first, or what carries the claim.
    details : tuple of Detail
    reason : str
        Why it could not be tested.
    output, unit : str
        What the effect was seen in, and its unit.
    note : str
        What the file says about how it is checked.
    """

    id: str
    kind: ClaimKind
    says: str
    verdict: Verdict
    effect: float
    se: float
    share: float | None
    path: str
    details: tuple[Detail, ...] = ()
    reason: str = ""
    output: str = ""
    unit: str = ""
    note: str = ""

    @property
    def lead(self) -> Detail | None:
        """The comparison that decided it; None where there is none."""
        return next((one for one in self.details if one.verdict == self.verdict), None)

    @property
    def worlds(self) -> int:
        """In how many worlds it was judged, those left out in which it is undefined; 0 where it was not."""
        return 0 if self.lead is None else self.lead.judged

    @property
    def beyond(self) -> bool:
        """Whether it is undecided only because what is changed moves nothing, in any world: the model cannot test it."""
        return self.verdict == "undecided" and self.lead is not None and self.lead.still

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> ClaimResult:
        """From plain data."""
        details = tuple(Detail(**one) for one in plain["details"])
        return cls(**{**plain, "details": details})


def judge_claims(
    pairs: Pairs,
    *,
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
    kept: Kept | None = None,
    replicates: int = REPLICATES,
    drawn: int = DRAWN,
) -> tuple[ClaimResult, ...]:
    """Test every claim of the situation of *pairs*.

    Parameters
    ----------
    pairs : Pairs
    only : sequence of str, optional
        Names of claims; all by default.
    progress : Progress, optional
        Advanced by one for each claim.
    kept : mutable mapping, optional
        Where results are kept, by claim, so that an interrupted run goes on; those of another situation or run are made
        anew.
    replicates, drawn : int
        Runs of each world for survival weights and for drawn paths; with fewer, more worlds show no movement at all.

    Returns
    -------
    tuple of ClaimResult
        In the order of the file; a claim that cannot be tested is there with the reason.
    """
    pairs = pairs.with_runs(replicates, drawn)
    bar = Silent() if progress is None else progress
    claims = {
        name: claim for name, claim in pairs.situation.claims.items() if only is None or name in set(only)
    }
    mark = _mark(pairs)
    done = {
        name: ClaimResult.of(found["result"])
        for name in claims
        if kept is not None and (found := kept.get(name)) is not None and found.get("of") == mark
    }
    _look_ahead(pairs, [claim for name, claim in claims.items() if name not in done])
    new = {name: claim for name, claim in claims.items() if name not in done}
    made = abreast(lambda one: _judged(pairs, *one), new.items())
    results = []
    for name in claims:
        if name not in done:
            done[name] = next(made)
            if kept is not None:
                kept[name] = {"of": mark, "result": done[name].plain()}
        results.append(done[name])
        bar.advance(1)
    return tuple(results)


def _mark(pairs: Pairs) -> str:
    """What results depend on."""
    parts = (pairs.situation.digest, pairs.worlds, pairs.seed, pairs.method, pairs.looked_at)
    return " ".join(str(part) for part in (*parts, pairs.replicates, pairs.drawn, *pairs.held_how))


def _look_ahead(pairs: Pairs, claims: Sequence[Claim]) -> None:
    """Work out what many claims want of the situation as it stands together; what fails is told claim by claim."""
    names = {
        output
        for claim in claims
        for _, one in _comparisons(claim)
        if not any(change.against is not None for change in one.vary.values())
        for output in (*(o for o, moves in one.expect.items() if moves != "exact"), *_bounded(one))
    }
    for lens in sorted({name.partition(".")[0] for name in names}):
        try:
            pairs.observe(pairs.situation, sorted(name for name in names if name.startswith(f"{lens}.")))
        except Exception:
            continue


def _comparisons(claim: Claim) -> Iterator[tuple[str, Claim | Comparison]]:
    """A claim's own comparison and its further ones, by name."""
    yield "", claim
    yield from claim.tests.items()


def _bounded(one: Claim | Comparison) -> Iterator[str]:
    """Outputs that the bounds of a comparison name."""
    for output, bound in one.holds.items():
        yield output
        yield from (end for end in (bound.below, bound.above) if isinstance(end, str))


def _judged(pairs: Pairs, name: str, claim: Claim) -> ClaimResult:
    """The result of one claim; whatever goes wrong makes it untestable."""
    path = next(iter(claim.vary), next(iter(claim.encoded_by), ""))
    try:
        details = [
            replace(found, about=(one.says or "") if key else "")
            for key, one in _comparisons(claim)
            for found in compared(pairs, key, one, claim)
        ]
    except Exception as error:
        reason = str(error) or type(error).__name__
        return ClaimResult(name, claim.kind, claim.says, "untestable", np.nan, np.nan, None, path, (), reason)
    if not details:
        reason = "it expects nothing of any output"
        return ClaimResult(name, claim.kind, claim.says, "untestable", np.nan, np.nan, None, path, (), reason)
    verdict = _together([one.verdict for one in details])
    lead = next(one for one in details if one.verdict == verdict)
    reason = lead.words if verdict == "untestable" else ""
    return ClaimResult(
        name,
        claim.kind,
        claim.says,
        verdict,
        lead.effect,
        lead.se,
        lead.share,
        path,
        tuple(details),
        reason,
        lead.output,
        _unit(lead.output),
        claim.note or "",
    )


def _unit(output: str) -> str:
    """Unit of an output; empty where its lens does not tell."""
    from accord.lenses.endurance.outputs import unit_of

    lens, _, name = output.partition(".")
    return unit_of(name) if lens == "endurance" else ""


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict of a claim from those of its comparisons."""
    order: tuple[Verdict, ...] = ("contradicted", "untestable", "undecided", "supported", "reported")
    return next(one for one in order if one in verdicts)


def tally(results: Sequence[ClaimResult], kinds: Sequence[ClaimKind]) -> Counter[Verdict]:
    """How many claims of some kinds came out how."""
    return Counter(one.verdict for one in results if one.kind in kinds)


def repeats(results: Sequence[ClaimResult]) -> dict[str, str]:
    """Claims that rest on the very test of one before them, by name, whatever their files say of it."""
    found: dict[str, str] = {}
    seen: dict[str, str] = {}
    for one in results:
        if one.details:
            tests = [replace(detail, about="") for detail in one.details]
            first = seen.setdefault(f"{one.path} {tests!r}", one.id)
            if first != one.id:
                found[one.id] = first
    return found
