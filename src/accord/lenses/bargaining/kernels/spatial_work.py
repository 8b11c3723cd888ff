"""The memory of one game of the spatial model, and the codes of its options."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from accord.engine.compile import njit

# Codes are places in the tuples of names that `accord.lenses.bargaining.spatial` lists, in the same order.
LINEAR, SQUARE, QUARTIC, OCTIC, BINARY_VICTORY = range(5)
CONDITIONAL, MARKOV_INCENTIVE, MARKOV_UNIFORM = range(3)
PROPORTIONAL, BINARY, PROP_BIN, PROP_CUBIC, CUBIC, ASYMMETRIC = range(6)
MID, MIN, MAX = range(3)
SEMI, NONE, FULL = range(3)
S2P2, S1P1, S2PMAX = range(3)
INIT, INIT_RECEIVER, POWER_WEIGHTED = range(3)
SETTLED, TURNS, UNDECIDED = range(3)


class Rules(NamedTuple):
    """Which reading of the model is played: codes of the options, and the two that are numbers."""

    victory: int
    election: int
    voting: int
    risk_range: int
    third_party: int
    inter_vector: int
    interpolation: int
    literal: int
    stochastic: int
    own_risk: float  # share of the viewer's own risk attitude in what it believes of others, 0..1
    grain: float  # utilities are rounded to multiples of this, so that sums of them are exact


class Work(NamedTuple):
    """Arrays of one game.  Rows are actors in canonical order; *width* is their number rounded up to a multiple of 4.

    Places are fractions of the scale.  Columns beyond the last actor hold nothing.  Few arrays, for a compiled call takes
    its time for each.
    """

    ids: Any  # (6, actors) see LABEL and the others
    axes: Any  # (5, dimensions, width) see X and the others
    line: Any  # (5, width) see TOTAL and the others
    table: Any  # (9, actors, width) see DISTANCE and the others
    rows: Any  # (6, width) scratch
    pair: Any  # (2 actors, 2) initiator and receiver of each bargain
    odds: Any  # (2 actors,) what interpolates the bargain
    point: Any  # (2 actors, 2, dimensions) where initiator and receiver would move
    worth: Any  # (2 actors + 1, width) utility of each outcome to each actor; row 0 is the status quo
    queue: Any  # (actors, 2 actors + 1) 0 the status quo, b + 1 bargain b
    weight: Any  # (actors, 2 actors + 1) probability of each option
    duel: Any  # (2, 2 actors + 1, 2 actors + 1) coalitions and victories between options
    votes: Any  # (3, 2 actors + 1) scratch, and see BALLOT


# Place of each row in the input, row of each place in the input, row of the target (-1 for none), length of the queue,
# place of the choice in it, and the number of bargains (first entry).
LABEL, SEAT, TARGET, LENGTH, CHOICE, COUNT = range(6)
# Positions, ideals, positions after the turn, salience, salience as a unit vector.
X, Y, FRESH, SALIENCE, CARE = range(5)
# Sum of salience, capability, their product, probability of each position in the election, risk attitude.
TOTAL, CAPABILITY, POWER, CHANCE, RISK = range(5)
# Viewer's ideal against position; utility without risk attitude; coalitions; victories; utility in the eyes of a viewer
# with risk attitude r, base + r * slope; objective utility, rounded to the grain; in one's own view, the chance to beat
# the column's actor and the gain from challenging it.
DISTANCE, NEUTRAL, COALITION, VICTORY, BASE, SLOPE, UTILITY, BEATS, GAIN = range(9)
BALLOT = 2


@njit()
def workspace(actors: Any, dimensions: Any) -> Any:
    """Memory for games of so many actors and dimensions."""
    width, most = (actors + 3) // 4 * 4, 2 * actors + 1
    return Work(
        np.zeros((6, actors), np.int64),
        np.zeros((5, dimensions, width)),
        np.zeros((5, width)),
        np.zeros((9, actors, width)),
        np.zeros((6, width)),
        np.zeros((most - 1, 2), np.int64),
        np.zeros(most - 1),
        np.zeros((most - 1, 2, dimensions)),
        np.zeros((most, width)),
        np.zeros((actors, most), np.int64),
        np.zeros((actors, most)),
        np.zeros((2, most, most)),
        np.zeros((3, most)),
    )


@njit()
def seat_actors(work: Any, place: Any, salience: Any, capability: Any, literal: Any) -> None:
    """Put the actors of a world into the rows, in an order that does not depend on the order of the input.

    *place* and *salience* have the shape (actors, dimensions), places as fractions of the scale.
    """
    actors, dimensions = place.shape
    for i in range(actors):
        j = i
        while j > 0 and literal == 0 and _before(i, work.ids[LABEL, j - 1], place, salience, capability):
            work.ids[LABEL, j] = work.ids[LABEL, j - 1]
            j -= 1
        work.ids[LABEL, j] = i
    for row in range(actors):
        i = work.ids[LABEL, row]
        work.ids[SEAT, i] = row
        total = square = 0.0
        for k in range(dimensions):
            work.axes[X, k, row] = work.axes[Y, k, row] = place[i, k]
            work.axes[SALIENCE, k, row] = salience[i, k]
            total += salience[i, k]
            square += salience[i, k] * salience[i, k]
        length = np.sqrt(square)
        for k in range(dimensions):
            work.axes[CARE, k, row] = salience[i, k] / length if length > 0.0 else 0.0
        work.line[TOTAL, row] = total
        work.line[CAPABILITY, row] = capability[i]
        work.line[POWER, row] = total * capability[i]


@njit(inner=True)
def _before(i: Any, j: Any, place: Any, salience: Any, capability: Any) -> Any:
    """Whether input actor *i* stands before *j* in the canonical order."""
    for k in range(place.shape[1]):
        if place[i, k] != place[j, k]:
            return place[i, k] < place[j, k]
    for k in range(place.shape[1]):
        if salience[i, k] != salience[j, k]:
            return salience[i, k] < salience[j, k]
    return capability[i] < capability[j]
