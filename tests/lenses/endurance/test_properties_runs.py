"""Properties of runs: accounts that add up in every structure, chunks, threads, entry; two estimators that agree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from accord.lenses.endurance import Intervention, Parameters, options, parameters, simulate, weigh
from accord.lenses.endurance.endings import CAUSES

Given = dict[str, Any]
FloatArray = NDArray[np.float64]
STAY, SHIRK, EXIT, SELL, GRAB = range(5)
NAMES = ("a", "b", "c", "d", "e")
BOTH = Intervention(12, remove=True, tempt=True)
OPTIONAL: Given = {
    "usefulness": 0.2,
    "blowback": 0.3,
    "isolation_rent": 0.2,
    "client_collapse_loss": 0.4,
    "client_strength_cost": 0.3,
    "spoiling": 0.3,
    "influence_needs_territory": 0.5,
    "help_calls": 0.05,
    "position_drift": 0.05,
    "capability_drift": 0.1,
}
RALLIES = ((5.0, 0.2, 6.0), (20.0, -0.1, 3.0))


def structures() -> Iterator[Any]:
    """Every structure that the page allows."""
    for count in range(2, 6):
        for threats in range(3):
            for client in (False, True):
                yield pytest.param(
                    count, threats, client, id=f"{count}-{threats}-{'client' if client else 'none'}"
                )


@pytest.mark.parametrize(("count", "threats", "client"), list(structures()))
def test_accounts_add_up(count: int, threats: int, client: bool) -> None:
    for quorum in range(2, count + 1):
        for suitors in range(4):
            late = NAMES[count - 1] if quorum < count else None
            numbers = parameters(
                NAMES[:count],
                worlds=4,
                seed=quorum + 10 * suitors,
                threats=("t", "u")[:threats],
                suitors=("x", "y", "z")[:suitors],
                client=client,
                quorum=quorum,
                enters={} if late is None else {late: 4},
                rallies=np.tile(RALLIES, (count, 1, 1)),
                **OPTIONAL,
            )
            for trial in (Intervention(month=0), BOTH):
                check_accounts(numbers, trial)


def check_accounts(numbers: Parameters, trial: Intervention) -> None:
    """Survival and incidence are one at every month, survival falls, and the theatre dies first."""
    runs = simulate(numbers, beta=6.0, nu=0.1, months=40, replicates=4, trial=trial)
    for level in range(2):
        counted = runs.alive[:, level] + runs.replicates * runs.incidence(level).sum(axis=(1, 2))
        assert (np.round(counted) == runs.replicates).all()
        np.testing.assert_allclose(counted, runs.replicates, rtol=0, atol=1e-9)
    month, cause, ender = (runs.ends[..., [c, c + 3]] for c in range(3))
    assert ((month >= 1) & (month <= 40)).all()
    assert (month[cause == 0] == 40).all()
    nobody = (cause == 0) | (cause == CAUSES.index("collapse"))
    assert ((ender == len(numbers.patrons)) == nobody).all()
    assert not np.isin(
        cause[..., 1], [CAUSES.index(name) for name in ("fulfilled", "exhaustion", "collapse")]
    ).any()
    weights = weigh(numbers, beta=6.0, nu=0.1, months=40, replicates=4, trial=trial).survival
    for survival in (runs.survival, weights):
        assert (survival[..., 0] == 1.0).all()
        assert (np.diff(survival, axis=-1) <= 1e-15).all()
        assert (survival >= 0.0).all()
        # Who leaves the bilateral level leaves the theatre: it cannot outlive the partnership (page, section 1).
        assert (survival[:, 0] <= survival[:, 1]).all()


@pytest.mark.parametrize("seed", [0, 7])
@pytest.mark.parametrize(
    "trial", [Intervention(month=0), BOTH, Intervention(12, exhaust="a", change_leader=True)]
)
def test_chunks_and_threads(seed: int, trial: Intervention) -> None:
    worlds, first = 70, 5
    numbers = parameters(worlds=worlds, seed=seed, first=first, leader="issue_1", **OPTIONAL)
    parts = [slice(0, 1), slice(1, 34), slice(34, 70)]
    drawn = [
        parameters(
            worlds=part.stop - part.start, seed=seed, first=first + part.start, leader="issue_1", **OPTIONAL
        )
        for part in parts
    ]
    assert np.array_equal(np.concatenate([some.vector for some in drawn]), numbers.vector)
    luck: Given = {"beta": 6.0, "nu": 0.1, "months": 40, "replicates": 4, "seed": seed, "trial": trial}
    before = numba.get_num_threads()
    try:
        found = []
        for threads in (1, 2):
            numba.set_num_threads(min(threads, before))
            found.append(at_once(numbers, first, luck))
            pieces = [at_once(numbers.take(part), first + part.start, luck) for part in parts]
            found.append([np.concatenate(piece) for piece in zip(*pieces, strict=True)])
    finally:
        numba.set_num_threads(before)
    for other in found[1:]:
        for x, y in zip(found[0], other, strict=True):
            assert np.array_equal(x, y)
    moved = at_once(numbers, first + 1, luck)
    assert not np.array_equal(moved[0], found[0][0])


def at_once(numbers: Parameters, first: int, luck: Given) -> list[np.ndarray[Any, Any]]:
    """Everything that both estimators give."""
    runs = simulate(numbers, first=first, tracks=True, **luck)
    plain = simulate(numbers, first=first, **luck)
    assert np.array_equal(runs.ends, plain.ends)
    assert np.array_equal(runs.alive, plain.alive)
    return [runs.ends, runs.alive, runs.tracks, weigh(numbers, first=first, **luck).survival]


# Structures in which both estimators are compared: patrons, quorum, threats, client, whether all takes part.
COMPARED = [(2, 2, 1, True, False), (2, 2, 0, False, True), (3, 2, 2, True, True), (3, 3, 1, True, True)]


@pytest.mark.parametrize("trial", [Intervention(month=0), BOTH], ids=["base", "trial"])
@pytest.mark.parametrize(("count", "quorum", "threats", "client", "everything"), COMPARED)
def test_both_estimators_agree(
    count: int, quorum: int, threats: int, client: bool, everything: bool, trial: Intervention
) -> None:
    sets, batches, replicates = 4, 64, 16
    numbers = parameters(
        NAMES[:count],
        worlds=sets,
        seed=31 + count,
        threats=("t", "u")[:threats],
        client=client,
        quorum=quorum,
        standing_interest=0.3 if quorum == 2 else 1.2,
        breaking_cost=[1.0, 2.0, 3.0][:count],
        suitors=None if count == 2 else ("x",),
        **(OPTIONAL if everything else {}),
    )
    rows = numbers.take(np.repeat(np.arange(sets), batches))
    luck: Given = {
        "beta": 6.0,
        "nu": 0.05 if quorum == 2 else 0.02,
        "months": 72,
        "replicates": replicates,
        "trial": trial,
    }
    drawn = simulate(rows, seed=1, **luck).survival.reshape(sets, batches, 2, -1)
    weights = weigh(rows, seed=2, **luck).survival.reshape(sets, batches, 2, -1)
    lively = 0
    for month in (6, 24, 72):
        for level in range(2):
            gap = drawn[..., level, month].mean(axis=1) - weights[..., level, month].mean(axis=1)
            # Agresti and Coull's chance, so that a count of none has an error too.
            n = batches * replicates
            chance = (n * drawn[..., level, month].mean(axis=1) + 2.0) / (n + 4.0)
            error = chance * (1.0 - chance) / n + weights[..., level, month].var(axis=1, ddof=1) / batches
            assert (np.abs(gap) <= 4.0 * np.sqrt(error)).all()
            lively += int(((chance > 0.1) & (chance < 0.9)).sum())
    assert lively >= 8
    compare_ratios(drawn[:, :, 1], weights[:, :, 1])


def compare_ratios(drawn: FloatArray, weights: FloatArray) -> None:
    """Conditional survival from month 12 to 72, a ratio of sums, with jackknifed errors."""
    parts = [jackknife(found[..., 72], found[..., 12]) for found in (drawn, weights)]
    (one, one_error), (other, other_error) = parts
    some = (drawn[..., 72].sum(axis=1) > 0.0) & (drawn[..., 72].sum(axis=1) < drawn[..., 12].sum(axis=1))
    assert some.sum() >= 3
    assert (np.abs(one - other) <= 4.0 * np.sqrt(one_error + other_error))[some].all()
    # Weights are there because they are steadier.
    assert (other_error < one_error)[some].all()


def test_conditional_survival_is_a_ratio_of_sums() -> None:
    weights = weigh(parameters(worlds=50), beta=6.0, nu=0.1, months=40, replicates=4)
    ratio = weights.survival[:, 1, 37] / weights.survival[:, 1, 12]
    np.testing.assert_allclose(weights.conditional(12, 25), ratio, rtol=1e-12)


def jackknife(top: FloatArray, below: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Ratio of sums over batches and its variance, leaving out one batch at a time."""
    n = top.shape[1]
    ratio = top.sum(axis=1) / below.sum(axis=1)
    left = (top.sum(axis=1, keepdims=True) - top) / (below.sum(axis=1, keepdims=True) - below)
    return ratio, (n - 1) / n * ((left - left.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)


def test_who_has_left_does_not_come_in_again() -> None:
    # Two that never leave, and a third that comes and goes by lot: it has influence only while it is in.
    given: Given = {
        "breaking_cost": np.array([1e9, 1e9, 0.0]),
        "territory_speed": 0.0,
        "territory_noise": 0.0,
        "fatigue": 0.0,
        "loss_sensitivity": 0.0,
        "defection_rate": 0.0,
        "rate": 0.0,
        "value": 0.0,
        "goal": 0.0,
        "balancing": 1.0,
        "standing_interest": np.array([0.0, 0.0, 0.1]),
    }
    numbers = parameters(NAMES[:3], worlds=200, seed=3, enters={"c": 2}, numeraire=False, **given)
    share = simulate(numbers, beta=0.5, nu=0.5, months=40, replicates=1, tracks=True).track("influence", "c")
    assert (share[:, :2] == 0.0).all()
    entries = (np.diff((share > 0.0).astype(int), axis=1) == 1).sum(axis=1)
    exits = (np.diff((share > 0.0).astype(int), axis=1) == -1).sum(axis=1)
    assert exits.sum() > 50
    assert (entries == 1).sum() > 150
    assert entries.max() == 1


def test_entry_at_its_own_rate() -> None:
    given: Given = dict.fromkeys(("rate", "territory_speed", "territory_noise", "growth", "attrition"), 0.0)
    given |= dict.fromkeys(("fatigue", "own_losses", "asset_build_up", "influence_exponent"), 0.0)
    given |= {"breaking_cost": np.array([1e9, 0.0, 1e9]), "observation_noise": 0.5}
    numbers = parameters(NAMES[:3], worlds=40, seed=3, enters={"b": 2}, numeraire=False, **given)
    entry = options(numbers, beta=6.0).entry[:, 1]
    runs = simulate(numbers, beta=6.0, nu=0.3, months=2, replicates=1500, tracks=True)
    # Influence is even, so its mean tells in how many runs the third is in.
    inside = 3.0 * 1500 * runs.track("influence", "b")[:, 2]
    spread = np.sqrt(1500 * 0.3 * entry * (1.0 - 0.3 * entry))
    assert (runs.alive[:, 0, 2] == 1500).all()
    assert (np.abs(inside - 1500 * 0.3 * entry) <= 4.0 * spread + 1e-6).all()


def test_paths_are_those_of_each_patron() -> None:
    numbers = parameters(NAMES[:3], worlds=20, seed=4, threats=("t", "u"))
    runs = simulate(numbers, beta=6.0, nu=0.0, months=3, replicates=2, tracks=True)
    start = options(numbers)
    for i, name in enumerate(numbers.patrons):
        np.testing.assert_allclose(runs.track("patience", name)[:, 0], start.patience[:, i], rtol=1e-12)
        np.testing.assert_allclose(runs.track("influence", name)[:, 0], start.influence[:, i], rtol=1e-12)
        own = 1.0 - numbers.of("proxy_share")[:, i] * (1.0 - numbers.of("proxy_loss_weight"))
        # The first month is one of full effort against the threat of the start, by which the page measures losses.
        first = runs.track("losses", name)[:, 1]
        np.testing.assert_allclose(first, numbers.of("own_losses")[:, i] * own, rtol=1e-10)
        for j, other in enumerate(numbers.patrons):
            if i != j:
                trust = runs.track("trust", name, other)[:, 0]
                np.testing.assert_allclose(trust, numbers.of("trust")[:, i, j], rtol=1e-12)
    np.testing.assert_allclose(runs.track("success")[:, 0], start.success, rtol=1e-12)
    np.testing.assert_allclose(runs.track("territory")[:, 0], numbers.of("territory"), rtol=1e-12)
    for k, threat in enumerate(numbers.threats):
        np.testing.assert_allclose(runs.track("level", threat)[:, 0], numbers.of("level")[:, k], rtol=1e-12)


def test_leavers_are_not_heard_in_the_last_review() -> None:
    # c has the last of the air force and wants the opposite; it walks out at once, and the theatre with it.
    given: Given = {
        "capability": np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]]),
        "position": np.array([[0.0], [0.0], [1.0]]),
        "salience": 8.0,
        "standing_interest": np.array([3.0, 3.0, -50.0]),
        "dependence_goods": 0.0,
        "autonomy_cost": 0.0,
        "trust": 1.0,
        "agenda_loading": 0.0,
        "standing": 1.0,
        "substitution": 0.0,
        "abandonment_loss": 0.0,
        "breaking_cost": 0.0,
        "rate": 0.0,
        # While the threat is useful to them the theatre makes up for a policy between the two; nothing does after it.
        "usefulness": 20.0,
        "level": 0.5,
        **dict.fromkeys(("growth", "attrition", "value", "material_cost", "political_weight", "goal"), 0.0),
        "patience_floor": 0.0,
    }
    numbers = parameters(
        NAMES[:3], worlds=20, issues=("end",), weight=0.5, client=False, numeraire=False, **given
    )
    leaving = options(numbers, beta=1000.0).probabilities[..., EXIT]
    assert (leaving[:, 2] > 1.0 - 1e-12).all()
    assert (leaving[:, :2] < 1e-12).all()
    for run in (simulate, weigh):
        survival = run(numbers, beta=1000.0, nu=1.0, months=24, replicates=4).survival
        assert (survival[:, 0, 1:] == 0.0).all()
        np.testing.assert_allclose(survival[:, 1], 1.0, rtol=0, atol=1e-9)


def test_the_tempter_of_those_without_suitors() -> None:
    numbers = parameters(worlds=30, seed=2, suitors=(), numeraire=False)
    # The middles of the priors: .1 to 1 (log), .3 to .9, .5 to .97, 3 to 12.
    for name, middle in (("spread", 0.6), ("credibility", 0.735), ("open_months", 7.5), ("rate", 0.0)):
        np.testing.assert_allclose(numbers.of(name), middle, rtol=1e-12)
    np.testing.assert_allclose(numbers.of("size"), np.log(0.1**0.5), rtol=1e-12)
    plain, tempted = (
        weigh(numbers, beta=6.0, nu=0.3, months=30, trial=trial).survival[:, 1]
        for trial in (Intervention(month=0), Intervention(12, tempt=True))
    )
    assert np.array_equal(plain[:, :19], tempted[:, :19])
    assert (tempted[:, 24] < plain[:, 24]).any()


def test_what_those_do_who_do_not_leave() -> None:
    """By beta = 0 one stays, shirks or leaves with a third each; who has not shirked is soon exhausted."""
    given: Given = {
        "patience": 0.5,
        "patience_floor": 0.26,
        "fatigue": 1.0,
        "loss_sensitivity": 0.0,
        "rate": 0.0,
    }
    numbers = parameters(worlds=50, client=False, goal=0.0, **given)
    nu, replicates = 0.6, 400
    n = 50 * replicates
    # Three months of full effort cost a quarter of patience: in month 4 only those stay in who have shirked before.
    ends, shirks = nu / 3.0, nu / 3.0 / (1.0 - nu / 3.0)
    lasts, fresh = (1.0 - ends) ** 8, (1.0 - (1.0 - shirks) ** 3) ** 2
    runs = simulate(numbers, beta=0.0, nu=nu, months=4, replicates=replicates, seed=1)
    drawn = runs.alive[:, 0, 4].sum()
    assert abs(drawn - n * lasts * fresh) <= 4.0 * np.sqrt(n * lasts * fresh * (1.0 - lasts * fresh))
    weights = (
        weigh(numbers, beta=0.0, nu=nu, months=4, replicates=replicates, seed=2).survival[:, 0, 4].mean()
    )
    assert abs(weights / lasts - fresh) <= 4.0 * np.sqrt(fresh * (1.0 - fresh) / n)
