"""Known results of the array functions and of the lens, kept in cases.yaml beside the lens."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

import accord
from accord.lenses import alignment
from accord.testing.cases import read_cases
from accord.worlds import best, plan

CASES = read_cases(Path(alignment.__file__).with_name("cases.yaml"))


def matrix(upper: list[list[float]]) -> np.ndarray:
    count = len(upper) + 1
    held = np.zeros((count, count))
    for i, row in enumerate(upper):
        held[i, i + 1 :] = row
    return held + held.T


def landscape(given: dict[str, Any]) -> dict[str, Any]:
    found = alignment.landscape(matrix(given["propensity"]), given["size"])
    return {
        "energy": found.optimum.energy,
        "bloc": sorted(given["actors"][k] for k in np.flatnonzero(found.optimum.blocs)),
        "optima": found.optima,
        "minima": found.minima_count,
        "gap": found.gap,
    }


def frustration(given: dict[str, Any]) -> dict[str, Any]:
    found = alignment.frustration(**given)
    assert found.proven
    return {"index": found.index, "ways": found.ways}


def game(given: dict[str, Any]) -> tuple[Any, int]:
    if "worth" in given:
        return given["worth"], len(given["worth"]).bit_length() - 1
    weights = np.array(given["weights"])
    return (lambda members: (members @ weights >= given["quota"]).astype(float)), len(weights)


def values(given: dict[str, Any]) -> dict[str, Any]:
    worth, players = game(given)
    return {
        "shapley": alignment.shapley(worth, players).value,
        "banzhaf": alignment.banzhaf(worth, players).shares,
    }


def core(given: dict[str, Any]) -> dict[str, Any]:
    found = alignment.least_core(*game(given))
    return {"payoff": found.payoff, "excess": found.excess, "inside": found.inside}


def objections(given: dict[str, Any]) -> dict[str, Any]:
    found = alignment.objections(game(given)[0], given["payoff"])
    return {"pairs": [[o.player, o.other] for o in found]}


def stability(given: dict[str, Any]) -> dict[str, Any]:
    found = alignment.partition_stability(**given)
    return {name: getattr(found, name) for name in ("nash", "individual", "contractual", "rational", "core")}


def separating(given: dict[str, Any]) -> dict[str, Any]:
    args = (matrix(given["propensity"]), given["size"], tuple(given["pair"]))
    return {cost: alignment.separating_change(*args, cost=cost).cost[0] for cost in ("weight", "propensity")}


def situation(given: dict[str, Any]) -> dict[str, Any]:
    actors = {name: {"kind": "state", **held} for name, held in given["actors"].items()}
    text = {"accord": 1, "title": "case", "as_of": 2015, **given, "actors": actors}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.yaml"
        with path.open("w", encoding="utf-8") as file:
            YAML(typ="safe", pure=True).dump(text, file)
        one = accord.read(path)
    columns = alignment.LENS.compute(one, best(plan(one), one, 0))
    return {name: float(values[0]) for name, values in columns.items()}


RUN: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "landscape": landscape,
    "frustration": frustration,
    "triads": lambda given: alignment.triads(**given).counts,
    "values": values,
    "core": core,
    "objections": objections,
    "stability": stability,
    "separating": separating,
    "situation": situation,
}


def check(case: dict[str, Any]) -> None:
    kind = next(key for key in case if key in RUN)
    found = RUN[kind](case[kind])
    for name, wanted in case["expect"].items():
        close = case.get("tolerance", 0.0)
        exact = isinstance(wanted, bool) or (isinstance(wanted, list) and name in ("bloc", "pairs"))
        right = found[name] == wanted if exact else np.allclose(found[name], wanted, rtol=0, atol=close)
        assert right, f"{name} is {found[name]}, expected {wanted}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case: dict[str, Any]) -> None:
    assert case["source"]
    check(case)


def test_every_function_has_a_case_and_a_wrong_expectation_is_noticed() -> None:
    kinds = [next(key for key in case if key in RUN) for case in CASES]
    assert set(kinds) == set(RUN)
    for case in CASES:
        for name, wanted in case["expect"].items():
            wrong = (
                not wanted if isinstance(wanted, bool) else ["x"] if isinstance(wanted, list) else wanted + 1
            )
            if isinstance(wanted, list) and wanted and isinstance(wanted[0], (int, float)):
                wrong = [x + 1 for x in wanted]
            with pytest.raises(AssertionError, match="expected"):
                check({**case, "expect": {name: wrong}})
