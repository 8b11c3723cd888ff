"""The lens' own verification cases."""

from pathlib import Path

import pytest

from accord.lenses import bargaining
from accord.testing.cases import check_case, read_cases

CASES = read_cases(Path(bargaining.__file__).with_name("cases.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case) -> None:
    check_case(bargaining.LENS, case)


def test_a_wrong_expectation_is_noticed() -> None:
    for name, wanted in (("forecast.x", 0.5), ("forecast.x", None), ("no.such.measure", 1.0)):
        with pytest.raises(AssertionError, match=name):
            check_case(bargaining.LENS, {**CASES[0], "expect": {name: wanted}})
