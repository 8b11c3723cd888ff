"""Both arms of a comparison have the same worlds, and its verdict follows the rules."""

from __future__ import annotations

import numpy as np
import pytest

import accord
from accord.lenses import vocabulary
from accord.lenses.endurance import shocks
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.pieces import Shocked, spared
from accord.lenses.endurance.shocks import with_shocks
from accord.situation import Change, Comparison, Frozen
from accord.study.comparing import arms_of, verdict_of
from accord.study.intervene import Pairs

CASE = accord.read("tehran-moscow-2015")


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """Looks at few worlds, with few runs of each."""
    return Pairs(CASE, vocabulary(), 32, replicates=2, drawn=8)


def test_both_arms_have_the_same_worlds(pairs: Pairs) -> None:
    base = pairs.drawn_for(CASE, "endurance")
    changes = (
        {"partnership.territory": Change(to=0.8)},
        {"partnership.territory": Change(plus=0.05)},
        {"partnership.territory": Change(to={"low": 0.1, "best": 0.2, "high": 0.3})},
        {
            "stances.assad_fate.iran": Change(
                to={"position": 0.5, "salience": {"low": 0.1, "best": 0.2, "high": 0.5}}
            )
        },
    )
    for change in changes:
        arm = pairs.arm(change)
        drawn = pairs.drawn_for(arm, "endurance")
        whole = pairs._draw(pairs._planned(arm), arm)
        touched = next(iter(change))
        for name in base.names:
            if name.startswith(touched):
                continue
            np.testing.assert_array_equal(drawn.of(name), base.of(name), err_msg=name)
        for name in whole.names:
            np.testing.assert_array_equal(drawn.of(name), whole.of(name), err_msg=name)
        assert drawn.names == whole.names


def test_arms_take_over_what_shocks_do_only_where_it_is_the_same(pairs: Pairs) -> None:
    worlds = pairs.drawn_for(CASE, "endurance")
    shocked = Shocked.of(CASE, worlds)
    arm = pairs.arm({"partnership.patrons.russia.own_losses": Change(times=4)})
    own = Shocked.of(arm, pairs.drawn_for(arm, "endurance"))
    assert shocked.holds_for(own.before)
    lent = shocked.lent_to(own.before)
    np.testing.assert_array_equal(lent.vector, own.after.vector)
    np.testing.assert_array_equal(lent.changes.value, own.after.changes.value)
    np.testing.assert_array_equal(lent.changes.hazard, own.after.changes.hazard)
    dependence = pairs.arm({"ties.iran.russia.dependence": Change(times=0.5)})
    assert not shocked.holds_for(Shocked.of(dependence, pairs.drawn_for(dependence, "endurance")).before)
    assert spared(CASE, ["partnership.patrons.russia.own_losses"])
    for path in (
        "ties.iran.russia.dependence",
        "actors.iran.stakes",
        "actors.iran.factions.government.share",
        "shocks.assad_leaves.hazard",
        "stances.assad_fate.iran.factions.government.position",
    ):
        assert not spared(CASE, [path]), path


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("ties.iran.russia.dependence", Change(times=0.5)),
        ("actors.iran.stakes", Change(plus=0.1)),
        ("partnership.patrons.russia.outside_value", Change(to=0.0)),
        ("shocks.assad_leaves.hazard", Change(times=2.0)),
        ("stances.assad_fate.iran.factions.government.position", Change(plus=-0.1)),
    ],
)
def test_where_shocks_act_is_the_same_whatever_the_values(path: str, change: Change, pairs: Pairs) -> None:
    """Found for the situation once; by how much they act there is the arm's own."""
    arm = pairs.arm({path: change})
    worlds = pairs.drawn_for(arm, "endurance")
    numbers = gathered(arm, worlds)
    own, taken = with_shocks(numbers, arm, worlds), with_shocks(numbers, arm, worlds, CASE)
    np.testing.assert_array_equal(taken.vector, own.vector)
    for name in ("names", "month", "hazard", "of", "index", "op", "value"):
        np.testing.assert_array_equal(getattr(taken.changes, name), getattr(own.changes, name), err_msg=name)
    assert own.changes.index.size


@pytest.mark.parametrize(
    ("toward", "error", "base", "shares", "verdict"),
    [
        (0.02, 0.001, 0.5, (0.9, 0.1), "supported"),
        (-0.02, 0.001, 0.5, (0.1, 0.9), "contradicted"),
        (0.02, 0.001, 0.5, (0.6, 0.4), "undecided"),
        (-0.02, 0.001, 0.5, (0.4, 0.6), "undecided"),
        (0.009, 0.001, 0.5, (1.0, 0.0), "undecided"),
        (0.009, 0.001, 0.1, (1.0, 0.0), "supported"),
        (0.02, 0.007, 0.5, (1.0, 0.0), "undecided"),
        (0.0, 0.0, 0.0, (1.0, 1.0), "undecided"),
        (0.02, float("nan"), 0.5, (1.0, 0.0), "undecided"),
    ],
)
def test_the_rules_of_a_verdict(
    toward: float, error: float, base: float, shares: tuple[float, float], verdict: str
) -> None:
    assert verdict_of(toward, error, base, shares) == verdict


def test_an_arm_is_there_once_whatever_the_reasons_given_for_it(pairs: Pairs) -> None:
    """The same number set as what is varied and as what it is held against is one arm, worked out once."""
    path = "ties.iran.russia.trust"
    arm = pairs.arm({path: Change(to=0.5, assumed="even odds against distrust")})
    assert pairs.arm({path: Change(to=0.5)}) is arm
    assert pairs.with_runs(1, 1).arm({path: Change(to=0.5, assumed="otherwise")}) is arm
    others = (
        {path: Change(to=0.50001)},
        {path: Change(plus=0.25)},
        {path: Change(plus=0.125)},
        {path: Change(times=0.5)},
        {path: Change(times=0.75)},
        {path: Change(to={"low": 0.4, "best": 0.5, "high": 0.6})},
        {"ties.russia.iran.trust": Change(to=0.5)},
        {path: Change(to=0.5), "ties.russia.iran.trust": Change(to=0.5)},
        {},
    )
    made = [pairs.arm(changes) for changes in others]
    assert all(one is not arm for one in made)
    assert len({one.digest for one in made}) == len(made)
    assert made[-1] is CASE


def test_an_arm_set_to_where_it_is_held_against_is_still_a_comparison(pairs: Pairs) -> None:
    pinned = Comparison(vary=Frozen({"partnership.territory": Change(to=0.5, against=0.5)}))
    arms = arms_of(pairs, pinned)
    assert arms.apart
    assert arms.varied is arms.base
    assert not arms_of(pairs, Comparison()).apart


def test_where_shocks_act_is_not_sought_again_for_arms_with_other_values(
    pairs: Pairs, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "endurance.survival.theatre.12"
    before = pairs.observe(CASE, [name])[name]

    def refuse(*args: object) -> object:
        raise AssertionError("sought again")

    monkeypatch.setattr(shocks, "_operations", refuse)
    after = pairs.observe(pairs.arm({"ties.iran.russia.dependence": Change(times=0.43)}), [name])[name]
    assert not np.array_equal(before, after)
    toggled = "ties.iran.russia.events.valdai_invitation.in_prior"
    with pytest.raises(AssertionError, match="sought again"):
        pairs.observe(pairs.arm({toggled: Change(to=False)}), [name])
