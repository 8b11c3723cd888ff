"""What carries the verdict: planted dependences are found, planted thresholds too, and in few looks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import spearmanr

import accord
from accord.lenses import vocabulary
from accord.situation import Change
from accord.study.levers import (
    Influence,
    Standing,
    Swing,
    Turn,
    influences,
    limits_of,
    strongest,
    swing,
    turn,
)

FloatArray = NDArray[np.float64]
CASE = accord.read("tehran-moscow-2015")
WORLDS = 400
OWN, OTHER = "strategic_alliance", "marriage_of_convenience"
# Bisection ends within a 16th of the span that is searched.
STEPS = 4
FINE = 2.0**-STEPS


def draws(seed: int = 0) -> dict[str, FloatArray]:
    """Numbers of which some are planted below."""
    luck = np.random.default_rng(seed)
    return {name: luck.uniform(size=WORLDS) for name in ("up", "down", "side", "noise_a", "noise_b")}


def planted(numbers: Mapping[str, FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Durability and conditionality that hang on some of the numbers, monotonously but not in proportion."""
    durability = np.exp(6.0 * numbers["up"]) - 20.0 * numbers["down"] ** 3
    conditionality = np.tanh(8.0 * (numbers["side"] - 0.5)) + 0.01 * numbers["noise_a"]
    return durability, np.asarray(conditionality)


def test_influences_find_what_was_planted_with_its_sign() -> None:
    numbers = draws()
    durability, conditionality = planted(numbers)
    found = {one.path: one for one in influences(numbers, durability, conditionality)}
    assert set(found) == set(numbers)
    assert found["up"].durability > 0.9
    assert found["down"].durability < -0.1
    assert found["side"].conditionality > 0.99
    for path, one in found.items():
        for side, ranks in (("durability", durability), ("conditionality", conditionality)):
            said = float(spearmanr(numbers[path], ranks).statistic)
            assert getattr(one, side) == pytest.approx(said, abs=1e-12), (path, side)
        assert one.error == pytest.approx(1.0 / math.sqrt(WORLDS - 1))
        assert one.strength == max(abs(one.durability), abs(one.conditionality))


def test_influences_come_strongest_first_and_chance_is_left_out() -> None:
    numbers = draws()
    found = influences(numbers, *planted(numbers))
    strengths = [one.strength for one in found]
    assert strengths == sorted(strengths, reverse=True)
    assert strongest(found) == ("side", "up", "down")
    assert strongest(found, 2) == ("side", "up")


def test_worlds_without_a_rank_do_not_count() -> None:
    numbers = draws()
    durability, conditionality = planted(numbers)
    gone = np.arange(WORLDS) % 3 == 0
    durability[gone & (np.arange(WORLDS) % 2 == 0)] = np.nan
    conditionality[gone & (np.arange(WORLDS) % 2 == 1)] = np.nan
    # What is drawn in worlds without a rank must not matter, whatever it is.
    wild = {path: np.where(gone, 1e9, values) for path, values in numbers.items()}
    kept = {path: values[~gone] for path, values in numbers.items()}
    assert influences(wild, durability, conditionality) == influences(
        kept, durability[~gone], conditionality[~gone]
    )


def test_numbers_that_do_not_vary_where_it_counts_are_left_out() -> None:
    numbers = draws() | {"fixed": np.full(WORLDS, 0.5)}
    durability, conditionality = planted(numbers)
    assert "fixed" not in {one.path for one in influences(numbers, durability, conditionality)}
    none = np.full(WORLDS, np.nan)
    assert influences(numbers, none, none) == ()
    assert influences({}, durability, conditionality) == ()


def test_ranks_that_do_not_vary_go_with_nothing() -> None:
    numbers = draws()
    flat = np.full(WORLDS, 0.5)
    durability, _ = planted(numbers)
    found = influences(numbers, durability, flat)
    assert all(one.conditionality == 0.0 for one in found)
    assert found[0].path == "up"


def test_ties_in_strength_go_by_path() -> None:
    same = np.random.default_rng(1).uniform(size=WORLDS)
    found = influences({"b": same, "a": same, "c": -same}, same, same)
    assert [one.path for one in found] == ["a", "b", "c"]
    assert strongest([Influence("a", 0.1, -0.2, 0.1)]) == ()


class Planted:
    """Looks at a partnership whose label hangs on one number; counts its looks."""

    def __init__(self, label_at: Callable[[float], str]) -> None:
        self.label_at, self.seen = label_at, list[float]()

    def __call__(self, changes: Mapping[str, Change]) -> Standing:
        [(path, change)] = changes.items()
        assert path == "x.y"
        assert isinstance(change.to, float)
        self.seen.append(change.to)
        return Standing(self.label_at(change.to), change.to, 1.0 - change.to, {})


def bar_of(look: Planted, low: float = 0.4, high: float = 0.6) -> Swing:
    """The bar of a number of which 90 of 100 worlds lie within these ends."""
    values = np.linspace(low, high, 901)
    span = (high - low) / 18.0
    return swing("x.y", np.concatenate([[low - span] * 50, values, [high + span] * 50]), look)


def turned(
    label_at: Callable[[float], str], limits: tuple[float, float] = (0.0, 1.0)
) -> tuple[Turn, Planted]:
    """The smallest change from 0.5, and the looks it took after the bar's own."""
    look = Planted(label_at)
    bar = bar_of(look)
    look.seen.clear()
    return turn(bar, 0.5, limits, OWN, look), look


def test_a_swing_holds_a_number_at_the_ends_of_ninety_of_a_hundred_worlds() -> None:
    values = np.random.default_rng(3).lognormal(size=1000)
    look = Planted(lambda value: OWN if value < 1.0 else OTHER)
    bar = swing("x.y", values, look)
    assert (bar.low, bar.high) == tuple(np.quantile(values, [0.05, 0.95]))
    assert look.seen == [bar.low, bar.high]
    assert (bar.at_low.label, bar.at_high.label) == (OWN, OTHER)
    assert bar.at_low.durability == bar.low


@pytest.mark.parametrize("edge", [0.51, 0.55, 0.599, 0.49, 0.45, 0.401])
def test_a_threshold_within_its_own_range_is_found(edge: float) -> None:
    def label_at(value: float) -> str:
        return OTHER if (value >= edge if edge > 0.5 else value <= edge) else OWN

    found, look = turned(label_at)
    assert found.value is not None
    assert found.label == OTHER
    assert found.inside
    assert found.start == 0.5
    # At the new label, and near the threshold as measured against the way from the start to the end of the bar.
    assert label_at(found.value) == OTHER
    assert abs(found.value - edge) <= 0.1 * FINE + 1e-12
    assert found.distance == pytest.approx(abs(found.value - 0.5) / 0.2)
    # The steps, and one look at the far end of the other direction.
    assert len(look.seen) <= STEPS + 1


@pytest.mark.parametrize("edge", [0.61, 0.8, 0.99, 0.39, 0.2, 0.01])
def test_a_threshold_beyond_its_own_range_is_found(edge: float) -> None:
    def label_at(value: float) -> str:
        return OTHER if (value >= edge if edge > 0.5 else value <= edge) else OWN

    found, look = turned(label_at)
    assert found.value is not None
    assert not found.inside
    assert label_at(found.value) == OTHER
    assert abs(found.value - edge) <= 0.4 * FINE + 1e-12
    # Two looks at the far ends, and the steps.
    assert len(look.seen) == STEPS + 2


@pytest.mark.parametrize("limits", [(0.0, 1.0), (0.4, 0.6)])
def test_nothing_that_moves_it_is_told(limits: tuple[float, float]) -> None:
    found, look = turned(lambda value: OWN, limits)
    assert found == Turn("x.y", 0.5, None, "", math.inf, False)
    # The ends of the bar are known; what lies beyond is looked at once on each side, where there is anything.
    assert look.seen == ([0.0, 1.0] if limits == (0.0, 1.0) else [])


def test_the_nearer_of_two_thresholds_is_taken_and_the_farther_one_given_up() -> None:
    """Below .41, or above .9: once the lower one is known the search upwards ends as soon as it is farther away."""
    found, look = turned(lambda value: OTHER if value < 0.41 or value > 0.9 else OWN)
    assert found.value == pytest.approx(0.41, abs=0.1 * FINE)
    # The steps downwards; upwards one look at the far end, and not a single step.
    assert len(look.seen) == STEPS + 1
    assert look.seen[-1] == 1.0


def test_the_farther_threshold_does_not_hide_the_nearer_one() -> None:
    """Downwards comes first, though upwards is nearer; each direction has its own new label."""

    def label_at(value: float) -> str:
        return "weak_tie" if value < 0.1 else OTHER if value > 0.53 else OWN

    found, look = turned(label_at)
    assert found.value == pytest.approx(0.53, abs=0.1 * FINE)
    assert found.label == OTHER
    assert len(look.seen) == 2 * STEPS + 1


def test_the_first_of_several_labels_on_the_way_is_the_one_that_is_told() -> None:
    found, _ = turned(lambda value: OWN if value < 0.52 else "weak_tie" if value < 0.56 else OTHER)
    assert found.label == "weak_tie"
    assert found.value == pytest.approx(0.52, abs=0.1 * FINE)


def limits_at(path: str, low: float, high: float) -> tuple[float, float]:
    """The range within which a number of the shipped case is moved, when its own ends are these."""
    none = Standing(OWN, 0.5, 0.5, {})
    return limits_of(path, CASE, vocabulary(), Swing(path, low, high, none, none))


LIMITS = {
    # A share with a plausible range, one without, and one whose own range reaches beyond what is plausible.
    "ties.iran.russia.trust": ((0.5, 0.6), (0.3, 0.95)),
    "ties.iran.russia.affinity": ((-0.2, 0.1), (-1.0, 1.0)),
    "stances.duration.iran.salience": ((0.5, 0.6), (0.0, 1.0)),
    "partnership.talks": ((0.0, 0.1), (0.0, 1.0)),
    "partnership.territory": ((0.1, 0.9), (0.1, 0.9)),
    "partnership.patrons.iran.standing_interest": ((-0.1, 1.4), (-1.0, 1.4)),
    # No end on one side or both, and no plausible range: its own.
    "partnership.patrons.iran.outside_value": ((-0.1, 0.3), (-0.1, 0.3)),
    "partnership.patrons.iran.losses_so_far": ((10.0, 30.0), (10.0, 30.0)),
    # No end above, but a plausible range.
    "partnership.patrons.iran.loss_scale": ((200.0, 300.0), (50.0, 1000.0)),
}


@pytest.mark.parametrize(("path", "row"), LIMITS.items())
def test_a_number_is_moved_within_what_is_plausible(
    path: str, row: tuple[tuple[float, float], tuple[float, float]]
) -> None:
    own, expected = row
    assert limits_at(path, *own) == expected


@pytest.mark.parametrize("issue", sorted(CASE.stances))
def test_positions_are_moved_over_the_scale_of_their_issue(issue: str) -> None:
    scale, actor = CASE.issues[issue].scale, next(iter(CASE.stances[issue]))
    width = scale.high - scale.low
    own = (scale.low + 0.2 * width, scale.low + 0.4 * width)
    for path in (f"stances.{issue}.{actor}.position", f"stances.{issue}.{actor}.factions.any.position"):
        assert limits_at(path, *own) == (scale.low, scale.high)


def test_some_issue_of_the_case_has_a_scale_to_a_hundred() -> None:
    assert {CASE.issues[issue].scale.high for issue in CASE.stances} >= {100.0}
