"""Results of claims in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

from accord.figures.numbers import number
from accord.formulas import wording
from accord.report.claim_reasons import PLAIN, counted, why
from accord.report.view import CLAIMS_UNTESTED
from accord.report.words import count
from accord.study.claims import CHECKS, TESTS, ClaimResult, repeats
from accord.study.comparing import Verdict

# Order and words of the verdicts.
VERDICTS: dict[Verdict, str] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "undecided": "undecided",
    "reported": "reported without a test",
    "untestable": "could not be tested",
}
_MEANS = (
    (TESTS, "as tests of the model (paired, output)"),
    (CHECKS, "as mere checks of inputs and equations (input, identity)"),
)


def result_words(result: ClaimResult) -> str:
    """One claim's result: verdict, effect with its error, what it was seen in, share of worlds."""
    parts = [VERDICTS[result.verdict]]
    if not math.isnan(result.effect):
        error = "" if math.isnan(result.se) else f" ± {number(result.se)}"
        unit = "" if result.unit in PLAIN else f" {result.unit}"
        on = f" on {result.output}" if result.output else ""
        parts.append(f"effect {number(result.effect)}{error}{unit}{on}")
    if result.share is not None and not math.isnan(result.share):
        parts.append(wording.in_worlds(result.share))
    said = "; ".join(parts)
    reason = why(result)
    return f"{said}: {reason}" if reason else said


def claims_note(results: Sequence[ClaimResult]) -> str:
    """How many claims came out how: those that test the model, and apart from them those that check what was put in."""
    if not results:
        return CLAIMS_UNTESTED
    parts = [
        f"{len(some)} {means}: {wording.joined(counted(some, VERDICTS))}"
        for kinds, means in _MEANS
        if (some := [one for one in results if one.kind in kinds])
    ]
    again = [f"{later} is the same test as {first}" for later, first in repeats(results).items()]
    once = f" {wording.joined(again)}." if again else ""
    said = "; ".join(parts)
    return (
        f"The program tested {count(len(results), 'claim')} by changing what each names and looking at the same worlds again:"
        f" {said}.{once} Only tests say anything about the model. A claim that the model"
        " contradicts is shown as such; the file is not adjusted to it."
    )
