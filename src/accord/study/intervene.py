"""Interventions: the same worlds looked at with something changed, on common random numbers."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from accord.files.overlay import overlay
from accord.finding import Draws, FloatArray, Lens
from accord.lenses import all_lenses
from accord.problems import did_you_mean
from accord.situation import Change, Estimate, Situation, Vocabulary, estimates, fits
from accord.study.needing import needs_of
from accord.study.policy import with_policy
from accord.worlds import Plan, Worlds, best_of, draw, omitted, plan
from accord.worlds.design import check_count
from accord.worlds.drawing import Drawn, redrawn

if TYPE_CHECKING:
    from accord.lenses.endurance.calibration import Calibration
    from accord.lenses.endurance.reference import Key, Others

# Lenses that work out single outputs without the rest; the others are asked for everything.
_OBSERVERS: dict[str, str] = {"endurance": "accord.lenses.endurance.outputs"}
Place = Callable[[FloatArray, FloatArray], dict[str, FloatArray]]


def intervene(situation: Situation, changes: Mapping[str, Change], vocabulary: Vocabulary) -> Situation:
    """The situation with changes; the situation itself when there are none.

    Raises
    ------
    SituationError
        With every change that does not fit.
    """
    return overlay(situation, changes, vocabulary) if changes else situation


def _done(change: Change) -> str:
    """What a change does, without the reasons for it."""
    return repr((change.to, change.times, change.plus))


@dataclass(eq=False)
class Pairs:
    """Looks at a situation and at what interventions make of it, world by world on the same random numbers.

    A number that both arms have at the same path has the same place in the design, and so the same value wherever its
    distribution is the same; luck inside a lens belongs to the number of a world.  What has been worked out is kept by
    the digest of the situation, so that an arm that several comparisons share is worked out once.

    Parameters
    ----------
    situation : Situation
    vocabulary : Vocabulary
    worlds : int
        Worlds of the whole design (a power of two for Sobol points).
    seed : int
    method : {'sobol', 'latin'}
    count : int, optional
        The first so many of them are looked at; all by default.
    replicates, drawn : int
        Runs of each world, for survival weights and for drawn paths.
    place : callable, optional
        From strategic index and hazard ratio to ranks and quadrants by name (for outputs such as ``quadrant.NAME``).
    others : Others, optional
        How the situation is held against other calibrations, with what is known of that already.
    """

    situation: Situation
    vocabulary: Vocabulary
    worlds: int
    seed: int = 0
    method: str = "sobol"
    count: int | None = None
    replicates: int = 8
    drawn: int = 16
    place: Place | None = None
    others: Others | None = None
    _kept: dict[tuple[str, str], FloatArray] = field(default_factory=dict, repr=False)
    _lenses: tuple[Lens, ...] = field(default_factory=all_lenses, repr=False)
    # Arms by their changes without the words about these, so that one set against itself is there once.
    _arms: dict[tuple[tuple[str, str], ...], Situation] = field(default_factory=dict, repr=False)
    # Arms in which only stated numbers are changed, by digest: the paths of those.
    _alike: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _calibration: Any = field(default=None, repr=False)
    _shocked: Any = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse numbers of worlds that cannot be drawn."""
        check_count(self.worlds, self.method)

    @property
    def looked_at(self) -> int:
        """How many worlds are looked at."""
        return self.worlds if self.count is None else min(self.count, self.worlds)

    @property
    def calibration(self) -> Calibration:
        """The default calibration of the situation as it stands, in force for every arm."""
        if self._calibration is None:
            from accord.lenses.endurance.compute import calibration_of

            self._calibration = calibration_of(self.situation)
        found: Calibration = self._calibration
        return found

    def with_runs(self, replicates: int, drawn: int) -> Pairs:
        """The same worlds with other numbers of runs; nothing that has been worked out goes along."""
        return dataclasses.replace(self, replicates=replicates, drawn=drawn, _kept={})

    def arm(self, changes: Mapping[str, Change]) -> Situation:
        """The situation with changes; errors as :func:`intervene`.

        Changes that differ in nothing but the reasons given for them make the same arm, with the reasons of the first.
        """
        key = tuple(sorted((path, _done(change)) for path, change in changes.items()))
        if key in self._arms:
            return self._arms[key]
        made = intervene(self.situation, changes, self.vocabulary)
        if made is not self.situation and all(path in self._own for path in changes):
            self._alike[made.digest] = frozenset(changes)
        self._arms[key] = made
        return made

    def covered(self, name: str) -> int:
        """In how many of the worlds that are looked at an output is worked out."""
        lens, _, output = name.partition(".")
        if lens not in _OBSERVERS:
            return self.looked_at
        module = import_module(_OBSERVERS[lens])
        return int(module.covered(output, self.looked_at, self._others))

    def know(self, key: Key, index: FloatArray, ratio: FloatArray) -> None:
        """Keep what another calibration makes of the situation as it stands, for whoever looks at the same worlds.

        Parameters
        ----------
        key : Key
            The calibration, with priors as they are.
        index, ratio : ndarray, shape (worlds,)
            Strategic index and trial hazard ratio; taken where these are the worlds in which others are looked at.
        """
        if index.size == min(self._others.worlds, self.looked_at):
            self._others.known[key] = index, ratio

    @property
    def held_how(self) -> tuple[int, bool, int]:
        """Worlds in which other calibrations are looked at, whether as in a whole run, and runs under the default one."""
        return self._others.worlds, self._others.whole, self._others.own

    @property
    def _others(self) -> Others:
        """How the situation is held against other calibrations."""
        if self.others is None:
            from accord.lenses.endurance.reference import Others

            self.others = Others()
        return self.others

    def observe(self, situation: Situation, names: Iterable[str]) -> dict[str, FloatArray]:
        """One value per world for every output.

        Parameters
        ----------
        situation : Situation
            The one of these pairs, or an arm of it.
        names : iterable of str
            With the lens in front: ``endurance.survival.theatre.60``, ``interests.similarity.now.iran.russia``.

        Returns
        -------
        dict of str to ndarray, shape (worlds,)
            NaN in worlds in which an output is undefined.

        Raises
        ------
        ValueError
            For a lens or an output that there is not, or a lens that does not fit, with the reason.
        """
        wanted = list(dict.fromkeys(names))
        missing: dict[str, list[str]] = {}
        for name in wanted:
            if (situation.digest, name) not in self._kept:
                lens, _, output = name.partition(".")
                missing.setdefault(lens, []).append(output)
        for lens, outputs in sorted(missing.items()):
            found = self._worked_out(situation, lens, outputs)
            self._kept |= {(situation.digest, f"{lens}.{name}"): value for name, value in found.items()}
        return {name: self._kept[situation.digest, name] for name in wanted}

    def drawn_for(self, situation: Situation, lens: str) -> Worlds:
        """The worlds that are looked at, as a lens sees them; errors as :meth:`observe`."""
        own = self._fitting(situation, lens)
        base = self._drawn.seen(self._hidden(own, self._base), True)
        if situation is self.situation:
            return base
        varies = (self.situation, base)
        held = self._held(situation)
        if held is not None:
            return held.seen(self._hidden(own, self._base), True, varies)
        planned = self._planned(situation)
        like = Drawn(self._drawn, self._base, self.situation, self.worlds, self.method)
        drawn = with_policy(situation, redrawn(like, planned, situation))
        return drawn.seen(self._hidden(own, planned), True, varies)

    def _hidden(self, lens: Lens, planned: Plan) -> frozenset[str]:
        """Assumptions that a lens did not ask for."""
        return frozenset(path for path in planned.extra if not fits(path, lens.fills))

    def _draw(self, planned: Plan, situation: Situation) -> Worlds:
        """The first worlds of the design."""
        stop = self.looked_at + 1
        drawn = draw(planned, situation, self.worlds, self.seed, method=self.method, stop=stop)
        return with_policy(situation, drawn)

    @cached_property
    def _drawn(self) -> Worlds:
        """The worlds of the situation as it stands."""
        return self._draw(self._base, self.situation)

    def _held(self, situation: Situation) -> Worlds | None:
        """The worlds of an arm in which stated numbers are held at one value each; None for other arms."""
        paths, base = self._alike.get(situation.digest), self._drawn
        if paths is None:
            return None
        numbers = estimates(situation)
        if not all(path in numbers and numbers[path].is_fixed for path in paths):
            return None
        left = [column for column, name in enumerate(base.names) if name not in paths]
        names = tuple(base.names[column] for column in left)
        fixed = {**base.fixed, **{path: best_of(numbers[path]) for path in paths}}
        array = np.asfortranarray(base.array[:, left])
        return with_policy(situation, Worlds(names, array, fixed, base.first, base.seed))

    def _fitting(self, situation: Situation, lens: str) -> Lens:
        """A lens by name; ValueError when there is none, or it does not fit."""
        known = {one.name: one for one in self._lenses}
        if lens not in known:
            hint = did_you_mean(lens, known)
            raise ValueError(f"there is no lens '{lens}'{'; ' + hint if hint else ''}")
        needs = needs_of(known[lens], situation)
        if needs:
            listed = "; ".join(f"{need.path}: {need.says}" for need in needs)
            raise ValueError(f"the {lens} lens does not fit: it would need {listed}")
        return known[lens]

    def _priors(self, situation: Situation) -> dict[str, Estimate]:
        """Priors of what the lenses that fit would have to assume."""
        fit = [one for one in self._lenses if not needs_of(one, situation)]
        return omitted(situation, self.vocabulary, tuple(pattern for one in fit for pattern in one.fills))

    @cached_property
    def _own(self) -> frozenset[str]:
        """Paths of the numbers that the situation states."""
        return frozenset(estimates(self.situation))

    @cached_property
    def _base(self) -> Plan:
        """What is drawn for the situation as it stands."""
        return plan(self.situation, extra=self._priors(self.situation))

    @cached_property
    def _places(self) -> frozenset[str]:
        """Paths that are drawn for the situation as it stands."""
        return frozenset(self._base.paths)

    def _planned(self, situation: Situation) -> Plan:
        """What is drawn for an arm: the numbers of the base at the places that they have there, then others."""
        base, paths = self._base, self._places
        # An arm in which only stated numbers are changed assumes what the base does.
        alike = situation.digest in self._alike or situation is self.situation
        if alike and all(one.is_fixed or path in paths for path, one in estimates(situation).items()):
            return base
        priors = dict(base.extra) if alike else self._priors(situation)
        whole = plan(self.situation, situation, extra={**base.extra, **priors})
        late = sorted(set(whole.paths) - set(base.paths))
        return dataclasses.replace(whole, paths=(*base.paths, *late), extra=priors)

    def _worked_out(self, situation: Situation, lens: str, names: Sequence[str]) -> dict[str, FloatArray]:
        """Outputs of one lens."""
        worlds = self.drawn_for(situation, lens)
        if lens in _OBSERVERS:
            observed: dict[str, FloatArray] = import_module(_OBSERVERS[lens]).observe(
                situation,
                worlds,
                names,
                calibration=self.calibration,
                replicates=self.replicates,
                drawn=self.drawn,
                place=self.place,
                **self._shared(situation, worlds, lens),
            )
            return observed
        return self._columns(situation, worlds, lens, names)

    def _shared(self, situation: Situation, worlds: Worlds, lens: str) -> dict[str, Any]:
        """What an arm can take over from the situation as it stands: what shocks do; and what is known beside."""
        from accord.lenses.endurance.pieces import Shocked, spared

        paths, own = self._alike.get(situation.digest, frozenset()), situation is self.situation
        others = self._others if own else self._others.for_arm()
        if not own and (not paths or not spared(self.situation, paths)):
            return {"others": others, "alike": bool(paths)}
        if self._shocked is None:
            self._shocked = Shocked.of(self.situation, self.drawn_for(self.situation, lens))
        return {"like": self._shocked, "others": others, "alike": bool(paths)}

    def _columns(
        self, situation: Situation, worlds: Draws, lens: str, names: Sequence[str]
    ) -> dict[str, FloatArray]:
        """Columns of a lens that works everything out together."""
        own = next(one for one in self._lenses if one.name == lens)
        found = own.compute(situation, worlds)
        single = {name: value for name, value in found.items() if value.shape == (worlds.size,)}
        told = []
        for name in names:
            if name not in single:
                hint = did_you_mean(name, single)
                told.append(f"there is no output '{name}' of the {lens} lens{'; ' + hint if hint else ''}")
        if told:
            raise ValueError("; ".join(told))
        return {name: np.array(single[name]) for name in names}
