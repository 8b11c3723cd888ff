"""Finding, opening and keeping situations, whatever their form: shipped case, YAML, JSON, workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from accord.files.node import Lines
from accord.files.oddities import without_evidence
from accord.files.reader import examine
from accord.files.text import parse
from accord.files.writer import save_yaml
from accord.lenses import vocabulary
from accord.problems import Problem, SituationError, did_you_mean, worst_first
from accord.situation import Situation

if TYPE_CHECKING:
    from accord.exchange.foreign import Form
    from accord.exchange.protocol import Exchange, Layout

CASES = Path(__file__).parent / "cases"
_TEXT = (".yaml", ".yml", ".json")


def shipped() -> dict[str, Path]:
    """Shipped cases: name and file, sorted by name."""
    return {path.stem: path for path in sorted(CASES.glob("*.yaml"))}


def locate(case: str | Path) -> Path:
    """The file of a shipped case's name, or the path itself.

    Raises
    ------
    SituationError
        When it is neither a shipped case nor an existing path.
    """
    path, known = Path(case), shipped()
    if not str(case).strip():
        says = "the name of the file is empty"
        raise SituationError([Problem("no-file", says, try_instead="'accord cases' lists the shipped ones")])
    if str(case) in known:
        return known[str(case)]
    if path.suffix or path.exists():
        return path
    hint = did_you_mean(str(case), known) or "'accord cases' lists the shipped ones"
    problem = Problem("no-file", "neither a shipped case nor a file", file=str(case), try_instead=hint)
    raise SituationError([problem])


def examined(path: Path) -> tuple[Situation | None, list[Problem]]:
    """Everything that is wrong with a file, a workbook or a folder of sheets, and the situation if it can be used."""
    known = vocabulary()
    reader = None if path.suffix in _TEXT else _reader(path)
    situation, problems = examine(path, known) if reader is None else reader.read(path, known)
    if situation is None:
        return situation, problems
    further = _further(situation, path)
    if not further and not any(problem.severity == "error" for problem in problems):
        # Only now: where a number could not be read, a count of those without evidence would be wrong.
        bare = [problem.at(str(path)) for problem in without_evidence(situation)]
        return situation, worst_first([*problems, *bare])
    return (None if further else situation), worst_first([*problems, *further])


def _reader(path: Path) -> Exchange | None:
    """The foreign format that answers for a path; None where none does.  Their rooms are loaded when they are needed."""
    from accord.exchange.foreign import Foreign
    from accord.exchange.workbook import format_for

    foreign = Foreign()
    form = foreign if foreign.sniff(path) else format_for(path)
    return form if form is not None and form.sniff(path) else None


def opened(path: Path) -> tuple[Situation, list[Problem]]:
    """A situation and its warnings.

    Raises
    ------
    SituationError
        With every problem, when at least one is an error.
    """
    situation, problems = examined(path)
    if situation is None or any(problem.severity == "error" for problem in problems):
        raise SituationError(problems)
    return situation, problems


def kept(
    situation: Situation,
    path: Path,
    like: Path | None,
    layout: Layout,
    form: Form = "ktab",
    issues: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Write a situation in the form its path names; the answer says what that form could not carry.

    *form* and *issues* are for games of other bargaining programs (``.csv``, ``.xml``).

    Raises
    ------
    SituationError
        When the file whose comments are to be kept cannot be read, or no form has this ending.
    RunError
        When the place cannot be written.
    """
    if path.suffix in _TEXT:
        # JSON has no comments to be kept: what stands there is not read.
        before = path if path.is_file() and path.suffix != ".json" else None
        origin = like if like is not None else before
        origin = origin if origin is not None and origin.suffix in _TEXT else None
        old = opened(origin)[0] if origin is not None else None
        save_yaml(situation, path, origin, old)
        return ()
    return _exported(situation, path, layout, form, issues)


def _exported(
    situation: Situation, path: Path, layout: Layout, form: Form, issues: tuple[str, ...]
) -> tuple[str, ...]:
    """Write a situation in a foreign form; the answer says what that form could not carry."""
    from accord.exchange.foreign import ENDINGS, Foreign
    from accord.exchange.workbook import format_for
    from accord.lenses.bargaining.games import game_of

    if path.suffix.lower() in ENDINGS and not path.is_dir():
        return Foreign(form, lambda one: game_of(one, issues)).write(situation, path)
    workbook = format_for(path, layout, vocabulary())
    if workbook is None:
        says, wanted = (
            "no form of a situation has this ending",
            ".yaml, .json or .xlsx, .csv or .xml for its bargaining game, or a new folder for CSV files",
        )
        raise SituationError([Problem("ending", says, "", wanted, file=str(path))])
    return workbook.write(situation, path)


def _further(situation: Situation, path: Path) -> list[Problem]:
    """What only lenses and worlds can tell: outputs that there are not, correlations that no joint distribution can have."""
    problems: list[Problem] = []
    if situation.resolve:
        from accord.study.questions import unknown_outputs

        problems += unknown_outputs(situation)
    if situation.correlations:
        from accord.worlds import check_correlations

        problems += check_correlations(situation)
    if not problems:
        return []
    root = parse(path.read_bytes())[0] if path.is_file() and path.suffix in _TEXT else None
    lines = Lines.of(str(path), root) if root is not None else Lines(str(path))
    return [problem.at(str(path), *lines.find(problem.path)) for problem in problems]
