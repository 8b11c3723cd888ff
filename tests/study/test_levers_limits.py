"""How far a number is moved to see what carries the verdict: within what is plausible."""

from __future__ import annotations

import pytest

import accord
from accord.lenses import vocabulary
from accord.study.levers import Standing, Swing, limits_of

CASE = accord.read("tehran-moscow-2015")


def limits_at(path: str, low: float, high: float) -> tuple[float, float]:
    """The range within which a number of the shipped case is moved, when its own ends are these."""
    none = Standing("", 0.5, 0.5, {})
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
