"""What a backtest shows, in words, tables and figures."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from accord.finding import Column, Table
from accord.lenses.bargaining.backtest import FORECAST, LABELS, SPREAD, YARDSTICK, Backtest, Score
from accord.lenses.bargaining.deu import Resolved
from accord.lenses.bargaining.scores import Clusters, Estimate

_WIDTH = 100
_LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)


def text_of(found: Resolved, done: Backtest) -> str:
    """Tables and words for people."""
    lines = [f"{len(found.issues)} issues of {found.proposals} proposals; errors in hundredths of the scale"]
    lines += [f"left out: {count} issues, {why}" for why, count in sorted(found.left_out.items())]
    lines += ["", *_main_table(done), "", *_group_table(done)]
    if done.coverage:
        lines += ["", *_coverage_table(done)]
    lines += ["", *_filled(done.notes), *_filled(verdict_of(done))]
    return "\n".join(lines)


def _main_table(done: Backtest) -> list[str]:
    """All models on all issues."""
    wide = max(len(LABELS[name]) for name in done.points)
    head = "issues    MAE  (95 %)         RMSE  in 5 in 10 in 25 nearest   CRPS   MAE against yardstick"
    lines = [f"{'':{wide}} {head}"]
    for name in done.points:
        score = done.score(name)
        m, gap = score.measures, score.difference["mae"]
        lines.append(
            f"{LABELS[name]:{wide}} {score.issues:6} {m['mae'].value:6.2f}"
            f"  ({m['mae'].low:4.1f} to {m['mae'].high:4.1f})"
            f" {m['rmse'].value:6.2f} {m['within_5'].value:5.0%} {m['within_10'].value:5.0%}"
            f" {m['within_25'].value:5.0%} {m['nearest'].value:7.0%} {m['crps'].value:6.2f}"
            f"   {'the yardstick' if name in (YARDSTICK, SPREAD) else _gap(gap.value, gap.low, gap.high)}"
        )
    return lines


def _gap(value: float, low: float, high: float) -> str:
    """A difference with its interval."""
    return f"{value:+.2f} ({low:+.2f} to {high:+.2f})"


def _group_table(done: Backtest) -> list[str]:
    """MAE by procedure and voting rule."""
    groups = [score for score in done.scores if score.model == YARDSTICK and score.group != "all"]
    heads = [f"{one.group} ({one.issues})" for one in groups]
    wide = max(len(LABELS[name]) for name in done.points)
    lines = [f"{'MAE on':{wide}} " + "  ".join(heads)]
    for name in done.points:
        cells = [
            f"{done.score(name, one.group).measures['mae'].value:{len(head)}.2f}"
            for one, head in zip(groups, heads, strict=True)
        ]
        lines.append(f"{LABELS[name]:{wide}} " + "  ".join(cells))
    return lines


def _coverage_table(done: Backtest) -> list[str]:
    """How often intervals held the outcome."""
    wide = max(len(LABELS[one.model]) for one in done.coverage)
    lines = [f"{'intervals':{wide}} promised  held  (95 %)        width   central ones  transform"]
    lines += [
        f"{LABELS[one.model]:{wide}} {one.share:8.0%} {one.shortest.value:5.0%}"
        f"  ({one.shortest.low:4.0%} to {one.shortest.high:4.0%}) {one.width:5.0f}"
        f" {one.central.value:14.0%} {one.transform.value:10.0%}"
        for one in done.coverage
    ]
    return lines


def verdict_of(done: Backtest) -> list[str]:
    """What the comparison shows, in sentences."""
    scores = [done.score(name) for name in done.points if name != YARDSTICK]
    better = [score for score in scores if score.difference["mae"].high < 0]
    worse = [score for score in scores if score.difference["mae"].low > 0]
    said = [
        "Against the salience-weighted mean, on the same issues, by mean error of the point: "
        + (f"better {_names(better)}; " if better else "better than it is shown for none; ")
        + (f"worse {_names(worse)}; " if worse else "")
        + "for the others a difference is not shown."
    ]
    if FORECAST in done.points:
        gaps = done.score(FORECAST).difference
        said.append(f"The forecast's point is {_shown(gaps['mae'])}.")
        if "crps_spread" in gaps:
            said.append(
                "Its distribution, against the weighted mean with the errors it made on other proposals, is"
                f" {_shown(gaps['crps_spread'])} in CRPS."
            )
    return said


def _shown(gap: Estimate) -> str:
    """A difference in words."""
    side = "better" if gap.value < 0 else "worse"
    return f"{side} by {abs(gap.value):.2f} ({gap.low:+.2f} to {gap.high:+.2f}: {'shown' if gap.shown else 'not shown'})"


def _names(scores: Iterable[Score]) -> str:
    """Labels in a row."""
    return ", ".join(LABELS[score.model] for score in scores)


def _filled(texts: Iterable[str]) -> list[str]:
    """Paragraphs as wide as a terminal should be."""
    return [textwrap.fill(text, _WIDTH) for text in texts]


def fit_text(done: Mapping[str, Any]) -> str:
    """What a fit gave, for people."""
    shown = ", ".join(f"{name} {value:g}" for name, value in done["whole"].items())
    lines = [f"fitted to {done['issues']} issues of {len(done['proposals'])} proposals: {shown}"]
    if done["written"]:
        return "\n".join([*lines, f"digest {done['digest'][:16]}: written into the package"])
    if not done["same_data"]:
        return "\n".join([*lines, "the shipped table was fitted to other issues"])
    same = "the same as shipped" if done["same"] else "NOT the same as shipped"
    return "\n".join([*lines, f"{same}; largest difference {done['largest_difference']:g}"])


def calibration_table(done: Backtest) -> Table | None:
    """How often the outcome fell below what the forecast says it falls below with a given probability; None without it."""
    if FORECAST not in done.transform:
        return None
    below, upto = done.transform[FORECAST].T
    wide = np.maximum(upto - below, 1e-12)
    clusters = Clusters([issue.proposal for issue in done.issues], 2000, 0)
    rows, worst = [], 0.0
    for level in _LEVELS:
        one = clusters.mean(np.clip((level - below) / wide, 0.0, 1.0))
        worst = max(worst, abs(one.value - level))
        rows.append((f"{level:.0%}", level, one.value, one.low, one.high, len(done.issues)))
    columns = (
        Column("group", "promised"),
        Column("mean", "probability stated", low=0, high=1),
        Column("share", "share that came true", low=0, high=1),
        Column("low", "low"),
        Column("high", "high"),
        Column("count", "issues"),
    )
    title = (
        f"Outcomes fall below the forecast's quantiles as often as stated, within {100 * worst:.0f} points"
    )
    note = "Randomised probability integral transform; intervals by drawing whole proposals."
    return Table("calibration", title, "calibration", columns, tuple(rows), note)
