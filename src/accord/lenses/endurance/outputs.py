"""Every output of the lens that a claim may name, and how to get it for many worlds with no more work than it needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from accord.finding import Draws
from accord.lenses.endurance.calibration import Calibration
from accord.lenses.endurance.endings import CAUSES
from accord.lenses.endurance.gather import cast_of
from accord.lenses.endurance.indices import START, WINDOW
from accord.lenses.endurance.pieces import YEAR, Pieces, Place, Shocked
from accord.lenses.endurance.reference import Others
from accord.problems import did_you_mean
from accord.situation import Situation

FloatArray = NDArray[np.float64]
Group = Literal["start", "weigh", "trial", "drawn", "path"]

# Runs of each world: for survival weights, and for drawn paths, which are noisier.
REPLICATES, DRAWN = 8, 16
MOST_MONTHS = 600
QUADRANTS: tuple[str, ...] = (
    "strategic_alliance",
    "alliance_of_interest",
    "marriage_of_convenience",
    "weak_tie",
)
# Units by the first part of a name; the others are shares, chances or ranks, from 0 to 1.
_UNITS = {
    "hazard": "1/month",
    "log_hazard_ratio": "log",
    "quadrant": "number",
    "own_exit_month": "months",
    "goal_month": "months",
    "losses": "deaths",
    "loss_rate": "deaths/month",
    "trust_news": "log-odds",
    "price_of_defection": "util/month",
    "cheapest_wedge": "ratio",
    "flow": "util/month",
    "territory_drift": "log-odds/month",
    "territory_slope": "util/month",
}
_LEVELS = ("theatre", "bilateral")
_SHOWN_MONTHS = ("0", "12", "60", "120")


@dataclass(frozen=True, slots=True)
class Output:
    """A family of outputs.

    Parameters
    ----------
    pattern : str
        Its name; parts in capitals stand for a level, a month, a cause, a patron, an issue or a quadrant.
    group : str
        What has to be done for it: ``start`` (closed forms and flows), ``weigh`` (survival weights), ``trial`` (both
        trials as well), ``drawn`` (runs), ``path`` (runs in which all stay).
    says : str
        What it is, with its unit.
    of : callable
        From the pieces of work and the parts in capitals to one value per world.
    first : bool
        Whether it is worked out in those first worlds only in which other calibrations are looked at.
    """

    pattern: str
    group: Group
    says: str
    of: Callable[[Pieces, tuple[str, ...]], FloatArray]
    first: bool = False


def _survival(at: Pieces, parts: tuple[str, ...]) -> FloatArray:
    """Survival of a level at a month."""
    found: FloatArray = at.survival[:, _LEVELS.index(parts[0]), int(parts[1])]
    return found


def _hazard(at: Pieces, parts: tuple[str, ...]) -> FloatArray:
    """Chance or rate of ending per month."""
    month = int(parts[0])
    if 0 < month < YEAR:
        raise ValueError(f"a hazard looks back over {YEAR} months: month 0, or {YEAR} and later, not {month}")
    return at.ending_chance() if month == 0 else at.yearly_hazard(month)


def _flow(column: int) -> Callable[[Pieces, tuple[str, ...]], FloatArray]:
    """A flow at the start by its column."""
    return lambda at, parts: at.start.flows[:, at.patron(parts[0]), column]


def _indexed(name: str) -> Callable[[Pieces, tuple[str, ...]], FloatArray]:
    """A quantity of the trials by its name."""
    return lambda at, parts: at.index[name]


def _placed(name: str) -> Callable[[Pieces, tuple[str, ...]], FloatArray]:
    """A rank or quadrant by its name; NaN where nobody can tell."""

    def found(at: Pieces, parts: tuple[str, ...]) -> FloatArray:
        """The values."""
        full = ".".join((name, *parts))
        return at.placed.get(full, np.full(at.worlds.size, np.nan))

    return found


def _track(what: str) -> Callable[[Pieces, tuple[str, ...]], FloatArray]:
    """A patron's path at a month."""
    return lambda at, parts: at.steady.track(what, parts[0])[:, int(parts[1])]


def _trust(at: Pieces, parts: tuple[str, ...]) -> FloatArray:
    """Trust at the start."""
    found: FloatArray = at.numbers.of("trust")[:, at.patron(parts[0]), at.patron(parts[1])]
    return found


def _loss_rate(at: Pieces, parts: tuple[str, ...]) -> FloatArray:
    """Own losses per month at the start, with the others or alone."""
    i = at.patron(parts[1])
    share = at.numbers.of("proxy_share")[:, i]
    own = 1.0 - share + at.numbers.of("proxy_loss_weight") * share
    rate = at.numbers.of("own_losses")[:, i] * own
    return rate if parts[0] == "together" else rate * at.risk_alone(parts[1])


OUTPUTS: tuple[Output, ...] = (
    Output("survival.LEVEL.MONTH", "weigh", "chance that the level is alive after so many months", _survival),
    Output(
        "hazard.theatre.MONTH",
        "weigh",
        "endings per month over the year before, -ln(S(M)/S(M-12))/12; month 0: chance per month at the state of the start"
        " that a member ends it at a review",
        _hazard,
    ),
    Output(
        "five_years",
        "trial",
        "chance that the bilateral level lives on from month 12 to 72",
        _indexed("five_years"),
    ),
    Output(
        "strategic_index",
        "trial",
        "the same with the threats gone and everybody tempted",
        _indexed("strategic_index"),
    ),
    Output("gap", "trial", "five-year survival without trials less that under both", _indexed("gap")),
    Output(
        "log_hazard_ratio",
        "trial",
        "log of the hazard under both trials over that without",
        _indexed("log_hazard_ratio"),
    ),
    Output(
        "durability",
        "trial",
        "rank of the strategic index among plausible partnerships",
        _placed("durability"),
    ),
    Output("conditionality", "trial", "rank of the log hazard ratio among them", _placed("conditionality")),
    Output("quadrant", "trial", "quadrant by number, 0 to 3", _placed("quadrant")),
    Output("quadrant.QUADRANT", "trial", "1 in that quadrant, else 0", _placed("quadrant")),
    Output(
        "held.QUADRANT",
        "trial",
        "share of the calibrations, every class and precision, under which it is in that quadrant; in the worlds in which"
        " other calibrations are looked at",
        lambda at, parts: at.held(QUADRANTS.index(parts[0])),
        first=True,
    ),
    Output(
        "incidence.CAUSE",
        "drawn",
        "share of runs whose theatre has ended this way at the horizon",
        lambda at, parts: at.incidence(parts[0], None),
    ),
    Output(
        "incidence.CAUSE.PATRON",
        "drawn",
        "the same, by this patron",
        lambda at, parts: at.incidence(parts[0], parts[1]),
    ),
    Output(
        "share_of_endings.PATRON",
        "drawn",
        "share of the ended runs that this patron ended",
        lambda at, parts: at.share_of_endings(parts[0]),
    ),
    Output(
        "own_exit_month.PATRON",
        "drawn",
        "mean month of the endings it made itself, by choice or exhaustion",
        lambda at, parts: at.own_exit_month(parts[0]),
    ),
    Output(
        "goal_month.PATRON",
        "path",
        "first month in which its goals hold on the mean path if all stay; horizon + 1: never",
        lambda at, parts: at.goal_month(parts[0]),
    ),
    Output("patience.PATRON.MONTH", "path", "patience on the path if all stay, share", _track("patience")),
    Output("losses.PATRON.MONTH", "path", "deaths so far on the path if all stay", _track("losses")),
    Output(
        "joint_success.MONTH",
        "path",
        "chance to prevail at full effort, on the path if all stay",
        lambda at, parts: at.success(int(parts[0])),
    ),
    Output(
        "trust_error.MONTH",
        "start",
        "mean distance between trust and the partner's type when types are drawn and signals are all there is",
        lambda at, parts: at.trust_error(int(parts[0])),
    ),
    Output("trust.PATRON.PARTNER", "start", "trust at the start, past events included, probability", _trust),
    Output(
        "trust_news.PATRON.PARTNER",
        "start",
        "what past events add to the log-odds of the trust stated",
        lambda at, parts: at.news(*parts),
    ),
    Output(
        "price_of_defection.PATRON",
        "start",
        "monthly offer at which it is indifferent, util/month",
        lambda at, parts: at.prices[0][:, at.patron(parts[0])],
    ),
    Output(
        "cheapest_wedge",
        "start",
        "least price of defection over its suitor's 75th-percentile offer",
        lambda at, parts: at.cheapest_wedge(),
    ),
    Output(
        "influence.PATRON",
        "start",
        "share of influence over the client",
        lambda at, parts: at.start.influence[:, at.patron(parts[0])],
    ),
    Output(
        "influence_before.PATRON.PARTNER",
        "start",
        "the same if the partner were not yet in",
        lambda at, parts: at.influence_before(*parts),
    ),
    Output("flow.stay.PATRON", "start", "util/month if all stay", _flow(0)),
    Output("flow.leave.PATRON", "start", "util/month outside", _flow(2)),
    Output(
        "exit_probability.PATRON",
        "start",
        "chance to leave at a review",
        lambda at, parts: at.start.probabilities[:, at.patron(parts[0]), 2],
    ),
    Output(
        "entry.PATRON",
        "start",
        "chance to come in at a review if it were not yet in",
        lambda at, parts: at.entry(parts[0]),
    ),
    Output(
        "policy.ISSUE",
        "start",
        "what the patrons settle on, share of the issue's scale",
        lambda at, parts: at.policy(parts[0]),
    ),
    Output(
        "territory_drift",
        "start",
        "expected change of the log-odds of territory per month",
        lambda at, parts: at.territory_drift(),
    ),
    Output(
        "territory_slope.PATRON",
        "start",
        "change of the flow of staying per unit of territory",
        lambda at, parts: at.slopes[:, at.patron(parts[0])],
    ),
    Output("loss_rate.SIDE.PATRON", "start", "deaths per month, with the others or alone", _loss_rate),
)


_FIRST = frozenset(output.pattern.partition(".")[0] for output in OUTPUTS if output.first)


def observe(
    situation: Situation,
    worlds: Draws,
    names: Sequence[str],
    *,
    calibration: Calibration | None = None,
    replicates: int = REPLICATES,
    drawn: int = DRAWN,
    place: Place | None = None,
    like: Shocked | None = None,
    others: Others | None = None,
    alike: bool = False,
) -> dict[str, FloatArray]:
    """One value per world for every name, with no more work than the names need.

    Parameters
    ----------
    situation : Situation
    worlds : Draws
    names : sequence of str
        Outputs without the lens' prefix, such as ``survival.theatre.60``; see ``OUTPUTS``.
    calibration : Calibration, optional
        The situation's default one.
    replicates, drawn : int
        Runs of each world for survival weights, and for drawn paths.
    place : callable, optional
        From strategic index and hazard ratio to ``durability``, ``conditionality``, ``quadrant`` and
        ``quadrant.NAME``; without it these are NaN.
    like : Shocked, optional
        What shocks do in the situation that this one is an arm of, where they do the same here.
    others : Others, optional
        In how many worlds other calibrations are looked at, and with how many runs.
    alike : bool
        Whether it differs from what its worlds vary in values of stated numbers only.

    Returns
    -------
    dict of str to ndarray, shape (worlds,)
        NaN in worlds in which an output is undefined, or that it does not cover (see :func:`covered`).

    Raises
    ------
    ValueError
        For names that are no outputs, all at once, each with what may have been meant.
    """
    if calibration is None:
        from accord.lenses.endurance.compute import calibration_of

        calibration = calibration_of(situation)
    found = {name: named(situation, name) for name in _all_known(situation, names)}
    last, walked = _last_months(situation, found.values())
    tried = any(output.group == "trial" for output, _ in found.values())
    bilateral = tried or any(
        output.group == "weigh" and "bilateral" in parts for output, parts in found.values()
    )
    runs = (replicates, drawn, last, walked)
    others = Others() if others is None else others
    pieces = Pieces(
        situation, worlds, calibration, *runs, place, like, bilateral, tried, others=others, alike=alike
    )
    return {name: np.array(output.of(pieces, parts)) for name, (output, parts) in found.items()}


def covered(name: str, worlds: int, others: Others) -> int:
    """How many of so many worlds an output is worked out in, by its name (without the lens' prefix)."""
    return min(worlds, others.worlds) if name.partition(".")[0] in _FIRST else worlds


def _all_known(situation: Situation, names: Sequence[str]) -> list[str]:
    """The names without repetitions; ValueError telling of every one that is no output."""
    wanted, told = list(dict.fromkeys(names)), []
    for name in wanted:
        try:
            named(situation, name)
        except ValueError as error:
            told.append(str(error))
    if told:
        raise ValueError("; ".join(told))
    return wanted


def _last_months(situation: Situation, found: Iterable[tuple[Output, tuple[str, ...]]]) -> tuple[int, int]:
    """Last month of survival, and of the path on which all stay, that some output needs."""
    last = walked = 0
    for output, parts in found:
        if output.group == "trial":
            last = max(last, START + WINDOW)
        elif output.group == "weigh":
            last = max(last, int(parts[-1]))
        elif output.group == "path":
            walked = max(walked, int(parts[-1]) if output.pattern.endswith("MONTH") else situation.horizon)
    return last, walked


def named(situation: Situation, name: str) -> tuple[Output, tuple[str, ...]]:
    """The output of a name, and what stands for its parts in capitals.

    Raises
    ------
    ValueError
        When there is none, with what may have been meant.
    """
    parts = name.split(".")
    choices = _choices(situation)
    for output in OUTPUTS:
        taken = _taken(output, parts, choices)
        if taken is not None:
            return output, taken
    months = [part for part in parts if _is_month(part)] or list(_SHOWN_MONTHS)
    hint = did_you_mean(name, every_name(situation, months))
    raise ValueError(f"there is no output '{name}' of the endurance lens{'; ' + hint if hint else ''}")


def every_name(situation: Situation, months: Iterable[str] = _SHOWN_MONTHS) -> Iterator[str]:
    """The names of all outputs of a situation, with these months."""
    choices = _choices(situation) | {"MONTH": tuple(months)}
    for output in OUTPUTS:
        parts = [choices.get(part, (part,)) for part in output.pattern.split(".")]
        yield from (
            ".".join(chosen) for chosen in product(*parts) if len(set(chosen[-2:])) == len(chosen[-2:])
        )


def _choices(situation: Situation) -> dict[str, tuple[str, ...]]:
    """What may stand for the parts in capitals."""
    cast = cast_of(situation)
    return {
        "LEVEL": _LEVELS,
        "CAUSE": CAUSES[1:],
        "PATRON": cast.patrons,
        "PARTNER": cast.patrons,
        "ISSUE": cast.issues,
        "QUADRANT": QUADRANTS,
        "SIDE": ("together", "alone"),
    }


def _taken(
    output: Output, parts: list[str], choices: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...] | None:
    """What stands for the parts in capitals, when a name fits a pattern."""
    pattern = output.pattern.split(".")
    if len(parts) != len(pattern):
        return None
    taken = []
    for part, wanted in zip(parts, pattern, strict=True):
        if wanted == "MONTH":
            if not (
                part.isdecimal() and part.isascii() and int(part) <= MOST_MONTHS and str(int(part)) == part
            ):
                return None
        elif part not in choices.get(wanted, (wanted,)):
            return None
        if wanted.isupper():
            taken.append(part)
    same = pattern[-1] == "PARTNER" and taken[-1] == taken[-2]
    return None if same else tuple(taken)


def unit_of(name: str) -> str:
    """Unit of an output by its name; ``0..1`` for shares, chances and ranks."""
    return "0..1" if name.startswith("quadrant.") else _UNITS.get(name.partition(".")[0], "0..1")


def _is_month(part: str) -> bool:
    """Whether a part of a name is a month, in digits and without leading zeros."""
    return (
        len(part) <= 3
        and part.isascii()
        and part.isdecimal()
        and str(int(part)) == part
        and int(part) <= MOST_MONTHS
    )
