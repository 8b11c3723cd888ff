"""What each partner adds to the joint output, what pairs of them add beyond that, and who depends on whom.

Joint output is the constant-elasticity aggregate of :func:`accord.formulas.joint_output` at full effort, over the
patrons' and the client's capabilities.  Effort below full, other wars and the effect lost by acting through proxies
belong to the endurance model and are left out here.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from accord.finding import Draws, FloatArray
from accord.formulas import joint_output, ratio
from accord.situation import Situation
from accord.worlds import resource_weights


def amounts(situation: Situation, worlds: Draws, actor: str) -> FloatArray:
    """An actor's capability by resource (sorted by name).

    An actor that states nothing is unknown (NaN); one that states some resources has none of the others, as for the
    aggregate in :func:`accord.worlds.capability`.

    Returns
    -------
    ndarray, shape (worlds, resources)
        Index units of the resources.
    """
    names = sorted(situation.resources)
    stated = situation.actors[actor].capability if actor in situation.actors else {}
    held = np.full((worlds.size, len(names)), 0.0 if any(name in stated for name in names) else np.nan)
    for column, name in enumerate(names):
        if name in stated:
            held[:, column] = worlds.of(f"actors.{actor}.capability.{name}")
    return held


def members(situation: Situation) -> tuple[str, ...]:
    """Patrons, sorted, and the client if there is one and it is not a patron itself."""
    patrons = sorted(situation.partnership.patrons)
    client = situation.partnership.client
    return (*patrons, *([client.actor] if client and client.actor not in patrons else []))


class Output:
    """Joint output with any of the patrons left out.

    Parameters
    ----------
    situation : Situation
    worlds : Draws
    """

    def __init__(self, situation: Situation, worlds: Draws) -> None:
        self._amounts = {actor: amounts(situation, worlds, actor) for actor in members(situation)}
        self._weights = resource_weights(situation, worlds)
        self._substitution = worlds.of("partnership.substitution")

    def without(self, absent: Iterable[str] = ()) -> FloatArray:
        """Output Q when these actors are left out, shape (worlds,); NaN when a capability is unknown.

        The capability of an absent actor does not have to be known.
        """
        gone = set(absent)
        total = np.zeros_like(self._weights)
        for actor, held in self._amounts.items():
            if actor not in gone:
                total = total + held
        return joint_output(total, self._weights, self._substitution)


def loss(whole: FloatArray, without: FloatArray) -> FloatArray:
    """Share of joint output lost when a partner leaves, ``1 - Q(without i)/Q``.

    Parameters
    ----------
    whole, without : ndarray, shape (worlds,)

    Returns
    -------
    ndarray, shape (worlds,)
        0..1; NaN where there is no joint output.
    """
    return 1.0 - ratio(without, whole)


def interaction(
    whole: FloatArray, without_i: FloatArray, without_j: FloatArray, without_both: FloatArray
) -> FloatArray:
    """What a pair adds beyond its members, ``[Q - Q(-i) - Q(-j) + Q(-i-j)]/Q``.

    Parameters
    ----------
    whole, without_i, without_j, without_both : ndarray, shape (worlds,)

    Returns
    -------
    ndarray, shape (worlds,)
        Positive where they need each other's resources, negative where they stand in for one another; NaN where
        there is no joint output.
    """
    return ratio(whole - without_i - without_j + without_both, whole)


def dependence_balance(mine: FloatArray, theirs: FloatArray) -> FloatArray:
    """Balance of dependence ``(D_i - D_j)/(D_i + D_j)``.

    Parameters
    ----------
    mine, theirs : ndarray, shape (worlds,)
        Share of what i needs that comes from j only, and the reverse, 0..1.

    Returns
    -------
    ndarray, shape (worlds,)
        1 where only i depends, -1 where only j does, 0 where they depend alike; NaN where neither depends.
    """
    return ratio(mine - theirs, mine + theirs)
