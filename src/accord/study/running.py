"""Running worlds through lenses, for a situation and its scenarios, on common random numbers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from accord.engine.chunks import Failure, LocalEngine, Outcome, thread_count
from accord.engine.kept import Kept
from accord.engine.progress import Bar
from accord.engine.store import ChunkStore, digest
from accord.finding import Finding, FloatArray, Lens
from accord.lenses import all_lenses
from accord.lenses.bargaining.lens import Bargaining
from accord.lenses.conflict.lens import Conflict
from accord.lenses.endurance.lens import Endurance
from accord.lenses.endurance.own import Own, cells_of
from accord.lenses.endurance.reference import WORLDS, Others
from accord.lenses.precedent.lens import Precedent
from accord.lenses.precedent.stored import Stored
from accord.problems import Problem
from accord.situation import Situation, Vocabulary
from accord.study.closing import closed
from accord.study.effort import LOOK, THOROUGH, USUAL, Effort
from accord.study.intervene import Pairs
from accord.study.judging import First
from accord.study.policy import with_policy, with_reads
from accord.study.study import Look, Study
from accord.study.subjects import MARK, Subject, all_priors, columns_of, subjects_of
from accord.worlds import Plan, Worlds, best, draw, plan
from accord.worlds.drawing import Drawn, redrawn

Columns = dict[str, FloatArray]


def run_study(
    situation: Situation,
    vocabulary: Vocabulary,
    *,
    worlds: int | None = None,
    seed: int = 0,
    method: str = "sobol",
    scenario: str | None = None,
    scenarios: Sequence[str] | None = None,
    lenses: Iterable[Lens] | None = None,
    engine: LocalEngine | None = None,
    keep: Path | None = None,
    problems: Sequence[Problem] = (),
    effort: Effort = USUAL,
    own: tuple[Own, ...] = (),
    stored: Stored | None = None,
    told: Callable[[Finding, Situation], None] | None = None,
) -> Study:
    """Look at a situation and its scenarios through every lens that fits, judge it, and test its claims.

    Parameters
    ----------
    situation : Situation
    vocabulary : Vocabulary
    worlds : int, optional
        Worlds to draw (a power of two for Sobol points); world 0, the best estimates, comes extra.  The effort's default.
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
        Folder for what is finished; what is there of the same run is not computed again.
    problems : sequence of Problem
        Warnings of the check, handed on to the report.
    effort : Effort
        How many worlds scenarios, calibrations, claims and levers look at.
    own : tuple of Own
        Calibrations of the user's own, under which the verdict is taken as well.
    stored : Stored, optional
        The user's own import, for the outside view.
    told : callable, optional
        Hears of every finding of the situation before the verdict is taken.

    Returns
    -------
    Study

    Raises
    ------
    SituationError
        For an unknown scenario, or one whose changes do not fit; for a calibration that was fitted to another model.
    ValueError
        For numbers of worlds that the method cannot draw.
    RunError
        When no calibration fits.
    """
    began = time.monotonic()
    effort = effort.within(effort.worlds if worlds is None else worlds)
    wanted = tuple(_at(lens, effort, stored) for lens in lenses or all_lenses())
    shown = scenarios if effort.scenarios else ()
    subjects = subjects_of(situation, vocabulary, scenario, shown, wanted)
    planned = plan(*(subject.situation for subject in subjects), extra=all_priors(subjects))
    job = _Job(subjects, planned, effort, seed, method, engine or LocalEngine(), keep, own, stored, told)
    draw(planned, subjects[0].situation, effort.worlds, seed, method, stop=1)  # refuses what cannot be drawn
    _prepare(subjects)
    for one in own:
        cells_of(one)
    prepared = time.monotonic()
    with ThreadPoolExecutor(1) as meanwhile:
        at_best = meanwhile.submit(job.at_best) if job.engine.threads != 1 else None
        outcome, beside = job.base(), job.beside()
        best_looks = at_best.result() if at_best else job.at_best()
    computed = time.monotonic()
    study = _concluded(job, outcome, beside, best_looks, tuple(problems))
    if effort.name != LOOK.name:
        study = closed(study, vocabulary, job.first(vocabulary), job.kept(), own)
    ended = time.monotonic()
    timings = {"prepare": prepared - began, "worlds": computed - prepared, "judge": ended - computed}
    return replace(study, timings=timings)


def _at(lens: Lens, effort: Effort, stored: Stored | None) -> Lens:
    """A lens with as many trials as the effort wants, or worlds where it looks at some only, or the user's own import."""
    if isinstance(lens, Precedent):
        return replace(lens, store=stored)
    if isinstance(lens, Endurance):
        return replace(lens, trials=effort.trials)
    if isinstance(lens, Bargaining):
        return replace(lens, worlds=effort.bargaining)
    return replace(lens, worlds=effort.conflict) if isinstance(lens, Conflict) else lens


def _prepare(subjects: Sequence[Subject]) -> None:
    """Let lenses work out what is the same for all worlds (a calibration that nobody has used yet)."""
    for subject in subjects:
        for lens in subject.lenses:
            prepare = getattr(lens, "prepare", None)
            if prepare is not None:
                prepare(subject.situation)


@dataclass(slots=True)
class _Job:
    """What a run is made of; *over* is set when somebody cancelled it."""

    subjects: Sequence[Subject]
    planned: Plan
    effort: Effort
    seed: int
    method: str
    engine: LocalEngine
    keep: Path | None
    own: tuple[Own, ...] = ()
    stored: Stored | None = None
    told: Callable[[Finding, Situation], None] | None = None
    over: bool = False

    def base(self) -> Outcome:
        """The situation itself over all worlds, with the drawn numbers."""
        return self._run("base", self.subjects[:1], self.effort.worlds, brief=False, label="Looking")

    def beside(self) -> Outcome:
        """The situation and its scenarios over the first worlds, more briefly."""
        worlds = 0 if self.over or len(self.subjects) == 1 else self.effort.scenarios
        return self._run("scenarios", self.subjects, worlds, brief=True, label="Looking at scenarios")

    def _run(
        self, name: str, subjects: Sequence[Subject], worlds: int, *, brief: bool, label: str
    ) -> Outcome:
        """Some subjects through their lenses, chunk by chunk."""

        def task(chunk: range) -> dict[str, FloatArray]:
            """The per-world results of one chunk."""
            first = subjects[0]
            own = self.draw(first, chunk.start, chunk.stop)
            like = Drawn(own, self.planned, first.situation, self.effort.worlds, self.method)
            others = [subject.situation for subject in subjects[1:]]
            drawn = [own, *(with_policy(one, redrawn(like, self.planned, one)) for one in others)]
            columns = columns_of(subjects, drawn, brief)
            if not brief:
                columns |= {f"{MARK}draws{MARK}{path}": drawn[0].of(path) for path in drawn[0].names}
            return columns

        from accord.engine.compile import is_fresh

        label = "Compiling (the first run only), then looking" if is_fresh("accord") else label
        with Bar(worlds, label) as bar:
            outcome = self.engine.run(task, range(1, worlds + 1), store=self._store(name), progress=bar)
        self.over = self.over or outcome.interrupted
        return outcome

    def draw(self, subject: Subject, start: int, stop: int) -> Worlds:
        """A stretch of worlds of one subject."""
        drawn = draw(
            self.planned,
            subject.situation,
            self.effort.worlds,
            self.seed,
            self.method,
            start=start,
            stop=stop,
        )
        return with_policy(subject.situation, drawn)

    def best(self, subject: Subject) -> Worlds:
        """The one world of best estimates of one subject."""
        return with_policy(subject.situation, best(self.planned, subject.situation, self.seed))

    def at_best(self) -> tuple[Columns, Columns]:
        """What the one world of best estimates gives: for the situation, and more briefly for it and its scenarios."""
        with thread_count(self.engine.threads):  # which each thread has of its own
            whole = columns_of(self.subjects[:1], [self.best(self.subjects[0])], brief=False)
            if len(self.subjects) == 1:
                return whole, {}
            return whole, columns_of(self.subjects, [self.best(one) for one in self.subjects], brief=True)

    def _store(self, name: str) -> ChunkStore | None:
        """Where finished chunks are kept."""
        if self.keep is None:
            return None
        key = {**self.key(), "part": name}
        return ChunkStore(self.keep / f"{_hash(self.key())}-{name}", key)

    def kept(self) -> Kept:
        """Where further looks are kept."""
        return Kept(None if self.keep is None else self.keep / f"{_hash(self.key())}-judged")

    def first(self, vocabulary: Vocabulary) -> First:
        """From a number of worlds to further looks at the first so many of the situation.

        What one of them knows of other calibrations all of them do.
        """
        base = self.subjects[0].situation
        whole = self.effort.name == THOROUGH.name
        others = Others(self.effort.calibrations or WORLDS, whole, Endurance().replicates[0])

        def pairs(count: int) -> Pairs:
            """Looks at the first worlds."""
            method = self.method
            return Pairs(base, vocabulary, self.effort.worlds, self.seed, method, count, others=others)

        return pairs

    def key(self) -> dict[str, Any]:
        """What the numbers of this run depend on."""
        return {
            "situations": [f"{s.name}:{s.situation.digest}" for s in self.subjects],
            "lenses": sorted({repr(lens) for subject in self.subjects for lens in subject.lenses}),
            "worlds": self.effort.worlds,
            "effort": repr(self.effort),
            "seed": self.seed,
            "method": self.method,
            **({"calibrations": [one.digest for one in self.own]} if self.own else {}),
            **_versions(),
        }


def _stamp(stored: Stored | None) -> dict[str, FloatArray]:
    """The digest of an own import as numbers, for that of the results: what is shown of it is no number of a world."""
    if stored is None:
        return {}
    return {"stored": np.frombuffer(bytes.fromhex(stored.digest), np.uint8).astype(np.float64)}


def _digest(*parts: Mapping[str, FloatArray]) -> str:
    """One digest of all results."""
    return digest({f"{part}{MARK}{key}": v for part, found in enumerate(parts) for key, v in found.items()})


def _told(failures: Iterable[Failure]) -> tuple[str, ...]:
    """Failures in words."""
    return tuple(f"worlds {f.worlds.start} to {f.worlds.stop - 1}: {f.says}" for f in failures)


def _hash(key: Mapping[str, Any]) -> str:
    """A short name for a run."""
    import hashlib
    import json

    return hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:16]


def _concluded(
    job: _Job,
    outcome: Outcome,
    beside: Outcome,
    best_looks: tuple[Columns, Columns],
    problems: tuple[Problem, ...],
) -> Study:
    """The study without verdict and claims."""
    subjects, (at_best, briefly) = job.subjects, best_looks
    parts = (outcome.columns, at_best, beside.columns, briefly, _stamp(job.stored))
    with ThreadPoolExecutor(1) as meanwhile:  # hashing lets go of Python's lock
        hashed = meanwhile.submit(_digest, *parts)
        base = _look(subjects[0], _sorted_out(at_best), _sorted_out(outcome.columns), outcome)
        if job.told is not None:
            for finding in base.findings:
                job.told(finding, base.situation)
        first, few = _sorted_out(briefly), _sorted_out(beside.columns)
        looks = [_look(subject, first, few, beside) for subject in subjects] if briefly else []
    return Study(
        base=base,
        beside=looks[0] if looks else None,
        scenarios=tuple(looks[1:]),
        worlds=job.effort.worlds,
        done=len(outcome.worlds),
        failed=outcome.failed,
        failures=_told((*outcome.failures, *beside.failures)),
        interrupted=job.over,
        seed=job.seed,
        method=job.method,
        effort=job.effort,
        priors=subjects[0].priors,
        problems=problems,
        digest=hashed.result(),
        columns=outcome.columns,
        numbers=outcome.worlds,
        at_best=at_best,
        beside_columns=beside.columns,
        beside_best=briefly,
        beside_numbers=beside.worlds,
        versions=_versions(),
        timings={},
        stored=job.stored,
    )


Sorted = dict[tuple[str, str], dict[str, FloatArray]]


def _sorted_out(columns: Mapping[str, FloatArray]) -> Sorted:
    """Columns by subject and lens, under the lens' own names."""
    found: Sorted = {}
    for key, value in columns.items():
        subject, lens, name = key.split(MARK, 2)
        found.setdefault((subject, lens), {})[name] = value
    return found


def _look(subject: Subject, at_best: Sorted, over: Sorted, outcome: Outcome) -> Look:
    """The findings of one subject."""
    findings = tuple(_conclude(subject, lens, at_best, over, outcome) for lens in subject.lenses)
    return Look(subject.name, subject.situation, findings, subject.unfit)


def _conclude(subject: Subject, lens: Lens, at_best: Sorted, over: Sorted, outcome: Outcome) -> Finding:
    """One lens' finding from its columns."""
    one = dict(at_best.get((subject.name, lens.name), {}))
    many = dict(over.get((subject.name, lens.name), {})) or {key: value[:0] for key, value in one.items()}
    finding = with_reads(lens.conclude(subject.situation, one, many), subject.situation)
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
    head = f"{MARK}draws{MARK}"
    return {
        key.removeprefix(head): np.asarray(value)
        for key, value in study.columns.items()
        if key.startswith(head)
    }
