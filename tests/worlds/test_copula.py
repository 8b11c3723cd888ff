"""Correlations that can hold together, and those that cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.situation import Correlation, Estimate, Frozen, Situation
from accord.worlds import check_correlations
from accord.worlds.copula import groups, score_correlation

Build = Callable[..., Situation]


def ties(ranks: Mapping[str, float]) -> Frozen[Correlation]:
    """Correlations named by their two letters."""
    return Frozen({name: Correlation((name[0], name[1]), rank) for name, rank in ranks.items()})


@pytest.mark.parametrize("rank", [-0.999, -0.5, 0.0, 0.3, 0.999])
def test_scores_and_ranks_are_tied_as_for_a_bivariate_normal(rank: float) -> None:
    rho = score_correlation(rank)
    assert np.isclose(6 / np.pi * np.arcsin(rho / 2), rank)
    assert abs(rho) <= 1


def test_numbers_that_hang_together_form_a_group_in_the_order_of_the_plan() -> None:
    found = groups(ties({"cb": 0.5, "ba": 0.4, "ed": 0.3, "fx": 0.2}), "abcdef")
    assert [group.paths for group in found] == [("a", "b", "c"), ("d", "e")]
    assert [group.names for group in found] == [("ba", "cb"), ("ed",)]
    expected = np.eye(3)
    expected[0, 1] = expected[1, 0] = score_correlation(0.4)
    expected[1, 2] = expected[2, 1] = score_correlation(0.5)
    assert np.allclose(found[0].matrix, expected)


def test_of_two_entries_for_one_pair_the_first_by_name_counts() -> None:
    found = groups(Frozen({"z": Correlation(("a", "b"), 0.9), "y": Correlation(("b", "a"), 0.1)}), "ab")
    assert np.isclose(found[0].matrix[0, 1], score_correlation(0.1))


@given(st.lists(st.floats(-0.999, 0.999), min_size=6, max_size=6))
@settings(deadline=None)
def test_the_factor_gives_the_matrix_or_is_refused(ranks: list[float]) -> None:
    names = ["ab", "ac", "ad", "bc", "bd", "cd"]
    (group,) = groups(ties(dict(zip(names, ranks, strict=True))), "abcd")
    assert group.possible == (np.linalg.eigvalsh(group.matrix).min() > 1e-9)
    if group.possible:
        lower = group.factor()
        assert np.allclose(lower @ lower.T, group.matrix, atol=1e-9)
        assert np.array_equal(lower, np.tril(lower))
    else:
        with pytest.raises(ValueError, match="no numbers can be correlated like this"):
            group.factor()


def test_rows_of_the_factor_do_not_change_when_numbers_are_added() -> None:
    rng = np.random.default_rng(0)
    names = [f"{a}{b}" for i, a in enumerate("abcdefgh") for b in "abcdefgh"[i + 1 :]]
    ranks = {name: float(rng.uniform(-0.1, 0.1)) for name in names}
    (few,) = groups(ties({n: r for n, r in ranks.items() if not set(n) & set("gh")}), "abcdef")
    (many,) = groups(ties(ranks), "abcdefgh")
    assert np.array_equal(many.factor()[:6, :6], few.factor())


def test_a_contradiction_is_told_with_a_way_out(build: Build) -> None:
    numbers = {name: Estimate(None, 0, 1, "uniform") for name in "abcd"}
    at = {name: f"stances.{name}.iran.position" for name in numbers}
    ranks = {"ab": 0.9, "bc": 0.9, "ac": -0.9, "cd": 0.1}
    known = {name: Correlation((at[name[0]], at[name[1]]), rank) for name, rank in ranks.items()}
    (problem,) = check_correlations(build(numbers, known))
    assert str(problem) == (
        "correlations.ab.rank: no numbers can be correlated like this: ab, ac, bc, cd contradict one another; "
        "expected correlations that can hold together; try: multiply each of these ranks by 0.53, or drop one of them"
    )
    weaker = {name: Correlation(tie.between, tie.rank * 0.53) for name, tie in known.items()}
    assert check_correlations(build(numbers, weaker)) == []


def test_two_numbers_can_always_be_correlated(build: Build) -> None:
    numbers = {name: Estimate(None, 0, 1, "uniform") for name in "ab"}
    tie = {"ab": Correlation(("stances.a.iran.position", "stances.b.iran.position"), -0.999)}
    assert check_correlations(build(numbers, tie)) == []
    assert check_correlations(build(numbers)) == []
