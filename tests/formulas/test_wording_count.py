"""One thing, two things, no things."""

import pytest

from accord.formulas.wording import count


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (0, "no years"),
        (1, "1 year"),
        (1.0, "1 year"),
        (2, "2 years"),
        (2.5, "2.5 years"),
        (10.0, "10 years"),
        (2048, "2,048 years"),
    ],
)
def test_a_number_of_things(number, says) -> None:
    assert count(number, "year") == says


def test_words_that_end_otherwise() -> None:
    assert (count(1, "child", "children"), count(3, "child", "children")) == ("1 child", "3 children")
