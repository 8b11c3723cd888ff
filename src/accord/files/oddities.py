"""What is allowed but worth telling: numbers that nothing reads, and numbers outside their plausible range."""

from __future__ import annotations

from dataclasses import dataclass

from accord.problems import Problem, listed
from accord.situation import Estimate, Situation, Vocabulary, estimates, matches, ranges


@dataclass(frozen=True, slots=True)
class Reading:
    """Who reads the numbers of a situation."""

    unread: tuple[str, ...]
    pending: tuple[str, ...]


def who_reads(situation: Situation, vocabulary: Vocabulary) -> Reading:
    """Paths that no lens reads, and paths that only lenses not in this version read."""
    unread, pending = [], []
    for path in estimates(situation):
        readers = vocabulary.readers(path)
        if not readers:
            unread.append(path)
        elif all(reader in vocabulary.pending for reader in readers):
            pending.append(path)
    return Reading(tuple(unread), tuple(pending))


def readers_told(situation: Situation, vocabulary: Vocabulary) -> list[Problem]:
    """Warnings for numbers that nothing reads, and one note for those that wait for a lens."""
    reading = who_reads(situation, vocabulary)
    told = [
        Problem(
            "unread",
            "no lens reads this number",
            path,
            severity="warning",
            try_instead="delete it, or keep it as documentation",
        )
        for path in reading.unread
    ]
    if reading.pending:
        count = len(reading.pending)
        some, them = ("1 number is", "it") if count == 1 else (f"{count} numbers are", "them")
        lens = listed(sorted(vocabulary.pending))
        says = f"{some} checked and kept, but only the lens {lens} would read {them}, and this version does not run it"
        told.append(Problem("pending", says, severity="note"))
    return told


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
