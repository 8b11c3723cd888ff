"""What is allowed but worth telling: numbers that nothing reads, and numbers outside their plausible range."""

from __future__ import annotations

from accord.problems import Problem
from accord.situation import Estimate, Situation, Vocabulary, estimates, matches, ranges


def readers_told(situation: Situation, vocabulary: Vocabulary) -> list[Problem]:
    """Warnings for numbers that no lens reads."""
    return [
        Problem(
            "unread",
            "no lens reads this number",
            path,
            severity="warning",
            try_instead="delete it, or keep it as documentation",
        )
        for path in estimates(situation)
        if not vocabulary.readers(path)
    ]


def outside_prior(situation: Situation, vocabulary: Vocabulary) -> list[Problem]:
    """Warnings for best values outside the plausible range (utilities excepted: their unit is the coder's choice)."""
    told = []
    patterns = ranges(vocabulary)
    client = situation.partnership.client
    partners = {*situation.partnership.patrons, *([client.actor] if client else [])}
    for path, estimate in estimates(situation).items():
        limits = next(
            (r for pattern, (r, _) in patterns.items() if r is not None and matches(path, pattern)), None
        )
        if (
            limits is None
            or limits.prior is None
            or limits.shape in ("none", "zero", "bernoulli")
            or limits.unit.startswith("util")
        ):
            continue
        if path.startswith("actors.") and path.split(".")[1] not in partners:
            continue
        value = _value_of(estimate)
        low, high = limits.prior
        if value is not None and low < high and not low <= value <= high:
            told.append(
                Problem(
                    "implausible",
                    f"{value:g} is outside the plausible range",
                    path,
                    f"{low:g} to {high:g} ({limits.unit})",
                    "keep it if you have a reason, and say it in 'note'",
                    severity="warning",
                )
            )
    return told


def _value_of(estimate: Estimate) -> float | None:
    """The best value, if one was written."""
    return estimate.best
