"""Results of claims in words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from accord.figures.numbers import number
from accord.formulas import wording
from accord.report.view import CLAIMS_UNTESTED
from accord.report.words import count
from accord.study.claims import ClaimResult

# Order and words of the verdicts.
VERDICTS: dict[str, str] = {
    "supported": "supported",
    "contradicted": "contradicted",
    "undecided": "undecided",
    "reported": "reported without a test",
    "untestable": "could not be tested",
}


def result_words(result: ClaimResult) -> str:
    """One claim's result: verdict, effect with its error, share of worlds."""
    parts = [VERDICTS[result.verdict]]
    if not math.isnan(result.effect):
        error = "" if math.isnan(result.se) else f" ± {number(result.se)}"
        parts.append(f"effect {number(result.effect)}{error}")
    if result.share is not None and not math.isnan(result.share):
        parts.append(wording.in_worlds(result.share))
    said = "; ".join(parts)
    return f"{said}: {result.reason}" if result.reason else said


def claims_note(results: Sequence[ClaimResult]) -> str:
    """How many claims came out how."""
    if not results:
        return CLAIMS_UNTESTED
    counts: Counter[str] = Counter(result.verdict for result in results)
    said = [f"{counts[verdict]} {words}" for verdict, words in VERDICTS.items() if counts[verdict]]
    return (
        f"The program tested {count(len(results), 'claim')} by changing what each names and looking at the same worlds again:"
        f" {wording.joined(said)}. A claim that the model contradicts is shown as such; the file is not adjusted to it."
    )
