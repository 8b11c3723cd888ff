"""What follows once all worlds are there: the verdict, and the claims tested; a cancel keeps what is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from accord.engine.kept import Kept
from accord.engine.progress import Bar
from accord.finding import FloatArray
from accord.formulas.wording import count
from accord.lenses.endurance.own import Own
from accord.situation import Vocabulary
from accord.study.claims import ClaimResult, judge_claims
from accord.study.effort import Effort
from accord.study.judged import Judged
from accord.study.judging import First, judge, placing
from accord.study.study import Study
from accord.study.subjects import MARK
from accord.study.verdict import Verdict

_LENS = "endurance"
_WHY = "(cancelled)"


def closed(
    study: Study, vocabulary: Vocabulary, first: First, kept: Kept, own: tuple[Own, ...] = ()
) -> Study:
    """A study with its verdict and its claims, as far as the effort wants them, *own* calibrations included."""
    if not study.done or all(finding.lens != _LENS for finding in study.findings):
        return replace(study, left_out=_scenarios_missed(study))
    case, effort = _case(study, vocabulary), study.effort
    left = [*_scenarios_missed(study)]
    cancelled = study.interrupted
    verdict: Verdict | None = None
    claims: tuple[ClaimResult, ...] = ()
    try:
        if not cancelled:
            verdict = judge(replace(case, own=own), first, effort, kept)
            claims = tested(study, first, kept)
    except KeyboardInterrupt:
        cancelled = True
    if verdict is None:
        verdict = replace(
            judge(case, first, effort.bare(), kept), cancelled=bool(effort.calibrations or effort.levers)
        )
        left += _looks_missed(effort, own)
    if cancelled and effort.claims and study.situation.claims:
        left.append(f"claims {_WHY}")
    return replace(study, verdict=verdict, claims=claims, left_out=tuple(left), interrupted=cancelled)


def _scenarios_missed(study: Study) -> tuple[str, ...]:
    """That scenarios were not looked at, or in fewer worlds than they should have been, for the run was cancelled."""
    wanted, seen = study.effort.scenarios, len(study.beside_numbers)
    if not study.interrupted or study.beside is None or seen >= wanted:
        return ()
    return (f"scenarios beyond {seen:,} of {count(wanted, 'world')} {_WHY}" if seen else f"scenarios {_WHY}",)


def _looks_missed(effort: Effort, own: tuple[Own, ...]) -> list[str]:
    """The further looks that a verdict lacks when it was cancelled."""
    parts = (
        ("other calibrations", effort.calibrations),
        ("what would change the label", effort.levers),
        ("calibrations of your own", len(own)),
    )
    return [f"{what} {_WHY}" for what, wanted in parts if wanted]


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
