"""Results of claims in words: what was measured in what unit, and counts that keep tests apart from checks."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from accord.report.claim_words import claims_note, result_words
from accord.study.claims import ClaimResult
from accord.study.comparing import Detail

NAN = float("nan")
PRICE = "endurance.price_of_defection.iran"


def claim(**changes: Any) -> ClaimResult:
    """A claim that was supported."""
    detail = Detail("", PRICE, "up", 0.25, 0.01, 0.9, 1.0, 1.25, 0, "supported", "1 to 1.25")
    plain = ClaimResult("C1", "paired", "It rises.", "supported", 0.25, 0.01, 0.9, "a.b", (detail,))
    return replace(plain, **changes)


def test_a_result_tells_what_was_measured_and_in_what_unit() -> None:
    said = result_words(claim(output=PRICE, unit="util/month"))
    assert said == f"supported; effect 0.25 ± 0.010 util/month on {PRICE}; in 90 of 100 worlds"
    for unit in ("0..1", "number", ""):
        assert "0.25 ± 0.010 on endurance.x;" in result_words(claim(output="endurance.x", unit=unit))


def test_tests_of_the_model_are_counted_apart_from_checks_of_inputs() -> None:
    some = [
        claim(),
        claim(id="C2", path="a.c", verdict="contradicted"),
        claim(id="C3", kind="output", path="a.d", verdict="undecided"),
        claim(id="C4", kind="input", path="a.e"),
        claim(id="C5", kind="identity", path="a.f"),
    ]
    note = claims_note(some)
    assert "3 as tests of the model (paired, output): 1 supported, 1 contradicted and 1 undecided;" in note
    assert "2 as mere checks of inputs and equations (input, identity): 2 supported." in note
    assert "3 supported" not in note
    assert "same test" not in note
    assert "mere" not in claims_note(some[:3])


def test_a_test_that_stands_twice_is_told() -> None:
    note = claims_note([claim(), claim(id="C9"), claim(id="C8", path="other")])
    assert "C9 is the same test as C1." in note
    assert "C8" not in note
