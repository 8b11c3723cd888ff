"""What is allowed but worth telling: numbers that nothing reads, that nothing supports, or outside their plausible range."""

from __future__ import annotations

from accord.problems import Problem, listed
from accord.situation import Estimate, Situation, Vocabulary, at, estimates, matches, ranges

# So many paths are named; the count says how many more there are.
_FEW = 3


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


def without_evidence(situation: Situation) -> list[Problem]:
    """One warning for all numbers that are stated with neither a source nor a reason; numbers left out need none.

    The source of an event, a promise or a statement stands for the numbers in it.
    """
    bare = [
        path
        for path, estimate in estimates(situation).items()
        if not (
            estimate.citations or estimate.assumed or estimate.prior or _block_has_evidence(situation, path)
        )
    ]
    if not bare:
        return []
    have, each = ("1 number has", "it") if len(bare) == 1 else (f"{len(bare)} numbers have", "each")
    return [
        Problem(
            "no-evidence",
            f"{have} neither a source nor a reason: {listed(bare, _FEW)}",
            expected=f"'source' or 'assumed' beside {each}",
            try_instead="'assumed' with a line that says why, where there is no source",
            severity="warning",
        )
    ]


def _block_has_evidence(situation: Situation, path: str) -> bool:
    """Whether a block around a number says where all of it comes from."""
    parts = path.split(".")
    around = (at(situation, ".".join(parts[:end])) for end in range(1, len(parts)))
    return any(getattr(block, "source", ()) or getattr(block, "assumed", None) for block in around)


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
