"""Shocks in runs that are made four at a time: they strike each run by itself, and what hangs on a number follows it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import accord
from accord.lenses.endurance import Parameters, simulate, weigh
from accord.lenses.endurance.gather import gathered
from accord.lenses.endurance.shocks import with_shocks
from accord.lenses.endurance.terms import FILLS, TERMS
from accord.situation import Change, Day, Estimate, Shock, Vocabulary, estimates
from accord.worlds import Worlds, best_of, omitted

CASE = accord.read("tehran-moscow-2015")
IRAN = "partnership.patrons.iran"
SPEED = "partnership.territory_speed"
SOON = {"date": Day(2016, 5)}
AT_RANDOM = {"hazard": Estimate(best=0.05)}


def struck(shocks: dict[str, Shock], size: int = 24, **given: float) -> Parameters:
    """The case's numbers at best estimates but for some, with these shocks."""
    situation = dataclasses.replace(CASE, shocks=shocks)
    numbers = {**estimates(situation), **omitted(situation, Vocabulary(TERMS), FILLS)}
    fixed = {path: best_of(estimate) for path, estimate in numbers.items()}
    worlds = Worlds((), np.zeros((size, 0)), fixed, 1, 0)
    return with_shocks(gathered(situation, worlds).with_(**given), situation, worlds)


def shock(changes: dict[str, Change], when: dict[str, object]) -> Shock:
    """A shock by its changes and its date or hazard."""
    return Shock(says="It came.", changes=changes, **when)  # type: ignore[arg-type]


def both(numbers: Parameters, replicates: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Ends of drawn runs, and sums of weights."""
    given = {"beta": 14.0, "nu": 0.15, "months": 40, "replicates": replicates}
    return simulate(numbers, **given).ends, weigh(numbers, **given).survival * replicates


MANY = {
    "a": shock({f"{IRAN}.discount": Change(to=0.95), SPEED: Change(times=2.0)}, AT_RANDOM),
    "b": shock({"partnership.suitors.united_states.offers.iran.rate": Change(to=0.4)}, AT_RANDOM),
    "c": shock({f"{IRAN}.help_calls": Change(to=0.3)}, SOON),
    "d": shock({"actors.iran.capability.ground": Change(times=0.3)}, AT_RANDOM),
}


def test_shocks_strike_a_run_alike_whoever_runs_beside_it() -> None:
    numbers = struck(MANY)
    many, _ = both(numbers, 11)
    assert len(np.unique(many[..., 3])) > 10
    for count in (1, 2, 5):
        np.testing.assert_array_equal(both(numbers, count)[0], many[:, :count])


@pytest.mark.parametrize("when", [SOON, AT_RANDOM], ids=["dated", "random"])
@pytest.mark.parametrize(
    ("path", "number", "value"),
    [
        ("partnership.suitors.united_states.offers.iran.rate", "rate", 0.5),
        (f"{IRAN}.help_calls", "help_calls", 0.5),
        ("partnership.territory_noise", "territory_noise", 0.2),
    ],
)
def test_luck_that_begins_to_matter_is_drawn(
    path: str, number: str, value: float, when: dict[str, object]
) -> None:
    """Where nothing can come of a number its luck is not drawn; a rate of 1e-300 is drawn for and nothing comes of it."""
    shocks = {"it": shock({path: Change(to=value)}, when)}
    never, hardly = (both(struck(shocks, **{number: least})) for least in (0.0, 1e-300))
    for one, other in zip(never, hardly, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(never[0], both(struck({}, **{number: 0.0}))[0])


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("partnership.substitution", Change(to=-2.0)),
        ("partnership.contest_exponent", Change(to=0.6)),
        (f"{IRAN}.availability", Change(to=0.4)),
        (f"{IRAN}.agency_loss", Change(to=0.3)),
        (f"{IRAN}.proxy_share", Change(to=0.1)),
        (f"{IRAN}.shirking_effort", Change(to=0.15)),
        (f"{IRAN}.leverage", Change(to=1.4)),
        (f"{IRAN}.discount", Change(to=0.945)),
        (f"{IRAN}.foresight", Change(to=13.0)),
        ("actors.iran.capability.ground", Change(times=0.2)),
        ("partnership.threats.islamic_state.strength", Change(times=2.0)),
    ],
)
def test_what_hangs_on_a_number_follows_a_shock(path: str, change: Change) -> None:
    """A change that changes nothing but makes everything worked out anew must not add anything."""
    alone, with_all = (
        both(struck({"it": shock({path: change, **more}, SOON)})) for more in ({}, {SPEED: Change(times=1.0)})
    )
    for one, other in zip(alone, with_all, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.array_equal(alone[1], both(struck({}))[1])
