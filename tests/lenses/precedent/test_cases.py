"""The cases of the lens."""

import math
from pathlib import Path

import pytest

import accord.lenses.precedent as precedent
from accord.lenses.precedent.further import further_of
from accord.lenses.precedent.survival import rate_of
from accord.testing.cases import read_cases

CASES = read_cases(Path(precedent.__file__).with_name("cases.yaml"))


def spread(given, length=None):
    """A list that a case writes out, or says in short."""
    if isinstance(given, list):
        return given
    return list(range(given["from"], given["to"] + 1)) if "from" in given else [given["all"]] * length


def found(case) -> dict[str, float]:
    """Everything that a case can ask for."""
    if "votes" in case:
        one = precedent.agreement(*case["votes"])
        return {name: getattr(one, name) for name in ("n", "agree", "similarity", "pi", "kappa")}
    times = spread(case["durations"])
    codes = spread(case["ended"], len(times))
    curve, causes = precedent.kaplan_meier(times, codes), precedent.aalen_johansen(times, codes)
    values = {
        "median": precedent.median_of(curve).value,
        "hazard": rate_of(sum(code > 0 for code in codes), sum(times)).value,
    }
    asked = [name.split(".")[1:] for name in case["expect"] if name.startswith("further.")]
    values |= {
        f"further.{age}.{years}": further_of(curve, float(age), float(years)).value for age, years in asked
    }
    for age in range(400):
        values[f"survival.{age}"] = curve.at(age).value
        values[f"survival_low.{age}"] = curve.at(age).low
        values |= {f"incidence.{code}.{age}": one.at(age).value for code, one in causes.items()}
    return values


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case) -> None:
    values = found(case)
    for name, wanted in case["expect"].items():
        if wanted is None:
            assert math.isnan(values[name]), name
        else:
            assert values[name] == pytest.approx(wanted, abs=float(case.get("tolerance", 1e-12))), name


def test_a_wrong_number_is_noticed() -> None:
    case = {**CASES[1], "expect": {"survival.7": 0.8}}
    with pytest.raises(AssertionError):
        test_case(case)
