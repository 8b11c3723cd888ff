"""What each model says of each issue, and how far the readings of one model lie apart, as tables."""

from __future__ import annotations

import numpy as np

from accord.finding import Cell, Column, Spread, Table
from accord.formulas import wording
from accord.lenses.bargaining.tally import (
    AGREE,
    LABELS,
    answers,
    contested,
    ensemble_of,
    explains,
    key_of,
    players,
)
from accord.lenses.bargaining.view import CAUTION, View

# Intervals of a strip: fine enough to see heaps, coarse enough to be drawn.
_BINS = 50


def models_table(view: View) -> Table:
    """Every issue by every model, over worlds."""
    rows = tuple(row for issue in contested(view) for row in _issue_rows(view, issue))
    return Table(
        "models",
        wording.headline(models_title(view)),
        "groups",
        (
            Column("issue", "Issue"),
            Column("model", "Model"),
            Column("settled", "Settles at, as a share of the scale", "", 0.0, 1.0),
            Column("own", "On the issue's own scale"),
            Column("gaps", "Not run"),
        ),
        rows,
        f"{CAUTION} {_how(view)}",
        extra={
            "low_means": "low end of each scale",
            "high_means": "high end of each scale",
            "default": wording.headline(LABELS["mean"]),
            "some_worlds": True,
        },
    )


def _how(view: View) -> str:
    """How the models were run."""
    first = f"first {view.looked:,} worlds" if view.looked < len(view.over["looked"]) else "worlds of the run"
    joint = wording.joined([view.actor(name) for name in players(view)])
    return (
        f"Models other than the mean and the median run in the {first}. Expected utility: the weighted median after ten"
        " rounds, as the paper prints the model, and in the reading that gives its published numbers. Spatial model: the"
        " weighted mean of the last positions. Position exchange: after one round of deals over all issues. Nash: quadratic"
        " losses, disagreement at the reference point; no answer where somebody would lose by any agreement. All issues at"
        f" once: only who counts on every issue can play ({joint}); saliences are divided by the largest sum where that is"
        " above 1."
    )


def _issue_rows(view: View, issue: str) -> list[tuple[Cell, ...]]:
    """One issue's rows."""
    rows: list[tuple[Cell, ...]] = []
    for name, label in LABELS.items():
        own = view.spread(key_of(name, issue))
        gaps = gap(view, name, issue)
        rows.append((view.issue(issue), wording.headline(label), scaled(view, issue, own), own, gaps))
    return rows


def scaled(view: View, issue: str, own: Spread | None) -> Spread | None:
    """A quantity on an issue's own scale as a share of it."""
    if own is None:
        return None
    scale = view.situation.issues[issue].scale
    best, low, median, high = (
        (value - scale.low) / (scale.high - scale.low) for value in (own.best, own.low, own.median, own.high)
    )
    return Spread(best, low, median, high, own.worlds, own.undefined)


def gap(view: View, model: str, issue: str) -> str:
    """In how many worlds a model gave no answer, and why."""
    values = view.values(key_of(model, issue))
    silent = np.isnan(values)
    if not silent.any() and not np.isnan(view.value(key_of(model, issue))):
        return ""
    count = f"in {int(silent.sum()):,} of {silent.size:,} worlds" if silent.any() else "at the best estimates"
    return f"{count}: {_reason(view, model, issue)}"


def _reason(view: View, model: str, issue: str) -> str:
    """Why a model gives no answer on an issue."""
    if model.startswith("nash"):
        if view.situation.issues[issue].reference_point is None:
            return "the file names no reference point"
        return "somebody would lose by any agreement"
    if model == "exchange":
        return "fewer than two issues that two actors share"
    if model == "spatial_joint":
        return "fewer than two actors count on every issue"
    return "fewer than two actors count"


def models_title(view: View) -> str:
    """On how many issues the models agree."""
    wide, total = [issue for issue in contested(view) if apart(view, issue) >= AGREE], len(contested(view))
    if total == 1:
        issue = contested(view)[0]
        return f"On {view.issue(issue)} the models' answers lie {wording.percent(apart(view, issue))} of the scale apart"
    if not wide:
        return "On no issue does the answer depend much on the model"
    far = max(wide, key=lambda issue: (apart(view, issue), issue))
    where = f"all {total} issues" if len(wide) == total else f"{len(wide)} of {total} issues"
    return (
        f"On {where} the answer depends on the model{', most on' if len(wide) > 1 else ':'} {view.issue(far)}"
        f" ({wording.percent(apart(view, far))} of the scale)"
    )


def apart(view: View, issue: str) -> float:
    """Range of the models' answers at the best estimates, as a share of the scale; 0 where only one answers."""
    found = answers(view, issue)
    return max(found.values()) - min(found.values()) if found else 0.0


def readings_table(view: View) -> Table | None:
    """How far the readings of the expected-utility model lie apart on each issue; None where nobody bargains."""
    rows: list[tuple[Cell, ...]] = []
    strips, number = [], 0
    for issue in contested(view):
        found = ensemble_of(view, issue)
        if found is None:
            continue
        number = len(found.variants)
        ends = (found.low, found.quantiles[0.05], found.quantiles[0.5], found.quantiles[0.95], found.high)
        marks = (found.named["paper"], found.named["published"], found.baseline["mean"])
        rows.append((view.issue(issue), *ends, *marks, explains(found)))
        strips.append(_strip([variant.outcome for variant in found.variants]))
    if not rows:
        return None
    names = ("lowest", "low", "median", "high", "highest", "paper", "published", "mean")
    labels = (
        *("Lowest", "5th percentile", "Median", "95th percentile", "Highest"),
        *("As printed", "As published", "Weighted mean"),
    )
    columns = [Column(name, label, "", 0.0, 1.0) for name, label in zip(names, labels, strict=True)]
    return Table(
        "readings",
        wording.headline(_readings_title(rows)),
        "strips",
        (Column("issue", "Issue"), *columns, Column("why", "What explains the spread")),
        tuple(rows),
        f"{number:,} readings of the expected-utility model, one for each combination of the options that its sources leave"
        " open; shares of the scale, at the best estimates only. 'As printed' is the paper of Scholz and others (2011) to the"
        " letter, 'as published' the reading that gives their printed numbers. Shares in brackets: variance between the"
        f" levels of an option. {CAUTION}",
        extra={
            "strips": tuple(strips),
            "low_means": "low end of each scale",
            "high_means": "high end of each scale",
        },
    )


def _strip(outcomes: list[float]) -> tuple[tuple[float, float], ...]:
    """Middle and share of each interval of the scale into which some outcome falls."""
    counts, edges = np.histogram(outcomes, _BINS, (0.0, 1.0))
    middles = (edges[:-1] + edges[1:]) / 2
    return tuple((float(x), float(n) / len(outcomes)) for x, n in zip(middles, counts, strict=True) if n > 0)


def _readings_title(rows: list[tuple[Cell, ...]]) -> str:
    """Where the reading matters most."""
    width = {str(row[0]): float(str(row[5])) - float(str(row[1])) for row in rows}
    far = max(sorted(width), key=lambda name: width[name])
    return (
        f"How one model is read moves its answer on {far} by up to {wording.percent(width[far])} of the scale"
    )
