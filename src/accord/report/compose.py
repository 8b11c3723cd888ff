"""From a study to what the report shows."""

from __future__ import annotations

from functools import partial

from accord.formulas import wording
from accord.lenses.endurance.output_words import output_words
from accord.report.answer_words import answer
from accord.report.claim_reasons import open_claims
from accord.report.claim_words import claims_note, result_words
from accord.report.outside import with_outside
from accord.report.plane_words import marks_words
from accord.report.verdict_tables import (
    interest_table,
    plane_table,
    robustness_table,
    shares_table,
    tornado_tables,
    turns_table,
)
from accord.report.verdict_words import asides
from accord.report.view import ReportView, VerdictView
from accord.situation import Vocabulary
from accord.study.effort import QUICK
from accord.study.explanation import in_words
from accord.study.landing import landings
from accord.study.scenarios import scenario_tables
from accord.study.study import Study

# What the endurance model and the verdict are built from (about.md of the lens says which equation is whose).
_WORKS = (
    "Kydd, A. H. Trust and Mistrust in International Relations. Princeton University Press, 2005",
    (
        "Morrow, J. D. Alliances and asymmetry: an alternative to the capability aggregation model of alliances. American"
        " Journal of Political Science 35 (4), 1991, 904–933"
    ),
    (
        "Wallander, C. A. Institutional assets and adaptability: NATO after the Cold War. International Organization 54 (4),"
        " 2000, 705–735"
    ),
    "Mueller, J. E. War, Presidents and Public Opinion. Wiley, 1973",
    (
        "Gelpi, C., Feaver, P. D. and Reifler, J. Success matters: casualty sensitivity and the war in Iraq. International"
        " Security 30 (3), 2005, 7–46"
    ),
    "Skaperdas, S. Contest success functions. Economic Theory 7 (2), 1996, 283–290",
    (
        "Resnick, E. N. Strange bedfellows: U.S. bargaining behavior with allies of convenience. International Security 35 (3),"
        " 2010/11, 144–184"
    ),
)


def view_of(study: Study, vocabulary: Vocabulary, command: str = "", since: str = "") -> ReportView:
    """The report's content for a study.

    Parameters
    ----------
    study : Study
    vocabulary : Vocabulary
    command : str
        The command that repeats the run, for the provenance.
    since : str
        The command that shows what has happened since, where that is kept.
    """
    drawn = {path: estimate for path, estimate in study.priors.items() if not _is_off(path, study)}
    return ReportView(
        situation=study.situation,
        findings=with_outside(study.findings),
        not_fitting=tuple(
            (unfit.lens, tuple(need.says for need in unfit.needs)) for unfit in study.base.unfit
        ),
        scenarios=scenario_tables(study),
        worlds=study.done,
        asked=study.worlds,
        complete=study.complete,
        failed_worlds=study.failed,
        seed=study.seed,
        method=study.method,
        priors=tuple((path, in_words(estimate)) for path, estimate in drawn.items()),
        off=tuple(path for path in study.priors if path not in drawn),
        problems=study.problems,
        provenance=_provenance(study, command) | ({"What happened since": since} if since else {}),
        vocabulary=vocabulary,
        references=_WORKS if study.verdict is not None else (),
        lead=_lead(study),
        left_out=(*study.left_out, *_not_asked(study)),
        fewer=_fewer(study),
        drawn=study.effort.name != QUICK.name,
        verdict=_verdict(study),
        claim_results={result.id: result_words(result) for result in study.claims},
        claims_open=open_claims(study.claims, partial(output_words, study.situation)),
        claims_note=claims_note(study.claims),
    )


def _fewer(study: Study) -> str:
    """What looks at the first worlds only, each with how many; empty where everything looks at all of them."""
    effort = study.effort
    parts = (
        ("which outcomes would stick", effort.conflict),
        ("bargaining models beside the weighted mean", effort.bargaining),
        ("one trial at a time", effort.trials),
        ("scenarios", effort.scenarios),
        ("other calibrations", effort.calibrations),
        ("claims", effort.claims),
        ("single numbers held or moved", effort.levers),
    )
    told = [f"{what} ({worlds:,})" for what, worlds in parts if 0 < worlds < study.worlds]
    return wording.joined(told) if told else ""


def _not_asked(study: Study) -> tuple[str, ...]:
    """What a quick run leaves out."""
    if study.effort.name != QUICK.name:
        return ()
    parts = "figures but the first, scenarios, other calibrations, what would change the verdict, and claims"
    return (f"{parts} (this was a quick run)",)


def _verdict(study: Study) -> VerdictView | None:
    """The verdict's sentences and tables; None without one."""
    made, situation = study.verdict, study.situation
    if made is None:
        return None
    turns, interest = turns_table(made, situation), interest_table(made)
    found = landings(study)
    plane = plane_table(made, situation, found)
    said = answer(made, situation, study.findings, found)
    return VerdictView(
        said.lead,
        said.points,
        plane,
        marks_words(plane, made, situation, found),
        asides(made),
        made.because,
        tuple(table for table in (turns, *tornado_tables(made, situation), interest) if table is not None),
        (shares_table(made), robustness_table(made)),
    )


def _lead(study: Study) -> tuple[str, ...]:
    """What each lens says first and how far to trust it, a paragraph for each."""
    paragraphs = [" ".join(finding.says[:4]) for finding in study.findings[:1]]
    paragraphs += [
        " ".join(dict.fromkeys((*finding.says[:2], *finding.says[-1:]))) for finding in study.findings[1:]
    ]
    return tuple(paragraphs)


def _is_off(path: str, study: Study) -> bool:
    """Whether an omitted number is an optional term that is off."""
    estimate = study.priors[path]
    return estimate.is_fixed and estimate.best == 0


def _own(study: Study) -> str:
    """Calibrations of the user's own, each with the beginning of its digest."""
    own = () if study.verdict is None else study.verdict.own
    return ", ".join(f"{one.name} ({one.digest[:16]})" for one in own)


def _import(study: Study) -> str:
    """What the outside view read of the user's own import; empty without one."""
    return "" if study.stored is None else f"{', '.join(study.stored.holds)}; digest {study.stored.digest}"


def _provenance(study: Study, command: str) -> dict[str, str]:
    """What a reader needs to repeat the run."""
    situation = study.situation
    facts = {
        "Situation": situation.name or situation.title,
        "Scenario looked at": study.base.name,
        "Digest of the situation": situation.digest,
        "Digest of the worlds": study.digest,
        "Digest of the verdict": study.verdict.digest if study.verdict else "",
        "Calibrations of your own": _own(study),
        "Your own import": _import(study),
        "Command": command,
        "Versions": ", ".join(f"{name} {version}" for name, version in study.versions.items()),
    }
    return {name: value for name, value in facts.items() if value}
