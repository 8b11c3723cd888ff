"""What follows once all worlds are there: the verdict, and the claims tested; a cancel keeps what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accord.engine.kept import Kept
from accord.engine.progress import Bar
from accord.finding import FloatArray
from accord.lenses.endurance.own import Own
from accord.situation import Vocabulary
from accord.study.claims import ClaimResult, judge_claims
from accord.study.judged import Judged
from accord.study.judging import First, judge, placing
from accord.study.study import Study
from accord.study.subjects import MARK
from accord.study.verdict import Verdict

_LENS = "endurance"


def closed(
    study: Study, vocabulary: Vocabulary, first: First, kept: Kept, own: tuple[Own, ...] = ()
) -> Study:
    """A study with its verdict and its claims, as far as the effort wants them, *own* calibrations included."""
    if not study.done or all(finding.lens != _LENS for finding in study.findings):
        return study
    case, effort = _case(study, vocabulary), study.effort
    left: list[str] = []
    cancelled = study.interrupted
    verdict: Verdict | None = None
    claims: tuple[ClaimResult, ...] = ()
    try:
        whole = replace(case, own=() if cancelled else own)
        verdict = judge(whole, first, effort.bare() if cancelled else effort, kept)
        claims = () if cancelled else tested(study, first, kept)
    except KeyboardInterrupt:
        cancelled = True
    if verdict is None:
        verdict = judge(case, first, effort.bare(), kept)
        if effort.calibrations or effort.levers:
            left.append("other calibrations and what would change the label: cancelled")
        elif own:
            left.append("calibrations of your own: cancelled")
    if cancelled and effort.claims and study.situation.claims:
        left.append("claims: cancelled")
    return replace(study, verdict=verdict, claims=claims, left_out=tuple(left), interrupted=cancelled)


def tested(study: Study, first: First, kept: Kept) -> tuple[ClaimResult, ...]:
    """The claims of a study, tested in its first worlds."""
    situation = study.situation
    if not study.effort.claims or not situation.claims:
        return ()
    pairs = first(study.effort.claims)
    pairs.place = placing(situation)
    with Bar(len(situation.claims), "Testing claims", unit="claims") as bar:
        return judge_claims(pairs, progress=bar, kept=kept.mapping("claim"))


def _case(study: Study, vocabulary: Vocabulary) -> Judged:
    """What the verdict is made from."""
    scenarios = tuple(
        (
            look.name,
            look.situation.scenarios[look.name].label or look.name.replace("_", " ")
            if look.name
            else "as it stands",
            _of(study.beside_best, look.name),
            _of(study.beside_columns, look.name),
        )
        for look in study.scenarios
        if study.beside_columns
    )
    head = f"{MARK}draws{MARK}"
    draws = {key.removeprefix(head): v for key, v in study.columns.items() if key.startswith(head)}
    base = study.base.name
    return Judged(
        study.situation,
        vocabulary,
        _of(study.at_best, base),
        _of(study.columns, base),
        draws,
        scenarios,
        study.priors,
    )


def _of(columns: Mapping[str, FloatArray], name: str) -> dict[str, FloatArray]:
    """The lens' columns of one subject."""
    head = f"{name}{MARK}{_LENS}{MARK}"
    return {key.removeprefix(head): values for key, values in columns.items() if key.startswith(head)}
