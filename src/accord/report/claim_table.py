"""The answer of ``accord claims``: what is not supported first, then every claim; as text and as rows."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import Any

from accord.formulas import wording
from accord.report.claim_reasons import Words, counted, open_claims, why
from accord.study.claims import CHECKS, KINDS, TESTS, VERDICTS, ClaimResult, repeats

_WIDTH = 100


def as_rows(results: Sequence[ClaimResult]) -> list[dict[str, Any]]:
    """For machines: one row for each claim; None where there is no number.

    ``path`` is what was varied, ``output`` and ``unit`` what the effect was seen in, ``expected`` what was to come of it,
    ``worlds`` in how many it was judged (those in which the output is defined), ``reason`` why it is not supported,
    ``beyond_model`` whether the model has nothing that would move.
    """

    def known(value: float | None) -> float | None:
        """A number, None for NaN."""
        return None if value is None or math.isnan(value) else value

    return [
        {
            "id": one.id,
            "kind": one.kind,
            "verdict": one.verdict,
            "effect": known(one.effect),
            "se": known(one.se),
            "share": known(one.share),
            "path": one.path,
            "output": one.output,
            "unit": one.unit,
            "says": one.says,
            "expected": _expected(one),
            "worlds": one.worlds,
            "reason": why(one),
            "beyond_model": one.beyond,
        }
        for one in results
    ]


def as_text(results: Sequence[ClaimResult], words: Words = str) -> str:
    """For people: worlds, what is not supported and why, every claim, the counts by kind, and what these are worth.

    Parameters
    ----------
    results : sequence of ClaimResult
    words : callable
        From the path of an output to what it is called.
    """
    if not results:
        return "no claims"
    return "\n".join(
        [_in_worlds(results), "", *_open(results, words), *_table(results), "", *_counts(results)]
    )


def _in_worlds(results: Sequence[ClaimResult]) -> str:
    """In how many worlds claims were judged; those that were judged in another number by name."""
    found = Counter(one.worlds for one in results if one.worlds)
    start = wording.count(len(results), "claim")
    if not found:
        return f"{start}, none of which could be judged"
    usual = found.most_common(1)[0][0]
    other = [f"{one.id} in {one.worlds:,}" for one in results if one.worlds not in (0, usual)]
    return f"{start}, judged in {wording.count(usual, 'world')}" + (f" ({', '.join(other)})" if other else "")


def _open(results: Sequence[ClaimResult], words: Words) -> list[str]:
    """Claims that are not supported, a paragraph for each."""
    lines: list[str] = []
    for group in open_claims(results, words):
        lines.append(f"{group.heading} ({len(group.claims)}). {group.reading}")
        for one in group.claims:
            text = f"{one.ident}  Claimed: {one.says.rstrip('.')}. Came out: {one.why.rstrip('.')}."
            lines += textwrap.wrap(
                text, _WIDTH, initial_indent="  ", subsequent_indent=" " * 7, break_long_words=False
            )
        lines.append("")
    return lines


def _expected(one: ClaimResult) -> str:
    """What was expected in the comparison that decided."""
    return "" if one.lead is None else one.lead.expected


def _table(results: Sequence[ClaimResult]) -> list[str]:
    """Every claim in the order of the file, with what was changed and what it was measured by below."""
    width = max(2, *(len(one.id) for one in results))
    # Bounds that name another output are too long for a column and stand below.
    heads = f"{'id':<{width}}  {'kind':8}  {'verdict':12}  {'expected':11}  {'effect':>10}  {'+-':>8}  {'share':>6}"
    lines = [f"{heads}  says; path that is changed or carries it; measured by"]
    for one in results:
        effect = "" if math.isnan(one.effect) else f"{one.effect:+.3g}"
        error = "" if math.isnan(one.se) else f"{one.se:.2g}"
        share = "" if one.share is None or math.isnan(one.share) else f"{one.share:.0%}"
        expected = _expected(one)
        long = len(expected) > 11
        start = f"{one.id:<{width}}  {one.kind:8}  {one.verdict:12}  {'below it' if long else expected:11}"
        lines.append(f"{start}  {effect:>10}  {error:>8}  {share:>6}  {one.says}")
        seen = f"{one.output}{f' ({one.unit})' if one.unit else ''}" if one.output else ""
        under = [one.path, f"{seen}, expected {expected}" if long else seen, one.reason]
        lines += [f"{'':<{len(heads)}}  {text}" for text in under if text]
    return lines


def _counts(results: Sequence[ClaimResult]) -> list[str]:
    """Counts by kind, tests that stand twice, and the two totals that must not be added up."""
    by_kind = {kind: [one for one in results if one.kind == kind] for kind in KINDS}
    lines = [f"{kind:8}  {len(some):>3}: {_counted(some)}" for kind, some in by_kind.items() if some]
    lines += [f"{later} is the same test as {first}" for later, first in repeats(results).items()]
    tests, checks = (
        [one for one in results if one.kind in TESTS],
        [one for one in results if one.kind in CHECKS],
    )
    parts = [f"{len(tests)} as tests of the model (paired, output): {_counted(tests)}"] if tests else []
    if checks:
        parts.append(
            f"{len(checks)} as mere checks of inputs and equations (input, identity): {_counted(checks)}"
        )
    return [*lines, f"{wording.count(len(results), 'claim')}: {'; '.join(parts)}"]


def _counted(results: Sequence[ClaimResult]) -> str:
    """How many came out how, as a list."""
    return ", ".join(counted(results, {verdict: verdict for verdict in VERDICTS}))
