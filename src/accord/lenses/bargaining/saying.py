"""The answer in sentences, the measures and the notes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from accord.finding import Measure, Spread
from accord.formulas import wording
from accord.lenses.bargaining.compared import apart, scaled
from accord.lenses.bargaining.deals import gains_title, pair
from accord.lenses.bargaining.tables import summary_title
from accord.lenses.bargaining.tally import AGREE, LABELS, answers, contested, ensemble_of, players
from accord.lenses.bargaining.view import CAUTION, SURE, WARNING, View, leaning, side

VERIFIED = (
    "the weighted mean against arithmetic by hand, against the first-round mean of Scholz, Calbert & Smith 2011, Table"
    " 2 (7.4), and against known mean errors on 185 resolved issues of the European Union (equal capability: 22.131"
    " unweighted, 22.390 by salience); the mean error of 22.99 on all 351 issues is quoted, not recomputed here; the other"
    " models turn by turn against reference runs of open programs and the printed numbers of their papers; landscape and"
    " gains against arithmetic by hand"
)


def sentences(view: View) -> tuple[str, ...]:
    """Three to five sentences: the surest and the most open forecast, how far models agree, who gains, how far to trust."""
    order = sorted(view.settled, key=lambda k: (-_or_none(leaning(view, k)), -_off_middle(view, k), k))
    said = [f"on {view.issue(order[0])} they would settle {side(view, order[0])}"]
    if len(order) > 1:
        said[0] = f"the surest forecast is {view.issue(order[0])}: {side(view, order[0])}"
        rank = "least sure" if leaning(view, order[-1]) >= SURE else "most in the balance"
        said.append(f"{rank} is {view.issue(order[-1])}: {side(view, order[-1])}")
    if view.brief:
        said += [summary_title(view)] if len(order) > 1 else []
    else:
        said += [_agreement(view), *_gaining(view)]
    said.append(
        "expect a forecast of this kind to be off by about a quarter of the scale, whatever its interval says; the models"
        " beside it show process, spread and levers, not a better forecast"
    )
    return tuple(wording.sentence(text) for text in said if text)


def _agreement(view: View) -> str:
    """Where models agree, and where the answer depends on the model."""
    issues = contested(view)
    if not issues:
        return ""
    near = [view.issue(issue) for issue in issues if apart(view, issue) < AGREE]
    far = sorted((i for i in issues if apart(view, i) >= AGREE), key=lambda i: (-apart(view, i), i))
    agree = f"the models agree within {wording.percent(AGREE)} of the scale on {wording.joined(near)}"
    if not far:
        return agree
    names = (
        wording.joined([view.issue(issue) for issue in far])
        if near or len(far) < 3
        else f"all {len(far)} issues"
    )
    start = f"{agree}; the" if near else "the"
    where = f"{names}, most on " if len(far) > 1 else ""
    return f"{start} answer depends on the model on {where}{_ends(view, far[0])}"


def _ends(view: View, issue: str) -> str:
    """The lowest and the highest answer on an issue, with the models that give them."""
    found = answers(view, issue)
    low, high = (pick(sorted(found), key=lambda name: found[name]) for pick in (min, max))
    shares = (f"{wording.percent(found[name])} ({LABELS[name]})" for name in (low, high))
    return f"{view.issue(issue)}: from {' to '.join(shares)} of the scale"


def _gaining(view: View) -> list[str]:
    """Who gains from a deal on everything."""
    two = pair(view)
    return [] if two is None else [gains_title(view, two)]


def _or_none(share: float) -> float:
    """A share for sorting, the undefined last."""
    return -1.0 if np.isnan(share) else share


def _off_middle(view: View, issue: str) -> float:
    """How far a forecast lies from the middle of its scale."""
    return abs(float(np.nan_to_num(view.value(f"share.{issue}"), nan=0.5)) - 0.5)


def notes(view: View) -> tuple[str, ...]:
    """The warning that goes with every forecast, and who was left out of which issue and why."""
    found = [WARNING]
    for issue in sorted(view.situation.issues):
        out = [f"{view.actor(name)} ({why})" for name, why in view.missing(issue)]
        if out:
            found.append(wording.sentence(f"left out on {view.issue(issue)}: {'; '.join(out)}"))
    lone = [issue for issue in view.settled if len(view.voices(issue)) == 1]
    for issue in lone:
        who = view.actor(view.voices(issue)[0])
        found.append(
            wording.sentence(f"on {view.issue(issue)} only {who} counts; the forecast is its own position")
        )
    silent = [view.issue(issue) for issue in sorted(view.situation.issues) if issue not in view.settled]
    if silent:
        found.append(
            wording.sentence(f"no forecast on {wording.joined(silent)}: nobody with weight holds a position")
        )
    return (*found, *(() if view.brief else _model_notes(view)))


def _model_notes(view: View) -> Iterator[str]:
    """What the other models left out, counted."""
    yield CAUTION
    worlds = view.looked
    for issue in view.settled:
        few = int((view.values(f"players.{issue}") < 2).sum())
        if few:
            yield wording.sentence(
                f"on {view.issue(issue)} fewer than two actors count in {few:,} of {worlds:,} worlds; only mean and median"
                " are given there"
            )
        polar = int((view.values(f"polar.{issue}") > 0).sum())
        if polar:
            yield wording.sentence(
                f"on {view.issue(issue)} all stand at the two ends of the scale in {polar:,} of {worlds:,} worlds, where"
                " the reference program of the spatial model gives up; here it runs"
            )
        barred = int((view.values(f"feasible.{issue}") == 0).sum())
        if barred:
            yield wording.sentence(
                f"on {view.issue(issue)} somebody would lose by any agreement in {barred:,} of {worlds:,} worlds: there is"
                " no Nash solution there"
            )
    if len(contested(view)) >= 2 and len(players(view)) < 2:
        yield "The spatial model on all issues at once is left out: fewer than two actors count on every issue."


def measures(view: View) -> tuple[Measure, ...]:
    """Forecasts on their own scales and as shares of them, and what the other models add."""
    found = [measure for issue in view.settled for measure in _forecast(view, issue)]
    found += [measure for issue in view.settled for measure in _median(view, issue)]
    if not view.brief:
        found += [measure for issue in contested(view) for measure in _compared(view, issue)]
        found += _gains(view)
    return tuple(found)


def _forecast(view: View, issue: str) -> Iterator[Measure]:
    """The forecast of one issue."""
    scale = view.situation.issues[issue].scale
    means = (
        f"{wording.figure(scale.low)} = {scale.low_means}; {wording.figure(scale.high)} = {scale.high_means}"
    )
    for kind, label, text in (
        ("forecast", f"Forecast: {view.issue(issue)}", means),
        ("share", f"Forecast as a share of the scale: {view.issue(issue)}", "0 = low end, 1 = high end"),
    ):
        spread = view.spread(f"{kind}.{issue}")
        if spread is not None:
            yield Measure(f"{kind}.{issue}", label, spread, "", text, kind == "share")


def _median(view: View, issue: str) -> Iterator[Measure]:
    """The weighted median of one issue, as a share of the scale."""
    spread = scaled(view, issue, view.spread(f"settled.weighted_median.{issue}"))
    if spread is not None:
        yield Measure(
            f"median.{issue}",
            f"Weighted median as a share of the scale: {view.issue(issue)}",
            spread,
            "",
            "0 = low end, 1 = high end",
        )


def _compared(view: View, issue: str) -> Iterator[Measure]:
    """How far models and readings lie apart on one issue, and whether all could gain."""
    name, apart_over = view.issue(issue), view.spread(f"disagreement.{issue}")
    if apart_over is not None:
        text = "highest less lowest answer, as a share of the scale; the game on all issues at once left out"
        yield Measure(f"disagreement.{issue}", f"Range of the models' answers: {name}", apart_over, "", text)
    found = ensemble_of(view, issue)
    if found is not None:
        width = found.high - found.low
        readings = f"{len(found.variants):,} readings of the expected-utility model"
        text = f"of {readings}, as a share of the scale; at the best estimates only"
        spread = Spread(width, width, width, width, len(view.over[f"forecast.{issue}"]))
        yield Measure(f"readings.{issue}", f"Range over readings: {name}", spread, "", text)
    barred = view.values(f"feasible.{issue}")
    known = barred[~np.isnan(barred)]
    if known.size:
        share, worlds = float(known.mean()), len(barred)
        error = 2.0 * float(np.sqrt(share * (1.0 - share) / known.size))
        spread = Spread(
            share, max(share - error, 0.0), share, min(share + error, 1.0), worlds, worlds - known.size
        )
        text = "share of worlds in which there is an agreement by which nobody loses, with an interval of two standard errors"
        yield Measure(
            f"nash_feasible.{issue}", f"All could gain from an agreement: {name}", spread, "share", text
        )


def _gains(view: View) -> list[Measure]:
    """What the partners gain from deals at the forecasts."""
    found = []
    for actor in sorted(view.situation.partnership.patrons):
        keys = [(f"gain.{issue}.{actor}", view.issue(issue)) for issue in view.settled]
        for key, what in (*keys, (f"package.{actor}", "all issues together")):
            spread = view.spread(key)
            if spread is not None:
                label = f"Gain of {view.actor(actor)} from a deal on {what}"
                text = "what it is spared, as a share of all that it could mind; below 0 it loses"
                found.append(Measure(key, label, spread, "", text))
    return found
