"""From a study to what the report shows."""

from __future__ import annotations

from accord.report.view import ReportView
from accord.situation import Vocabulary
from accord.study.explanation import in_words
from accord.study.scenarios import scenario_tables
from accord.study.study import Study

NO_VERDICT = (
    "Whether that makes it a marriage of convenience or a strategic alliance, measured against other plausible"
    " partnerships, is not judged here: the verdict is not in this version."
)


def view_of(study: Study, vocabulary: Vocabulary, command: str = "") -> ReportView:
    """The report's content for a study.

    Parameters
    ----------
    study : Study
    vocabulary : Vocabulary
    command : str
        The command that repeats the run, for the provenance.
    """
    drawn = {path: estimate for path, estimate in study.priors.items() if not _is_off(path, study)}
    return ReportView(
        situation=study.situation,
        findings=study.findings,
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
        provenance=_provenance(study, command),
        vocabulary=vocabulary,
        lead=_lead(study),
    )


def _lead(study: Study) -> tuple[str, ...]:
    """The answer in a few paragraphs: what each lens says first, how far to trust it, and what is not answered."""
    paragraphs = [" ".join(finding.says[:3]) for finding in study.findings[:1]]
    paragraphs += [
        " ".join(dict.fromkeys((*finding.says[:2], *finding.says[-1:]))) for finding in study.findings[1:]
    ]
    if any(finding.lens == "endurance" for finding in study.findings):
        paragraphs.append(NO_VERDICT)
    return tuple(paragraphs)


def _is_off(path: str, study: Study) -> bool:
    """Whether an omitted number is an optional term that is off."""
    estimate = study.priors[path]
    return estimate.is_fixed and estimate.best == 0


def _provenance(study: Study, command: str) -> dict[str, str]:
    """What a reader needs to repeat the run."""
    situation = study.situation
    facts = {
        "Situation": situation.name or situation.title,
        "Scenario looked at": study.base.name,
        "Digest of the situation": situation.digest,
        "Digest of the results": study.digest,
        "Command": command,
        "Versions": ", ".join(f"{name} {version}" for name, version in study.versions.items()),
    }
    return {name: value for name, value in facts.items() if value}
