"""The hazard model: known coefficients found again, another optimiser's answer, limits that can be said by hand."""

import numpy as np
import pytest

from accord.lenses.precedent.hazard_model import fit

NAMES = ("one", "two", "three")
TRUE = np.array([[-3.0, 0.5, -0.4, 0.0], [-3.5, -0.3, 0.6, 0.2]])


def made_up(rows: int, seed: int = 0, missing: float = 0.0):
    """Covariates, causes and exposures drawn from :data:`TRUE`."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(rows, 3))
    exposure = np.where(rng.uniform(size=rows) < 0.1, rng.uniform(0.1, 1.0, rows), 1.0)
    weights = exposure[:, None] * np.exp(TRUE[:, 0] + values @ TRUE[:, 1:].T)
    p = weights / (1.0 + weights.sum(axis=1, keepdims=True))
    cause = (rng.uniform(size=rows)[:, None] < np.cumsum(p, axis=1)[:, ::-1])[:, ::-1]
    told = np.where(cause.any(axis=1), np.argmax(cause, axis=1) + 1, 0)
    values[rng.uniform(size=values.shape) < missing] = np.nan
    return values, told, exposure


def test_known_coefficients_are_found_within_their_errors() -> None:
    values, told, exposure = made_up(60_000)
    cluster = np.arange(60_000) // 3
    model = fit(values, told, 2, names=NAMES, exposure=exposure, cluster=cluster, ridge=1e-6)
    away = (model.raw() - TRUE[:, 1:]) / model.raw_errors()
    assert np.abs(away).max() < 3.5
    assert (model.raw_errors() < 0.04).all()
    intercepts = model.coefficients[:, 0] - model.raw() @ model.mean
    assert intercepts == pytest.approx(TRUE[:, 0], abs=0.08)


def test_the_same_as_another_optimiser() -> None:
    from scipy.optimize import minimize

    values, told, exposure = made_up(2_000, seed=3)
    model = fit(values, told, 2, names=NAMES, exposure=exposure, ridge=10.0)
    inner = (values - values.mean(axis=0)) / values.std(axis=0)

    def penalised(flat):
        """Minus the penalised likelihood, row by row as it is written down."""
        b = flat.reshape(2, 4)
        total = 0.0
        weights = [exposure * np.exp(b[c, 0] + inner @ b[c, 1:]) for c in range(2)]
        bottom = 1.0 + weights[0] + weights[1]
        for c in range(2):
            total -= np.log(weights[c] / bottom)[told == c + 1].sum()
        return total - np.log(1.0 / bottom)[told == 0].sum() + 5.0 * (b[:, 1:] ** 2).sum()

    other = minimize(penalised, np.zeros(8), method="BFGS", options={"gtol": 1e-4})
    assert model.coefficients.ravel() == pytest.approx(other.x, abs=1e-4)


def test_without_covariates_that_matter_it_is_the_share_of_rows() -> None:
    told = np.array([0] * 90 + [1] * 6 + [2] * 4)
    model = fit(np.zeros((100, 1)), told, 2, names=("nothing",))
    assert model.probabilities(np.zeros((1, 1)))[0] == pytest.approx([0.06, 0.04])
    assert (model.coefficients[:, 1] == 0.0).all()
    assert model.endings == (6, 4)


def test_what_is_not_known_is_the_mean_and_not_zero() -> None:
    values, told, exposure = made_up(3_000, missing=0.2)
    model = fit(values + 5.0, told, 2, names=NAMES, exposure=exposure)
    unknown = model.probabilities(np.full((1, 3), np.nan))
    assert unknown == pytest.approx(model.probabilities(model.mean[None, :]))
    assert np.abs(unknown - model.probabilities(np.zeros((1, 3)))).max() > 0.01


def test_neither_order_of_rows_nor_unit_matters() -> None:
    values, told, exposure = made_up(3_000)
    first = fit(values, told, 2, names=NAMES, exposure=exposure)
    order = np.random.default_rng(1).permutation(len(told))
    second = fit(values[order] * 100.0, told[order], 2, names=NAMES, exposure=exposure[order])
    assert second.raw() * 100.0 == pytest.approx(first.raw(), abs=1e-7)
    again = fit(values, told, 2, names=NAMES, exposure=exposure)
    assert (again.coefficients == first.coefficients).all()


def test_a_greater_penalty_draws_slopes_to_nothing() -> None:
    values, told, exposure = made_up(3_000)
    sizes = [
        np.abs(fit(values, told, 2, names=NAMES, exposure=exposure, ridge=r).raw()).max()
        for r in (0.1, 100, 1e6)
    ]
    assert sizes[0] > sizes[1] > sizes[2]
    assert sizes[2] < 1e-3


def test_a_cause_that_never_occurs_and_huge_covariates_do_not_break_it() -> None:
    values, told, exposure = made_up(1_000)
    model = fit(values, np.minimum(told, 1), 3, names=NAMES, exposure=exposure)
    p = model.probabilities(np.array([[1e6, -1e6, 1e6]]))
    assert np.isfinite(p).all()
    assert 0.0 <= p.sum() <= 1.0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"names": ("one",)}, "one column a name"),
        ({"told": 3}, "causes lie between"),
        ({"exposure": 0.0}, "share of a year"),
        ({"ridge": 0.0}, "penalty must be above 0"),
        ({"value": np.inf}, "infinite"),
        ({"column": np.nan}, "nothing is known of two"),
    ],
)
def test_what_it_refuses(change, says) -> None:
    values, told, exposure = made_up(50)
    if "told" in change:
        told[0] = change["told"]
    if "exposure" in change:
        exposure[0] = change["exposure"]
    if "value" in change:
        values[0, 0] = change["value"]
    if "column" in change:
        values[:, 1] = change["column"]
    options = {"names": change.get("names", NAMES), "ridge": change.get("ridge", 10.0)}
    with pytest.raises(ValueError, match=says):
        fit(values, told, 2, exposure=exposure, **options)
