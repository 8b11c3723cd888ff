"""The lens' own verification cases."""

from pathlib import Path

import pytest

from accord.lenses import interests
from accord.testing.cases import check_case, read_cases

CASES = read_cases(Path(interests.__file__).with_name("cases.yaml"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_case(case) -> None:
    check_case(interests.LENS, case)


def test_a_wrong_expectation_is_noticed() -> None:
    for name, wanted in (("similarity.end.a.b", 0.5), ("similarity.end.a.b", None), ("no.such.measure", 1.0)):
        with pytest.raises(AssertionError, match=name):
            check_case(interests.LENS, {**CASES[1], "expect": {name: wanted}})
