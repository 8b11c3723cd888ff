"""Running worlds through lenses, for a situation and its scenarios, on common random numbers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from accord.engine.chunks import LocalEngine, Outcome
from accord.engine.progress import Bar
from accord.engine.store import ChunkStore, digest
from accord.files.overlay import overlay
from accord.finding import Finding, FloatArray, Lens
from accord.lenses import all_lenses
from accord.problems import Problem, SituationError, did_you_mean
from accord.situation import Estimate, Situation, Vocabulary, matches
from accord.study.study import Look, Study, Unfit
from accord.worlds import Plan, Worlds, best, draw, omitted, plan

WORLDS = 1024
_MARK = "|"


@dataclass(frozen=True, slots=True)
class _Subject:
    """One situation to look at, with the lenses that fit and the priors it needs."""

    name: str
    situation: Situation
    lenses: tuple[Lens, ...]
    unfit: tuple[Unfit, ...]
    priors: Mapping[str, Estimate]
    hidden: Mapping[str, frozenset[str]]


def run_study(
    situation: Situation,
    vocabulary: Vocabulary,
    *,
    worlds: int = WORLDS,
    seed: int = 0,
    method: str = "sobol",
    scenario: str | None = None,
    scenarios: Sequence[str] | None = None,
    lenses: Iterable[Lens] | None = None,
    engine: LocalEngine | None = None,
    keep: Path | None = None,
    problems: Sequence[Problem] = (),
) -> Study:
    """Look at a situation and its scenarios through every lens that fits.

    Parameters
    ----------
    situation : Situation
    vocabulary : Vocabulary
    worlds : int
        Worlds to draw (a power of two for Sobol points); world 0, the best estimates, comes extra.
    seed : int
        0 is as good as any.
    method : {'sobol', 'latin'}
    scenario : str, optional
        Look at this scenario instead of the situation as it stands; the situation itself is then shown beside it.
    scenarios : sequence of str, optional
        Which scenarios to show beside it; all by default.
    lenses : iterable of Lens, optional
        All by default.
    engine : LocalEngine, optional
    keep : Path, optional
        Folder for finished chunks; what is there of the same run is not computed again.
    problems : sequence of Problem
        Warnings of the check, handed on to the report.

    Returns
    -------
    Study

    Raises
    ------
    SituationError
        For an unknown scenario, or one whose changes do not fit.
    ValueError
        For numbers of worlds that the method cannot draw.
    """
    began = time.monotonic()
    subjects = _subjects(situation, vocabulary, scenario, scenarios, tuple(lenses or all_lenses()))
    first = subjects[0]
    planned = plan(*(subject.situation for subject in subjects), extra=_all_priors(subjects))
    draw(planned, first.situation, worlds, seed, method, stop=1)  # refuses what cannot be drawn
    prepared = time.monotonic()
    store = _store(keep, subjects, worlds, seed, method)
    outcome = _compute(subjects, planned, worlds, seed, method, engine or LocalEngine(), store)
    computed = time.monotonic()
    at_best = _columns(subjects, [best(planned, subject.situation, seed) for subject in subjects])
    looks = [_look(subject, at_best, outcome) for subject in subjects]
    ended = time.monotonic()
    return Study(
        base=looks[0],
        scenarios=tuple(looks[1:]),
        worlds=worlds,
        done=len(outcome.worlds),
        failed=outcome.failed,
        failures=tuple(f"worlds {f.worlds.start} to {f.worlds.stop - 1}: {f.says}" for f in outcome.failures),
        interrupted=outcome.interrupted,
        seed=seed,
        method=method,
        priors=first.priors,
        problems=tuple(problems),
        digest=digest({**outcome.columns, **{f"best{_MARK}{key}": value for key, value in at_best.items()}}),
        columns=outcome.columns,
        numbers=outcome.worlds,
        versions=_versions(),
        timings={"prepare": prepared - began, "worlds": computed - prepared, "conclude": ended - computed},
    )


def _subjects(
    situation: Situation,
    vocabulary: Vocabulary,
    scenario: str | None,
    scenarios: Sequence[str] | None,
    lenses: tuple[Lens, ...],
) -> list[_Subject]:
    """What is looked at: the situation first, or the scenario first and the situation beside it."""
    wanted = list(situation.scenarios) if scenarios is None else list(scenarios)
    _known([*wanted, *([scenario] if scenario else [])], situation)
    made = {
        name: overlay(situation, situation.scenarios[name].changes, vocabulary)
        for name in dict.fromkeys([*wanted, *([scenario] if scenario else [])])
    }
    if scenario is None:
        order = [("", situation), *((name, made[name]) for name in wanted)]
    else:
        order = [
            (scenario, made[scenario]),
            ("", situation),
            *((name, made[name]) for name in wanted if name != scenario),
        ]
    return [_subject(name, one, vocabulary, lenses) for name, one in order]


def _known(names: Sequence[str], situation: Situation) -> None:
    """Refuse scenarios that the situation does not have, all at once."""
    problems = []
    for name in dict.fromkeys(names):
        if name not in situation.scenarios:
            hint = did_you_mean(name, situation.scenarios)
            expected = ", ".join(situation.scenarios) or "none is declared"
            problems.append(
                Problem(
                    "unknown-reference",
                    f"there is no scenario '{name}'",
                    "scenarios",
                    expected,
                    hint,
                )
            )
    if problems:
        raise SituationError(problems)


def _subject(name: str, situation: Situation, vocabulary: Vocabulary, lenses: tuple[Lens, ...]) -> _Subject:
    """One situation with the lenses that fit it."""
    needs = {lens.name: tuple(lens.needs(situation)) for lens in lenses}
    fit = tuple(lens for lens in lenses if not needs[lens.name])
    unfit = tuple(Unfit(lens.name, lens.question, needs[lens.name]) for lens in lenses if needs[lens.name])
    patterns = tuple(pattern for lens in fit for pattern in lens.fills)
    priors = omitted(situation, vocabulary, patterns)
    # A lens sees the assumptions it asks for, not those made for another.
    hidden = {
        lens.name: frozenset(
            path for path in priors if not any(matches(path, pattern) for pattern in lens.fills)
        )
        for lens in fit
    }
    return _Subject(name, situation, fit, unfit, priors, hidden)


def _all_priors(subjects: Sequence[_Subject]) -> dict[str, Estimate]:
    """Priors that any of the subjects needs."""
    found: dict[str, Estimate] = {}
    for subject in subjects:
        for path, estimate in subject.priors.items():
            found.setdefault(path, estimate)
    return found


def _store(
    keep: Path | None, subjects: Sequence[_Subject], worlds: int, seed: int, method: str
) -> ChunkStore | None:
    """Where finished chunks are kept: a folder of its own for each run that gives the same numbers."""
    if keep is None:
        return None
    import hashlib
    import json

    lenses = sorted({lens.name for subject in subjects for lens in subject.lenses})
    key = {
        "situations": [f"{s.name}:{s.situation.digest}" for s in subjects],
        "lenses": lenses,
        "worlds": worlds,
        "seed": seed,
        "method": method,
        **_versions(),
    }
    name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]
    return ChunkStore(keep / name, key)


def _compute(
    subjects: Sequence[_Subject],
    planned: Plan,
    worlds: int,
    seed: int,
    method: str,
    engine: LocalEngine,
    store: ChunkStore | None,
) -> Outcome:
    """Every subject through its lenses, chunk by chunk."""

    def task(chunk: range) -> dict[str, FloatArray]:
        """The per-world results of one chunk."""
        drawn = [
            draw(planned, s.situation, worlds, seed, method=method, start=chunk.start, stop=chunk.stop)
            for s in subjects
        ]
        columns = _columns(subjects, drawn)
        base = drawn[0]
        columns |= {f"{_MARK}draws{_MARK}{name}": base.of(name) for name in base.names}
        return columns

    from accord.engine.compile import is_fresh

    label = "Compiling (the first run only), then looking" if is_fresh("accord") else "Looking"
    with Bar(worlds, label) as bar:
        return engine.run(task, range(1, worlds + 1), store=store, progress=bar)


def _columns(subjects: Sequence[_Subject], drawn: Sequence[Worlds]) -> dict[str, FloatArray]:
    """Results of every subject and lens under one name each."""
    columns: dict[str, FloatArray] = {}
    for number, (subject, worlds) in enumerate(zip(subjects, drawn, strict=True)):
        brief = number > 0
        for lens in subject.lenses:
            found = lens.compute(subject.situation, worlds.seen(subject.hidden[lens.name], brief))
            columns |= {
                f"{subject.name}{_MARK}{lens.name}{_MARK}{key}": value for key, value in found.items()
            }
    return columns


def _look(subject: _Subject, at_best: Mapping[str, FloatArray], outcome: Outcome) -> Look:
    """The findings of one subject."""
    findings = tuple(_conclude(subject, lens, at_best, outcome) for lens in subject.lenses)
    return Look(subject.name, subject.situation, findings, subject.unfit)


def _conclude(subject: _Subject, lens: Lens, at_best: Mapping[str, FloatArray], outcome: Outcome) -> Finding:
    """One lens' finding from its columns."""
    head = f"{subject.name}{_MARK}{lens.name}{_MARK}"
    one = {key.removeprefix(head): value for key, value in at_best.items() if key.startswith(head)}
    over = {key.removeprefix(head): value for key, value in outcome.columns.items() if key.startswith(head)}
    if not over:
        over = {key: value[:0] for key, value in one.items()}
    finding = lens.conclude(subject.situation, one, over)
    lost = len(outcome.wanted) - len(outcome.worlds)
    if lost:
        note = f"{lost} of {len(outcome.wanted)} worlds are not in these figures: the run was cancelled or they failed."
        finding = replace(finding, notes=(*finding.notes, note))
    return finding


def _versions() -> dict[str, str]:
    """Versions that the numbers depend on."""
    found = {}
    for name in ("accord-lenses", "numpy", "scipy", "numba"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "source"
    return found


def draws_of(study: Study) -> dict[str, Any]:
    """The drawn numbers of a study by path, one value per world."""
    head = f"{_MARK}draws{_MARK}"
    return {
        key.removeprefix(head): np.asarray(value)
        for key, value in study.columns.items()
        if key.startswith(head)
    }
