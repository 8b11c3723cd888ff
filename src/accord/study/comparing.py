"""One comparison of a claim: two arms on the same random numbers, and what their difference says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from accord.finding import FloatArray
from accord.formulas import wording
from accord.situation import Bound, Change, Claim, Comparison, Situation
from accord.study.intervene import Pairs

Verdict = Literal["supported", "contradicted", "undecided", "reported", "untestable"]

# An effect counts from here on (or from a share of the base), beyond so many standard errors, with the right sign in so
# many of the worlds.
LEAST, LEAST_SHARE, ERRORS, MOST_WORLDS = 0.01, 0.05, 3.0, 2.0 / 3.0
_WITH_SHARE = frozenset({"paired", "output"})
_NEVER = "it is undefined in every world"


@dataclass(frozen=True, slots=True)
class Detail:
    """One comparison of one output.

    Parameters
    ----------
    comparison : str
        Empty for the claim's own, else the name of the further test.
    output, movement : str
        What was looked at, and what was expected (``holds`` for a bound).
    effect, se : float
        Mean difference between the arms (or the value itself, or the margin of a bound) and its standard error; for an
        exact property the largest deviation.  NaN where it has none.
    share : float or None
        Share of the worlds in which the sign is right or the bound holds; None where worlds do not count.
    base, varied : float
        Means of the two arms; NaN where there is no such arm.
    undefined : int
        Worlds in which it is undefined; they are left out and told.
    verdict, words : str
    bound : str
        What a bound says (``above 0.866``); empty for a movement.
    worlds : int
        In how many worlds it was looked at.
    about : str
        What a further test shows, as the file says it.
    """

    comparison: str
    output: str
    movement: str
    effect: float
    se: float
    share: float | None
    base: float
    varied: float
    undefined: int
    verdict: Verdict
    words: str
    bound: str = ""
    worlds: int = 0
    about: str = ""

    @property
    def expected(self) -> str:
        """What was expected, in a word or two: ``up``, ``above 0.866``, ``exact``; nothing where a number is only reported."""
        return "" if self.movement == "reported" else self.bound or self.movement

    @property
    def still(self) -> bool:
        """Whether it was to move and does not, in any world: the model has nothing that would move it."""
        if self.movement == "smaller" and self.varied != 0.0:
            # It moves, by as much as in the claim's own comparison.
            return False
        return self.movement in ("up", "down", "smaller") and self.effect == 0.0 and self.se == 0.0

    @property
    def judged(self) -> int:
        """In how many worlds it was looked at and is defined."""
        return self.worlds - self.undefined


@dataclass(frozen=True, slots=True)
class Arms:
    """The situations that a comparison sets side by side, and whether something is varied (if only to where it is)."""

    base: Situation
    varied: Situation
    apart: bool


def arms_of(pairs: Pairs, one: Claim | Comparison) -> Arms:
    """Both arms: as it stands (or with what is set ``against``), and with what is varied.

    Raises
    ------
    SituationError
        When a change does not fit.
    """
    against = {
        path: Change(to=change.against) for path, change in one.vary.items() if change.against is not None
    }
    wanted = {path: replace(change, against=None) for path, change in one.vary.items()}
    return Arms(pairs.arm(against), pairs.arm(wanted), bool(one.vary))


def compared(pairs: Pairs, key: str, one: Claim | Comparison, claim: Claim) -> Iterator[Detail]:
    """Every output that a comparison of a claim names, judged.

    Raises
    ------
    ValueError
        When an output cannot be worked out; SituationError when a change does not fit.
    """
    arms = arms_of(pairs, one)
    ends = [end for bound in one.holds.values() for end in (bound.below, bound.above) if isinstance(end, str)]
    moved = [output for output, movement in one.expect.items() if movement != "exact"]
    varied = pairs.observe(arms.varied, [*moved, *one.holds, *ends])
    base = pairs.observe(arms.base, moved)
    with_share = claim.kind in _WITH_SHARE
    for output, movement in one.expect.items():
        if movement == "exact":
            yield _exact(pairs, key, output, arms)
            continue
        few = _Few.of(pairs, output)
        old, new = few.rows(base[output]), few.rows(varied[output])
        if movement == "reported":
            yield few.told(_reported(key, output, old, new, arms.apart))
        elif not arms.apart:
            raise ValueError(f"'{output}' is to move, but nothing is varied")
        elif movement == "unchanged":
            yield few.told(_unchanged(key, output, old, new))
        elif movement == "smaller":
            own = few.rows(_own_shift(pairs, output, claim if key else None))
            yield few.told(_smaller(key, output, own, new - old, with_share))
        else:
            yield few.told(_moved(key, output, movement, old, new, with_share))
    for output, bound in one.holds.items():
        for side in ("below", "above"):
            if (end := getattr(bound, side)) is not None:
                few = _Few.of(pairs, output, *([end] if isinstance(end, str) else []))
                values = {name: few.rows(one) for name, one in varied.items()}
                yield few.told(_holds(key, output, side, bound, values))


@dataclass(frozen=True, slots=True)
class _Few:
    """The worlds that outputs cover: the first so many of those that are looked at."""

    count: int
    all: int

    @classmethod
    def of(cls, pairs: Pairs, *names: str) -> _Few:
        """Those that all of these outputs cover."""
        return cls(min(pairs.covered(name) for name in names), pairs.looked_at)

    def rows(self, values: FloatArray) -> FloatArray:
        """Values in these worlds."""
        return values[: self.count]

    def told(self, detail: Detail) -> Detail:
        """The same; where these are not all worlds its words say so."""
        detail = replace(detail, worlds=self.count)
        if self.count == self.all:
            return detail
        words = f"{detail.words}; looked at in the first {wording.count(self.count, 'world')} only"
        return replace(detail, words=words)


def _moments(values: FloatArray) -> tuple[float, float]:
    """Mean and its standard error; NaN without any value."""
    if values.size == 0:
        return np.nan, np.nan
    error = float(values.std(ddof=1) / np.sqrt(values.size)) if values.size > 1 else np.nan
    return float(values.mean()), error


def _mean(values: FloatArray) -> float:
    """Mean of the values that are defined; NaN without any."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def _moved(
    key: str, output: str, movement: str, base: FloatArray, varied: FloatArray, with_share: bool
) -> Detail:
    """Whether an output moves as expected, world by world."""
    known = ~np.isnan(base) & ~np.isnan(varied)
    shift = (varied - base)[known]
    sign = 1.0 if movement == "up" else -1.0
    effect, error = _moments(shift)
    undefined = int(known.size - shift.size)
    means = (float(base[known].mean()), float(varied[known].mean())) if shift.size else (np.nan, np.nan)
    right = float((sign * shift > 0.0).mean()) if shift.size else np.nan
    wrong = float((sign * shift < 0.0).mean()) if shift.size else np.nan
    if not shift.size:
        verdict: Verdict = "untestable"
        words = _NEVER
    else:
        verdict = verdict_of(sign * effect, error, means[0], (right, wrong) if with_share else (1.0, 1.0))
        words = f"{means[0]:.4g} to {means[1]:.4g}, {effect:+.3g} (standard error {error:.2g})"
        words += f"; expected {movement}" + (f", so in {right:.0%} of worlds" if with_share else "")
        words += _told(undefined)
    share = right if with_share else None
    return Detail(key, output, movement, effect, error, share, *means, undefined, verdict, words)


def _own_shift(pairs: Pairs, output: str, claim: Claim | None) -> FloatArray:
    """How far an output moves in a claim's own comparison, world by world."""
    arms = None if claim is None else arms_of(pairs, claim)
    if arms is None or not arms.apart:
        raise ValueError(f"'{output}' is to move less than in the claim's own comparison, but there is none")
    return pairs.observe(arms.varied, [output])[output] - pairs.observe(arms.base, [output])[output]


def _smaller(key: str, output: str, own: FloatArray, other: FloatArray, with_share: bool) -> Detail:
    """Whether an output moves less, in either direction, than in the claim's own comparison, world by world."""
    sizes = np.abs(own), np.abs(other)
    known = ~np.isnan(own) & ~np.isnan(other)
    lead = (sizes[0] - sizes[1])[known]
    undefined = int(known.size - lead.size)
    if not lead.size:
        return Detail(
            key, output, "smaller", np.nan, np.nan, None, np.nan, np.nan, undefined, "untestable", _NEVER
        )
    effect, error = _moments(lead)
    means = float(sizes[0][known].mean()), float(sizes[1][known].mean())
    right, wrong = float((lead > 0.0).mean()), float((lead < 0.0).mean())
    shares = (right, wrong) if with_share else (1.0, 1.0)
    verdict = verdict_of(effect, error, means[0], shares)
    words = f"moves by {means[1]:.3g} against {means[0]:.3g} (standard error of the difference {error:.2g})"
    words += f"; less in {right:.0%} of worlds{_told(undefined)}"
    share = right if with_share else None
    return Detail(key, output, "smaller", effect, error, share, *means, undefined, verdict, words)


def verdict_of(toward: float, error: float, base: float, shares: tuple[float, float]) -> Verdict:
    """Verdict on a movement.

    Parameters
    ----------
    toward : float
        Mean difference, positive in the direction that is expected.
    error : float
        Its standard error.
    base : float
        Mean of the base arm.
    shares : tuple of float
        Shares of worlds with the right and with the wrong sign.
    """
    size = abs(toward)
    counts = size >= LEAST or (size >= LEAST_SHARE * abs(base) and size > 0.0)
    if not (counts and size > ERRORS * error):
        return "undecided"
    if toward > 0.0:
        return "supported" if shares[0] >= MOST_WORLDS else "undecided"
    return "contradicted" if shares[1] >= MOST_WORLDS else "undecided"


def _told(undefined: int) -> str:
    """Worlds that were left out, in words."""
    return f"; undefined in {wording.count(undefined, 'world')}, left out" if undefined else ""


def _unchanged(key: str, output: str, base: FloatArray, varied: FloatArray) -> Detail:
    """Whether an output is the same in both arms, bit for bit."""
    same = bool(np.array_equal(base, varied, equal_nan=True))
    off = np.nan_to_num(np.abs(varied - base))
    words = "the same to the last digit in every world"
    if not same:
        words = (
            f"differs in {wording.count(int((off > 0).sum()), 'world')}, by up to {off.max(initial=0.0):.2g}"
        )
    verdict: Verdict = "supported" if same else "contradicted"
    undefined = int(np.isnan(varied).sum())
    if undefined == varied.size:
        verdict, words = "untestable", _NEVER
    effect = float(_mean(varied - base))
    return Detail(
        key, output, "unchanged", effect, np.nan, None, _mean(base), _mean(varied), undefined, verdict, words
    )


def _reported(key: str, output: str, base: FloatArray, varied: FloatArray, apart: bool) -> Detail:
    """A number with its spread, no verdict."""
    values = varied - base if apart else varied
    known = values[~np.isnan(values)]
    undefined = int(values.size - known.size)
    effect, error = _moments(known)
    spread = float(known.std(ddof=1)) if known.size > 1 else np.nan
    words = f"{effect:+.4g}" if apart else f"{effect:.4g}"
    words = f"{words} (sd over worlds {spread:.2g}){_told(undefined)}" if known.size else _NEVER
    means = (_mean(base) if apart else np.nan, _mean(varied))
    return Detail(key, output, "reported", effect, error, None, *means, undefined, "reported", words)


def _holds(key: str, output: str, side: str, bound: Bound, values: dict[str, FloatArray]) -> Detail:
    """In how many worlds an output stays below or above its bound."""
    end = getattr(bound, side)
    limit = values[end] if isinstance(end, str) else np.full_like(values[output], float(end))
    margin = (limit - values[output]) if side == "below" else (values[output] - limit)
    known = margin[~np.isnan(margin)]
    undefined = int(margin.size - known.size)
    effect, error = _moments(known)
    share = float((known > 0.0).mean()) if known.size else None
    bounded = f"{side} {end if isinstance(end, str) else f'{end:g}'}"
    verdict: Verdict = "untestable"
    words = _NEVER
    if share is not None:
        high, low = share >= MOST_WORLDS, share <= 1.0 - MOST_WORLDS
        verdict = "supported" if high else "contradicted" if low else "undecided"
        words = f"{bounded} in {share:.0%} of worlds{_told(undefined)}"
    means = (_mean(limit), _mean(values[output]))
    return Detail(key, output, "holds", effect, error, share, *means, undefined, verdict, words, bounded)


def _exact(pairs: Pairs, key: str, output: str, arms: Arms) -> Detail:
    """Whether an exact property of the equations holds."""
    from accord.lenses.endurance.identities import Arm, identity

    lens, _, name = output.partition(".")
    if lens != "endurance":
        raise ValueError(f"exact properties are known of the endurance lens only, not of '{lens}'")
    base, varied = (Arm(one, pairs.drawn_for(one, lens)) for one in (arms.base, arms.varied))
    found = identity(name, base, varied if arms.apart else None, pairs.calibration)
    worst = float(found.deviation.max(initial=0.0))
    verdict: Verdict = "supported" if worst <= found.tolerance else "contradicted"
    words = f"{found.says}: off by at most {worst:.2g}"
    return Detail(
        key,
        output,
        "exact",
        worst,
        np.nan,
        None,
        np.nan,
        np.nan,
        0,
        verdict,
        words,
        worlds=found.deviation.size,
    )
