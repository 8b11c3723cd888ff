"""Verdict and claims as plain data, for ``run.json``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from accord.finding import Spread
from accord.study.claims import ClaimResult
from accord.study.pooled import pooled
from accord.study.verdict import Held, Mark, OwnClass, Reason, Verdict


def verdict_record(made: Verdict) -> dict[str, Any]:
    """The verdict without its clouds of points (ranks of worlds are in ``results.parquet``)."""
    holds = made.holds
    return {
        "label": made.label,
        "runner_up": made.runner_up,
        "split": made.split,
        "named": bool(made.label) and not made.few,
        "durable": made.sides[0],
        "conditional": made.sides[1],
        "quadrant_shares": dict(made.shares),
        "standard_error": made.error,
        "population_shares": dict(made.population),
        "ratios": made.ratios,
        **_measures(made),
        "viable": made.viable,
        "drawn": made.drawn,
        "judged": made.judged,
        "undefined": made.undefined,
        "calibration": dict(made.calibration),
        "robustness": {
            "holds": holds.clear,
            "split": holds.split,
            "other": holds.other,
            "of": holds.of,
            "cells": [
                {**asdict(one), "shares": dict(one.shares), "split": one.split} for one in made.robustness
            ],
        },
        "own_classes": [own_record(one, made.robustness) for one in made.own],
        "scenarios": {mark.name or "as_it_stands": _mark(mark) for mark in made.marks[1:]},
        "convergence": [asdict(half) for half in made.halves],
        "influences": [asdict(one) for one in made.influences],
        "tornado": [asdict(one) for one in made.tornado],
        "would_change_if": [asdict(one) for one in made.would_change_if],
        "standing_interest": [{"moved_by": by, **asdict(one)} for by, one in made.interest],
        "resnick": asdict(made.rivals),
        "informed": {**asdict(made.informed), "share": made.informed.share},
        "because": _reason(made.because),
        "notes": list(made.notes),
        "digest": made.digest,
    }


def own_record(own: OwnClass, robustness: Sequence[Held]) -> dict[str, Any]:
    """A calibration of the user's own, and the verdict with its precisions weighed by their fit."""
    return {
        **asdict(own),
        "paces": [{**asdict(pace), "rejected": pace.rejected} for pace in own.paces],
        "weighed": [
            {**asdict(one), "weights": {f"{beta:g}": weight for beta, weight in one.weights.items()}}
            for one in pooled(own, robustness)
        ],
    }


def _measures(made: Verdict) -> dict[str, Any]:
    """Ranks, index, gaps, ratios and closed forms."""
    return {
        "durability": spread_record(made.durability),
        "conditionality": spread_record(made.conditionality),
        "rank_errors": {"durability": made.rank_error[0], "conditionality": made.rank_error[1]},
        "strategic_index": spread_record(made.index),
        "five_years": spread_record(made.five_years),
        "gap": spread_record(made.gap),
        "relative_gap": spread_record(made.relative_gap),
        "log_hazard_ratio": spread_record(made.log_hazard_ratio),
        "hazard_ratios": {name: spread_record(spread) for name, spread in made.hazard_ratios.items()},
        "closed_forms": {name: spread_record(spread) for name, spread in made.closed_forms.items()},
    }


def _mark(mark: Mark) -> dict[str, Any]:
    """A scenario's place."""
    return {
        "durability": spread_record(mark.durability),
        "conditionality": spread_record(mark.conditionality),
        "quadrant_shares": dict(mark.shares),
    }


def spread_record(spread: Spread) -> dict[str, Any]:
    """A spread as plain data; NaN becomes null on writing."""
    return {
        "best": spread.best,
        "low": spread.low,
        "median": spread.median,
        "high": spread.high,
        "worlds": spread.worlds,
        "undefined": spread.undefined,
    }


def _reason(reason: Reason) -> dict[str, Any]:
    """A node of the tree with what carries it."""
    return {
        "says": reason.says,
        "path": reason.path,
        "because": [_reason(child) for child in reason.children],
    }


def claim_record(result: ClaimResult) -> dict[str, Any]:
    """One claim's result: ``path`` is what was varied, ``output`` and ``unit`` what the effect was seen in."""
    return {
        "id": result.id,
        "kind": result.kind,
        "verdict": result.verdict,
        "effect": result.effect,
        "se": result.se,
        "share": result.share,
        "path": result.path,
        "output": result.output,
        "unit": result.unit,
    }
