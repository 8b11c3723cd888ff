"""Where a number comes from: its value, its evidence and its grade, who reads it, and where it stands in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.files.dump import plain_of
from accord.files.node import Lines
from accord.files.overlay import may_begin
from accord.files.paths import near_path
from accord.files.text import parse
from accord.problems import Problem, SituationError
from accord.situation import (
    CREDIBILITY,
    RELIABILITY,
    Citation,
    Estimate,
    Range,
    Situation,
    Vocabulary,
    at,
    estimates,
    matches,
    ranges,
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One source behind a number, with the grades that hold for this use of it."""

    citation: str
    locator: str
    date: str
    grade: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything that is known about one number.

    Parameters
    ----------
    path, question, unit : str
    written : str
        As it stands in the file, or that it is left out.
    allowed : str
        What it may be.
    place : str
        File and line; empty when the file is silent.
    evidence : tuple of Evidence
    standing : str
        Whether it rests on a source, is assumed (and why), or comes from the prior.
    confidence, note : str
    readers : tuple of str
        Lenses that read it.
    """

    path: str
    question: str
    unit: str
    written: str
    allowed: str
    place: str
    evidence: tuple[Evidence, ...]
    standing: str
    confidence: str
    note: str
    readers: tuple[str, ...]


def explain_number(
    situation: Situation, path: str, vocabulary: Vocabulary, file: Path | None = None, near: str = ""
) -> tuple[Explanation, ...]:
    """Explain the number at a path, or every number below it; *near* is what to try where there is none.

    Raises
    ------
    SituationError
        When neither the file nor the language has anything at the path.
    """
    known = estimates(situation)
    lines = lines_of(file)
    if path in known:
        return (_explained(situation, path, known[path], vocabulary, lines),)
    below = [name for name in known if name.startswith(f"{path}.")]
    if below:
        return tuple(_explained(situation, name, known[name], vocabulary, lines) for name in below)
    limits, question = _declared(path, vocabulary)
    if question and _may_stand(situation, path, vocabulary):
        return (_omitted(path, limits, question, vocabulary),)
    hint = (
        near
        or near_path(path, situation, vocabulary)
        or "'accord explain CASE actors' shows the numbers of a whole block"
    )
    raise SituationError(
        [
            Problem(
                "unknown-path",
                "there is no number at this path",
                path,
                "a path of this situation",
                hint,
                file=str(file or situation.name),
            )
        ]
    )


def graded(situation: Situation, citation: Citation) -> Evidence:
    """A citation with the source's own date and grades where it states none."""
    source = situation.sources[citation.of]
    reliability = citation.reliability or source.reliability
    credibility = citation.credibility or source.credibility
    words = [RELIABILITY[reliability]] if reliability else []
    words += [CREDIBILITY[credibility]] if credibility else []
    code = f"{reliability or '-'}{credibility or '-'}"
    grade = f"{code}: {', '.join(words)}" if words else "not graded"
    date = citation.date or source.date
    return Evidence(source.citation, citation.locator or "", str(date) if date else "", grade)


def _explained(
    situation: Situation, path: str, estimate: Estimate, vocabulary: Vocabulary, lines: Lines | None
) -> Explanation:
    """The explanation of a number that the file has."""
    limits, question = _declared(path, vocabulary)
    readers = vocabulary.readers(path)
    line = lines.find(path)[0] if lines is not None else None
    place = f"{lines.file}:{line}" if lines is not None and line is not None else ""
    evidence = tuple(graded(situation, citation) for citation in estimate.citations)
    if evidence:
        standing = f"rests on {len(evidence)} source{'s' if len(evidence) > 1 else ''}"
    else:
        standing = f"assumed: {estimate.assumed}" if estimate.assumed else "assumed, no reason given"
    return Explanation(
        path,
        question,
        limits.unit if limits else "",
        in_words(estimate),
        limits.words() if limits else "a number",
        place,
        evidence,
        standing,
        estimate.confidence or "",
        estimate.note or "",
        readers,
    )


def _omitted(path: str, limits: Range | None, question: str, vocabulary: Vocabulary) -> Explanation:
    """The explanation of a number that the file leaves out."""
    readers = vocabulary.readers(path)
    prior = limits.prior if limits is not None and limits.shape != "none" else None
    if prior is None or limits is None:
        standing = "left out; stays unknown (missing is not zero)"
    elif limits.shape == "zero":
        standing = f"left out; the optional term is off ({prior[0] if prior[0] == prior[1] else 0:g})"
    elif limits.shape == "top" or prior[0] == prior[1]:
        standing = f"left out; where a lens needs it, it is taken as {prior[1]:g}"
    else:
        standing = f"left out; where a lens needs it, its prior is drawn: {prior[0]:g} to {prior[1]:g}"
    unit, allowed = (limits.unit, limits.words()) if limits else ("", "a number")
    return Explanation(path, question, unit, "left out", allowed, "", (), standing, "", "", readers)


def in_words(estimate: Estimate) -> str:
    """A number as a reader would say it."""
    if estimate.word is not None:
        return f"'{estimate.word.replace('_', ' ')}' (best {estimate.best:g}, {estimate.low:g} to {estimate.high:g})"
    if estimate.is_fixed:
        return f"{estimate.best:g}"
    if estimate.distribution == "pert":
        return f"best {estimate.best:g}, {estimate.low:g} to {estimate.high:g}"
    plain = plain_of(estimate)
    rest = ", ".join(f"{key} {value:g}" for key, value in plain.items() if isinstance(value, int | float))
    return f"{estimate.distribution} ({rest})"


def _declared(path: str, vocabulary: Vocabulary) -> tuple[Range | None, str]:
    """Range and question of the number at a path."""
    return next(
        (found for pattern, found in ranges(vocabulary).items() if matches(path, pattern)), (None, "")
    )


def _may_stand(situation: Situation, path: str, vocabulary: Vocabulary) -> bool:
    """Whether the file has the block that would hold the number, and its name is one that may stand there."""
    parent = path.rpartition(".")[0]
    try:
        block = at(situation, parent) if parent else situation
    except KeyError:
        return False
    return block is not None and (
        not isinstance(block, Mapping) or may_begin(situation, path.split("."), vocabulary)
    )


def lines_of(file: Path | None) -> Lines | None:
    """Where every path of a file stands."""
    if file is None or not file.is_file():
        return None
    root, _ = parse(file.read_bytes())
    return None if root is None else Lines.of(str(file), root)
