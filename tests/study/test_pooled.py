"""Precisions weighed by their fit: by hand, and nothing where there is nothing to weigh."""

from __future__ import annotations

import math

import pytest

from accord.lenses.endurance.own import Pace
from accord.lenses.endurance.places import LABELS
from accord.study.pooled import pooled
from accord.study.verdict import Held, OwnClass

KIND = "own: pacts"
FIRST = dict(zip(LABELS, (0.1, 0.6, 0.2, 0.05, 0.05), strict=True))
SECOND = dict(zip(LABELS, (0.1, 0.2, 0.6, 0.05, 0.05), strict=True))


def row(beta: float, shares: dict[str, float], variant: str = "plain", worlds: int = 400) -> Held:
    """One row of the table."""
    return Held(variant, KIND, beta, "judged", max(shares, key=lambda n: shares[n]), shares, 0.0, 0.9, worlds)


def own(*paces: Pace) -> OwnClass:
    """A class with these rates."""
    return OwnClass("pacts", "defense=yes", KIND, 1, 40, 30, 0.9, 0.6, "survival_only", "", paces)


def pace(beta: float, total: float, variant: str = "plain") -> Pace:
    """One rate."""
    return Pace(variant, beta, 0.03, total, 3, 0.9, 0.6)


def test_weights_are_likelihoods() -> None:
    (one,) = pooled(own(pace(6.0, 10.0), pace(14.0, 12.0)), [row(6.0, FIRST), row(14.0, SECOND)])
    first = 1.0 / (1.0 + math.exp(-1.0))
    assert one.weights == pytest.approx({6.0: first, 14.0: 1.0 - first})
    assert one.shares == pytest.approx(
        {name: first * FIRST[name] + (1 - first) * SECOND[name] for name in LABELS}
    )
    assert sum(one.shares.values()) == pytest.approx(1.0)
    assert one.clear == list(LABELS)[1]
    (even,) = pooled(own(pace(6.0, 10.0), pace(14.0, 10.0)), [row(6.0, FIRST), row(14.0, SECOND)])
    assert even.clear == ""
    # A far worse fit has no say.
    (far,) = pooled(own(pace(6.0, 100.0), pace(14.0, 1.0)), [row(6.0, FIRST), row(14.0, SECOND)])
    assert far.shares == pytest.approx(SECOND)


def test_each_population_for_itself_and_only_what_can_be_judged() -> None:
    rows = [row(6.0, FIRST), row(14.0, SECOND), row(6.0, SECOND, "drifting"), row(14.0, SECOND, "drifting")]
    made = own(pace(6.0, 1.0), pace(14.0, 1.0), pace(6.0, 1.0, "drifting"), pace(14.0, 2.0, "drifting"))
    assert [one.variant for one in pooled(made, rows)] == ["plain", "drifting"]
    assert pooled(made, rows)[1].shares == pytest.approx(SECOND)
    assert pooled(made, [row(6.0, FIRST), row(14.0, SECOND, worlds=20)]) == ()
    assert pooled(made, [row(6.0, FIRST), Held("plain", KIND, 14.0, "not_reachable")]) == ()
    assert pooled(made, []) == ()
