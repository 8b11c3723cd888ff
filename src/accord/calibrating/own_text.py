"""What a calibration of the user's own says to people, and what drifts change in it."""

from __future__ import annotations

from typing import Any

from accord.calibrating.fitting import Drifted
from accord.calibrating.jointly import GROUPS
from accord.lenses.endurance.endings import ENDINGS
from accord.lenses.endurance.own import USES
from accord.lenses.endurance.population import variant_named


def class_text(found: dict[str, Any]) -> str:
    """A table for people."""
    names = [target["name"] for target in found["targets"]]
    lines = [
        f"{found['name']}: {found['n']} alliances, {found['ended']} over; event: the {found['level']} level ends"
    ]
    lines.append(f"{'':36}{'reviews':>9}" + "".join(f"{name:>16}" for name in names) + f"{'misfit^2':>10}")
    told = [f"{target['value']:.3f} +-{target['error']:.3f}" for target in found["targets"]]
    lines.append(f"{'the class':36}{'':9}" + "".join(f"{text:>16}" for text in told))
    for variant, fits in found["fits"].items():
        for use, rows in fits.items():
            lines += [_row(row, variant, use, names) for row in rows]
    lines.append(
        "In brackets: model less class, in sampling errors. '!': the best rate lies outside .001 to 1 a month."
    )
    lines += [f"left out: {what}" for what in found["left_out"]]
    lines += _out_of_reach(found["level"])
    return "\n".join(lines)


def unreachable(level: str) -> tuple[str, ...]:
    """Groups of causes by which this level of the model cannot end, whatever the numbers."""
    if level == "theatre":
        return ()
    ends = {ending.name for ending in ENDINGS if ending.leaver == "both"}
    return tuple(group for group, names in GROUPS.items() if ends.isdisjoint(names))


def _out_of_reach(level: str) -> list[str]:
    """That some shares cannot be met, and what follows."""
    groups = unreachable(level)
    if not groups:
        return []
    text = (
        f"share {' and share '.join(groups)}: out of the model's reach at the {level} level. A job done, exhaustion and"
        " collapse end only the joint war, so no rate meets these shares, and the fit to causes can be no better for them:"
        " trust survival alone. At --level theatre they can happen."
    )
    return [text]


def _row(row: dict[str, Any], variant: str, use: str, names: list[str]) -> str:
    """One fit."""
    cells = [
        f"{'-' if row['model'][name] is None else format(row['model'][name], '.3f')}"
        f" ({row['misfit'][name]:+.1f})"
        for name in names
    ]
    rate = f"{row['nu']:.4f}{'!' if row['at_limit'] else ''}"
    drift = "" if variant == "plain" else ", drifts"
    head = f"{USES[use]}{drift}, beta {row['beta']:g}"
    return f"{head:36}{rate:>9}" + "".join(f"{cell:>16}" for cell in cells) + f"{row['total']:10.1f}"


def drift_text(rows: list[Drifted]) -> str:
    """What drifts change, in words and figures."""
    if not rows:
        return "Drifts: at no precision both populations can be fitted, so nothing can be compared."
    lines = [f"{variant_named('drifting').label.capitalize()}, instead of none, change:"]
    lines += [
        f"  beta {one.beta:g}: reviews {one.nu:.4f} -> {one.nu_drifting:.4f}; rank correlation of the strategic index"
        f" {one.index:.3f}, of the hazard ratio {one.ratio:.3f}; on the other side of the middle {one.durable:.1%}"
        f" (durability), {one.conditional:.1%} (conditionality)"
        for one in rows
    ]
    return "\n".join(lines)
