"""What the lens worked out, as tables: curves over time, endings, trials and closed forms."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from accord.finding import Cell, Column, FloatArray, Spread, Table
from accord.formulas import wording
from accord.lenses.endurance.endings import ENDINGS
from accord.lenses.endurance.indices import START, WINDOW
from accord.seen import View

LEVELS = {"theatre": "Joint theatre", "bilateral": "Bilateral partnership"}
_MONTH = Column("month", "Month", "months")
_BAND = "Line: the mean over worlds; band: 90 of 100 worlds."


def levels_of(view: View) -> dict[str, str]:
    """The two levels as people would call them: with a client the theatre is the joint war for it."""
    client = view.situation.partnership.client
    if client is None:
        return {"theatre": "Joint effort", "bilateral": "Partnership as such"}
    return {"theatre": f"Joint effort for {view.actor(client.actor)}", "bilateral": "Partnership as such"}


def mean_curve(view: View, key: str) -> list[Spread]:
    """A quantity over months: its mean over worlds with the 5th and 95th percentile.

    The mean is what a forecaster would say; it stands where other tables have the best estimate.
    """
    values = view.over[key]
    if values.size == 0 or np.isnan(values).any():
        return [Spread.of(_mean(values[:, month]), values[:, month]) for month in range(values.shape[1])]
    worlds, ends = values.shape[0], np.quantile(values, (0.05, 0.5, 0.95), axis=0)
    return [
        Spread(float(mean), float(low), float(median), float(high), worlds)
        for mean, low, median, high in zip(values.mean(axis=0), *ends, strict=True)
    ]


def _by_mean(view: View, key: str) -> Spread | None:
    """A quantity over worlds, known by its mean; None where it is defined nowhere."""
    return Spread.of(_mean(view.over[key]), view.over[key]) if view.known(key) else None


def _mean(values: FloatArray) -> float:
    """Mean over the worlds in which it is defined; NaN where it is in none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else math.nan


def _curves(
    view: View,
    name: str,
    title: str,
    series: Sequence[tuple[str, str, str]],
    note: str,
    *,
    ends: tuple[float, float] | None = (0.0, 1.0),
    unit: str = "share",
    extra: dict[str, object] | None = None,
) -> Table:
    """A table over months; *series* are (key of the results, label, actor or empty)."""
    low, high = ends or (None, None)
    columns = (_MONTH, *(Column(key, label, unit, low, high) for key, label, _ in series))
    curves = [mean_curve(view, key) for key, _, _ in series]
    rows = tuple((month, *cells) for month, cells in enumerate(zip(*curves, strict=True)))
    actors = {key: actor for key, _, actor in series if actor}
    more = {"line": "mean", "actors": actors, "picture": _BAND, **(extra or {})}
    return Table(name, title, "curves", columns, rows, note, extra=more)


def survival_table(view: View) -> Table:
    """Survival of both levels with the runs still at risk."""
    words = levels_of(view)
    series = [(f"survival.{level}", words[level], "") for level in LEVELS]
    at_risk = {
        f"survival.{level}": tuple(int(n) for n in view.over[f"alive.{level}"].sum(axis=0))
        for level in LEVELS
    }
    half = [half_life(view, level) for level in LEVELS]
    title = f"{words['theatre']}: {_until(half[0])}; {words['bilateral'].lower()}: {_until(half[1])}"
    note = (
        "Chance to be still together, the mean over worlds. Survival is set to the pace of a historical class (see the notes);"
        " differences between scenarios mean more than its level."
    )
    extra: dict[str, object] = {"step": True, "mark": 0.5, "at_risk": at_risk}
    extra["picture"] = f"{_BAND} Below it: simulated runs still together."
    return _curves(view, "survival", title, series, note, extra=extra)


def half_life(view: View, level: str) -> int | None:
    """First month in which fewer than half are expected to be together; None within the horizon."""
    mean = np.nanmean(view.over[f"survival.{level}"], axis=0)
    below = np.flatnonzero(mean < 0.5)
    return int(below[0]) if below.size else None


def _until(month: int | None) -> str:
    """When half of the runs are over, in words."""
    return (
        "more than half outlast the horizon"
        if month is None
        else f"half are over after {wording.count(month, 'month')}"
    )


def endings_table(view: View, level: str) -> Table:
    """Cumulative incidence by cause, stacked."""
    causes = [
        ending for ending in ENDINGS[1:] if np.nanmax(view.over[f"incidence.{level}.{ending.name}"]) > 0.0
    ]
    columns = (_MONTH, *(Column(e.name, e.label, "share", 0.0, 1.0) for e in causes))
    means = [view.over[f"incidence.{level}.{e.name}"].mean(axis=0) for e in causes]
    months = view.over[f"alive.{level}"].shape[1]
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (month, *(float(mean[month]) for mean in means)) for month in range(months)
    )
    words = levels_of(view)[level]
    if not causes:
        title = f"{words}: no run ends"
    else:
        most = max(range(len(causes)), key=lambda c: means[c][-1])
        title = f"{words}: most often it ends by {causes[most].label} ({wording.percent(means[most][-1])})"
    note = (
        "Share of runs ended by each cause; with those still together it adds up to all. "
        + " ".join(f"{e.label.capitalize()}: {e.says}" for e in causes)
        + " The historical class fixes how fast partnerships end, not by what: in its own data about half of wartime"
        " treaties end with the job done."
    )
    return Table(
        f"endings.{level}",
        title,
        "areas",
        columns,
        rows,
        note,
        extra={"rest": "still together", "order": tuple(e.name for e in ENDINGS[1:])},
    )


def enders_table(view: View) -> Table:
    """Who ends it, at both levels."""
    words = levels_of(view)
    rows, actors = [], []
    for level in LEVELS:
        for patron in view.patrons:
            spread = share_of_endings(view, level, patron)
            if spread is not None:
                rows.append(
                    (f"{view.actor(patron)} ends the {words[level][0].lower()}{words[level][1:]}", spread)
                )
                actors.append(patron)
    columns = (Column("who", "Who"), Column("share", "Share of runs", "share of runs", 0.0, 1.0))
    link = weak_link(view)
    title = (
        "Nobody is the weak link"
        if link is None
        else wording.headline(f"{view.actor(link)} is the weak link")
        if most_often(view) > 0.5
        else wording.headline(f"no partner is clearly the weak link; {view.actor(link)} ends it most often")
    )
    note = "Share of all runs in which this partner's act or exhaustion ends the level within the horizon."
    extra = {"line": "mean"}
    return Table("enders", title, "intervals", columns, tuple(rows), note, tuple(actors), extra)


def share_of_endings(view: View, level: str, patron: str) -> Spread | None:
    """Share of runs that a partner ends."""
    return _by_mean(view, f"ended_by.{level}.{patron}")


def weak_link(view: View, level: str = "theatre") -> str | None:
    """The partner that ends a level most often, over all worlds."""
    shares = {p: float(np.nanmean(view.over[f"ended_by.{level}.{p}"])) for p in view.patrons}
    most = max(shares, key=lambda p: shares[p])
    return most if shares[most] > 0.0 else None


def most_often(view: View, level: str = "theatre") -> float:
    """In what share of worlds the weak link ends a level more often than every other partner; NaN where there is none."""
    link = weak_link(view, level)
    if link is None:
        return math.nan
    runs = {p: view.over[f"ended_by.{level}.{p}"] for p in view.patrons}
    ahead = [runs[link] > runs[p] for p in view.patrons if p != link]
    return view.share(np.all(ahead, axis=0) if ahead else np.ones(len(runs[link]), np.bool_))


def trials_table(view: View) -> Table | None:
    """The two-by-two of trials: threat kept or gone, nobody or everybody tempted."""
    if "trial.base" not in view.over:
        return None
    cells = {name: _by_mean(view, f"trial.{name}") for name in ("base", "tempted", "removed", "both")}
    columns = (
        Column("threat", "Trial"),
        Column("left", "Nobody tempted", "share", 0.0, 1.0),
        Column("tempted", "Everybody tempted once", "share", 0.0, 1.0),
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Threat stays", cells["base"], cells["tempted"]),
        ("Threat taken away", cells["removed"], cells["both"]),
    )
    before, after = (_percent(cells[name]) for name in ("base", "both"))
    title = f"Without the threat and with everybody tempted, the chance to last five more years goes from {before} to {after}"
    note = (
        f"Chance that the partnership as such, alive after {START} months, is alive {WINDOW} months later. The trials start"
        f" at month {START}, on the same random numbers; the tempting offer comes six months later and stays open for six."
        f" First {int(view.over['tried'].sum())} worlds."
    )
    return Table("trials", title, "matrix", columns, rows, note, extra={"line": "mean"})


def _percent(spread: Spread | None) -> str:
    """A share as the figure shows it, in words."""
    return "unknown" if spread is None or math.isnan(spread.best) else wording.percent(spread.best)


def hazards_table(view: View) -> Table | None:
    """Hazard ratio of every trial."""
    keys = [key for key in view.over if key.startswith("hazard_ratio.theatre.") and view.known(key)]
    if not keys:
        return None
    rows = [(_trial_words(view, key.split(".", 2)[2]), view.spread(key)) for key in keys]
    rows.sort(key=lambda row: -(_known(row[1])))
    columns = (
        Column("trial", "Trial"),
        Column("ratio", "Hazard ratio", "times as many endings a month", 0.0),
    )
    worst = rows[0]
    times = "unknown" if worst[1] is None else wording.figure(_known(worst[1]), 1)
    where = (
        "at the best estimates"
        if worst[1] is not None and not math.isnan(worst[1].best)
        else "in the median world"
    )
    level = levels_of(view)["theatre"]
    effort = f"the {level[0].lower()}{level[1:]}"
    title = f"'{worst[0]}' raises the pace at which {effort} ends most: {times} times {where}"
    tried = int(view.over["tried"].sum())
    note = (
        f"Endings of the joint effort per month at risk in the {WINDOW} months after month {START}, over those without the"
        f" trial, on the same random numbers; 1 changes nothing. First {tried} worlds."
    )
    return Table("hazard_ratios", title, "intervals", columns, tuple(rows), note)


def _trial_words(view: View, name: str) -> str:
    """A trial in words."""
    kind, _, who = name.partition(".")
    if kind == "removed" and who:
        return f"{view.threat(who)} is gone"
    return {
        "both": "All threats gone and everybody tempted",
        "removed": "All threats are gone",
        "tempted": "Everybody is tempted once",
        "leader": "The client gets another leader",
        "exhausted": f"{view.actor(who)} is almost out of patience",
        "relieved": f"{view.actor(who)} depends half as much",
    }[kind]


def path_tables(view: View) -> tuple[Table, ...]:
    """Patience, trust, influence, and the course of the war, while the level is alive."""
    if "path.success" not in view.over:
        return ()
    alive = "Mean of the runs in which the joint effort is still alive."
    patience = [(f"path.patience.{p}", view.actor(p), p) for p in view.patrons]
    trust = [
        (f"path.trust.{a}.{b}", f"{view.actor(a)} in {view.actor(b)}", a)
        for a in view.patrons
        for b in view.patrons
        if a != b
    ]
    tables = [
        _curves(view, "patience", _moves("Patience", view, patience), patience, alive),
        _curves(
            view,
            "trust",
            _moves("Trust", view, trust),
            trust,
            "Probability it holds that the other is a trustworthy partner. Mean of the runs still together.",
        ),
    ]
    if "path.territory" in view.over:
        shares = [(f"path.influence.{p}", view.actor(p), p) for p in view.patrons]
        tables.append(
            _curves(view, "influence", _moves("Influence on the client", view, shares), shares, alive)
        )
    roles = view.situation.partnership.threats
    war = [(f"path.level.{t}", f"Strength of {view.threat(t)}", roles[t].actor or "") for t in view.threats]
    if "path.territory" in view.over:
        client = view.situation.partnership.client
        war.append(("path.territory", "Territory the client holds", client.actor if client else ""))
    if war:
        tables.append(_curves(view, "course", _moves("Course", view, war), war, alive))
    return tuple(tables)


def _moves(what: str, view: View, series: Sequence[tuple[str, str, str]]) -> str:
    """Where the series go in the first five years, as a title."""
    month = min(60, view.over[series[0][0]].shape[1] - 1)
    moved = []
    for key, label, _ in series[:3]:
        values = view.over[key]
        start, end = _mean(values[:, 0]), _mean(values[:, month])
        if not math.isnan(start) and not math.isnan(end):
            moved.append(f"{label} {wording.figure(start)} to {wording.figure(end)}")
    return f"{what} in {month} months: {'; '.join(moved)}" if moved else f"{what}: nothing is left to follow"


def price_table(view: View) -> Table:
    """What it takes to buy each partner out, and what staying and leaving are worth."""
    rows: list[tuple[Cell, ...]] = []
    actors = []
    for patron in view.patrons:
        rows.append(
            (f"{view.actor(patron)}: price of defection", view.spread(f"price_of_defection.{patron}"))
        )
        actors.append(patron)
    for suitor in sorted(view.situation.partnership.suitors):
        for patron in view.patrons:
            spread = view.spread(f"wedge.{suitor}.{patron}")
            if spread is not None:
                says = f"{view.actor(patron)}: that price over a large offer of {view.actor(suitor)}"
                rows.append((says, spread))
                actors.append(patron)
    columns = (Column("what", "What"), Column("value", "Price", "stakes a month, or ratio"))
    cheapest = min(view.patrons, key=lambda p: _known(view.spread(f"price_of_defection.{p}")))
    degree = "cheaper" if len(view.patrons) == 2 else "cheapest"
    title = wording.headline(f"{view.actor(cheapest)} is the {degree} to buy out")
    note = (
        "The monthly offer at which it is indifferent between staying and selling out, in units of the largest stake any"
        " partner has; below zero it would leave unbribed. The second kind of row sets it against the 75th percentile of the"
        " suitor's offers: below 1 a large offer suffices. At the start, without noise."
    )
    return Table("prices", title, "intervals", columns, tuple(rows), note, tuple(actors))


def _known(spread: Spread | None) -> float:
    """The value that a figure shows; 0 where there is none."""
    if spread is None:
        return 0.0
    return spread.median if math.isnan(spread.best) else spread.best


def thresholds(view: View) -> tuple[Table, ...]:
    """How much trust and how much patience each partner would need, beside what it has."""
    trust = (
        "Trust: the chance that enough of the others do not defect in a month from which on staying pays, with unlimited"
        " foresight (closed form; Kydd's rule where breaking costs nothing), and the chance it gives them at the start. 0:"
        " it stays whatever it expects. Undefined: more trust does not help."
    )
    patience = (
        "Patience: the discount factor per month from which on shirking does not pay, if it is surely punished and the"
        " others are steady (closed form), and its own. 0: shirking never tempts it. Undefined: shirking always pays."
    )
    return (
        _needed(view, "trust_needed", "steadiness", ("Trust", "trust"), trust),
        _needed(view, "patience_needed", "discount", ("Patience", "patience"), patience),
    )


def _needed(view: View, needed: str, has: str, words: tuple[str, str], note: str) -> Table:
    """One threshold of every partner beside what it has."""
    columns = (
        Column("who", "Partner"),
        Column("needed", f"{words[1]} it needs", "", 0.0, 1.0),
        Column("has", "has", "", 0.0, 1.0),
    )
    rows = tuple(
        (view.actor(p), view.spread(f"{needed}.{p}"), view.spread(f"{has}.{p}")) for p in view.patrons
    )
    short = [view.actor(p) for p in view.patrons if view.value(f"{needed}.{p}") > view.value(f"{has}.{p}")]
    lacking = f"{wording.joined(short)} {'has' if len(short) == 1 else 'have'} less than needed"
    title = f"{words[0]}: {lacking if short else 'nobody has less than it needs'}, at the best estimates"
    return Table(f"{words[1]}_needed", title, "shift", columns, rows, note, tuple(view.patrons))


def tables_of(view: View) -> tuple[Table, ...]:
    """Every table, in the order in which they are shown."""
    found = [
        survival_table(view),
        endings_table(view, "theatre"),
        endings_table(view, "bilateral"),
        enders_table(view),
        trials_table(view),
        hazards_table(view),
        price_table(view),
        *thresholds(view),
        *path_tables(view),
    ]
    return tuple(table for table in found if table is not None)
