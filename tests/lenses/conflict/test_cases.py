"""The lens' own verification cases."""

from pathlib import Path

import pytest

from accord.lenses import conflict
from accord.testing.cases import check_case, read_cases

CASES = read_cases(Path(conflict.__file__).with_name("cases.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case) -> None:
    check_case(conflict.LENS, case)


def test_a_wrong_expectation_is_noticed() -> None:
    for name, wanted in (("equilibrium.R", 0), ("equilibrium.R", None), ("no.such.measure", 1.0)):
        with pytest.raises(AssertionError, match=name):
            check_case(conflict.LENS, {**CASES[0], "expect": {name: wanted}})
