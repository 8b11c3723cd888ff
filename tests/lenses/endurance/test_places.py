"""Ranks, quadrants and labels: ties, borders, worlds without a rank, and how sure a lead is."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from accord.lenses.endurance import places
from accord.lenses.endurance.places import LABELS, QUADRANTS, Places, mid_ranks, quadrants
from accord.lenses.endurance.population import Structure
from accord.lenses.endurance.reference import SHIPPED, Key, find

FloatArray = NDArray[np.float64]
NAMES = [one.name for one in QUADRANTS]
NAN = math.nan
FEW = hnp.arrays(np.float64, st.integers(1, 12), elements=st.integers(-3, 3).map(float))


def test_ranks_count_ties_half() -> None:
    among = np.array([3.0, 1.0, 2.0, 2.0])
    values = np.array([0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, NAN, -np.inf, np.inf])
    ranks = mid_ranks(values, among)
    np.testing.assert_array_equal(ranks, [0.0, 0.125, 0.25, 0.5, 0.75, 0.875, 1.0, NAN, 0.0, 1.0])
    assert among.tolist() == [3.0, 1.0, 2.0, 2.0], "what is ranked among is left in its order"


@given(FEW, FEW)
@settings(deadline=None)
def test_ranks_are_what_counting_gives(values: FloatArray, among: FloatArray) -> None:
    counted = [(np.sum(among < v) + 0.5 * np.sum(among == v)) / among.size for v in values]
    np.testing.assert_allclose(mid_ranks(values, among), counted, atol=1e-15)


@given(FEW)
@settings(deadline=None)
def test_a_population_stands_in_its_own_middle(among: FloatArray) -> None:
    assert mid_ranks(among, among).mean() == pytest.approx(0.5, abs=1e-12)


def test_members_without_a_rank_do_not_count_as_higher() -> None:
    """A member of which nothing survives the first year is undefined, not longer-lived than everybody."""
    among = np.array([1.0, 2.0, NAN, NAN])
    np.testing.assert_array_equal(mid_ranks(np.array([0.0, 1.5, 3.0]), among), [0.0, 0.5, 1.0])


@pytest.mark.parametrize("structure", SHIPPED, ids=str)
@pytest.mark.parametrize("kind", ["wartime", "defence"])
def test_ranks_of_a_shipped_population_are_uniform(structure: Structure, kind: str) -> None:
    cell = find(structure, Key("plain", kind, 14.0))
    assert cell is not None
    stand = places.place(cell.index, cell.ratio, cell)
    even = (np.arange(2000) + 0.5) / 2000
    for ranks in (stand.durability, stand.conditionality):
        np.testing.assert_allclose(np.sort(ranks), even, atol=2.0 / 2000)
    own = places.own_shares(cell)
    assert own == stand.shares()
    # Of independent ranks each quadrant would hold .45^2, and the cross of both bands the rest.
    assert own["ambivalent"] == pytest.approx(1.0 - 0.9**2, abs=0.02)
    for name in NAMES:
        assert own[name] == pytest.approx(0.45**2, abs=0.06)


CASES = {
    (0.9, 0.1): "strategic_alliance",
    (0.9, 0.9): "alliance_of_interest",
    (0.1, 0.9): "marriage_of_convenience",
    (0.1, 0.1): "weak_tie",
    (1.0, 0.0): "strategic_alliance",
    (0.0, 1.0): "marriage_of_convenience",
    (0.551, 0.449): "strategic_alliance",
    (0.449, 0.551): "marriage_of_convenience",
    (0.55, 0.9): "ambivalent",
    (0.45, 0.9): "ambivalent",
    (0.9, 0.55): "ambivalent",
    (0.9, 0.45): "ambivalent",
    (0.5, 0.5): "ambivalent",
    (math.nextafter(0.55, 1.0), 0.9): "alliance_of_interest",
    (math.nextafter(0.45, 0.0), 0.9): "marriage_of_convenience",
    (0.9, math.nextafter(0.55, 1.0)): "alliance_of_interest",
    (0.9, math.nextafter(0.45, 0.0)): "strategic_alliance",
}


@pytest.mark.parametrize(("ranks", "name"), CASES.items())
def test_quadrants_and_the_edges_of_the_band(ranks: tuple[float, float], name: str) -> None:
    code = quadrants(np.array([ranks[0]]), np.array([ranks[1]]))[0]
    assert list(LABELS)[code] == name


@pytest.mark.parametrize("ranks", [(NAN, 0.9), (0.9, NAN), (NAN, NAN), (NAN, 0.5), (0.5, NAN)])
def test_a_world_without_a_rank_has_no_quadrant(ranks: tuple[float, float]) -> None:
    assert quadrants(np.array([ranks[0]]), np.array([ranks[1]])).tolist() == [-1]


def test_shares_sum_to_one_over_the_worlds_that_have_a_rank() -> None:
    stand = Places(np.array([0.9, 0.9, 0.1, NAN, 0.5]), np.array([0.1, 0.1, 0.9, 0.9, 0.5]))
    assert stand.codes.tolist() == [0, 0, 2, -1, 4]
    expected = dict.fromkeys(LABELS, 0.0)
    expected |= {"strategic_alliance": 0.5, "marriage_of_convenience": 0.25, "ambivalent": 0.25}
    assert stand.shares() == expected
    among = stand.shares(np.array([False, True, True, True, False]))
    assert (among["strategic_alliance"], among["marriage_of_convenience"]) == (0.5, 0.5)
    assert sum(among.values()) == 1.0


@pytest.mark.parametrize("among", [None, np.zeros(2, dtype=np.bool_)])
def test_without_any_world_shares_are_unknown_and_there_is_no_label(
    among: NDArray[np.bool_] | None,
) -> None:
    ranks = np.array([NAN, NAN]) if among is None else np.array([0.9, 0.1])
    shares = Places(ranks, ranks).shares(among)
    assert list(shares) == list(LABELS)
    assert all(math.isnan(share) for share in shares.values())
    assert places.label_of(shares) == ""
    assert places.clear_label(shares, 0) == ""


def shares_of(*four: float) -> dict[str, float]:
    """Shares of the quadrants in their order; the rest is near a border."""
    return dict(zip(LABELS, (*four, 1.0 - sum(four)), strict=True))


def test_the_label_is_the_largest_quadrant_and_ties_go_by_order() -> None:
    assert places.label_of(shares_of(0.2, 0.25, 0.2, 0.1)) == "alliance_of_interest"
    assert places.label_of(shares_of(0.1, 0.3, 0.3, 0.3)) == "alliance_of_interest"
    assert places.label_of(shares_of(0.1, 0.2, 0.3, 0.3)) == "marriage_of_convenience"
    # Worlds near a border are no quadrant, however many.
    assert places.label_of(shares_of(0.0, 0.0, 0.0, 0.1)) == "weak_tie"


@pytest.mark.parametrize("chances", [(0.4, 0.25), (0.5, 0.5), (0.2, 0.1), (0.9, 0.05)])
def test_a_lead_is_told_in_standard_errors_of_the_difference(chances: tuple[float, float]) -> None:
    """Shares of the same worlds move against each other: the spread over many multinomial draws."""
    one, other = chances
    worlds, draws = 200, 20_000
    rest = max(1.0 - one - other, 0.0)
    drawn = np.random.default_rng(1).multinomial(worlds, [one, other, rest], size=draws)
    found = (drawn[:, 0] - drawn[:, 1]) / worlds
    said = 1.0 / places.lead(one, other, worlds) * (one - other) if one != other else None
    exact = math.sqrt((one + other - (one - other) ** 2) / worlds)
    # The standard deviation of a sample has a standard error of about sd/sqrt(2 draws).
    assert found.std() == pytest.approx(exact, rel=4.0 / math.sqrt(2 * draws))
    if said is not None:
        assert said == pytest.approx(exact, rel=1e-12)
        assert places.lead(other, one, worlds) == -places.lead(one, other, worlds)


def test_a_lead_at_the_ends() -> None:
    assert places.lead(1.0, 0.0, 100) == math.inf
    assert places.lead(0.0, 0.0, 100) == 0.0
    assert places.lead(0.3, 0.3, 100) == 0.0


def test_another_label_needs_a_clear_lead() -> None:
    """At 100 worlds .40 against .25 leads by 1.89 standard errors, at 200 by 2.67."""
    shares = shares_of(0.4, 0.05, 0.25, 0.05)
    assert places.lead(0.4, 0.25, 100) == pytest.approx(1.89, abs=0.01)
    assert places.clear_label(shares, 100) == ""
    assert places.clear_label(shares, 200) == "strategic_alliance"
    assert places.second_of(shares, "strategic_alliance") == "marriage_of_convenience"


def test_a_clear_label_leads_the_second_and_not_only_some_other() -> None:
    """Far ahead of the third and fourth, but level with the second: split, whichever of them was the label before."""
    shares = shares_of(0.45, 0.44, 0.05, 0.02)
    assert places.lead(0.45, 0.05, 400) > 10.0
    assert places.clear_label(shares, 400) == ""
    assert places.second_of(shares, "strategic_alliance") == "alliance_of_interest"
    assert places.clear_label(shares_of(0.5, 0.36, 0.05, 0.02), 400) == "strategic_alliance"


def test_by_chance_alone_another_label_is_rare() -> None:
    """Two quadrants of equal chance: either one leads clearly in 2.3 of 100 draws (one side of two errors)."""
    worlds, draws = 256, 4000
    drawn = np.random.default_rng(2).multinomial(worlds, [0.35, 0.0, 0.35, 0.0, 0.3], size=draws) / worlds
    moved = [places.clear_label(dict(zip(LABELS, row, strict=True)), worlds) for row in drawn]
    share = np.mean([label == "strategic_alliance" for label in moved])
    assert abs(share - 0.0228) < 4.0 * math.sqrt(0.0228 * 0.9772 / draws) + 0.004
