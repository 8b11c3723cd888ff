"""One issue's power landscape, and its positions turn by turn in the spatial model, as tables."""

from __future__ import annotations

import numpy as np

from accord.finding import Cell, Column, FloatArray, Table
from accord.formulas import wording
from accord.lenses.bargaining.settling import TURNS
from accord.lenses.bargaining.view import CAUTION, View

_BINS = 20
# Shares of the weight from which a third of the scale counts as held, and up to which as empty.
_CAMP, _EMPTY = 0.25, 0.15
_DECIDES = 0.5


def landscape_table(view: View, issue: str) -> Table:
    """Effective power along the positions of one issue."""
    scale, names = view.situation.issues[issue].scale, view.voices(issue)
    heaps = {name: _heap(view, issue, name) for name in names}
    every = np.sum(list(heaps.values()), axis=0)
    edges = np.linspace(scale.low, scale.high, _BINS + 1)
    sums = np.cumsum(every)
    rows: list[tuple[Cell, ...]] = [
        (
            float((edges[b] + edges[b + 1]) / 2),
            float(every[b]),
            float(sums[b]),
            *(float(heaps[name][b]) for name in names),
        )
        for b in range(_BINS)
    ]
    return Table(
        f"landscape.{issue}",
        wording.headline(f"{view.issue(issue)}: {_shape(view, issue, every)}"),
        "landscape",
        (
            Column("position", "Position", "", scale.low, scale.high),
            Column("weight", "Weight", "share", 0.0, 1.0),
            Column("up_to", "Up to here", "share", 0.0, 1.0),
            *(Column(f"weight.{name}", view.actor(name), "share", 0.0, 1.0) for name in names),
        ),
        tuple(rows),
        "Effective power, capability times salience, along the positions: share of all weight, mean over worlds, in"
        f" {_BINS} steps of the scale. The weighted median is where the sum from the left reaches a half; no position beats"
        " it when weights vote. The weighted mean is the default forecast.",
        extra={
            "low_means": scale.low_means,
            "high_means": scale.high_means,
            "actors": {f"weight.{name}": name for name in names},
            "mean": view.spread(f"forecast.{issue}"),
            "median": view.spread(f"settled.weighted_median.{issue}"),
        },
    )


def _heap(view: View, issue: str, name: str) -> FloatArray:
    """An actor's share of the weight in each step of the scale, mean over worlds; at the best estimates without worlds."""
    scale = view.situation.issues[issue].scale
    keys = (f"position.{issue}.{name}", f"weight.{issue}.{name}")
    source = view.over if len(view.over[keys[0]]) else view.best
    place, weight = (source[key] for key in keys)
    known = ~(np.isnan(place) | np.isnan(weight))
    worlds = int((~np.isnan(source[f"forecast.{issue}"])).sum())
    counts, _ = np.histogram(place[known], _BINS, (scale.low, scale.high), weights=weight[known])
    found: FloatArray = counts / max(worlds, 1)
    return found


def _shape(view: View, issue: str, every: FloatArray) -> str:
    """What the landscape looks like."""
    scale = view.situation.issues[issue].scale
    edges = (np.arange(_BINS) + 0.5) / _BINS
    low, high = float(every[edges < 1 / 3].sum()), float(every[edges > 2 / 3].sum())
    middle = max(0.0, 1.0 - low - high)
    if min(low, high) >= _CAMP and middle <= _EMPTY:
        return (
            f"two camps with little between them, {wording.percent(low)} of the weight on the low side and"
            f" {wording.percent(high)} on the high side"
        )
    parts = {f"near '{scale.low_means}'": low, "in the middle": middle, f"near '{scale.high_means}'": high}
    most = max(parts, key=lambda name: parts[name])
    if parts[most] < _DECIDES:
        return "the weight is spread over the whole scale"
    return f"{wording.percent(parts[most])} of the weight stands {most}"


def turns_table(view: View, issue: str) -> Table:
    """Positions by turn of the spatial model."""
    scale, names = view.situation.issues[issue].scale, view.voices(issue)
    rows: list[tuple[Cell, ...]] = []
    for turn in range(TURNS + 1):
        keys = [f"turns.{issue}.{name}.{turn}" if turn else f"position.{issue}.{name}" for name in names]
        rows.append((turn, *(view.spread(key) for key in keys)))
    return Table(
        f"turns.{issue}",
        wording.headline(f"{view.issue(issue)}: {_course(view, issue)}"),
        "curves",
        (
            Column("turn", "Turn", "turn"),
            *(Column(f"position.{name}", view.actor(name), "", scale.low, scale.high) for name in names),
        ),
        tuple(rows),
        "Positions turn by turn in the spatial model, each issue by itself; a game that ended keeps its last positions."
        f" {_unfinished(view, issue)} Scale: {wording.figure(scale.low)} = {scale.low_means}; {wording.figure(scale.high)} ="
        f" {scale.high_means}. {CAUTION}",
        extra={"actors": {f"position.{name}": name for name in names}, "some_worlds": True},
    )


def _course(view: View, issue: str) -> str:
    """Who moves farthest at the best estimates, and whether they come together."""
    scale = view.situation.issues[issue].scale
    width = scale.high - scale.low
    moves, ends = {}, []
    for name in view.voices(issue):
        start, end = view.value(f"position.{issue}.{name}"), view.value(f"turns.{issue}.{name}.last")
        if not np.isnan(end):
            moves[name] = abs(end - start) / width
            ends.append((start, end))
    if not moves or max(moves.values()) < 0.005:
        return "in the spatial model nobody moves at the best estimates"
    far = max(sorted(moves), key=lambda name: moves[name])
    first, last = (max(at) - min(at) for at in zip(*ends, strict=True))
    closer = "they come closer" if last < 0.9 * first else "they do not come closer"
    return (
        f"{closer}; the longest way, {wording.percent(moves[far])} of the scale, is that of {view.actor(far)}"
    )


def _unfinished(view: View, issue: str) -> str:
    """How many games went on beyond the turns that are shown."""
    apart = []
    for name in view.voices(issue):
        shown, last = (view.values(f"turns.{issue}.{name}.{turn}") for turn in (TURNS, "last"))
        scale = view.situation.issues[issue].scale
        apart.append(np.nan_to_num(np.abs(shown - last)) > 1e-3 * (scale.high - scale.low))
    share = float(np.mean(np.any(apart, axis=0))) if apart and apart[0].size else 0.0
    if not share:
        return f"After turn {TURNS} nobody moves by more than a thousandth of the scale."
    return f"{wording.headline(wording.in_worlds(share))} somebody still moves after turn {TURNS}."
