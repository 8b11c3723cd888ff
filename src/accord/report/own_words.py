"""What calibrations of the user's own say of the verdict: in words for the answer, and how well they fit for the table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from accord.figures.numbers import number
from accord.formulas import wording
from accord.lenses.endurance.calibration import KINDS
from accord.lenses.endurance.own import USES, Pace
from accord.lenses.endurance.places import AMBIVALENT, LABELS
from accord.lenses.endurance.population import REDRAWN
from accord.report.words import count
from accord.study.pooled import Pooled, pooled
from accord.study.verdict import FEWEST, Held, OwnClass, Verdict

_EVENTS = ("the first ending at the theatre level", "the end of the bilateral level")


def own_words(verdict: Verdict) -> Iterator[str]:
    """A sentence for each class of the user's own: what leads clearly at its pace, by precision; and whether drifts matter."""
    for own in verdict.own:
        plain, drifting = (_rows(verdict, own, redrawn) for redrawn in (False, True))
        if plain:
            yield f"at the pace of your class '{own.name}' ({_size(own)}) {_leaders(plain)}; {_pace_of_run(verdict)}"
            yield from (
                _weighed(one) for one in pooled(own, verdict.robustness) if one.variant not in REDRAWN
            )
            yield from _doubted(own)
        if drifting:
            label = REDRAWN[drifting[0].variant].label
            same = [one.clear for one in plain] == [one.clear for one in drifting]
            yield f"with {label}, instead of none, {'it is the same' if same else _leaders(drifting)}"


def _rows(verdict: Verdict, own: OwnClass, redrawn: bool) -> list[Held]:
    """The rows of a class, in the population as it is or in the one that is drawn anew."""
    return [one for one in verdict.robustness if one.kind == own.kind and (one.variant in REDRAWN) == redrawn]


def _size(own: OwnClass) -> str:
    """How many alliances, and how many of them last."""
    return f"{count(own.alliances, 'alliance')}, {wording.percent(own.five_years)} of them there after five years"


def _pace_of_run(verdict: Verdict) -> str:
    """Which class the figures of the report go by."""
    kind = KINDS.get(str(verdict.calibration.get("class", "")))
    return "it does not set the pace of this run" + ("" if kind is None else f", {kind.label} do")


def _leaders(rows: Sequence[Held]) -> str:
    """Which kind leads clearly at which precision."""
    said: dict[str, list[str]] = {}
    for one in rows:
        said.setdefault(_leader(one), []).append(f"{one.beta:g}")
    return wording.joined([f"{what} at beta {wording.joined(betas)}" for what, betas in said.items()])


def _leader(one: Held) -> str:
    """What one row says."""
    if one.status == "not_reachable":
        return "no rate fits"
    if not one.tells:
        return f"fewer than {FEWEST} worlds can be judged"
    return f"{LABELS[one.clear]} leads clearly" if one.clear else "no kind leads clearly"


def _weighed(one: Pooled) -> str:
    """The verdict over all precisions."""
    weights = [f"beta {beta:g} {wording.percent(weight)}" for beta, weight in one.weights.items()]
    names = sorted((name for name in LABELS if name != AMBIVALENT), key=lambda name: -one.shares[name])
    if one.clear:
        lead = f"{LABELS[one.clear]} leads clearly ({wording.percent(one.shares[one.clear])} of worlds)"
    else:
        both = [f"{LABELS[name]} {wording.percent(one.shares[name])}" for name in names[:2]]
        lead = f"no kind leads clearly ({wording.joined(both)})"
    return f"with precisions weighed by how well they fit that class ({wording.joined(weights)}), {lead}"


def _doubted(own: OwnClass) -> Iterator[str]:
    """Where the population does not survive as the class did."""
    betas = [f"{pace.beta:g}" for pace in own.paces if pace.rejected and pace.variant not in REDRAWN]
    if betas:
        yield (
            f"at beta {wording.joined(betas)} the population does not survive as that class did (its misfit is beyond chance),"
            " so mind these least"
        )


def fits_note(verdict: Verdict) -> str:
    """How well each class of the user's own is fitted, for the note of the table; empty without any."""
    return "".join(f" {wording.sentence(f'{_called(own)}: {_fits(own.paces)}')}" for own in verdict.own)


def _called(own: OwnClass) -> str:
    """A class with its rules and the event that it is about."""
    rules = "" if own.rules == own.name else f" ({own.rules})"
    return (
        f"your class '{own.name}'{rules}, {count(own.alliances, 'alliance')} of which {own.ended} are over, event:"
        f" {_EVENTS[own.level]}, fitted to {USES[own.use]}"
    )


def _fits(paces: Sequence[Pace]) -> str:
    """Rates and squared misfits."""
    said = []
    for pace in paces:
        drift = f" with {REDRAWN[pace.variant].label}" if pace.variant in REDRAWN else ""
        rate = "no rate fits" if pace.nu is None else f"{number(pace.nu, 4)} reviews a month"
        over = f"squared misfit {number(pace.total, 1)} over {count(pace.targets, 'fact')}"
        said.append(f"{rate} at beta {pace.beta:g}{drift} ({over})")
    return wording.joined(said)
