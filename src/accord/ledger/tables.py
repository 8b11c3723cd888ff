"""Tables of the ledger: forecasts with their scores, mean scores beside baselines, calibration, facts."""

from __future__ import annotations

from collections.abc import Sequence

from accord.finding import Column, Table
from accord.ledger.forecast import YES, Item
from accord.ledger.scores import ENOUGH, Groups, Scored, bins, summary
from accord.ledger.since import DIRECTIONS, Bearing, Since

MINUS, HYPHEN = "\N{MINUS SIGN}", "\N{NON-BREAKING HYPHEN}"
_SIGNS = {"-": MINUS}
# What the groups of resolved forecasts are called.
GROUPS = {
    "ahead": "the model's yes-or-no questions, asked in time",
    "ahead_causes": "the model's causes, asked in time",
    "ahead_analyst": "analysts' own, asked in time",
    "hindsight": "the model's yes-or-no questions, after the fact",
    "hindsight_causes": "the model's causes, after the fact",
    "hindsight_analyst": "analysts' own, after the fact",
}


def given(item: Item) -> str:
    """What was forecast, in short: ``0.43 yes``, or the likeliest classes."""
    made = item.forecast
    if made.is_binary:
        return f"{made.probabilities[YES]:.3f} yes"
    first = sorted(made.probabilities.items(), key=lambda one: (-one[1], one[0]))[:3]
    return ", ".join(f"{name.replace('_', ' ')} {p:.2f}" for name, p in first)


def _whose(item: Item) -> str:
    """Whose own it is, where it is not the model's."""
    made = item.forecast
    return "" if made.whose == "model" else f" ({made.said_by or 'the analyst'})"


def late_words(item: Item) -> str:
    """That a forecast was made after the fact, and by which other one its outcome was in the ledger."""
    told = f" (its outcome was in the ledger as {item.answered_by})" if item.answered_by else ""
    return f"after the fact{told}" if item.after_the_fact else ""


def unbroken(day: str) -> str:
    """A date that stays on one line in a narrow column."""
    return day.replace("-", HYPHEN)


def scores_table(every: Sequence[Scored], title: str, name: str = "scores") -> Table:
    """One row for each resolved forecast, the most surprising first."""
    columns = (
        Column("question", "question"),
        Column("by", "by"),
        Column("forecast", "forecast"),
        Column("outcome", "what happened"),
        Column("brier", "Brier score"),
        Column("log", "log score"),
        Column("surprise", "surprise", "bits"),
        Column("base", "Brier score of the class"),
    )
    rows = tuple(
        (
            one.item.forecast.question,
            unbroken(one.item.forecast.by),
            f"{given(one.item)}{_whose(one.item)}",
            one.item.resolution.outcome.replace("_", " ") if one.item.resolution else "open",
            f"{one.brier:.3f}",
            f"{one.log:.3f}{' (clipped)' if one.clipped else ''}",
            f"{one.surprise:.1f}",
            "not known" if one.base_brier is None else f"{one.base_brier:.3f}",
        )
        for one in sorted(every, key=lambda one: (-one.surprise, one.item.forecast.id))
    )
    note = (
        "Brier score: (p − o)^2, over all classes of a cause; 0 is best. Log score: −ln of what the outcome was given."
        " Surprise: the same in bits"
    )
    return Table(name, title, "plain", columns, rows, note)


def named_groups(groups: Groups) -> dict[str, tuple[Scored, ...]]:
    """Groups that hold anything, by what they are called; analysts one by one, never in one mean."""
    rows: dict[str, tuple[Scored, ...]] = {}
    for name, every in groups.parts.items():
        if every and not name.endswith("_analyst"):
            rows[GROUPS[name]] = every
            continue
        late = name.startswith("hindsight")
        for who, both in groups.analysts.items():
            if both[late] and name.endswith("_analyst"):
                alone = not who and len(groups.analysts) == 1
                rows[GROUPS[name] if alone else f"{GROUPS[name]}: {who or 'not named'}"] = both[late]
    return rows


def by_maker(every: Sequence[Scored]) -> dict[str, tuple[Scored, ...]]:
    """Resolved forecasts by who made them: the model first, then analysts by name."""
    found: dict[str, list[Scored]] = {}
    for one in sorted(every, key=lambda one: (one.item.forecast.whose != "model", one.item.forecast.said_by)):
        made = one.item.forecast
        who = "the model" if made.whose == "model" else made.said_by or "the analyst"
        found.setdefault(who, []).append(one)
    return {who: tuple(part) for who, part in found.items()}


def means_table(groups: Groups) -> Table:
    """Mean scores of each group beside those of equal chances and of the reference class on the same questions."""
    columns = (
        Column("group", "questions"),
        Column("n", "resolved"),
        Column("brier", "Brier score"),
        Column("even", "equal chances"),
        Column("log", "log score"),
        Column("even_log", "equal chances"),
        Column("base_n", "with a class"),
        Column("own", "Brier score on these"),
        Column("base", "of the class"),
    )
    rows, parts = [], named_groups(groups)
    for name, every in parts.items():
        one = summary(every)
        held = (f"{one.own_brier:.3f}", f"{one.base_brier:.3f}") if one.n_base else ("none", "none")
        rows.append(
            (
                name, str(one.n), f"{one.brier:.3f}", f"{one.even_brier:.3f}", f"{one.log:.3f}",
                f"{one.even_log:.3f}", str(one.n_base), *held,
            )
        )  # fmt: skip
    note = "Lower is better. A class of alliances is known for questions of survival only, so it is compared on these alone"
    return Table("means", _beside(parts), "plain", columns, tuple(rows), note)


def _beside(parts: dict[str, tuple[Scored, ...]]) -> str:
    """The takeaway of mean scores: of the first group, by its name."""
    if not parts:
        return "Nothing is resolved"
    name, every = next(iter(parts.items()))
    one = summary(every)
    gap = one.brier - one.even_brier
    than = "as good as" if abs(gap) < 0.0005 else "worse than" if gap > 0 else "better than"
    n = f"{one.n} question{'' if one.n == 1 else 's'}"
    says = f"Brier score {one.brier:.3f} on {n}, {than} equal chances ({one.even_brier:.3f})"
    return f"{name[0].upper()}{name[1:]}: {says}"


def calibration_table(every: Sequence[Scored]) -> Table:
    """What was forecast against how often it came true, in five groups (ten from fifty forecasts on)."""
    found = bins(every, 10 if len(every) >= 50 else 5)
    columns = (
        Column("group", "forecast between"),
        Column("mean", "mean forecast", "", 0, 1),
        Column("share", "share that came true", "", 0, 1),
        Column("low", "low", "", 0, 1),
        Column("high", "high", "", 0, 1),
        Column("n", "forecasts"),
    )
    rows = tuple(
        (f"{one.low:g} and {one.high:g}", one.mean, one.yes / one.n, *one.interval, one.n) for one in found
    )
    spots = tuple(
        (one.item.forecast.probabilities[YES], one.item.resolution.outcome == YES)
        for one in every
        if one.item.resolution is not None
    )
    note = "Low and high: 95 of 100 by Wilson's interval, as if the forecasts were independent, which those of one case are not"
    return Table(
        "calibration", _calibrated(every), "calibration", columns, rows, note, extra={"spots": spots}
    )


def _calibrated(every: Sequence[Scored]) -> str:
    """The takeaway; with few forecasts there is none about calibration."""
    n = len(every)
    if n < ENOUGH:
        return f"{n} resolved forecast{'' if n == 1 else 's'}: too few to say anything of calibration ({ENOUGH} are needed)"
    off = [
        one for one in bins(every, 10 if n >= 50 else 5) if not one.interval[0] <= one.mean <= one.interval[1]
    ]
    if not off:
        return f"What was forecast came true about as often as was said, as far as {n} forecasts can tell"
    worst = max(off, key=lambda one: abs(one.yes / one.n - one.mean))
    return f"Forecasts of about {worst.mean:.2f} came true in {worst.yes} of {worst.n}: more than chance explains"


def facts_table(known: Since) -> Table:
    """Every fact with what it resolves."""
    columns = (
        Column("number", "fact"),
        Column("fact", "what happened"),
        Column("bears", "on the claims"),
        Column("source", "reported in"),
    )
    rows = tuple(
        (f"{fact.number}: {unbroken(fact.date)}", fact.says, bearing_words(fact.bears), fact.source)
        for fact in known.facts
    )
    disputed = [str(fact.number) for fact in known.facts if fact.contested]
    note = f"+ confirms a claim, {MINUS} refutes it, ~ is ambiguous"
    note += f". Facts {', '.join(disputed)} are themselves disputed" if disputed else ""
    return Table(
        "facts", f"{len(rows)} facts, and the claims that each bears on", "plain", columns, rows, note
    )


def bearing_words(bears: Sequence[Bearing]) -> str:
    """How a fact bears on claims, in words."""
    said = []
    for one in bears:
        why = f": {one.why}" if one.why else ""
        said.append(
            f"{_SIGNS.get(one.direction, one.direction)} {DIRECTIONS[one.direction]} {', '.join(one.claims)}{why}"
        )
    return "; ".join(said)
