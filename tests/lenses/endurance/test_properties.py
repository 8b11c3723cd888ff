"""Properties at one moment: names, order, units, what may come in, and directions that the page demands."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.lenses.endurance import (
    TERMS,
    Moment,
    Options,
    Parameters,
    closed_forms,
    options,
    parameters,
    simulate,
    weigh,
)
from accord.lenses.endurance.fields import FIELDS
from accord.lenses.endurance.ranges import hard_limits

Given = dict[str, Any]
Taken = Callable[[Parameters], Given]
STAY, SHIRK, EXIT, SELL, GRAB = range(5)
NAMES = ("d", "a", "e", "c", "b")
BLOCKS = {field.name: field.block for field in FIELDS if field.block != "pe"}
OPTIONAL: dict[str, float] = {
    "usefulness": 0.2,
    "blowback": 0.3,
    "isolation_rent": 0.2,
    "client_collapse_loss": 0.4,
    "client_strength_cost": 0.3,
    "spoiling": 0.3,
    "influence_needs_territory": 0.5,
}
STRUCTURES = st.fixed_dictionaries(
    {
        "count": st.integers(2, 5),
        "threats": st.integers(0, 2),
        "suitors": st.integers(0, 3),
        "client": st.booleans(),
        "quorum": st.floats(0.0, 1.0),
        "seed": st.integers(0, 10**6),
    }
)


def made(structure: Given, worlds: int = 6, **given: Any) -> Parameters:
    """Random worlds of a structure, optional terms on."""
    count = structure["count"]
    return parameters(
        NAMES[:count],
        worlds=worlds,
        seed=structure["seed"],
        threats=("t", "u")[: structure["threats"]],
        suitors=("x", "y", "z")[: structure["suitors"]],
        client=structure["client"],
        quorum=2 + min(int(structure["quorum"] * (count - 1)), count - 2),
        **{**OPTIONAL, "assets_at_start": 0.4, **given},
    )


def tempted(numbers: Parameters) -> Moment:
    """A moment with offers to some, odd trust and half a threat."""
    worlds, n = numbers.worlds, len(numbers.patrons)
    size = np.where(np.arange(n)[:, None] % 2 == 0, 0.3, 0.0) * np.ones((worlds, n, len(numbers.suitors)))
    return Moment(offers=size, level=np.full((worlds, len(numbers.threats)), 0.3), month=4)


def everything(found: Options) -> list[np.ndarray[Any, Any]]:
    """What has a patron axis."""
    per_patron = (found.flows, found.values, found.probabilities)
    return [*per_patron, found.patience, found.influence, found.steadiness]


def turned(given: Given, order: list[int]) -> Given:
    """Arrays with the patrons in another order."""
    out = dict(given)
    for name, block in BLOCKS.items():
        for axis, letter in enumerate(block):
            if letter == "p" and name in out:
                out[name] = np.take(out[name], order, axis=axis + 1)
    return out


def again(like: Parameters, patrons: tuple[str, ...], given: Given, numeraire: bool = True) -> Parameters:
    """The same structure with other names or numbers."""
    return parameters(
        patrons,
        worlds=like.worlds,
        threats=like.threats,
        suitors=like.suitors[:-1],
        client=like.client,
        quorum=like.quorum,
        numeraire=numeraire,
        **given,
    )


@settings(max_examples=20, deadline=None, derandomize=True)
@given(structure=STRUCTURES, shuffle=st.randoms(use_true_random=False))
def test_names_do_not_matter(structure: Given, shuffle: Any) -> None:
    one = made(structure)
    given = taken(one)
    names = list(one.patrons)
    shuffle.shuffle(names)
    # The patron that was first is now called names[0], and stands elsewhere.
    other = again(one, tuple(names), given)
    place = [other.patrons.index(name) for name in names]
    here, there = options(one, tempted(one)), options(other, tempted_like(one, place))
    for x, y in zip(everything(here), everything(there), strict=True):
        np.testing.assert_allclose(y[:, place], x, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(there.success, here.success, rtol=1e-12)


def tempted_like(numbers: Parameters, place: list[int]) -> Moment:
    """The moment of :func:`tempted`, patrons standing elsewhere."""
    moment = tempted(numbers)
    assert moment.offers is not None
    moved = np.empty_like(moment.offers)
    moved[:, place] = moment.offers
    return Moment(offers=moved, level=moment.level, month=moment.month)


def taken(numbers: Parameters) -> Given:
    """Every number as it is in the vector, in the units in force."""
    found = {name: numbers.of(name).copy() for name in BLOCKS}
    found["size"] = np.exp(found["size"])
    return found


@settings(max_examples=20, deadline=None, derandomize=True)
@given(structure=STRUCTURES, shuffle=st.randoms(use_true_random=False))
def test_order_does_not_matter(structure: Given, shuffle: Any) -> None:
    one = made(structure)
    order = list(range(len(one.patrons)))
    shuffle.shuffle(order)
    names = tuple(one.patrons[i] for i in order)
    full, few = taken(one), ("value", "trust", "capability", "patience", "position", "rate")
    assert np.array_equal(again(one, names, turned(full, order)).vector, again(one, one.patrons, full).vector)
    # What is not given is drawn for each patron by its name's place, not by its place in the call.
    some = {name: full[name] for name in few}
    here, there = again(one, one.patrons, some), again(one, names, turned(some, order))
    assert here.patrons == there.patrons
    assert np.array_equal(here.vector, there.vector)


def test_order_of_suitors_does_not_matter() -> None:
    rate, size = np.array([[0.1, 0.3], [0.2, 0.0]]), np.array([[0.5, 0.2], [0.9, 0.7]])
    here = parameters(worlds=50, suitors=("x", "y"), rate=rate, size=size)
    there = parameters(worlds=50, suitors=("y", "x"), rate=rate[:, ::-1], size=size[:, ::-1])
    assert here.suitors == there.suitors == ("x", "y", "")
    assert np.array_equal(here.vector, there.vector)
    assert np.array_equal(simulate(here, beta=9.0, nu=0.2).ends, simulate(there, beta=9.0, nu=0.2).ends)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(structure=STRUCTURES, by=st.sampled_from([0.25, 2.0, 3.7, 1e-3, 1e4]))
def test_the_unit_of_utility_does_not_matter(structure: Given, by: float, utilities: tuple[str, ...]) -> None:
    one = made(structure)
    given = taken(one)
    given |= {name: by * given[name] for name in (*utilities, "size")}
    other = again(one, one.patrons, given)
    np.testing.assert_allclose(other.vector, one.vector, rtol=1e-12, atol=1e-12)
    unscaled = again(one, one.patrons, given, numeraire=False)
    assert np.isnan(unscaled.scale).all()
    for x, y in zip(everything(options(one)), everything(options(other)), strict=True):
        np.testing.assert_allclose(y, x, rtol=1e-9, atol=1e-11)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(structure=STRUCTURES, beta=st.sampled_from([0.0, 6.0, 14.0, 40.0, 1e3, 1e9]))
def test_probabilities(structure: Given, beta: float) -> None:
    numbers = made(structure)
    for moment in (Moment(), tempted(numbers), Moment(theatre_alive=np.full(6, False))):
        found = options(numbers, moment, beta=beta)
        assert np.isfinite(found.flows).all()
        assert (found.probabilities >= 0.0).all()
        assert (found.probabilities <= 1.0).all()
        np.testing.assert_allclose(found.probabilities.sum(axis=-1), 1.0, rtol=0, atol=1e-12)
        assert (found.probabilities[found.values == -np.inf] == 0.0).all()
        for share in (found.patience, found.influence, found.steadiness, found.success):
            assert ((share >= 0.0) & (share <= 1.0)).all()
    assert not np.isnan(closed_forms(numbers).price).any()


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_missing_and_endless_numbers_are_refused(name: str) -> None:
    numbers = parameters()
    for bad in (math.nan, math.inf, -math.inf):
        for refuse in (parameters, numbers.with_):
            with pytest.raises(ValueError, match=f"'{name}'"):
                refuse(**{name: bad})
    size = numbers.of(name).shape
    if len(size) > 1 and math.prod(size):
        one = np.full(size, 0.5)
        one.flat[-1] = math.nan
        with pytest.raises(ValueError, match=f"'{name}'"):
            parameters(**{name: one})


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_numbers_out_of_range_are_refused(name: str) -> None:
    limit = hard_limits()[name]
    for edge, out in ((limit.low, -1e-6), (limit.high, 1e-6)):
        if math.isfinite(edge) and not (name == "weight" and out > 0.0):
            with pytest.raises(ValueError, match=f"'{name}'"):
                parameters(**{name: [edge + out, 0.5] if name == "weight" else edge + out})


def test_every_term_of_the_lens_is_a_number() -> None:
    assert {term.name for term in TERMS} <= set(BLOCKS)


@pytest.mark.parametrize("place", range(3))
@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_rallies_are_refused(place: int, bad: float) -> None:
    rallies = np.array([[[0.0, 0.1, 6.0]], [[3.0, -0.1, 6.0]]])
    rallies[1, 0, place] = bad
    with pytest.raises(ValueError, match=("'rally_month'", "'rally_size'", "'rally_half_life'")[place]):
        parameters(rallies=rallies)


def test_rallies_fade() -> None:
    rallies = np.array([[[2.0, 0.05, 6.0], [0.0, 0.0, 0.0]], [[0.0, -0.1, 0.0], [0.0, 0.0, 0.0]]])
    base, numbers = parameters(fatigue=0.0), parameters(fatigue=0.0, rallies=rallies)
    start = options(base).patience[0]
    for month, more in ((0, (0.0, -0.1)), (1, (0.0, 0.0)), (2, (0.05, 0.0)), (8, (0.025, 0.0))):
        found = options(numbers, Moment(month=month)).patience[0]
        np.testing.assert_allclose(found, start + np.array(more), rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "high"),
    [
        ("effort", 1.0),
        ("effort_months", None),
        ("losses", None),
        ("trust", 1.0),
        ("level", 1.0),
        ("territory", 1.0),
        ("assets", None),
        ("offers", None),
    ],
)
def test_moments_are_refused(name: str, high: float | None) -> None:
    numbers = parameters(worlds=2)
    shape = {"trust": (2, 2, 2), "level": (2, 1), "territory": (2,), "assets": (2,), "offers": (2, 2, 3)}
    for bad in (math.nan, math.inf, -0.1, *(() if high is None else (high + 0.1,))):
        array = np.full(shape.get(name, (2, 2)), 0.5)
        options(numbers, Moment(**{name: array}))
        array.flat[-1] = bad
        with pytest.raises(ValueError, match=f"'{name}'"):
            options(numbers, Moment(**{name: array}))


def test_rates_that_are_none_are_refused() -> None:
    numbers = parameters()
    for run in (simulate, weigh):
        for beta, nu in (
            (math.nan, 0.1),
            (-1.0, 0.1),
            (math.inf, 0.1),
            (1.0, math.nan),
            (1.0, 1.1),
            (1.0, -0.1),
        ):
            with pytest.raises(ValueError, match="nu" if beta == 1.0 else "beta"):
                run(numbers, beta=beta, nu=nu)


def ranged(name: str, values: list[float], **given: Any) -> Options:
    """One random world for each value of one number, all else the same, without the numeraire."""
    fixed = taken(parameters(seed=given.pop("seed"), numeraire=False, **given))
    shape = (len(values), *([1] * len(BLOCKS[name].replace("w", ""))))
    varied = {**fixed, name: np.reshape(values, shape)}
    numbers = parameters(
        worlds=len(values), numeraire=False, **{k: v for k, v in varied.items() if k != "size"}
    )
    offers = np.full((len(values), 2, 3), 0.4)
    return options(numbers, Moment(offers=offers), beta=14.0)


# What moves, by what, how, in the first patron's eyes: (what, number, values, rises, given).
DIRECTIONS: tuple[tuple[str, str, tuple[float, float], int, Given], ...] = (
    ("probabilities.exit", "breaking_cost", (0.0, 5.0), -1, {}),
    ("probabilities.sell", "breaking_cost", (0.0, 5.0), -1, {}),
    ("probabilities.grab", "breaking_cost", (0.0, 5.0), -1, {}),
    ("probabilities.stay", "breaking_cost", (0.0, 5.0), 1, {}),
    ("probabilities.exit", "asset_breaking_cost", (0.0, 2.0), -1, {"assets_at_start": 1.0}),
    ("probabilities.sell", "credibility", (0.0, 1.0), 1, {}),
    ("values.stay", "standing_interest", (-1.0, 1.0), 1, {"trust": 1.0}),
    ("flows.stay", "standing_interest", (-1.0, 1.0), 1, {}),
    ("values.stay", "abandonment_loss", (0.0, 6.0), -1, {}),
    ("values.grab", "abandonment_loss", (0.0, 6.0), -1, {}),
    ("values.exit", "outside_value", (-1.0, 1.0), 1, {}),
    ("flows.stay", "material_cost", (0.0, 0.4), -1, {}),
    ("flows.stay", "salience", (0.0, 0.3), -1, {}),
    ("flows.stay", "influence_value", (0.0, 0.5), 1, {}),
    ("flows.stay", "value", (0.3, 2.5), 1, {}),
    ("flows.stay", "dependence_goods", (0.0, 0.5), 1, {}),
    ("flows.stay", "autonomy_cost", (0.0, 0.2), -1, {}),
    ("flows.stay", "blowback", (0.0, 1.0), -1, {}),
    ("flows.stay", "usefulness", (0.0, 1.0), 1, {"level": 0.5}),
    ("flows.stay", "isolation_rent", (0.0, 1.0), 1, {}),
    ("flows.stay", "client_collapse_loss", (0.0, 1.0), -1, {"territory": 0.06}),
    ("flows.stay", "client_strength_cost", (0.0, 1.0), -1, {"client_capability": 0.5}),
    ("steadiness", "defection_rate", (0.0, 1.0), -1, {}),
    ("patience", "losses_so_far", (0.0, 900.0), -1, {"success_buffer": 0.5, "loss_sensitivity": 0.1}),
)


@pytest.mark.parametrize(("what", "name", "span", "sign", "given"), DIRECTIONS)
def test_directions(what: str, name: str, span: tuple[float, float], sign: int, given: Given) -> None:
    low, high = span
    for seed in range(8):
        found = ranged(name, [low, low + 0.3 * (high - low), high], seed=seed, **given)
        group, _, option = what.partition(".")
        array = getattr(found, group)
        order = (
            ("stay", "shirk", "out", "alone")
            if group == "flows"
            else ("stay", "shirk", "exit", "sell", "grab")
        )
        series = array[:, 0, order.index(option)] if option else array[:, 0]
        assert (sign * np.diff(series) > 0.0).all(), (seed, series)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), low=st.floats(0.0, 0.98), more=st.floats(0.01, 1.0))
def test_trust_makes_staying_worth_more(seed: int, low: float, more: float) -> None:
    numbers = parameters(worlds=40, seed=seed, abandonment_loss=2.0)
    values = []
    for trust in (low, min(low + more, 1.0)):
        at = options(numbers, Moment(trust=np.full((40, 2, 2), trust)))
        values.append(at.values[..., STAY])
    gains = at.flows[..., 0] > at.flows[..., 3]
    assert (values[1] > values[0])[gains].all()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), small=st.floats(0.01, 1.0), more=st.floats(1.05, 3.0))
def test_a_larger_offer_is_taken_more_often(seed: int, small: float, more: float) -> None:
    numbers = parameters(worlds=20, seed=seed)
    few, many = (
        options(numbers, Moment(offers=np.full((20, 2, 3), size)), beta=6.0).probabilities
        for size in (small, small * more)
    )
    # Strictly, unless it is all but certain, or all but impossible, already.
    between = (few[..., SELL] > 1e-12) & (few[..., SELL] < 1.0 - 1e-9)
    assert (many[..., SELL] > few[..., SELL])[between].all()
    assert (many[..., STAY] <= few[..., STAY]).all()


@pytest.mark.parametrize("late", NAMES[:3])
@pytest.mark.parametrize("month", [0, 1, 2, 13])
def test_entry_is_judged_as_if_one_were_in(late: str, month: int) -> None:
    numbers = parameters(NAMES[:3], worlds=50, seed=8, enters={late: 3})
    i = numbers.patrons.index(late)
    inside = np.full((50, 3), True)
    as_if = options(numbers, Moment(in_theatre=inside, in_bilateral=inside, month=month), beta=6.0)
    found = options(numbers, Moment(month=month), beta=6.0)
    gain = as_if.values[:, i, STAY] - as_if.flows[:, i, 2]
    np.testing.assert_allclose(found.entry[:, i], 1.0 / (1.0 + np.exp(-6.0 * gain)), rtol=1e-10)
    # The members' own flows and shares are those without it.
    without = np.full((50, 3), True)
    without[:, i] = False
    alone = options(numbers, Moment(in_theatre=without, in_bilateral=without, month=month + 40), beta=6.0)
    for x, y in zip(everything(found), everything(alone), strict=True):
        np.testing.assert_allclose(x[without], y[without], rtol=1e-12)


def test_closed_forms_mark_where_staying_begins_to_pay() -> None:
    """With q = 1 trust is steadiness itself, and 6000 months are as good as all time to come."""
    far = {"foresight": 6000.0, "defection_rate": 1.0, "assets_at_start": 0.5}
    numbers = parameters(worlds=3000, seed=77, **far)
    forms = closed_forms(numbers)
    np.testing.assert_allclose(forms.price, forms.price_far, rtol=1e-9)

    def gain(steady: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        trust = np.zeros((3000, 2, 2))
        trust[:, 0, 1], trust[:, 1, 0] = steady[:, 0], steady[:, 1]
        values = options(numbers, Moment(trust=trust)).values
        return np.asarray(values[..., STAY] - values[..., EXIT])

    needed, none, all_ = forms.trust_needed, np.zeros((3000, 2)), np.ones((3000, 2))
    inside = (needed > 0.0) & (needed < 1.0)
    assert min(inside.sum(), (needed == 0.0).sum(), (needed == 1.0).sum(), np.isnan(needed).sum()) > 5
    assert np.abs(gain(np.where(inside, needed, 0.5))[inside]).max() < 1e-9
    assert (gain(none)[needed == 0.0] >= -1e-12).all()
    assert (gain(all_)[needed == 1.0] <= 1e-12).all()
    for trust in (none, all_, 0.5 * all_):
        assert (gain(trust)[np.isnan(needed)] < 0.0).all()
