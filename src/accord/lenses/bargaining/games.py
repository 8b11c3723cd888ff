"""Bargaining games as arrays, from the files of other programs or from a situation, and back into files.

``game = read_game("emission.csv")``, then for example
``spatial(game.positions, game.salience, game.capability, low=game.low, high=game.high, **spatial_options(game))``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from accord.exchange.foreign import Form, parsed
from accord.exchange.foreign import write_game as write_file
from accord.exchange.game import Game
from accord.exchange.game_case import kept_in
from accord.formulas import wording
from accord.problems import Problem, SituationError, did_you_mean, listed
from accord.situation import Estimate, Situation

__all__ = ["Game", "game_of", "read_game", "spatial_options", "write_game"]

# KTAB's words for what the spatial model calls otherwise.
_WORDS: dict[str, tuple[str, dict[str, str]]] = {
    "VictoryProbModel": ("victory", {}),
    "PCEModel": ("election", {"MarkovIncentive": "markov_incentive", "MarkovUniform": "markov_uniform"}),
    "StateTransitions": ("transitions", {}),
    "VotingRule": (
        "voting",
        {
            **dict.fromkeys(("Prop", "Proportional"), "proportional"),
            "PropBin": "prop_bin",
            "PropCbc": "prop_cubic",
            "ASymProsp": "asymmetric",
        },
    ),
    "BigRAdjust": ("risk_adjust", {"OneThird": "one_third", "TwoThirds": "two_thirds", "No": "none"}),
    "BigRRange": ("risk_range", {}),
    "ThirdPartyCommit": ("third_party", {"SemiCommit": "semi", "NoCommit": "none", "FullCommit": "full"}),
    "InterVecBrgn": ("inter_vector", {}),
    "BargnModel": (
        "interpolation",
        {"InitOnlyInterp": "init", "InitRcvrInterp": "init_receiver", "PWCompInterp": "power_weighted"},
    ),
}


def read_game(path: str | Path) -> Game:
    """Read a game: KTAB's CSV or XML, or a table in the form of Scholz, told apart by what stands in the file.

    Parameters
    ----------
    path : str or Path

    Returns
    -------
    Game
        Salience 0..1, whatever the file counts in.

    Raises
    ------
    SituationError
        With every problem, each with line and column.
    """
    game, problems = parsed(Path(path))
    if game is None:
        raise SituationError(problems)
    return game


def write_game(game: Game, path: str | Path, form: Form = "ktab") -> tuple[str, ...]:
    """Write a game: ``.xml`` for KTAB's XML, ``.csv`` for its CSV or, with *form* ``scholz``, for that of Scholz.

    Returns
    -------
    tuple of str
        What the form could not carry, in words; empty when nothing was lost.

    Raises
    ------
    SituationError
        When the form cannot carry the game at all, or there is no such folder.
    RunError
        When the place cannot be written; what was there before stays.
    """
    return write_file(game, Path(path), form)


def spatial_options(game: Game) -> dict[str, str]:
    """The parameters that a file of KTAB states, by the words of :func:`~accord.lenses.bargaining.spatial`."""
    found = {}
    for name, (ours, words) in _WORDS.items():
        if name in game.options:
            found[ours] = words.get(game.options[name], game.options[name].lower())
    return found


def game_of(situation: Situation, issues: Sequence[str] = ()) -> tuple[Game, tuple[str, ...]]:
    """The bargaining game in a situation at its best estimates, and in words what of the situation is no part of it.

    Parameters
    ----------
    situation : Situation
    issues : sequence of str
        Which issues become dimensions, all by default.

    Raises
    ------
    SituationError
        For an unknown issue, or when fewer than two actors hold position, salience and capability on all issues.
    """
    chosen = _chosen(situation, issues)
    place, care, power, changed = _numbers(situation, chosen)
    whole = ~np.isnan(place).any(axis=1) & ~np.isnan(care).any(axis=1) & (power > 0).all(axis=1)
    names = list(situation.actors)
    if whole.sum() < 2:
        says = (
            f"only {whole.sum()} actors hold position, salience and capability on all of {listed(chosen, 20)}"
        )
        hint = "name fewer issues with --issue"
        raise SituationError([Problem("count", says, "stances", "at least two", hint)])
    out = [name for name, there in zip(names, whole, strict=True) if not there]
    keep = [i for i, there in enumerate(whole) if there]
    labels = _labels([wording.named(situation.actors[names[i]].label, names[i]) for i in keep])
    options, ties, title, gone = kept_in(situation, labels)
    scales = [situation.issues[issue].scale for issue in chosen]
    game = Game(
        labels,
        place[keep],
        care[keep],
        power[keep][:, 0],
        _labels([wording.named(situation.issues[issue].label, issue) for issue in chosen]),
        np.array([scale.low for scale in scales], dtype=np.float64),
        np.array([scale.high for scale in scales], dtype=np.float64),
        ties,
        options,
        " ".join((situation.title if title is None else title).split()),
        (situation.about or "").strip(),
        tuple((situation.actors[names[i]].about or "").strip() for i in keep),
    )
    left = [f"actors without a number on some issue: {listed(out, 40)}"] if out else []
    return game, (*left, *changed, *gone, *_besides(situation, chosen))


def _chosen(situation: Situation, issues: Sequence[str]) -> list[str]:
    """Names of the issues that are wanted."""
    unknown = [issue for issue in issues if issue not in situation.issues]
    problems = [
        Problem("unknown-reference", f"there is no issue '{name}'", "issues", listed(situation.issues), hint)
        for name in unknown
        for hint in [did_you_mean(name, situation.issues)]
    ]
    if not situation.issues:
        problems = [Problem("count", "the situation has no issues", "issues", "at least one")]
    if problems:
        raise SituationError(problems)
    return list(dict.fromkeys(issues)) or list(situation.issues)


def _numbers(situation: Situation, issues: list[str]) -> tuple[Any, Any, Any, list[str]]:
    """Positions, salience and capability at the best estimates, actors by issues, NaN where unknown; and what changed.

    A number that is stated as one comes with all its digits; the others (ranges, factions) as in the world of best
    estimates.
    """
    from accord.worlds import best, plan, stances

    world = best(plan(situation), situation)
    seen = stances(situation, world)
    rows = [seen.actors.index(actor) for actor in situation.actors]
    columns = [seen.issues.index(issue) for issue in issues]
    lows = np.array([situation.issues[issue].scale.low for issue in issues])
    width = np.array([situation.issues[issue].scale.high for issue in issues]) - lows
    place = lows + width * seen.position[0][np.ix_(rows, columns)]
    care, power = (table[0][np.ix_(rows, columns)] for table in (seen.salience, seen.capability))
    for i, actor in enumerate(situation.actors):
        held = situation.actors[actor].capability
        lone = next(iter(held.values())) if len(held) == 1 == len(situation.resources) else None
        for k, issue in enumerate(issues):
            stance = situation.stances.get(issue, {}).get(actor)
            if stance is None:
                continue
            own = lone if stance.capability is None else stance.capability
            for table, stated in ((place, stance.position), (care, stance.salience), (power, own)):
                if stated is not None and stated.is_fixed and stated.best is not None:
                    table[i, k] = stated.best
    varied = [
        a for i, a in enumerate(situation.actors) if not np.isnan(power[i]).any() and np.ptp(power[i]) > 0
    ]
    lost = (
        [f"capability that differs by issue ({listed(varied)}): that on {issues[0]} is written"]
        if varied
        else []
    )
    return place, care, power, lost


def _labels(names: list[str]) -> tuple[str, ...]:
    """Names on one line, none twice."""
    found: list[str] = []
    for name in (" ".join(name.split()) for name in names):
        number, wanted = 2, name
        while wanted in found:
            wanted, number = f"{name} ({number})", number + 1
        found.append(wanted)
    return tuple(found)


def _besides(situation: Situation, issues: list[str]) -> list[str]:
    """What a situation holds that no game does, as far as this one holds it."""
    found = [f"issues {listed(rest)}"] if (rest := [k for k in situation.issues if k not in issues]) else []
    stated = [
        number
        for issue in issues
        for stance in situation.stances.get(issue, {}).values()
        for number in (stance.position, stance.salience, stance.capability)
        if isinstance(number, Estimate)
    ]
    if any(not number.is_fixed for number in stated):
        found.append("ranges and distributions: the best estimates are written")
    if any(number.citations or number.assumed or number.note for number in stated):
        found.append("sources of the numbers")
    if any(stance.factions for issue in issues for stance in situation.stances.get(issue, {}).values()):
        found.append("factions: the mean of each actor's is written")
    kinds = (
        "ties",
        "options",
        "preferences",
        "rules",
        "shocks",
        "scenarios",
        "claims",
        "correlations",
        "resolve",
    )
    there = ["the partnership", "the date", *(kind for kind in kinds if getattr(situation, kind))]
    return [*found, f"{listed(there, 20)}"]
