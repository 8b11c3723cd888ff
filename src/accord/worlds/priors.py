"""What a number is taken to be when the file says nothing of it: its prior, stated as an assumption.

Only numbers of what exists are filled in: of the partners there are and the threats they face, of the ties between
partners, of the offers the file knows of, of a client and its territory where there is a client.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from accord.problems import did_you_mean
from accord.situation import Estimate, Range, Situation, Vocabulary, at, estimates, fits, ranges
from accord.worlds.distributions import best_of

_CLIENT = "partnership.client"
_OF_CLIENT = (
    "partnership.territory",
    "partnership.territory_speed",
    "partnership.territory_noise",
    "partnership.territory_floor",
    "partnership.influence_exponent",
    *(
        f"partnership.patrons.*.{name}"
        for name in (
            "territory_goal",
            "influence_needs_territory",
            "influence_value",
            "leverage",
            "client_collapse_loss",
            "client_strength_cost",
            "client_ceiling",
        )
    ),
)
# What a client brings is weaker than what a patron does (endurance model, section 2).
_CLIENT_CAPABILITY = Range(0, unit="index", prior=(0.0, 0.5), shape="uniform")
_SALIENCE = Range(0, 1, "share", prior=(0.0, 1.0), shape="uniform")
_NAMED = {"uniform": "uniform", "log": "loguniform", "log1m": "log1m_uniform"}
_MANNER = {"uniform": "", "log": ", evenly in the logarithm", "log1m": ", evenly in ln(1 - x)"}


def omitted(situation: Situation, vocabulary: Vocabulary, patterns: Iterable[str]) -> dict[str, Estimate]:
    """Priors of the numbers that lenses read and the situation does not state.

    Parameters
    ----------
    situation : Situation
    vocabulary : Vocabulary
        Where ranges and priors stand.
    patterns : iterable of str
        Paths with ``*`` for names (a final ``**`` for any rest), as in :attr:`accord.finding.Lens.fills`.

    Returns
    -------
    dict of str to Estimate
        By path, sorted; ``prior`` is true and ``assumed`` says in words what is assumed.  A number whose range has no
        prior is left out: it stays missing.

    Raises
    ------
    ValueError
        When a pattern fits no number of the situation language.
    """
    stated = set(estimates(situation))
    known = ranges(vocabulary)
    wanted = _known_patterns(tuple(patterns), tuple(known))
    found: dict[str, Estimate] = {}
    for pattern in wanted:
        limits = known[pattern][0]
        if limits is None or (
            pattern == "actors.*.stakes" and (situation.stakes is not None or "stakes" in wanted)
        ):
            continue
        for path in paths_of(situation, pattern):
            here = _limits_at(situation, path, limits)
            estimate = None if path in stated or _by_factions(situation, path) else prior_of(here)
            if estimate is not None:
                found[path] = estimate
    return dict(sorted(found.items()))


def _limits_at(situation: Situation, path: str, limits: Range) -> Range:
    """The prior at one path, where it is not the same everywhere."""
    parts = path.split(".")
    client = situation.partnership.client
    if parts[0] == "actors" and parts[2:3] == ["capability"] and client and parts[1] == client.actor:
        return _CLIENT_CAPABILITY
    if parts[0] == "stances" and parts[-1] == "salience":
        return _SALIENCE
    if parts[0] == "stances" and parts[-1] == "position":
        scale = situation.issues[parts[1]].scale
        return Range(
            scale.low, scale.high, "on the issue's scale", prior=(scale.low, scale.high), shape="uniform"
        )
    return limits


def _by_factions(situation: Situation, path: str) -> bool:
    """Whether factions state this number instead."""
    parts = path.split(".")
    if parts[0] != "stances" or len(parts) != 4:
        return False
    stance = situation.stances.get(parts[1], {}).get(parts[2])
    return stance is not None and any(
        getattr(faction, parts[3], None) is not None for faction in stance.factions.values()
    )


@lru_cache(maxsize=16)
def _known_patterns(patterns: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """The patterns of the language that some wanted pattern covers, sorted."""
    every = sorted(known)
    chosen: set[str] = set()
    for pattern in patterns:
        fitting = [one for one in every if one == pattern or fits(one, (pattern,))]
        if not fitting:
            hint = did_you_mean(pattern, every)
            raise ValueError(
                f"'{pattern}' fits no number of the situation language{'; ' + hint if hint else ''}"
            )
        chosen.update(fitting)
    return tuple(sorted(chosen))


def prior_of(limits: Range) -> Estimate | None:
    """The prior that a range declares, as an estimate; None when it declares none (shape ``none``)."""
    if limits.prior is None or limits.shape == "none":
        return None
    low, high = limits.prior
    unit = f" {limits.unit}" if limits.unit else ""
    if limits.shape == "zero":
        point = low if low == high else 0.0
        return Estimate(
            point, assumed=f"not stated: taken as {point:g}{unit}, which leaves it out", prior=True
        )
    if limits.shape == "bernoulli":
        says = f"not stated: taken as 1 with probability {low:g}, else 0"
        return Estimate(
            None, distribution="bernoulli", parameters=(("probability", low),), assumed=says, prior=True
        )
    if low == high or limits.shape == "top":
        return Estimate(high, assumed=f"not stated: taken as {high:g}{unit}", prior=True)
    says = f"not stated: taken as anywhere from {low:g} to {high:g}{unit}{_MANNER[limits.shape]}"
    plain = Estimate(None, low, high, _NAMED[limits.shape])
    return Estimate(best_of(plain), low, high, plain.distribution, assumed=says, prior=True)


def paths_of(situation: Situation, pattern: str) -> list[str]:
    """The paths that a pattern stands for in this situation, whether or not the file states them.

    Of capability and stakes only those of the partners count, and of capability the client's.
    """
    partnership = situation.partnership
    if pattern in ("actors.*.capability.*", "actors.*.stakes"):
        names = set(partnership.patrons)
        if partnership.client is not None and "capability" in pattern:
            names.add(partnership.client.actor)
        rest = pattern.removeprefix("actors.*.").split(".")
        return [
            ".".join(path) for name in sorted(names) for path in _expanded(situation, rest, ["actors", name])
        ]
    without_client = situation.partnership.client is None
    if without_client and (pattern.startswith(f"{_CLIENT}.") or pattern in _OF_CLIENT):
        return []
    return [".".join(parts) for parts in _expanded(situation, pattern.split("."), [])]


def _expanded(situation: Situation, rest: list[str], done: list[str]) -> Iterator[list[str]]:
    """Replace the first ``*`` of *rest* by every name, and go on."""
    if "*" not in rest:
        yield done + rest
        return
    cut = rest.index("*")
    here = done + rest[:cut]
    for name in _names(situation, here):
        yield from _expanded(situation, rest[cut + 1 :], [*here, name])


def _names(situation: Situation, here: list[str]) -> list[str]:
    """Names that can stand at a place: entries that exist, or those of the block they point at."""
    partnership = situation.partnership
    match here:
        case ["ties"]:
            return sorted(partnership.patrons)
        case ["ties", one]:
            return sorted(set(partnership.patrons) - {one})
        case ["partnership", "patrons", _, "threats"]:
            return sorted(partnership.threats)
        case ["actors", _, "capability"]:
            return sorted(situation.resources)
        case ["stances"]:
            return sorted(
                issue
                for issue, held in situation.stances.items()
                if not partnership.patrons.keys().isdisjoint(held)
            )
        case ["stances", _]:
            return sorted(partnership.patrons)
        case _:
            try:
                return sorted(at(situation, ".".join(here)))
            except KeyError:
                return []
