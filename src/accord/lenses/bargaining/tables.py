"""The forecasts as tables: every issue as a share of its scale, and one issue with its actors."""

from __future__ import annotations

from accord.finding import Cell, Column, Table
from accord.formulas import wording
from accord.lenses.bargaining.compared import models_table, readings_table
from accord.lenses.bargaining.deals import gains_map, gains_table
from accord.lenses.bargaining.landscape import landscape_table, turns_table
from accord.lenses.bargaining.tally import contested
from accord.lenses.bargaining.view import SURE, WARNING, View, leaning, side, told
from accord.lenses.bargaining.why import why_table


def tables_of(view: View) -> tuple[Table, ...]:
    """Every table: forecasts, what other models say, who gains, why actors move, then issue by issue; few when brief."""
    if view.brief:
        return (summary_table(view), *(scale_table(view, issue) for issue in view.settled))
    several = len(contested(view)) > 0
    made: list[Table | None] = [summary_table(view)]
    made += [models_table(view), readings_table(view)] if several else []
    made += [gains_map(view), gains_table(view), why_table(view)]
    for issue in view.settled:
        made += [scale_table(view, issue), landscape_table(view, issue)]
        made += [turns_table(view, issue)] if issue in contested(view) else []
    return tuple(table for table in made if table is not None)


def scale_table(view: View, issue: str) -> Table:
    """Positions and weight of the actors on one issue, on its own scale, with the forecast."""
    scale, declared = view.situation.issues[issue].scale, view.situation.issues[issue]
    names = view.voices(issue)
    rows: list[tuple[Cell, ...]] = [
        (
            view.actor(name),
            *(
                view.spread(f"{what}.{issue}.{name}")
                for what in ("position", "weight", "salience", "capability")
            ),
        )
        for name in names
    ]
    forecast = view.spread(f"forecast.{issue}")
    out = "; ".join(f"{view.actor(name)} ({why})" for name, why in view.missing(issue))
    return Table(
        f"forecast.{issue}",
        wording.headline(
            f"on {view.issue(issue)} they would settle at {told(view, issue)}, {side(view, issue)}"
        ),
        "scale",
        (
            Column("actor", "Actor"),
            Column("position", "Position", "", scale.low, scale.high),
            Column("weight", "Share of the weight", "share", 0.0, 1.0),
            Column("salience", "How much it cares", "share", 0.0, 1.0),
            Column("capability", "Capability", "index", 0.0),
        ),
        tuple(rows),
        f"{declared.question}{_recipe(view, issue)}" + (f" Left out: {out}." if out else ""),
        actors=tuple(names),
        extra={
            "low_means": scale.low_means,
            "high_means": scale.high_means,
            "forecast": forecast,
            "forecast_label": "Forecast (weighted mean)",
            "reference_point": declared.reference_point,
        },
    )


def _recipe(view: View, issue: str) -> str:
    """How a forecast is made, told once."""
    if issue != next(iter(view.settled)):
        return ""
    return " The forecast is the mean of the positions, each weighted by capability times salience."


def summary_table(view: View) -> Table:
    """Every forecast as a share of its scale."""
    names = sorted(view.settled, key=lambda issue: (view.value(f"share.{issue}"), issue))
    rows: list[tuple[Cell, ...]] = []
    for issue in names:
        scale = view.situation.issues[issue].scale
        ends = f"0 = {scale.low_means}; 1 = {scale.high_means}"
        rows.append(
            (view.issue(issue), view.spread(f"share.{issue}"), view.spread(f"forecast.{issue}"), ends)
        )
    return Table(
        "forecasts",
        wording.headline(summary_title(view)),
        "intervals",
        (
            Column("issue", "Issue"),
            Column("share", "Forecast as a share of the scale", "", 0.0, 1.0),
            Column("forecast", "Forecast on the issue's own scale"),
            Column("ends", "What the ends mean"),
        ),
        tuple(rows),
        WARNING,
        extra={"low_means": "low end of each scale", "high_means": "high end of each scale"},
    )


def summary_title(view: View) -> str:
    """On how many issues the side that a forecast takes is sure."""
    sure = sum(leaning(view, issue) >= SURE for issue in view.settled)
    total = len(view.settled)
    if total == 1:
        issue = view.settled[0]
        return f"One issue can be forecast: {view.issue(issue)}, {side(view, issue)}"
    whole = "both issues" if total == 2 else f"all {total} issues"
    where = whole if sure == total else f"{sure or 'none'} of {total} issues"
    return f"On {where} the weighted mean leans to the same side in at least 95 of 100 worlds"
