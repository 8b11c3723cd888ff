"""The contract that every lens passes, whoever wrote it.

A lens answers one question about a situation.  Whatever the question, its answer may not depend on how actors are
called or in which order they stand, on how worlds are cut into chunks, on chance, or on numbers it does not declare; it
may not take a missing number for zero, and it must say what it found.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from accord.finding import Draws, Finding, FloatArray, Lens, Spread
from accord.situation import Situation, Vocabulary, estimates, ranges
from accord.testing.drawing import allowed, draw, with_fills
from accord.testing.shape import check_finding
from accord.testing.variants import bare, flipped, names_of, renamed, reordered, without_stance
from accord.worlds import Worlds, policy_path

Results = dict[str, FloatArray]
Flip = Literal["same", "opposite", "complement", "scale"]
CHUNKS = (1, 6, 13)
# About how many stances are left out in turn.
LEFT_OUT = 3
_CLOSE = 1e-9


def require(holds: bool, lens: str, says: str) -> None:
    """Raise AssertionError, naming the lens, when a promise is broken."""
    if not holds:
        raise AssertionError(f"lens '{lens}' breaks the contract: {says}")


# Numbers whose prior is the scale of their issue, so that no range can declare it.
SCALED = ("stances.*.*.position", "stances.*.*.salience")


@dataclass(frozen=True)
class Watched:
    """Draws that note which paths a lens asks for, and cannot be written to."""

    worlds: Worlds
    asked: set[str]

    @property
    def size(self) -> int:
        """How many worlds."""
        return self.worlds.size

    @property
    def numbers(self) -> range:
        """Absolute numbers of the worlds."""
        return self.worlds.numbers

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return self.worlds.seed

    @property
    def brief(self) -> bool:
        """Whether a quick look will do."""
        return self.worlds.brief

    @property
    def varies(self) -> tuple[Situation, Draws] | None:
        """What they vary."""
        return self.worlds.varies

    def has(self, path: str) -> bool:
        """Whether there is a number at this path."""
        self.asked.add(path)
        return self.worlds.has(path)

    def of(self, path: str) -> FloatArray:
        """Values at this path, read-only."""
        self.asked.add(path)
        values = self.worlds.of(path)
        values.flags.writeable = False
        return values


@dataclass(frozen=True)
class Case:
    """One situation with its draws."""

    lens: Lens
    situation: Situation
    best: Worlds
    over: Worlds

    @classmethod
    def of(cls, lens: Lens, situation: Situation, worlds: int, seed: int) -> Case:
        """Draw the worlds of a situation, with what the lens fills."""
        best, over = draw(with_fills(situation, lens), worlds, seed)
        return cls(lens, situation, best, over)

    def compute(self, worlds: Draws) -> Results:
        """What the lens works out in these worlds."""
        return self.lens.compute(self.situation, worlds)

    def finding(self) -> Finding:
        """What the lens concludes."""
        return self.lens.conclude(self.situation, self.compute(self.best), self.compute(self.over))


def check_lens(
    lens: Lens,
    situations: Iterable[Situation],
    *,
    worlds: int = 29,
    seed: int = 0,
    under_flip: Callable[[str], Flip | None] | None = None,
) -> int:
    """Check a lens against the contract.

    Parameters
    ----------
    lens : Lens
    situations : iterable of Situation
        Some that the lens fits and, if you like, some that it does not.
    worlds : int
        Worlds drawn per situation.
    seed : int
    under_flip : callable or None
        What becomes of a measure, by name, when every issue's scale is turned round: ``same``, ``opposite`` (sign),
        ``complement`` (1 - x), ``scale`` (mirrored on the scale of the issue named last), or None when nothing is
        promised.  Left out, turning scales is not checked.

    Returns
    -------
    int
        How many of the situations the lens fitted.

    Raises
    ------
    AssertionError
        On the first promise that is broken, in words.
    """
    check_declaration(lens)
    fitted = 0
    for situation in situations:
        missing = lens.needs(situation)
        require(all(n.path and n.says for n in missing), lens.name, "a need lacks its path or its words")
        if missing:
            continue
        fitted += 1
        case = Case.of(lens, situation, worlds, seed)
        _check_results(case)
        _check_chunks(case)
        _check_no_chance(case)
        check_finding(lens, situation, case.finding(), case.over.size)
        _check_spreads(case)
        _check_order(case)
        if not lens.chancy:  # luck goes with names
            _check_names(case, reverse=False)
            _check_names(case, reverse=True)
        _check_missing(case)
        if under_flip is not None:
            _check_flip(case, under_flip)
    return fitted


def check_declaration(lens: Lens) -> None:
    """Name, question and the numbers a lens declares to add, read and fill."""
    require(lens.name.isidentifier(), lens.name, "its name is not a plain word")
    require(lens.question.endswith("?"), lens.name, "its question does not end in a question mark")
    known = ranges(Vocabulary(tuple(lens.terms)))
    for term in lens.terms:
        require(term.lens == lens.name, lens.name, f"term '{term.path}' names another lens")
        require(term.path in lens.reads, lens.name, f"it adds '{term.path}' but does not read it")
    for pattern in (*lens.reads, *lens.fills):
        require(pattern in known, lens.name, f"the language knows no number at '{pattern}'")
    for pattern in lens.fills:
        limits = known[pattern][0]
        require(pattern in lens.reads, lens.name, f"it fills '{pattern}' but does not read it")
        require(
            (limits is not None and limits.prior is not None) or pattern in SCALED,
            lens.name,
            f"'{pattern}' has no prior to fill it with",
        )


def _check_results(case: Case) -> None:
    """Shapes, types, no infinities, only declared numbers read, nothing shared with the worlds."""
    asked: set[str] = set()
    results = case.compute(Watched(case.over, asked))
    name = case.lens.name
    require(bool(results), name, "compute returns nothing")
    for path in asked:
        # What a model settles beforehand is no number of the file: worlds hold it where the file asks for it.
        declared = allowed(path, (*case.lens.reads, policy_path("*")))
        require(declared, name, f"it reads '{path}', which it does not declare")
    for key, values in results.items():
        require(values.dtype == np.float64, name, f"'{key}' is not an array of floats")
        require(values.shape[:1] == (case.over.size,), name, f"'{key}' has no leading world dimension")
        require(not bool(np.isinf(values).any()), name, f"'{key}' is infinite in some world")
        require(not np.shares_memory(values, case.over.array), name, f"'{key}' shares memory with the worlds")
    best = case.compute(case.best)
    require(list(best) == list(results), name, "names of results differ between best estimates and worlds")


def _part(worlds: Worlds, start: int, stop: int) -> Worlds:
    """Some of the worlds, as a chunk of its own."""
    return Worlds(worlds.names, worlds.array[start:stop].copy(), worlds.fixed, worlds.first + start)


def _check_chunks(case: Case) -> None:
    """Chunked results equal whole ones to the last bit, and worlds do not see one another."""
    whole = case.compute(case.over)
    cuts = [0, *(cut for cut in np.cumsum(CHUNKS).tolist() if cut < case.over.size), case.over.size]
    parts = [case.compute(_part(case.over, a, b)) for a, b in pairwise(cuts)]
    for key, values in whole.items():
        joined = np.concatenate([part[key] for part in parts])
        require(
            same_bits(values, joined), case.lens.name, f"'{key}' depends on how worlds are cut into chunks"
        )
    if not case.lens.chancy:  # luck goes with the number of a world
        _check_backwards(case, whole)
    turned = Worlds(case.over.names, np.asfortranarray(case.over.array), case.over.fixed, case.over.first)
    for key, values in case.compute(turned).items():
        says = f"'{key}' depends on how worlds lie in memory"
        require(same_bits(values, whole[key]), case.lens.name, says)


def _check_backwards(case: Case, whole: Results) -> None:
    """Worlds in another order give the same, world by world."""
    backwards = Worlds(case.over.names, case.over.array[::-1].copy(), case.over.fixed, case.over.first)
    for key, values in case.compute(backwards).items():
        says = f"'{key}' depends on the order of worlds"
        require(same_bits(values[::-1], whole[key]), case.lens.name, says)


def same_bits(one: FloatArray, other: FloatArray) -> bool:
    """Whether two arrays agree to the last bit; any NaN equals any other."""
    if one.shape != other.shape:
        return False
    both = np.isnan(one) & np.isnan(other)
    return bool((both | ((one == other) & (np.signbit(one) == np.signbit(other)))).all())


def _check_no_chance(case: Case) -> None:
    """The same again, whatever the global random state; and that state untouched."""
    np.random.seed(0)  # noqa: NPY002 - the global state is what a careless lens would use
    first = case.compute(case.over)
    np.random.seed(20151215)  # noqa: NPY002
    again, finding = case.compute(case.over), case.finding()
    after = float(np.random.random())  # noqa: NPY002
    np.random.seed(20151215)  # noqa: NPY002
    untouched = after == float(np.random.random())  # noqa: NPY002
    require(untouched, case.lens.name, "it uses the global random state")
    for key, values in first.items():
        require(same_bits(values, again[key]), case.lens.name, f"'{key}' differs when computed again")
    require(repr(finding) == repr(case.finding()), case.lens.name, "the finding differs when concluded again")


def _check_spreads(case: Case) -> None:
    """Measures report the results of the same name, undefined worlds counted."""
    best, over = case.compute(case.best), case.compute(case.over)
    for measure in case.finding().measures:
        spread = measure.spread
        require(spread.worlds == case.over.size, case.lens.name, f"measure '{measure.name}' miscounts worlds")
        if measure.name in over and over[measure.name].ndim == 1:
            expected = Spread.of(float(best[measure.name][0]), over[measure.name])
            require(
                alike(spread, expected, 0.0),
                case.lens.name,
                f"measure '{measure.name}' is not what was computed",
            )


def alike(one: Spread, other: Spread, tolerance: float = _CLOSE) -> bool:
    """Whether two spreads agree within a tolerance, the undefined with the undefined."""
    if one.undefined != other.undefined or one.worlds != other.worlds:
        return False
    pairs = ((one.best, other.best), (one.low, other.low), (one.median, other.median), (one.high, other.high))
    return all(_near(a, b, tolerance) for a, b in pairs)


def _near(one: float, other: float, tolerance: float) -> bool:
    """Whether two numbers agree, NaN with NaN."""
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    return abs(one - other) <= tolerance * max(1.0, abs(one), abs(other))


def _check_order(case: Case) -> None:
    """The order in which a file lists things changes no bit and no word."""
    other = Case(case.lens, reordered(case.situation), case.best, case.over)
    results, turned = case.compute(case.over), other.compute(case.over)
    require(
        results.keys() == turned.keys(), case.lens.name, "names of results depend on the order in the file"
    )
    for key, values in results.items():
        require(same_bits(values, turned[key]), case.lens.name, f"'{key}' depends on the order in the file")
    one, two = case.finding(), other.finding()
    require(one.says == two.says, case.lens.name, "its sentences depend on the order in the file")
    require(
        repr(one.tables) == repr(two.tables), case.lens.name, "its tables depend on the order in the file"
    )


def _check_names(case: Case, reverse: bool) -> None:
    """Other names for actors, issues and threats change no number."""
    names = names_of(case.situation, reverse)
    other = renamed(case.situation, names)
    paths = _paths_between(case.lens, case.situation, other)
    best, over = (_under(paths, worlds) for worlds in (case.best, case.over))
    one, two = case.finding(), Case(case.lens, other, best, over).finding()
    how = "when names sort the other way round" if reverse else "when names change"
    require(one.status == two.status, case.lens.name, f"its status changes {how}")
    require(len(one.tables) == len(two.tables), case.lens.name, f"its tables change in number {how}")
    require(len(one.measures) == len(two.measures), case.lens.name, f"its measures change in number {how}")
    found = {measure.name: measure.spread for measure in two.measures}
    for measure in one.measures:
        spreads = [found[name] for name in _new_names(measure.name, names, found)]
        fits = any(alike(measure.spread, spread) for spread in spreads)
        require(fits, case.lens.name, f"measure '{measure.name}' changes {how}")


def _paths_between(lens: Lens, one: Situation, two: Situation) -> dict[str, str]:
    """Path of each number in one situation to its path in the renamed one: both run in the same order."""
    stated = dict(zip(estimates(bare(one)), estimates(two), strict=True))
    filled = zip(_filled(lens, one), _filled(lens, two), strict=True)
    return stated | dict(filled)


def _filled(lens: Lens, situation: Situation) -> list[str]:
    """Paths of the numbers a lens fills, in order."""
    stated = estimates(situation)
    return [path for path in with_fills(situation, lens) if path not in stated]


def _under(paths: Mapping[str, str], worlds: Worlds) -> Worlds:
    """The same worlds under other paths; numbers that no lens can see any more are left out."""
    names = tuple(paths.get(name, name) for name in worlds.names)
    fixed = {paths.get(name, name): value for name, value in worlds.fixed.items()}
    return Worlds(names, worlds.array.copy(), fixed, worlds.first)


def _new_names(
    measure: str, names: Mapping[str, Mapping[str, str]], found: Mapping[str, Spread]
) -> list[str]:
    """What a measure may be called after renaming: exactly, else with its parts in another order."""
    options: list[list[str]] = [[]]
    for part in measure.split("."):
        choices = {block[part] for block in names.values() if part in block} or {part}
        options = [[*head, choice] for head in options for choice in sorted(choices)]
    exact = [".".join(parts) for parts in options if ".".join(parts) in found]
    if exact:
        return exact
    wanted = [sorted(parts) for parts in options]
    return [name for name in found if sorted(name.split(".")) in wanted]


def _check_missing(case: Case) -> None:
    """A stance that is left out is unknown: no result about that actor on that issue, and never a crash."""
    every = [(issue, actor) for issue, held in case.situation.stances.items() for actor in held]
    for issue, actor in every[:: max(1, len(every) // LEFT_OUT)]:
        less = without_stance(case.situation, issue, actor)
        if case.lens.needs(less):
            continue
        finding = Case(case.lens, less, case.best, case.over).finding()
        check_finding(case.lens, less, finding, case.over.size)
        for measure in finding.measures:
            parts = measure.name.split(".")
            known = actor in parts and issue in parts and not _same_name(case.situation, actor, issue)
            says = f"measure '{measure.name}' is defined although {actor} says nothing about {issue}"
            require(not known, case.lens.name, says)


def _same_name(situation: Situation, actor: str, issue: str) -> bool:
    """Whether a name stands for several things, so that it proves nothing in a measure's name."""
    threats = situation.partnership.threats
    return actor in situation.issues or issue in situation.actors or actor in threats or issue in threats


def _check_flip(case: Case, under_flip: Callable[[str], Flip | None]) -> None:
    """Turning every scale round changes measures as declared."""
    turned = Case(
        case.lens,
        flipped(case.situation),
        _mirrored(case.situation, case.best),
        _mirrored(case.situation, case.over),
    )
    found = {measure.name: measure.spread for measure in turned.finding().measures}
    for measure in case.finding().measures:
        what = under_flip(measure.name)
        if what is not None:
            says = f"measure '{measure.name}' is not '{what}' when scales are turned round"
            expected = _turned(measure.spread, what, case.situation, measure.name)
            require(measure.name in found and alike(found[measure.name], expected), case.lens.name, says)


def _mirrored(situation: Situation, worlds: Worlds) -> Worlds:
    """The same worlds with every position mirrored on its scale, and effects of options turned the other way."""
    array, fixed = worlds.array.copy(), dict(worlds.fixed)
    for path in (*worlds.names, *worlds.fixed):
        parts = path.split(".")
        effect = parts[0] == "options" and parts[2] == "effects"
        if effect or (parts[0] == "stances" and parts[-1] == "position"):
            scale = None if effect else situation.issues[parts[1]].scale
            across = 0.0 if scale is None else scale.low + scale.high
            if path in fixed:
                fixed[path] = across - fixed[path]
            else:
                column = worlds.names.index(path)
                array[:, column] = across - array[:, column]
    return Worlds(worlds.names, array, fixed, worlds.first)


def _turned(spread: Spread, what: Flip, situation: Situation, name: str) -> Spread:
    """What a spread becomes when scales are turned round."""
    if what == "same":
        return spread
    scale = situation.issues[name.rpartition(".")[2]].scale if what == "scale" else None
    across = 0.0 if what == "opposite" else 1.0 if scale is None else scale.low + scale.high
    return Spread(
        across - spread.best,
        across - spread.high,
        across - spread.median,
        across - spread.low,
        spread.worlds,
        spread.undefined,
    )
