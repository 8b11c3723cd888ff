"""Why the verdict moved from one run to another: every changed number alone, all together, and what chance is left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from accord.engine.progress import Bar
from accord.files.dump import flatten, plain_of
from accord.files.node import Lines, from_plain
from accord.files.reader import build_and_check
from accord.finding import FloatArray
from accord.lenses.endurance import compute, outputs, places
from accord.lenses.endurance.lens import Endurance
from accord.lenses.endurance.reference import Cell
from accord.problems import SituationError
from accord.situation import Change, Situation, Vocabulary, estimates
from accord.study.chance import paired_error
from accord.study.differences import Difference, differences
from accord.study.effect import Effect, less, summed
from accord.study.intervene import Pairs
from accord.study.judging import placed
from accord.study.peers import Unlike, digits, peers_of, unlike
from accord.study.policy import read_by_verdict
from accord.study.ran import MANIFEST, How, Ran, Where, how_of, read_run, refused
from accord.study.unexplained import Cause, causes

# What is said about the situation, and words for readers: no lens looks at them.
_CLOSED = ("accord", "title", "question", "about", "scenarios", "claims", "resolve", "sources")
_ASIDE = ("scenarios", "claims", "resolve")
_SPOKEN = frozenset({"label", "says", "question", "low_means", "high_means", "unit"})
_EVIDENCE = frozenset({"source", "confidence", "assumed", "note"})
_NAN = float("nan")
# All worlds of the first run are looked at, unless so many changes would take too long: then half of them, or a quarter.
_MOST_LOOKS, _LEAST_WORLDS = 2**15, 256


@dataclass(frozen=True, slots=True)
class Alone:
    """One changed number (or a few that only fit together) changed alone, all else as in the first run.

    Parameters
    ----------
    path : str
        Of the number, or of the block around those that were changed together.
    changes : tuple of Difference
    effect : Effect
    label : str
        The label with this change alone.
    split : bool
        Whether that label does not lead clearly.
    why : str
        Why several were changed together; empty for a single one and for a block that is there in one run only.
    judged : int
        Worlds judged with this change alone.
    """

    path: str
    changes: tuple[Difference, ...]
    effect: Effect
    label: str
    split: bool = False
    why: str = ""
    judged: int = 0


@dataclass(frozen=True, slots=True)
class Untaken:
    """A change that has no effect of its own to show, with the reason."""

    path: str
    changes: tuple[Difference, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Moved:
    """The move of a verdict from one run to another, and what it comes from.

    For each of the two medians, the index and every share: single effects and ``remainder`` add up to ``together``,
    ``together`` and ``rest`` to ``total``.

    Parameters
    ----------
    before, after : Where
        As the two runs recorded them.
    how : tuple of How
    differences : tuple of Difference
        Of the two situations, all of them.
    alone : tuple of Alone
        Largest first.
    untaken : tuple of Untaken
        Changes that cannot be made alone; what they do is in ``together`` and so in ``remainder``.
    unread : tuple of str
        Changed numbers that the verdict does not rest on, in neither run: they move nothing.
    total, together, remainder, rest : Effect
        The move between the recorded verdicts; all changes at once; what that differs from the sum of the single
        effects; what the changes do not explain (another seed, other worlds, another version).
    worlds, of : int
        Worlds that were looked at for the effects: the first so many *of* those that the first run has done.
    situations : tuple of Situation
        For the names of things.
    unlike : tuple of Unlike
        In what the populations differ among which the two runs are ranked; ranks compare only where it is empty.
    rest_from : tuple of str
        What ``rest`` can come from; see :func:`accord.study.unexplained.causes`.
    """

    before: Where
    after: Where
    how: tuple[How, ...]
    differences: tuple[Difference, ...]
    alone: tuple[Alone, ...]
    untaken: tuple[Untaken, ...]
    unread: tuple[str, ...]
    total: Effect
    together: Effect
    remainder: Effect
    rest: Effect
    worlds: int
    of: int
    situations: tuple[Situation, Situation] = field(repr=False)
    unlike: tuple[Unlike, ...] = ()
    rest_from: tuple[Cause, ...] = ()


def moved(before: Path, after: Path, vocabulary: Vocabulary, *, worlds: int | None = None) -> Moved:
    """Why the verdict of one run is not that of another.

    Parameters
    ----------
    before, after : Path
        Result folders of ``accord run``.
    vocabulary : Vocabulary
    worlds : int, optional
        Look at the first so many worlds of the first run (at all of them when it has fewer); by default at all, or at as
        many as many changes leave time for.

    Raises
    ------
    SituationError
        When a folder holds no finished verdict, or its files cannot be read or do not belong together.
    RunError
        When no calibration fits.
    """
    one, other = read_run(before, vocabulary), read_run(after, vocabulary)
    found = differences(one.situation, other.situation)
    units, unread = _units(found, one.situation, other.situation)
    of = int(one.record["run"]["done"])  # a cancelled run has but the first of its worlds
    count = min(_affordable(of, len(units) + 2) if worlds is None else worlds, of)
    bench = _bench(one, other, count, vocabulary, before)
    taken, untaken, together = _looked_at(bench, units, other.situation)
    total = less(other.where, one.where)
    recorded = one.calibration, other.calibration
    last, how = digits(recorded), how_of(one.record, other.record)
    how += () if last is None else (How(last.what, last.before, last.after),)
    return Moved(
        before=one.where,
        after=other.where,
        how=how,
        differences=found,
        alone=tuple(sorted(taken, key=lambda alone: (-alone.effect.size, alone.path))),
        untaken=untaken,
        unread=unread,
        total=total,
        together=together,
        remainder=less(together, summed([one.effect for one in taken], together)),
        rest=less(total, together),
        worlds=count,
        of=of,
        situations=(one.situation, other.situation),
        unlike=unlike(one.situation, other.situation, recorded),
        rest_from=causes(one, other, how, count, vocabulary),
    )


def _affordable(worlds: int, looks: int) -> int:
    """How many of the worlds can be looked at so often without a long wait."""
    while worlds * looks > _MOST_LOOKS and worlds > _LEAST_WORLDS:
        worlds = max(worlds // 2, _LEAST_WORLDS)
    return worlds


def _bench(one: Ran, other: Ran, count: int, vocabulary: Vocabulary, folder: Path) -> _Bench:
    """Looks at the first so many worlds of the first run, with as many runs of each as it had: then they repeat it."""
    ran, situation = one.record["run"], one.situation
    runs = Endurance().replicates[0]
    try:
        pairs = Pairs(
            situation, vocabulary, int(ran["worlds"]), int(ran["seed"]), ran["method"], count, replicates=runs
        )
    except (TypeError, ValueError) as error:
        raise refused(folder / MANIFEST, str(error), "run it again") from None
    both = plain_of(situation), plain_of(other.situation)
    return _Bench(pairs, compute.default_cell(situation), vocabulary, *both)


def moved_record(why: Moved) -> dict[str, Any]:
    """Everything but the two situations as plain data; what is undefined is None."""
    names = ("before", "after", "total", "together", "remainder", "rest")
    found: dict[str, Any] = {name: asdict(getattr(why, name)) for name in names}
    for name in ("how", "differences", "alone", "untaken"):
        found[name] = [asdict(one) for one in getattr(why, name)]
    found |= {
        "unread": list(why.unread),
        "worlds": why.worlds,
        "of": why.of,
        "rest_from": list(why.rest_from),
    }
    found["ranked_among"] = {"same": not why.unlike, "differs_in": [asdict(one) for one in why.unlike]}
    nulled: dict[str, Any] = _nulled(found)
    return nulled


def _nulled(value: Any) -> Any:
    """Plain data with None for NaN, which JSON does not know."""
    if isinstance(value, Mapping):
        return {key: _nulled(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_nulled(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


# ------------------------------------------------------------------------------------------- what is changed at once


@dataclass(frozen=True, slots=True)
class _Unit:
    """Changes that are made at once: one number, a block that is there in one situation only, or several of these."""

    path: str
    leaves: tuple[Difference, ...]
    blocks: tuple[str, ...]
    why: str = ""


def _units(
    found: Iterable[Difference], before: Situation, after: Situation
) -> tuple[list[_Unit], tuple[str, ...]]:
    """What to change one at a time, and the changed numbers that the lens does not read."""
    old, new = flatten(plain_of(before)), flatten(plain_of(after))
    numbers = set(estimates(before)) | set(estimates(after))
    linked = {path for s in (before, after) for one in s.correlations.values() for path in one.between}
    blocks: dict[str, list[Difference]] = {}
    unread: list[str] = []
    for one in found:
        if one.kind == "evidence" or _is_beside(one.path) or _only_opened(one, old, new):
            continue
        if one.path in numbers and one.path not in linked and not read_by_verdict(one.path, before, after):
            unread.append(one.path)
            continue
        there = {"added": old, "removed": new}.get(one.kind)
        blocks.setdefault(one.path if there is None else _topmost(one.path, there), []).append(one)
    units = [_Unit(path, tuple(leaves), (path,)) for path, leaves in blocks.items()]
    return [unit for unit in units if not all(_is_spoken(one.path) for one in unit.leaves)], tuple(unread)


def _is_beside(path: str) -> bool:
    """Whether a path is beside what is judged: claims, scenarios, evidence."""
    parts = path.split(".")
    return parts[0] in _CLOSED or parts[-1] in _EVIDENCE


def _is_spoken(path: str) -> bool:
    """Whether a path only holds words for readers (which a new block may need all the same)."""
    return path.rpartition(".")[2] in _SPOKEN


def _only_opened(one: Difference, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether an empty block merely got content, or lost it: its content is told already."""
    value, there = (one.before, new) if one.kind == "removed" else (one.after, old)
    return value == {} and any(path.startswith(f"{one.path}.") for path in there)


def _topmost(path: str, there: Mapping[str, Any]) -> str:
    """The outermost block around a path that the other situation does not have; the path itself if it has them all."""
    parts = path.split(".")
    for length in range(1, len(parts)):
        block = ".".join(parts[:length])
        if block not in there and not any(known.startswith(f"{block}.") for known in there):
            return block
    return path


# ---------------------------------------------------------------------------------------------------------- the looks


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    """Where a situation stands, with both ranks and the index of every world, and whether its label is split."""

    where: Where
    rows: FloatArray
    split: bool

    def to(self, other: _Seen) -> Effect:
        """The move to another look at the same worlds, with its errors."""
        durability, conditionality, index = (
            paired_error(one, two) for one, two in zip(self.rows, other.rows, strict=True)
        )
        return replace(less(other.where, self.where), errors=(durability, conditionality, index))


@dataclass(frozen=True, slots=True)
class _Bench:
    """Looks at the first situation with some of it changed, in the same worlds."""

    pairs: Pairs
    among: Cell
    vocabulary: Vocabulary
    plain: Mapping[str, Any]
    other: Mapping[str, Any]

    def stand(self, situation: Situation) -> _Seen:
        """Where a situation stands; one of another make-up among partnerships of its own."""
        same = peers_of(situation) == peers_of(self.pairs.situation)
        among = self.among if same else compute.default_cell(situation)
        prices = [f"price_of_defection.{patron}" for patron in sorted(situation.partnership.patrons)]
        # A run of this very situation would weigh it by its own largest stake, not as a variation of the first one.
        worlds = replace(self.pairs.drawn_for(situation, "endurance"), varies=None)
        found = outputs.observe(
            situation,
            worlds,
            ("strategic_index", "log_hazard_ratio", *prices),
            calibration=among.calibration,
            replicates=self.pairs.replicates,
        )
        # A price below zero: it would rather leave than stay.
        stays = np.all([found[price] > 0.0 for price in prices], axis=0)
        stand, good = placed({**found, "viable": stays.astype(np.float64)}, among)
        shares = stand.shares(good)
        rows = (stand.durability, stand.conditionality, found["strategic_index"])
        durability, conditionality, index = (_median(row[good]) for row in rows)
        judged = int((good & (stand.codes >= 0)).sum())
        where = Where(places.label_of(shares), durability, conditionality, index, shares, judged=judged)
        return _Seen(where, np.where(good, np.stack(rows), _NAN), not places.clear_label(shares, judged))

    def arm(self, unit: _Unit) -> tuple[Situation | None, str]:
        """The first situation with a unit changed; or None and the reason."""
        own = estimates(self.pairs.situation)
        try:
            if all(one.kind != "removed" and one.path in own for one in unit.leaves):
                changes = {one.path: Change(to=_bare(one.after)) for one in unit.leaves}
                made = self.pairs.arm(changes)
            else:
                made = self._rebuilt(unit)
        except SituationError as error:
            return None, error.errors[0].says
        if Endurance().needs(made):
            return None, "the endurance lens does not fit without the other changes"
        if peers_of(made) != peers_of(self.pairs.situation):
            return None, "it changes the make-up of the partnership, and with it what it is ranked among"
        return made, ""

    def _rebuilt(self, unit: _Unit) -> Situation:
        """The first situation with a unit set or taken away, read as a file would be.

        Scenarios and claims stay out: they may speak of what is taken away.
        """
        wanted = deepcopy({key: value for key, value in self.plain.items() if key not in _ASIDE})
        for one in unit.leaves:
            if one.kind == "removed":
                # A block that is gone goes as a whole: an empty one would still be a patron, or a threat.
                whole = next(path for path in unit.blocks if f"{one.path}.".startswith(f"{path}."))
                _put(wanted, _keys(self.plain, whole), None)
            else:
                _put(wanted, _keys(self.other, one.path), _bare(one.after))
        made, problems = build_and_check(from_plain(wanted), self.vocabulary, Lines(""))
        if made is None:
            raise SituationError([one for one in problems if one.severity == "error"])
        return made


def _bare(value: Any) -> Any:
    """A number without its evidence, which may cite sources that the other situation does not have."""
    if not isinstance(value, Mapping):
        return value
    return {key: inner for key, inner in value.items() if key not in _EVIDENCE}


def _keys(plain: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """The keys that lead to a path in plain data; a key may hold dots itself (changes of shocks); () if none do."""
    for key, inner in plain.items():
        if key == path:
            return (key,)
        if path.startswith(f"{key}.") and isinstance(inner, Mapping):
            below = _keys(inner, path[len(key) + 1 :])
            if below:
                return (key, *below)
    return ()


def _put(plain: dict[str, Any], keys: tuple[str, ...], value: Any) -> None:
    """Set what the keys lead to, in place; None takes it away."""
    if not keys:
        return
    *blocks, last = keys
    for block in blocks:
        plain = plain.setdefault(block, {})
    if value is None:
        plain.pop(last, None)
    else:
        plain[last] = value


def _looked_at(
    bench: _Bench, units: Sequence[_Unit], after: Situation
) -> tuple[list[Alone], tuple[Untaken, ...], Effect]:
    """The effect of every unit alone, the units without one, and the effect of everything together."""
    taken: list[Alone] = []
    with Bar(len(units) + 2, "Taking the changes one at a time") as bar:
        base = bench.stand(bench.pairs.situation)
        bar.advance(1)
        together = base.to(bench.stand(after))
        bar.advance(1)
        stuck: list[tuple[_Unit, str]] = []
        for unit in units:
            made, why = bench.arm(unit)
            if made is None:
                stuck.append((unit, why))
            else:
                taken.append(_alone(bench, unit, made, base))
                bar.advance(1)
        grouped, untaken = _grouped(bench, stuck)
        for unit, made in grouped:
            taken.append(_alone(bench, unit, made, base))
            bar.advance(1)
    return taken, untaken, together


def _alone(bench: _Bench, unit: _Unit, made: Situation, base: _Seen) -> Alone:
    """The effect of one unit."""
    seen = bench.stand(made)
    where = seen.where
    return Alone(unit.path, unit.leaves, base.to(seen), where.label, seen.split, unit.why, where.judged)


def _grouped(
    bench: _Bench, stuck: Sequence[tuple[_Unit, str]]
) -> tuple[list[tuple[_Unit, Situation]], tuple[Untaken, ...]]:
    """Units that do not fit alone, joined with the others of the smallest block in which they do."""
    left, grouped, untaken = list(stuck), [], []
    while left:
        joint, why = left[0]
        unit, inside = joint, [joint]
        block, made = unit.path.rpartition(".")[0], None
        while block and made is None:
            inside = [one for one, _ in left if one.path.startswith(f"{block}.")]
            leaves = tuple(leaf for one in inside for leaf in one.leaves)
            joint = _Unit(block, leaves, tuple(one.path for one in inside), why)
            made = bench.arm(joint)[0] if len(inside) > 1 else None
            block = block.rpartition(".")[0]
        if made is None:
            inside = [unit]
            untaken.append(Untaken(unit.path, unit.leaves, why))
        else:
            grouped.append((joint, made))
        left = [(one, reason) for one, reason in left if one not in inside]
    return grouped, tuple(untaken)


# --------------------------------------------------------------------------------------------------------- arithmetic


def _median(values: FloatArray) -> float:
    """The median of what is defined; NaN without any."""
    known = values[~np.isnan(values)]
    return float(np.median(known)) if known.size else _NAN
