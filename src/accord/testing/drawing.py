"""Plain draws for tests: every uncertain number uniformly between its ends, omitted ones from their priors.

On purpose simpler than and independent of :mod:`accord.worlds`: a contract should not depend on how worlds are drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from accord.finding import Lens
from accord.situation import Estimate, Range, Situation, Vocabulary, estimates, matches, ranges
from accord.worlds import Worlds

_BLOCKS = ("issues", "actors", "resources")
_PARTNERSHIP = ("patrons", "threats", "suitors")


def with_fills(situation: Situation, lens: Lens) -> dict[str, Estimate]:
    """Every number of the situation, and every omitted one that the lens fills, by path.

    Parameters
    ----------
    situation : Situation
    lens : Lens
        Its ``fills`` name the omitted numbers that take their prior.

    Returns
    -------
    dict
        Stated numbers in the order of the declaration, then filled ones.
    """
    known = ranges(Vocabulary(tuple(lens.terms)))
    found = estimates(situation)
    for pattern in lens.fills:
        limits = known[pattern][0]
        for path in places(situation, pattern):
            if path not in found:
                found[path] = _prior(
                    limits if limits is None or limits.prior else _of_stance(situation, path), path
                )
    return found


def _of_stance(situation: Situation, path: str) -> Range | None:
    """The prior of an omitted position or salience: anywhere on its scale."""
    parts = path.split(".")
    if parts[0] != "stances":
        return None
    scale = situation.issues[parts[1]].scale
    ends = (scale.low, scale.high) if parts[3] == "position" else (0.0, 1.0)
    return Range(prior=ends, shape="uniform")


def _prior(limits: Range | None, path: str) -> Estimate:
    """The prior of an omitted number, as a range."""
    if limits is None or limits.prior is None:
        raise ValueError(f"'{path}' cannot be filled: its declaration has no prior")
    low, high = limits.prior
    if limits.shape == "top":
        low = high
    if limits.shape == "top":
        low = high
    if limits.shape == "zero":
        return Estimate(best=low if low == high else 0.0, prior=True)
    if limits.shape == "bernoulli":
        return Estimate(best=low, prior=True)
    return Estimate(best=(low + high) / 2, low=low, high=high, distribution="uniform", prior=True)


def places(situation: Situation, pattern: str) -> list[str]:
    """Paths that a pattern stands for in this situation, stated or not; none below a client that does not exist."""
    if (
        pattern.startswith(("partnership.client.", "partnership.territory"))
        and situation.partnership.client is None
    ):
        return []
    return [".".join(parts) for parts in _expanded(situation, pattern.split("."), ())]


def _expanded(situation: Situation, rest: list[str], done: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Replace the wildcards of a pattern from the left."""
    if not rest:
        yield done
        return
    options: Iterable[str] = _names(situation, done) if rest[0] == "*" else [rest[0]]
    for name in options:
        yield from _expanded(situation, rest[1:], (*done, name))


def _names(situation: Situation, done: tuple[str, ...]) -> list[str]:
    """Names that may stand after these parts of a path."""
    last = done[-1]
    if len(done) == 1 and last in _BLOCKS:
        named: Mapping[str, object] = getattr(situation, last)
        return list(named)
    if last in _PARTNERSHIP:
        block: Mapping[str, object] = getattr(situation.partnership, last)
        return list(block)
    if done == ("stances",):
        return list(situation.stances)
    if done[0] == "stances" and len(done) == 2:
        return list(dict.fromkeys([*situation.stances[done[1]], *situation.partnership.patrons]))
    if done[0] == "actors" and last == "capability":
        return list(situation.resources)
    if done[0] == "ties":
        return [name for name in situation.partnership.patrons if name not in done]
    at_hand = [path.split(".") for path in estimates(situation)]
    return list(
        dict.fromkeys(p[len(done)] for p in at_hand if tuple(p[: len(done)]) == done and len(p) > len(done))
    )


def draw(numbers: Mapping[str, Estimate], worlds: int, seed: int) -> tuple[Worlds, Worlds]:
    """World 0 of best estimates, and some drawn worlds.

    Parameters
    ----------
    numbers : mapping
        Estimates by path.
    worlds : int
        How many worlds to draw.
    seed : int

    Returns
    -------
    tuple of Worlds
        One world of best estimates, and the drawn worlds.
    """
    stream = np.random.default_rng(seed)
    bounds = {path: ends(estimate) for path, estimate in numbers.items()}
    loose = [path for path, (low, _, high) in bounds.items() if high > low]
    fixed = {path: best for path, (_, best, _) in bounds.items() if path not in set(loose)}
    best = np.array([[bounds[path][1] for path in loose]]).reshape(1, len(loose))
    low, high = (np.array([bounds[path][end] for path in loose]) for end in (0, 2))
    drawn = low + (high - low) * stream.random((worlds, len(loose)))
    return Worlds(tuple(loose), best, fixed, 0), Worlds(tuple(loose), drawn, fixed, 1)


def ends(estimate: Estimate) -> tuple[float, float, float]:
    """Low end, best value and high end of an estimate, whatever its distribution."""
    low, best, high = estimate.low, estimate.best, estimate.high
    centre, width = estimate.parameter("mean"), estimate.parameter("sd")
    median, sigma = estimate.parameter("median"), estimate.parameter("sigma")
    if low is None or high is None:
        if centre is not None and width is not None:
            low, high = centre - width, centre + width
        elif median is not None and sigma is not None:
            low, high = median * math.exp(-sigma), median * math.exp(sigma)
        elif estimate.distribution in ("beta", "bernoulli"):
            low, high = 0.0, 1.0
        else:
            low = high = best
    if low is None or high is None:
        raise ValueError("an estimate without a best value or a range cannot be drawn")
    return low, (low + high) / 2 if best is None else best, high


def allowed(path: str, patterns: Iterable[str]) -> bool:
    """Whether a path fits one of some patterns."""
    return any(matches(path, pattern) for pattern in patterns)
