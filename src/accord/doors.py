"""The public functions, each one thin: they put the rooms together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accord.disk import write_bytes
from accord.engine.chunks import LocalEngine
from accord.engine.progress import Bar
from accord.files.overlay import overlay
from accord.finding import Finding, FloatArray
from accord.lenses import RUNNING, lens_named, vocabulary
from accord.lenses.precedent.stored import stored_at
from accord.library import examined, kept, locate, opened, shipped
from accord.problems import Problem, SituationError, did_you_mean
from accord.situation import Change, Situation, estimates
from accord.study.claim_explained import ClaimExplanation, claims_at, explain_claim, near_claim
from accord.study.claims import ClaimResult, judge_claims
from accord.study.differences import Difference, differences
from accord.study.effort import EFFORTS, LOOK
from accord.study.explanation import Explanation, explain_number, lines_of
from accord.study.intervene import Pairs
from accord.study.running import run_study
from accord.study.study import Study
from accord.worlds import make_ready

if TYPE_CHECKING:
    from accord.exchange.foreign import Form
    from accord.exchange.protocol import Layout
    from accord.lenses.endurance.own import Own
    from accord.study.moved import Moved


def list_cases() -> dict[str, Path]:
    """Shipped cases: name and file, sorted by name."""
    return shipped()


def read(case: str | Path) -> Situation:
    """Read a situation: a path, or the name of a shipped case.

    Raises
    ------
    SituationError
        Once, with every problem and its line.
    """
    return opened(locate(case))[0]


def check(case: str | Path) -> list[Problem]:
    """Every problem of a situation file, errors and warnings, in order; empty when there is none."""
    try:
        path = locate(case)
    except SituationError as error:
        return list(error.problems)
    return examined(path)[1]


def amend(situation: Situation, changes: Mapping[str, Any]) -> Situation:
    """The situation with some paths changed.

    Parameters
    ----------
    situation : Situation
    changes : mapping
        Path to a plain value (set to), or to a :class:`~accord.situation.Change`.

    Raises
    ------
    SituationError
        With every change that does not fit.
    """
    wanted = {
        path: value if isinstance(value, Change) else Change(to=value) for path, value in changes.items()
    }
    return overlay(situation, wanted, vocabulary())


def save(
    situation: Situation,
    path: str | Path,
    like: str | Path | None = None,
    layout: Layout = "wide",
    form: Form = "ktab",
    issues: Sequence[str] = (),
) -> tuple[str, ...]:
    """Write a situation; comments of the file it replaces (or of *like*) survive.

    Parameters
    ----------
    situation : Situation
    path : str or Path
        Ending ``.yaml``, ``.yml`` or ``.json``; ``.xlsx`` or a folder (CSV files) for a workbook; ``.csv`` or ``.xml``
        for the bargaining game in it, as other programs read it.
    like : str or Path, optional
        File whose comments, order and spelling are kept where the content is the same.
    layout : {'wide', 'long'}
        Of a workbook.
    form : {'ktab', 'scholz'}
        Of a game in a CSV file.
    issues : sequence of str
        Which issues a game is about, all by default.

    Returns
    -------
    tuple of str
        What the form could not carry, in words; empty when nothing was lost.

    Raises
    ------
    SituationError
        When the file whose comments are to be kept cannot be read, or no form has this ending.
    RunError
        When the place cannot be written; what was there before stays.
    """
    origin = None if like is None else locate(like)
    return kept(situation, Path(path), origin, layout, form, tuple(issues))


def transfer(
    source: str | Path,
    target: str | Path,
    layout: Layout,
    replace: bool = False,
    form: Form = "ktab",
    issues: Sequence[str] = (),
) -> tuple[str, ...]:
    """Write a situation in another form; what is there already is only touched when *replace* says so.

    Parameters and errors otherwise as for :func:`read` and :func:`save`.
    """
    there = Path(target)
    if not replace and there.exists() and not (there.is_dir() and not any(there.iterdir())):
        says, hint = "there is something here already", "another name, or --replace"
        raise SituationError([Problem("exists", says, file=str(target), try_instead=hint)])
    return save(read(source), there, layout=layout, form=form, issues=issues)


def explain(case: str | Path, path: str) -> tuple[Explanation | ClaimExplanation, ...]:
    """Where the number at a path comes from: sources and grades, reasoning, readers, line; all numbers of a block.

    A claim, by its path or its name, is explained by its words, what is changed, what is expected and who claims it;
    where a block of the file has the same name, its path alone means the claim.

    Raises
    ------
    SituationError
        When the case cannot be read, or has nothing at the path.
    """
    file = locate(case)
    situation = opened(file)[0]
    if path not in estimates(situation) and (names := claims_at(situation, path)):
        lines = lines_of(file)
        return tuple(explain_claim(situation, name, str(case), lines) for name in names)
    return explain_number(situation, path, vocabulary(), file, near_claim(situation, path))


def compare(before: Situation | str | Path, after: Situation | str | Path) -> tuple[Difference, ...]:
    """What changed between two situations, path by path."""
    pair = [item if isinstance(item, Situation) else read(item) for item in (before, after)]
    return differences(*pair)


def why_moved(before: str | Path, after: str | Path) -> Moved | None:
    """Why the verdicts of two runs differ, by their result folders; None when neither is the result of a run.

    Raises
    ------
    SituationError
        When only one is, or one has no verdict, or its files cannot be read or do not belong together.
    RunError
        When no calibration fits.
    """
    from accord.study.moved import moved
    from accord.study.ran import run_folders

    folders = run_folders(before, after)
    return None if folders is None else moved(*folders, vocabulary())


def start(folder: str | Path, sheet: bool = False) -> Path:
    """Write a commented template, or the fixed sheet of cases, into a folder and return its path.

    Raises
    ------
    SituationError
        When a situation is already there (nothing is overwritten).
    """
    target = Path(folder) / "situation.yaml"
    if target.exists():
        raise SituationError(
            [
                Problem(
                    "exists",
                    "there is a situation here already",
                    file=str(target),
                    try_instead="another folder",
                )
            ]
        )
    template = Path(__file__).parent / "files" / ("sheet.yaml" if sheet else "template.yaml")
    write_bytes(target, template.read_bytes())
    return target


def blank(path: str | Path) -> None:
    """Write an empty, commented workbook to fill in.

    Raises
    ------
    SituationError
        When a file is already there (nothing is overwritten), or the path does not end in ``.xlsx``.
    RunError
        When the path cannot be written, or the extra ``[excel]`` is not installed.
    """
    from accord.exchange.template import template

    target = Path(path)
    if target.exists():
        problem = Problem(
            "exists", "there is a file here already", file=str(target), try_instead="another name"
        )
        raise SituationError([problem])
    if target.suffix != ".xlsx":
        hint = f"'{target.with_suffix('.xlsx')}'"
        says = "a template is a workbook"
        raise SituationError([Problem("ending", says, file=str(target), try_instead=hint)])
    template(target, vocabulary())


def look(situation: Situation, lens: str, *, worlds: int = LOOK.worlds, seed: int = 0) -> Finding:
    """One lens on one situation.

    Parameters
    ----------
    situation : Situation
    lens : str
        ``endurance``, ``interests`` or ``bargaining``.
    worlds, seed : int
        As for :func:`run`.

    Returns
    -------
    Finding
        With status ``not_applicable`` and the needs when the lens does not fit.

    Raises
    ------
    SituationError
        For an unknown lens.
    """
    if lens not in RUNNING:
        hint = did_you_mean(lens, RUNNING) or f"one of {', '.join(RUNNING)}"
        raise SituationError([Problem("unknown-reference", f"there is no lens '{lens}'", try_instead=hint)])
    study = run_study(
        situation,
        vocabulary(),
        worlds=worlds,
        seed=seed,
        scenarios=(),
        lenses=[lens_named(lens)],
        effort=LOOK,
    )
    if study.findings:
        return study.findings[0]
    unfit = study.base.unfit[0]
    return Finding(lens, unfit.question, "not_applicable", needs=unfit.needs)


def run(
    situation: Situation | str | Path,
    *,
    worlds: int | None = None,
    seed: int = 0,
    method: str = "sobol",
    scenario: str | None = None,
    policy: str | None = None,
    effort: str = "usual",
    threads: int | None = None,
    chunk: int | None = None,
    keep: str | Path | None = None,
    calibration: str | Path | Sequence[str | Path] = (),
    store: str | Path | None = None,
    told: Callable[[Finding, Situation], None] | None = None,
) -> Study:
    """Every lens that fits, on the situation and its scenarios, the verdict and the claims; says why lenses do not fit.

    Parameters
    ----------
    situation : Situation, str or Path
        A situation, a path, or the name of a shipped case.
    worlds : int, optional
        Worlds to draw; world 0 (best estimates) comes extra.  A power of two for Sobol points.  2048 by default, 128 when
        quick.
    seed : int
        The same file, seed and version give the same digest, whatever the chunks and threads.
    method : {'sobol', 'latin'}
    scenario : str, optional
        Look at this scenario instead.
    policy : {'weighted_mean', 'weighted_median', 'expected_utility', 'spatial'}, optional
        What the partnership settles on, instead of what the file says (``partnership.policy``): the weighted mean of those
        who are in, or what all with a stand agree on by a bargaining model.
    effort : {'usual', 'quick', 'thorough'}
        How many of the worlds trials, scenarios, other calibrations, claims and levers look at: some; few, and no
        calibrations, claims and levers; all.
    threads, chunk : int, optional
        Threads inside kernels, worlds per chunk.
    keep : str or Path, optional
        Folder in which what is finished is kept, so that a cancelled run can go on.
    calibration : str, Path or sequence of these, optional
        Files of ``accord calibrate --save``: the verdict is taken under these reference classes of one's own as well.
    store : str or Path, optional
        File of ``accord data import`` for the outside view (nearest cases, votes, capabilities); the user's own when left
        out, if there is one; ``none`` for none.  What is read of it enters the digest.
    told : callable, optional
        Called with every finding and its situation as soon as they are there, before verdict and claims.

    Raises
    ------
    SituationError
        When the situation, the scenario, a calibration or the store cannot be used.
    ValueError
        When that number of worlds cannot be drawn, or there is no such effort.
    RunError
        When no calibration fits.
    """
    if effort not in EFFORTS:
        raise ValueError(f"effort must be one of {', '.join(EFFORTS)}, not '{effort}'")
    problems: list[Problem] = []
    if not isinstance(situation, Situation):
        place = locate(situation)
        with ThreadPoolExecutor(1) as meanwhile:
            meanwhile.submit(make_ready)
            situation, problems = opened(place)
    if policy is not None and policy != situation.partnership.policy:
        situation = amend(situation, {"partnership.policy": policy})
    return run_study(
        situation,
        vocabulary(),
        worlds=worlds,
        seed=seed,
        method=method,
        scenario=scenario,
        engine=LocalEngine(threads, chunk, ahead=1),
        keep=None if keep is None else Path(keep),
        problems=problems,
        effort=EFFORTS[effort],
        own=_own(calibration, situation),
        stored=stored_at(store),
        told=told,
    )


def _own(given: str | Path | Sequence[str | Path], situation: Situation) -> tuple[Own, ...]:
    """Calibrations from their files; every one that cannot be used is told."""
    files = [given] if isinstance(given, str | Path) else list(given)
    if not files:
        return ()
    from accord.lenses.endurance.own import read_own
    from accord.lenses.endurance.population import structure_of

    return read_own(files, structure_of(situation))


def check_claims(
    case: Situation | str | Path, *, worlds: int = 512, seed: int = 0
) -> tuple[ClaimResult, ...]:
    """Test what a situation claims: vary what each claim names, and look at the same worlds again.

    Parameters
    ----------
    case : Situation, str or Path
        A situation, a path, or the name of a shipped case.
    worlds : int
        Worlds to look at, a power of two.
    seed : int
        The same file, seed and version give the same results.

    Returns
    -------
    tuple of ClaimResult
        In the order of the file; a claim that cannot be tested is among them, with the reason.

    Raises
    ------
    SituationError
        When the situation cannot be read.
    ValueError
        When that number of worlds cannot be drawn.
    """
    from accord.study.judging import placing

    situation = case if isinstance(case, Situation) else read(case)
    pairs = Pairs(situation, vocabulary(), worlds, seed)

    def place(index: FloatArray, ratio: FloatArray) -> dict[str, FloatArray]:
        """Where worlds stand among plausible partnerships; only claims about quadrants have to know."""
        return placing(situation)(index, ratio)

    pairs.place = place
    with Bar(len(situation.claims), "Testing claims") as bar:
        return judge_claims(pairs, progress=bar)


def write_report(study: Study, path: str | Path) -> None:
    """Write the report of a study as one self-contained HTML page.

    Raises
    ------
    RunError
        When the place cannot be written.
    """
    from accord.report import write_report as write_page
    from accord.report.compose import view_of

    write_page(view_of(study, vocabulary()), Path(path))
