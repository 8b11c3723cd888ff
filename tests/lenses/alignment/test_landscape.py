"""The landscape against enumeration by plain Python, its symmetries, and published facts."""

import itertools
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parent))  # what tries everything is beside the tests

from brute_alignment import basins, divisions
from brute_alignment import energy as brute_energy
from brute_alignment import landscape as brute
from facts_alignment import ACTORS, DIVISIONS, OPTIMA, PROPENSITY, SIZES

from accord.lenses.alignment import AlignmentError, landscape


def random_case(n: int, seed: int, whole: bool = True) -> tuple[np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    if whole:
        return luck.integers(-2, 3, (n, n)).astype(float), luck.integers(1, 6, n).astype(float)
    return luck.normal(size=(n, n)), luck.uniform(0.1, 9, n)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 7, 9])
def test_agrees_with_trying_everything(n: int, whole: bool) -> None:
    for seed in range(4 if n > 5 else 12):
        p, s = random_case(n, 100 * n + seed, whole)
        found, wanted = landscape(p, s), brute(p, s)
        assert found.proven
        assert found.optimum.energy == pytest.approx(wanted["best"], abs=1e-9)
        assert tuple(found.optimum.blocs.astype(int)) == wanted["optima"][0]
        assert found.optima == len(wanted["optima"])
        assert found.gap == pytest.approx(wanted["gap"], abs=1e-9)
        assert [tuple(m.blocs.astype(int)) for m in found.minima] == wanted["minima"]
        assert found.minima_count == len(wanted["minima"])
        assert found.energies() == pytest.approx(list(wanted["energies"].values()), abs=1e-9)
        assert np.isnan(np.diag(found.bonds)).all()
        for (i, j), bond in wanted["bonds"].items():
            assert found.bonds[i, j] == found.bonds[j, i]
            assert found.bonds[i, j] == pytest.approx(bond, abs=1e-9)


@pytest.mark.parametrize("n", [11, 12, 13, 15])
def test_agrees_beyond_one_block(n: int) -> None:
    # From 12 actors on there are high bits; plain numpy here, for plain Python would take minutes.
    p, s = random_case(n, n)
    w = s[:, None] * s * p
    w = np.triu(w + w.T, 1)
    code = np.arange(1 << (n - 1))
    side = (code[:, None] >> np.arange(n - 1, -1, -1)) & 1
    apart = side[:, :, None] != side[:, None, :]
    energy = (apart * w).sum(axis=(1, 2))
    found = landscape(p, s)
    assert (found.energies() == energy).all()
    order = np.sort(energy)
    assert (found.optimum.energy, found.optimum.energy + found.gap) == (order[0], order[1])
    ways = np.stack([code ^ (1 << b) for b in range(n - 1)] + [code ^ ((1 << (n - 1)) - 1)])
    lowest = code[(energy <= energy[ways]).all(axis=0)]
    assert sorted(m.blocs.astype(int).tolist() for m in found.minima) == side[lowest].tolist()
    for i, j in itertools.combinations(range(n), 2):
        cut = apart[:, i, j]
        assert found.bonds[i, j] == energy[cut].min() - energy[~cut].min()


@pytest.mark.parametrize("n", [2, 3, 5, 8])
def test_basins_agree_with_every_descent(n: int) -> None:
    for seed in range(6):
        p, s = random_case(n, 7 * n + seed)
        found, wanted = landscape(p, s), basins(p, s)
        assert sum(m.basin for m in found.minima) == pytest.approx(2 ** (n - 1))
        for minimum in found.minima:
            assert minimum.basin == pytest.approx(wanted[tuple(minimum.blocs.astype(int))])


@pytest.mark.parametrize("scenario", ["base", "weak"])
def test_syria_and_iraq_2016(scenario: str) -> None:
    found = landscape(PROPENSITY, SIZES[scenario])
    energy, few = OPTIMA[scenario]
    assert found.optimum.energy == energy
    assert {ACTORS[k] for k in np.flatnonzero(found.optimum.blocs)} == few
    assert (found.minima_count, found.optima) == (1, 1)
    assert found.minima[0].basin == 1024.0
    for bloc, total, each in DIVISIONS[scenario]:
        side = np.array([name in bloc for name in ACTORS])
        assert found.energy(side) == total
        assert tuple(found.frustration(side)) == each
        assert found.energy(~side) == total, "which bloc is called 0 says nothing"


def test_lower_is_better_and_friends_stand_together() -> None:
    friends = landscape([[0, 1], [1, 0]])
    assert (friends.optimum.energy, friends.bonds[0, 1]) == (0.0, 2.0)
    foes = landscape([[0, -1], [-1, 0]], [2, 3])
    assert (foes.optimum.energy, foes.bonds[0, 1]) == (-12.0, -12.0)
    assert foes.optimum.blocs.tolist() == [False, True]


def test_propensities_need_not_be_symmetric() -> None:
    found = landscape([[0, 3], [-1, 0]], [2, 1])
    assert found.energy([0, 1]) == 2 * (3 - 1)
    assert found.frustration([0, 1]).tolist() == [6.0, -2.0]


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.booleans())
def test_names_and_order_change_nothing(n: int, seed: int, whole: bool) -> None:
    p, s = random_case(n, seed, whole)
    order = np.random.default_rng(seed + 1).permutation(n)
    one, other = landscape(p, s), landscape(p[np.ix_(order, order)], s[order])
    assert other.optimum.energy == pytest.approx(one.optimum.energy)
    assert (other.optima, other.minima_count) == (one.optima, one.minima_count)
    assert other.gap == pytest.approx(one.gap)
    assert other.bonds == pytest.approx(one.bonds[np.ix_(order, order)], nan_ok=True)
    held = {(round(m.energy, 6), round(m.basin, 6)) for m in one.minima}
    assert {(round(m.energy, 6), round(m.basin, 6)) for m in other.minima} == held


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.floats(0.01, 100))
def test_units_scale_energies_and_nothing_else(n: int, seed: int, factor: float) -> None:
    p, s = random_case(n, seed)
    one, other = landscape(p, s), landscape(p, s * factor)
    assert other.optimum.energy == pytest.approx(one.optimum.energy * factor**2)
    assert (other.optimum.blocs == one.optimum.blocs).all()
    assert other.minima_count == one.minima_count
    assert other.bonds == pytest.approx(one.bonds * factor**2, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 10**6), st.integers(1, 2**9 - 1))
def test_switching_turns_blocs_and_shifts_energies(n: int, seed: int, mask: int) -> None:
    p, s = random_case(n, seed)
    group = np.array([(mask >> k) & 1 for k in range(n)], bool)
    sign = np.where(group[:, None] == group, 1.0, -1.0)
    one, other = landscape(p, s), landscape(p * sign, s)
    # Turning the ties between a group and the rest is turning the group: every energy falls by that of the group.
    shift = float(one.energy(group))
    side = np.array(divisions(n), bool)
    assert other.energy(side) == pytest.approx(one.energy(side ^ group) - shift)
    assert other.optimum.energy == pytest.approx(one.optimum.energy - shift)
    assert (other.optima, other.minima_count) == (one.optima, one.minima_count)
    turned = np.where(group[:, None] == group, one.bonds, -one.bonds)
    assert other.bonds == pytest.approx(turned, nan_ok=True)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 8), st.integers(0, 10**6))
def test_an_actor_without_ties_stands_either_way(n: int, seed: int) -> None:
    p, s = random_case(n, seed)
    wide = np.pad(p, ((0, 1), (0, 1)))
    one, other = landscape(p, s), landscape(wide, np.append(s, 7.0))
    assert other.optimum.energy == one.optimum.energy
    assert other.optima == 2 * one.optima
    assert other.gap == 0.0
    assert (other.bonds[-1, :-1] == 0).all()
    assert other.bonds[:-1, :-1] == pytest.approx(one.bonds, nan_ok=True)


def test_ties_of_floats_are_ties() -> None:
    # .1 + .2 - .3 is not 0 in floats; the two divisions tie all the same.
    p = np.zeros((4, 4))
    p[0, 1:] = 0.1, 0.2, -0.3
    p[1, 2] = p[1, 3] = p[2, 3] = 5.0
    found = landscape(p)
    assert found.optima == 2
    assert found.gap == 0.0
    assert found.bonds[0, 1] == 0.0


def test_what_is_not_asked_for_is_left_out() -> None:
    p, s = random_case(6, 3)
    found = landscape(p, s, minima=False, bonds=False)
    assert found.optimum.energy == landscape(p, s).optimum.energy
    assert (found.minima, found.minima_count) == ((), 0)
    assert np.isnan(found.bonds).all()
    assert np.isnan(landscape(p, s, basins=False).minima[0].basin)


def test_very_many_minima_are_counted_and_some_listed() -> None:
    found = landscape(np.zeros((18, 18)), basins=False)
    assert (found.minima_count, found.optima, len(found.minima)) == (2**17, 2**17, 10_000)


def test_more_than_28_actors_are_proven_by_programme() -> None:
    # Two camps of friends that dislike each other, with a few quarrels inside: the optimum is known.
    camp = np.arange(34) % 2
    p = np.where(camp[:, None] == camp, 1.0, -1.0)
    p[0, 2] = p[2, 0] = -1.0
    p[1, 5] = p[5, 1] = -1.0
    found = landscape(p, time_limit=60)
    side = camp.astype(bool)
    assert found.proven
    assert found.optimum.energy == found.bound == found.energy(side)
    assert (found.optimum.blocs == side).all()
    assert (found.minima, found.minima_count, found.optima) == ((), 0, 0)
    assert np.isnan(found.bonds).all()
    assert np.isnan(found.gap)
    with pytest.raises(AlignmentError, match="all energies of 34 actors"):
        found.energies()


def test_a_landscape_that_resists_proof_says_how_far_it_got() -> None:
    luck = np.random.default_rng(5)
    p = luck.choice([-1.0, 1.0], (40, 40))
    found = landscape(p, time_limit=0.5)
    assert not found.proven
    assert found.bound < found.optimum.energy
    assert found.optimum.energy == found.energy(found.optimum.blocs)


def test_programme_and_enumeration_agree() -> None:
    # Actors without ties bring a small landscape above the limit of enumeration.
    for seed in range(3):
        p, s = random_case(12, seed)
        wide = np.zeros((29, 29))
        wide[:12, :12] = p
        found = landscape(wide, np.append(s, np.ones(17)), time_limit=60)
        assert found.proven
        assert found.optimum.energy == landscape(p, s).optimum.energy


@pytest.mark.parametrize(
    ("p", "s", "says"),
    [
        ([[0, 1, 2], [1, 0, 2]], None, r"shape \(actors, actors\), not \(2, 3\)"),
        ([[0, np.nan], [1, 0]], None, r"propensity\[0, 1\] is nan"),
        ([[0, np.inf], [1, 0]], None, r"propensity\[0, 1\] is inf"),
        ([[0, 1], [1, 0]], [1, 0], r"size\[1\] is 0.0; expected a finite number above 0"),
        ([[0, 1], [1, 0]], [1, -2], r"size\[1\] is -2"),
        ([[0, 1], [1, 0]], [1, np.nan], r"size\[1\] is nan"),
        ([[0, 1], [1, 0]], [1, 2, 3], "one number for each of 2 actors"),
        ([["a", "b"], [1, 0]], None, "regular array of numbers"),
        ([[1, 2], [1]], None, "regular array of numbers"),
        (np.zeros((0, 0)), None, "shape"),
        ([[0, 1e200], [1, 0]], [1e200, 1e200], "more than a float holds"),
    ],
)
def test_bad_input_is_told(p: object, s: object, says: str) -> None:
    with pytest.raises(AlignmentError, match=says):
        landscape(p, s)


def test_bad_blocs_are_told() -> None:
    found = landscape([[0, 1], [1, 0]])
    with pytest.raises(AlignmentError, match="one entry for each of 2 actors"):
        found.energy([0, 1, 1])
    with pytest.raises(AlignmentError, match="False or True"):
        found.energy([0, 2])


def test_the_diagonal_says_nothing() -> None:
    p, s = random_case(5, 9)
    other = p.copy()
    np.fill_diagonal(other, np.nan)
    assert landscape(other, s).optimum.energy == landscape(p, s).optimum.energy
    assert brute_energy(p, s, (0, 1, 0, 1, 1)) == landscape(p, s).energy([0, 1, 0, 1, 1])
