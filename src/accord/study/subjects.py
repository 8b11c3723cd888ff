"""What is looked at: a situation or a scenario, with the lenses that fit it and the priors they need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accord.engine.abreast import abreast
from accord.files.overlay import overlay
from accord.finding import FloatArray, Lens
from accord.problems import Problem, SituationError, did_you_mean
from accord.situation import Estimate, Situation, Vocabulary, fits
from accord.study.needing import needs_of
from accord.study.study import Unfit
from accord.worlds import Worlds, omitted

MARK = "|"


@dataclass(frozen=True, slots=True)
class Subject:
    """One situation to look at, with the lenses that fit and the priors it needs."""

    name: str
    situation: Situation
    lenses: tuple[Lens, ...]
    unfit: tuple[Unfit, ...]
    priors: Mapping[str, Estimate]
    hidden: Mapping[str, frozenset[str]]


def subjects_of(
    situation: Situation,
    vocabulary: Vocabulary,
    scenario: str | None,
    scenarios: Sequence[str] | None,
    lenses: tuple[Lens, ...],
) -> list[Subject]:
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
    return [subject_of(name, one, vocabulary, lenses) for name, one in order]


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


def subject_of(name: str, situation: Situation, vocabulary: Vocabulary, lenses: tuple[Lens, ...]) -> Subject:
    """One situation with the lenses that fit it."""
    needs = {lens.name: needs_of(lens, situation) for lens in lenses}
    fit = tuple(lens for lens in lenses if not needs[lens.name])
    unfit = tuple(Unfit(lens.name, lens.question, needs[lens.name]) for lens in lenses if needs[lens.name])
    patterns = tuple(pattern for lens in fit for pattern in lens.fills)
    priors = omitted(situation, vocabulary, patterns)
    # A lens sees the assumptions it asks for, not those made for another.
    hidden = {lens.name: frozenset(path for path in priors if not fits(path, lens.fills)) for lens in fit}
    return Subject(name, situation, fit, unfit, priors, hidden)


def all_priors(subjects: Sequence[Subject]) -> dict[str, Estimate]:
    """Priors that any of the subjects needs."""
    found: dict[str, Estimate] = {}
    for subject in subjects:
        for path, estimate in subject.priors.items():
            found.setdefault(path, estimate)
    return found


def columns_of(subjects: Sequence[Subject], drawn: Sequence[Worlds], brief: bool) -> dict[str, FloatArray]:
    """Results of every subject and lens under one name each."""
    first = subjects[0]

    def seen_by(number: int, lens: Lens) -> dict[str, FloatArray]:
        """What one lens sees of one subject."""
        subject, varies = subjects[number], None
        if number and lens.name in first.hidden:
            varies = (first.situation, drawn[0].seen(first.hidden[lens.name], brief))
        found = lens.compute(subject.situation, drawn[number].seen(subject.hidden[lens.name], brief, varies))
        return {f"{subject.name}{MARK}{lens.name}{MARK}{key}": value for key, value in found.items()}

    looks = [(number, lens) for number, subject in enumerate(subjects) for lens in subject.lenses]
    columns: dict[str, FloatArray] = {}
    for found in abreast(lambda look: seen_by(*look), looks):
        columns |= found
    return columns
