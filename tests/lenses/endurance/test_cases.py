"""The lens' own verification cases: small situations with results worked out by hand (see ``cases.yaml``)."""

import math
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import accord
from accord.lenses import endurance
from accord.testing.cases import read_cases
from accord.testing.contract import Case

CASES = read_cases(Path(endurance.__file__).with_name("cases.yaml"))


def found_in(case, folder):
    """Measures of a case in the world of best estimates, by name."""
    actors = {name: {"kind": "state", **given} for name, given in case["situation"]["actors"].items()}
    text = {"accord": 1, "title": case["name"], "as_of": 2015, **case["situation"], "actors": actors}
    with (folder / "case.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(text, file)
    situation = accord.read(folder / "case.yaml")
    finding = Case.of(endurance.LENS, situation, 3, 0).finding()
    return {measure.name: measure.spread.best for measure in finding.measures}


def check(case, folder):
    """Compare what a case expects with what came out; null: not defined."""
    found = found_in(case, folder)
    for name, wanted in case["expect"].items():
        value = found.get(name, math.nan)
        near = abs(value - (wanted or 0.0)) <= float(case.get("tolerance", 1e-12))
        assert math.isnan(value) if wanted is None else near, f"{name} is {value!r}, expected {wanted!r}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case, tmp_path):
    check(case, tmp_path)


def test_a_wrong_expectation_is_noticed(tmp_path):
    for name, wanted in (("price_of_defection.a", 1.7), ("steadiness.a", None), ("no.such.measure", 1.0)):
        with pytest.raises(AssertionError, match=name):
            check({**CASES[0], "expect": {name: wanted}}, tmp_path)
