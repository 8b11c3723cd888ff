"""The array level: shapes, words of errors, margins, and worlds in chunks.  (Numbers are checked against a second solver.)"""

from __future__ import annotations

import numpy as np
import pytest

from accord.lenses.conflict.ensemble import ensemble
from accord.lenses.conflict.stability import CONCEPTS, stability

# Prisoner's dilemma; bit 0: the first defects, bit 1: the second.
DILEMMA = np.array([[3.0, 4.0, 1.0, 2.0], [3.0, 1.0, 4.0, 2.0]])
OWNERS = [0, 1]


def test_shapes_and_the_dilemma() -> None:
    found = stability(DILEMMA, OWNERS, concepts=CONCEPTS)
    assert set(found.stable) == set(found.equilibria) == set(CONCEPTS)
    assert set(found.margins) == {"R", "GMR", "SMR", "SEQ"}
    assert all(rows.shape == (2, 4) and rows.dtype == bool for rows in found.stable.values())
    assert {name: np.flatnonzero(row).tolist() for name, row in found.equilibria.items()} == {
        "R": [3],
        "GMR": [0, 3],
        "SMR": [0, 3],
        "SEQ": [0, 3],
        "SIM": [0, 3],
    }


def test_margins_are_what_a_move_cannot_secure() -> None:
    found = stability(DILEMMA, OWNERS)
    assert found.margins["R"][0].tolist() == [-1, 1, -1, 1]
    # The first, cooperating, keeps 3; defecting would leave it 2 once the second has answered.
    assert found.margins["SEQ"][0].tolist() == [1, 3, -1, 1]
    for name, margin in found.margins.items():
        assert np.array_equal(found.stable[name], margin >= 0)


def test_smallest_change_that_flips() -> None:
    margin = stability(DILEMMA, OWNERS).margins["SEQ"][0, 0]
    for change, stays in ((0.999, True), (1.001, False)):
        moved = DILEMMA.copy()
        moved[0, 0] -= change * margin
        assert stability(moved, OWNERS).stable["SEQ"][0, 0] == stays


def test_an_actor_without_options_or_moves_stays_everywhere() -> None:
    three = np.vstack([DILEMMA, [5.0, 1.0, 2.0, 3.0]])
    found = stability(three, OWNERS, concepts=CONCEPTS)
    assert all(rows[2].all() for rows in found.stable.values())
    assert np.isposinf(found.margins["GMR"][2]).all()
    assert np.array_equal(found.margins["SMR"][:2], stability(DILEMMA, OWNERS).margins["SMR"])
    nobody = stability(DILEMMA, None, arcs=[[], []])
    assert nobody.equilibria["R"].all()


@pytest.mark.parametrize("directions", [("forward", "back", "both"), ("both",) * 3])
def test_arcs_of_the_same_moves_agree(directions: tuple[str, ...]) -> None:
    # One option each: no actor can move twice to a new state, so the two forms have the same moves.
    payoffs = np.random.default_rng(3).integers(0, 5, (3, 8)).astype(float)
    arcs = []
    for i, way in enumerate(directions):
        up = [(s, s | 1 << i) for s in range(8) if not s >> i & 1]
        down = [(t, s) for s, t in up]
        arcs.append({"forward": up, "back": down, "both": up + down}[way] * 2)
    by_options = stability(payoffs, [0, 1, 2], directions=directions, concepts=CONCEPTS)
    by_arcs = stability(payoffs, [0, 1, 2], arcs=arcs, concepts=CONCEPTS)
    for name in CONCEPTS:
        assert np.array_equal(by_options.stable[name], by_arcs.stable[name])
    for name, margin in by_options.margins.items():
        assert np.array_equal(margin, by_arcs.margins[name])


def test_far_bits_and_infeasible_states() -> None:
    luck = np.random.default_rng(4)
    masks = np.sort(luck.choice(64, 30, replace=False))
    payoffs = luck.integers(0, 12, (3, 30)).astype(float)
    places, owners = np.array([0, 9, 23, 40, 55, 61]), np.arange(62) % 3
    far = sum((masks >> k & 1) << int(place) for k, place in enumerate(places))
    ways = np.array(["both"] * 62, dtype=object)
    ways[places[2:]] = ["forward", "both", "back", "forward"]
    near = stability(payoffs, owners[places], masks, ways[places].tolist(), concepts=CONCEPTS)
    spread = stability(payoffs, owners, far, ways.tolist(), concepts=CONCEPTS)
    assert all(np.array_equal(near.stable[name], spread.stable[name]) for name in CONCEPTS)


def test_worlds_do_not_depend_on_chunks() -> None:
    payoffs = np.random.default_rng(5).integers(0, 20, (7, 3, 16))
    whole = ensemble(payoffs, [0, 0, 1, 2], directions=["both", "forward", "both", "back"], concepts=CONCEPTS)
    for chunk in (1, 3):
        parts = ensemble(
            payoffs,
            [0, 0, 1, 2],
            directions=["both", "forward", "both", "back"],
            concepts=CONCEPTS,
            chunk=chunk,
        )
        for name in CONCEPTS:
            assert np.array_equal(whole.equilibria[name], parts.equilibria[name])
            assert np.array_equal(whole.probability[name], parts.probability[name])
        assert all(np.array_equal(margin, parts.margin[name]) for name, margin in whole.margin.items())
    for world in range(7):
        one = stability(
            payoffs[world], [0, 0, 1, 2], directions=["both", "forward", "both", "back"], concepts=CONCEPTS
        )
        assert all(np.array_equal(whole.equilibria[name][world], one.equilibria[name]) for name in CONCEPTS)
        assert all(
            np.array_equal(whole.margin[name][world], one.margins[name].min(axis=0)) for name in whole.margin
        )
    assert np.allclose(whole.probability["SEQ"], whole.equilibria["SEQ"].mean(axis=0))


def test_ensemble_of_arcs() -> None:
    payoffs = np.random.default_rng(6).integers(0, 4, (3, 2, 5)).astype(float)
    arcs = [[(0, 1), (1, 2), (3, 4)], [(2, 3), (4, 0), (1, 3)]]
    found = ensemble(payoffs, None, arcs=arcs)
    for world in range(3):
        one = stability(payoffs[world], None, arcs=arcs)
        assert all(
            np.array_equal(found.margin[name][world], one.margins[name].min(axis=0)) for name in found.margin
        )


def test_bounds_of_simultaneous_moves_change_nothing() -> None:
    # Sums of what options are worth, many improvements each: found by bounds, and by trying (a payoff that is no sum).
    luck = np.random.default_rng(7)
    masks, owners = np.arange(4096), np.arange(12) * 3 // 12
    held = (masks[:, None] >> np.arange(12)) & 1
    payoffs = luck.normal(size=(3, 12)) @ held.T
    ranks = np.argsort(np.argsort(payoffs, axis=1), axis=1).astype(float)
    # The same order of states, far from a sum: no bound but that of the mover's own options applies.
    assert np.array_equal(
        stability(payoffs, owners, concepts=["SIM"]).stable["SIM"],
        stability(np.exp(ranks / 16), owners, concepts=["SIM"]).stable["SIM"],
    )


BAD = {
    "payoffs must have the shape (actors, states), not (4,)": {"payoffs": DILEMMA[0]},
    "payoffs must be finite numbers, but payoffs[0, 2] is nan": {
        "payoffs": np.where(DILEMMA == 4, np.nan, DILEMMA)[::-1]
    },
    "payoffs must hold at least one actor and one state": {"payoffs": np.zeros((0, 4))},
    "owners[1] is 2, but actors are numbered from 0 to 1": {"owners": [0, 2]},
    "owners must hold whole numbers, not float64": {"owners": [0.0, 1.0]},
    "owners must have the shape (options,), not (1, 2)": {"owners": [[0, 1]]},
    "63 options are too many; at most 62 are possible": {"owners": [0] * 63},
    "payoffs has 4 states, but 3 options make 8; feasible must say which of them exist": {
        "owners": [0, 1, 1]
    },
    "feasible of shape (3,) does not fit payoffs of 4 states": {"feasible": [0, 1, 2]},
    "feasible must ascend, but feasible[2] = 1 follows 1": {"feasible": [0, 1, 1, 3]},
    "feasible must ascend, but feasible[1] = 0 follows 1": {"feasible": [1, 0, 2, 3]},
    "feasible must hold masks of 2 options, from 0 to 3": {"feasible": [0, 1, 2, 4]},
    "directions has 1 entries for 2 options": {"directions": ["both"]},
    "directions[1] is 'forwards'; expected both, forward or back": {"directions": ["both", "forwards"]},
    "there is no concept 'NASH'; expected some of R, GMR, SMR, SEQ, SIM": {"concepts": ["NASH"]},
    "without arcs, owners must say which actor each option belongs to": {"owners": None},
    "SIM combines options: with arcs it needs owners and feasible as well": {
        "owners": None,
        "arcs": [[], []],
        "concepts": ["SIM"],
    },
    "arcs must hold one list per actor: 2, not 1": {"arcs": [[]]},
    "arcs[1] must have the shape (moves, 2), not (1, 3)": {"arcs": [[], [(0, 1, 2)]]},
    "arcs[0] has a move from 0 to 4, but states are numbered from 0 to 3": {"arcs": [[(0, 4)], []]},
    "arcs[0] has a move from state 2 to itself": {"arcs": [[(2, 2)], []]},
}


@pytest.mark.parametrize("message", BAD)
def test_errors_say_what_was_expected(message: str) -> None:
    arguments = {"payoffs": DILEMMA, "owners": OWNERS} | BAD[message]
    with pytest.raises(ValueError) as caught:
        stability(**arguments)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("payoffs", "chunk", "message"),
    [
        (DILEMMA, None, "payoffs must have the shape (worlds, actors, states), not (2, 4)"),
        (np.zeros((0, 2, 4)), None, "payoffs must hold at least one world"),
        (DILEMMA[None], 0, "chunk must be 1 or more, not 0"),
        (
            np.stack([DILEMMA, np.where(DILEMMA == 1, np.inf, DILEMMA)]),
            1,
            "payoffs must be finite numbers, but payoffs[1, 0, 2] is inf",
        ),
    ],
)
def test_errors_of_ensembles(payoffs: np.ndarray, chunk: int | None, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        ensemble(payoffs, OWNERS, chunk=chunk)
    assert str(caught.value) == message


@pytest.mark.parametrize("payoffs", [[[1, 2], [1]], [["a", "b"]], [[1j, 2]], [[None, 1]]])
def test_what_is_no_number_is_told_by_name(payoffs) -> None:
    with pytest.raises(ValueError, match="payoffs must hold"):
        stability(payoffs, [0])
