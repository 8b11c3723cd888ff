"""How the models would have done on issues whose outcome is known: points, distributions, by procedure and voting rule.

The protocol was written down before anything was fitted: decision 14.  The forecast is always judged out of sample: an
issue of a proposal that it was fitted to is forecast by parameters that were fitted without that part of the proposals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from accord.lenses.bargaining.deu import LEAST, RULE_WORDS, ResolvedIssue, voting_of
from accord.lenses.bargaining.forecast import forecast, part_of, shipped
from accord.lenses.bargaining.models import EXCHANGE, MODELS, Table, exchange_points, table_of
from accord.lenses.bargaining.predictive import SHARES, Distribution, of_values
from accord.lenses.bargaining.scores import (
    MEASURES,
    Clusters,
    Estimate,
    as_row,
    coverage,
    nearest_hit,
    per_issue,
)

if TYPE_CHECKING:
    from accord.engine.progress import Progress

FloatArray = NDArray[np.float64]

YARDSTICK = "salience_mean"
SPREAD, FORECAST = "salience_mean_spread", "forecast"
LABELS: dict[str, str] = {
    **{name: model.label for name, model in MODELS.items()},
    EXCHANGE: "position exchange within a proposal",
    SPREAD: "salience-weighted mean, with its errors",
    FORECAST: "forecast (calibrated)",
}
# Other names of models: ``settle`` and ``bargained`` call a mean by capability and salience the mean.
OTHER_NAMES: dict[str, str] = {"plain_mean": "mean", "weighted_mean": "compromise"}
# Fewer draws say nothing of an interval, and more take memory without end.
LEAST_DRAWS, MOST_DRAWS = 100, 20_000
# Fewer errors than these make no distribution.
_FEWEST = 20


@dataclass(frozen=True)
class Score:
    """One model on one group of issues.

    Parameters
    ----------
    model, group : str
        The group is ``all``, ``procedure COD`` and the like, or ``rule majority`` and the like.
    issues, proposals : int
        Issues that the model gives an answer to, and proposals of the group.
    measures : dict of str to Estimate
        ``mae``, ``rmse``, ``crps`` in hundredths of the scale; ``within_5`` ... and ``nearest`` as shares.
    difference : dict of str to Estimate
        ``mae`` and ``crps`` less that of the salience-weighted mean on the same issues, and ``crps_spread``: CRPS less that
        of the mean with its errors.  Below 0 is better.
    """

    model: str
    group: str
    issues: int
    proposals: int
    measures: dict[str, Estimate]
    difference: dict[str, Estimate]


@dataclass(frozen=True)
class Coverage:
    """How often intervals of a distribution held the outcome, on all issues.

    Parameters
    ----------
    model : str
    share : float
        What the interval promises.
    shortest, central, transform : Estimate
        Shortest intervals and central ones, ends included; and the randomised probability integral transform, which should
        come to *share* when the distribution is right.
    width : float
        Mean width of the shortest intervals, in hundredths of the scale.
    """

    model: str
    share: float
    shortest: Estimate
    central: Estimate
    transform: Estimate
    width: float


@dataclass(frozen=True, eq=False)
class Backtest:
    """What came of it.

    Parameters
    ----------
    issues : tuple of ResolvedIssue
        By proposal and issue.
    points : dict of str to ndarray, shape (issues,)
        Each model's point on the scale of the issue; NaN where it does not apply.
    crps : dict of str to ndarray, shape (issues,)
        In hundredths of the scale.
    transform : dict of str to ndarray, shape (issues, 2)
        Of each model that gives distributions: probability of less than the outcome, and of no more than it.
    scores : tuple of Score
    coverage : tuple of Coverage
    notes : tuple of str
        What does not apply, and where; what was left out.
    """

    issues: tuple[ResolvedIssue, ...]
    points: dict[str, FloatArray]
    crps: dict[str, FloatArray]
    transform: dict[str, FloatArray]
    scores: tuple[Score, ...]
    coverage: tuple[Coverage, ...]
    notes: tuple[str, ...]

    def score(self, model: str, group: str = "all") -> Score:
        """One score; KeyError when there is none."""
        for one in self.scores:
            if (one.model, one.group) == (model, group):
                return one
        raise KeyError(f"no score of {model!r} on {group!r}")

    def record(self) -> dict[str, Any]:
        """Everything but the issues, as plain numbers."""
        scores = [
            {
                "model": s.model,
                "group": s.group,
                "issues": s.issues,
                "proposals": s.proposals,
                **as_row(s.measures),
                "difference": as_row(s.difference),
            }
            for s in self.scores
        ]
        cover = [
            {
                "model": c.model,
                "share": c.share,
                "width": c.width,
                **as_row({"shortest": c.shortest, "central": c.central, "transform": c.transform}),
            }
            for c in self.coverage
        ]
        return {"scores": scores, "coverage": cover, "notes": list(self.notes)}


def backtest(
    issues: Sequence[ResolvedIssue],
    *,
    models: Sequence[str] | None = None,
    capability: Mapping[str, float] | None = None,
    bootstrap: int = 2000,
    seed: int = 0,
    progress: Progress | None = None,
) -> Backtest:
    """Judge the models on resolved issues.

    Parameters
    ----------
    issues : sequence of ResolvedIssue
        With outcomes and at least 3 actors that hold position and salience, in any order.
    models : sequence of str, optional
        Some of ``LABELS``, or of ``OTHER_NAMES``; by default all.  The salience-weighted mean is always there.  ``mean``
        (or ``plain_mean``) weighs all alike; what :func:`~accord.lenses.bargaining.settle` calls so, by capability and
        salience, is ``weighted_mean`` (or ``compromise``).
    capability : mapping of str to float, optional
        By actor, for the models that read it; by default equal.  Who has none is left out of these models.
    bootstrap : int
        Draws of whole proposals, 100 to 20,000; 0 for no intervals.
    seed : int
        From 0.
    progress : Progress, optional
        Told of every issue.

    Returns
    -------
    Backtest

    Raises
    ------
    ValueError
        When there are no issues, one has no outcome or too few actors, one occurs twice, or a model or a voting rule is
        unknown.
    """
    wanted = _wanted(models, capability is not None)
    rows = sorted(issues, key=lambda issue: (issue.proposal, issue.issue))
    _check(rows, bootstrap)
    equal = [replace(issue, capability=None) for issue in rows]
    powered = equal if capability is None else [_with_power(issue, capability) for issue in rows]
    points, notes = _points(powered, equal, wanted, progress)
    laws = {}
    if SPREAD in wanted:
        laws[SPREAD] = _spread(equal, points[YARDSTICK])
    if FORECAST in wanted:
        laws[FORECAST] = [_forecast(issue) for issue in equal]
    judge = _Judge(tuple(rows), Clusters([i.proposal for i in rows], bootstrap, seed), bootstrap, seed)
    for name, law in laws.items():
        points[name] = np.array([np.nan if one is None else one.median for one in law])
        if name == SPREAD:
            points[name] = np.where(np.isnan(points[name]), np.nan, points[YARDSTICK])
    crps = {name: judge.crps(points[name], laws.get(name)) for name in wanted}
    transform = {name: judge.transform(law) for name, law in laws.items()}
    points = {name: points[name] for name in wanted}
    notes += _notes(points, equal, laws)
    cover = tuple(one for name, law in laws.items() for one in judge.coverage(name, law, transform[name]))
    return Backtest(
        tuple(rows), points, crps, transform, tuple(judge.scores(points, crps)), cover, tuple(notes)
    )


def _wanted(models: Sequence[str] | None, powered: bool) -> list[str]:
    """Models to run, in the order of the table."""
    if isinstance(models, str):
        raise ValueError(f"models is the text {models!r}; expected a list of names, such as [{models!r}]")
    for name in models or ():
        if name not in LABELS and name not in OTHER_NAMES:
            raise ValueError(
                f"there is no model {name!r}; expected some of {', '.join((*LABELS, *OTHER_NAMES))}"
            )
    chosen = {OTHER_NAMES.get(name, name) for name in (LABELS if models is None else models)} | {YARDSTICK}
    if models is None and not powered:
        # With equal capability it is the yardstick itself.
        chosen.discard("compromise")
    return [name for name in LABELS if name in chosen]


def _check(rows: Sequence[ResolvedIssue], bootstrap: int) -> None:
    """Refuse what cannot be judged."""
    if not rows:
        raise ValueError("there are no issues to judge; expected one or more with an outcome")
    if bootstrap != 0 and not LEAST_DRAWS <= bootstrap <= MOST_DRAWS:
        wanted = f"{LEAST_DRAWS} to {MOST_DRAWS:,} draws, or 0 for no intervals"
        raise ValueError(f"bootstrap is {bootstrap}; expected {wanted}")
    for issue in rows:
        if issue.outcome is None or issue.holders < LEAST:
            says = "no outcome" if issue.outcome is None else f"only {issue.holders} actors with both numbers"
            raise ValueError(f"issue {issue.issue} of {issue.proposal} has {says}; leave it out")
        if voting_of(issue.rule) is None:
            says = f"issue {issue.issue} of {issue.proposal} has the voting rule {issue.rule!r}"
            raise ValueError(f"{says}; expected {RULE_WORDS}, or none where it is not known")
    names = [(issue.proposal, issue.issue) for issue in rows]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"issue {twice[1]} of {twice[0]} occurs twice; expected each once")


def _with_power(issue: ResolvedIssue, capability: Mapping[str, float]) -> ResolvedIssue:
    """The issue with capabilities."""
    return replace(issue, capability=tuple(capability.get(actor) for actor in issue.actors))


def _points(
    powered: Sequence[ResolvedIssue],
    equal: Sequence[ResolvedIssue],
    wanted: Sequence[str],
    progress: Progress | None,
) -> tuple[dict[str, FloatArray], list[str]]:
    """Points of the models, and what failed."""
    points = {name: np.full(len(equal), np.nan) for name in wanted}
    failed: dict[str, int] = {}
    plain = ("mean", "salience_mean", "median", "salience_median", "reference_point")
    for k, issue in enumerate(equal):
        tables = {True: table_of(issue), False: table_of(powered[k])}
        for name in (name for name in wanted if name in MODELS):
            try:
                points[name][k] = _point(name, tables[name in plain])
            except ArithmeticError:
                failed[name] = failed.get(name, 0) + 1
        if progress is not None:
            progress.advance(1)
    if EXCHANGE in wanted:
        groups = groupby(powered, key=lambda issue: issue.proposal)
        points[EXCHANGE] = np.array([x for _, group in groups for x in exchange_points(list(group))])
    return points, [f"{LABELS[name]} came to no result on {count} issues" for name, count in failed.items()]


def _point(name: str, table: Table) -> float:
    """One model's point; NaN where nobody is left."""
    return MODELS[name].run(table) if table.positions.size else float("nan")


def _spread(issues: Sequence[ResolvedIssue], points: FloatArray) -> list[Distribution | None]:
    """The weighted mean with the errors that it made on the other parts of the proposals."""
    parts = np.array([part_of(issue.proposal) for issue in issues])
    width = np.array([issue.high - issue.low for issue in issues])
    errors = (np.array([issue.outcome for issue in issues], dtype=np.float64) - points) / width
    laws: list[Distribution | None] = []
    for k, issue in enumerate(issues):
        others = errors[parts != parts[k]]
        made = points[k] + width[k] * others
        laws.append(of_values(made, issue.low, issue.high) if others.size >= _FEWEST else None)
    return laws


def _forecast(issue: ResolvedIssue) -> Distribution:
    """The forecast, by parameters that know nothing of the issue's proposal."""
    table = shipped()
    known = issue.proposal in table.proposals
    return forecast(issue, parameters=table.without[part_of(issue.proposal)] if known else table.whole)


def _notes(
    points: Mapping[str, FloatArray], issues: Sequence[ResolvedIssue], laws: Mapping[str, Any]
) -> list[str]:
    """What did not apply, and on what the forecast was fitted."""
    said = []
    for name, values in points.items():
        if missing := int(np.isnan(values).sum()):
            said.append(f"{LABELS[name]}: no answer on {missing} of {len(issues)} issues")
    if FORECAST in laws:
        known = sum(issue.proposal in shipped().proposals for issue in issues)
        said.append(
            f"forecast: {known} of {len(issues)} issues belong to proposals that it was fitted to; each of these is"
            " forecast by parameters fitted without its part of the proposals"
        )
        if known:
            said[-1] += "; its form was chosen on seven tenths of them, which flatters it (decision 14)"
    return said


@dataclass(frozen=True, eq=False)
class _Judge:
    """Issues, and how they are drawn."""

    issues: tuple[ResolvedIssue, ...]
    clusters: Clusters
    draws: int
    seed: int

    def _outcomes(self) -> FloatArray:
        """Outcomes on their scales."""
        return np.array([issue.outcome for issue in self.issues], dtype=np.float64)

    def _hundredths(self) -> FloatArray:
        """What a unit of each scale is worth in hundredths of it."""
        return np.array([100 / (issue.high - issue.low) for issue in self.issues])

    def crps(self, points: FloatArray, laws: Sequence[Distribution | None] | None) -> FloatArray:
        """CRPS of each issue; a point's is its absolute error."""
        outcomes = self._outcomes()
        if laws is None:
            return np.abs(points - outcomes) * self._hundredths()
        score = [np.nan if law is None else float(law.crps(y)) for law, y in zip(laws, outcomes, strict=True)]
        return np.array(score) * self._hundredths()

    def transform(self, laws: Sequence[Distribution | None]) -> FloatArray:
        """Probabilities of less than the outcome and of no more than it, shape (issues, 2)."""
        pairs = []
        for law, y in zip(laws, self._outcomes(), strict=True):
            if law is None:
                pairs.append((np.nan, np.nan))
            else:
                room = 1e-9 * (law.high - law.low)
                pairs.append((float(law.cdf(y - room)), float(law.cdf(y + room))))
        return np.array(pairs)

    def coverage(
        self, name: str, laws: Sequence[Distribution | None], transform: FloatArray
    ) -> list[Coverage]:
        """Coverage at each share."""
        found, outcomes, scale = [], self._outcomes(), self._hundredths()
        below, upto = transform.T
        for share in SHARES:
            held: dict[str, FloatArray] = {}
            for kind in ("shortest", "central"):
                ends = np.array(
                    [(np.nan, np.nan) if law is None else law.interval(share, kind) for law in laws]
                )
                inside = (ends[:, 0] <= outcomes) & (outcomes <= ends[:, 1])
                held[kind] = np.where(np.isnan(ends[:, 0]), np.nan, inside)
                held[f"{kind} width"] = (ends[:, 1] - ends[:, 0]) * scale
            plain = np.where(np.isnan(below), np.nan, coverage(below, upto, share))
            width = held["shortest width"]
            known = ~np.isnan(width)
            found.append(
                Coverage(
                    name,
                    share,
                    self.clusters.mean(held["shortest"]),
                    self.clusters.mean(held["central"]),
                    self.clusters.mean(plain),
                    float(width[known].mean()) if known.any() else float("nan"),
                )
            )
        return found

    def scores(self, points: Mapping[str, FloatArray], crps: Mapping[str, FloatArray]) -> list[Score]:
        """Every model on every group."""
        outcomes, scale = self._outcomes(), self._hundredths()
        values = {}
        for name, where in points.items():
            nearest = np.array(
                [
                    nearest_hit(table_of(replace(issue, capability=None)).positions, x, y)
                    for issue, x, y in zip(self.issues, where, outcomes, strict=True)
                ]
            )
            values[name] = per_issue((where - outcomes) * scale, nearest, crps[name])
        return [
            self._score(name, group, some, values)
            for group, some in groups_of(self.issues).items()
            for name in points
        ]

    def _score(
        self,
        name: str,
        group: str,
        some: NDArray[np.bool_],
        values: Mapping[str, Mapping[str, FloatArray]],
    ) -> Score:
        """One model on one group."""
        inside = [issue.proposal for issue, there in zip(self.issues, some, strict=True) if there]
        clusters = self.clusters if group == "all" else Clusters(inside, self.draws, self.seed)
        mine = {key: values[name][key][some] for key in MEASURES}
        base = {key: values[YARDSTICK][key][some] for key in ("mae", "crps")}
        gaps = {key: mine[key] - base[key] for key in base}
        if SPREAD in values:
            gaps["crps_spread"] = mine["crps"] - values[SPREAD]["crps"][some]
        answered = int((~np.isnan(mine["mae"])).sum())
        return Score(
            name,
            group,
            answered,
            clusters.count,
            {key: clusters.mean(mine[key], root=key == "rmse") for key in MEASURES},
            {key: clusters.mean(gap) for key, gap in gaps.items()},
        )


def groups_of(issues: Sequence[ResolvedIssue]) -> dict[str, NDArray[np.bool_]]:
    """All issues, and those of each procedure and voting rule, by name."""
    groups = {"all": np.ones(len(issues), np.bool_)}
    for word, kinds in (
        ("procedure", [issue.procedure or "unknown" for issue in issues]),
        ("rule", [issue.voting for issue in issues]),
    ):
        for kind in sorted(set(kinds)):
            groups[f"{word} {kind}"] = np.array([one == kind for one in kinds])
    return groups
