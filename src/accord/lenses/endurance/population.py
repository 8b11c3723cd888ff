"""The reference population: plausible partnerships of one structure, drawn from the priors (page, section 4)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from accord.engine.store import digest
from accord.lenses.endurance.fields import FIELDS
from accord.lenses.endurance.gather import cast_of
from accord.lenses.endurance.inputs import Parameters, parameters
from accord.lenses.endurance.moment import options
from accord.lenses.endurance.ranges import Prior
from accord.problems import RunError
from accord.situation import Situation

SIZE, SEED = 2000, 0
_DRAWN_AT_ONCE, _MOST_DRAWS = 4000, 2_000_000


@dataclass(frozen=True, slots=True)
class Structure:
    """How many there are of everything; a case is compared with partnerships of its own structure.

    Everybody has one suitor and is in from the start: offers and entries are what a case is compared in.
    """

    patrons: int = 2
    client: bool = True
    threats: int = 1
    resources: int = 2
    issues: int = 3
    quorum: int = 2

    @property
    def slug(self) -> str:
        """A short name, for files."""
        client = "client" if self.client else "no-client"
        return (
            f"{self.patrons}-patrons-{client}-{self.threats}-threats-{self.resources}-resources"
            f"-{self.issues}-issues-quorum-{self.quorum}"
        )

    def __str__(self) -> str:
        """In words."""
        counts = (
            (self.patrons, "partner", "partners"),
            (int(self.client), "client", "clients"),
            (self.threats, "threat", "threats"),
            (self.resources, "kind of means", "kinds of means"),
            (self.issues, "issue", "issues"),
        )
        said = [f"{count} {one if count == 1 else many}" for count, one, many in counts]
        return f"{', '.join(said)}, quorum {self.quorum}"


REFERENCE = Structure()


def structure_of(situation: Situation) -> Structure:
    """The structure of a situation."""
    cast = cast_of(situation)
    return Structure(
        len(cast.patrons),
        cast.client is not None,
        len(cast.threats),
        len(cast.resources),
        len(cast.issues),
        situation.partnership.quorum,
    )


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to draw the population.

    Parameters
    ----------
    label : str
        In words.
    prior : {'uniform', 'half', 'pert', 'drifting'}
    viable : bool
        Whether only draws are kept in which everybody would rather stay at the start.
    """

    label: str
    prior: Prior = "uniform"
    viable: bool = True


VARIANTS: dict[str, Variant] = {
    "plain": Variant("the priors as they are"),
    "half": Variant("half-width ranges", prior="half"),
    "pert": Variant("PERT instead of uniform", prior="pert"),
    "unfiltered": Variant("no viability filter", viable=False),
}

# Populations that only calibrations of the user's own are taken with.
REDRAWN: dict[str, Variant] = {"drifting": Variant("drifts as measured of states", prior="drifting")}


def variant_named(name: str) -> Variant:
    """A way to draw the population by its name."""
    return REDRAWN[name] if name in REDRAWN else VARIANTS[name]


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Plausible partnerships that would have formed.

    Parameters
    ----------
    numbers : Parameters
    rejected : float
        Share of draws in which somebody would rather leave than stay at the start.
    digest : str
        Of the numbers.
    """

    numbers: Parameters
    rejected: float
    digest: str


def population(
    size: int = SIZE, seed: int = SEED, structure: Structure = REFERENCE, variant: str = "plain"
) -> Population:
    """Draws from the priors, kept where staying is worth more than leaving to every patron at the start.

    Raises
    ------
    RunError
        When hardly any draw is viable.
    """
    how = variant_named(variant)
    kept: list[Parameters] = []
    have = seen = rejected = 0
    while have < size:
        drawn = _drawn(structure, how, seed, seen)
        stays = viable(drawn)
        good = np.flatnonzero(stays) if how.viable else np.arange(drawn.worlds)
        wanted = good[: size - have]
        last = int(wanted[-1]) + 1 if len(wanted) == size - have else _DRAWN_AT_ONCE
        seen, rejected = seen + last, rejected + int((~stays[:last]).sum())
        kept.append(drawn.take(wanted))
        have += len(wanted)
        if seen >= _MOST_DRAWS and have < size:
            raise RunError(f"only {have} of {seen:,} draws of a partnership of {structure} would have formed")
    vector = np.concatenate([part.vector for part in kept])
    scale = np.concatenate([part.scale for part in kept])
    whole = kept[0].take(np.zeros(size, np.int64)).replaced(vector, scale)
    # What a bargaining model settles is no number of these partnerships: their members' mean holds.
    numbers = {field.name: whole.of(field.name) for field in FIELDS if field.name != "agreed"}
    return Population(whole, rejected / seen, digest(numbers))


def viable(numbers: Parameters) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Worlds in which staying is worth more than leaving to every patron at the start, shape (worlds,)."""
    values = options(numbers).values
    return np.asarray((values[..., 0] > values[..., 2]).all(axis=1))


def _drawn(structure: Structure, how: Variant, seed: int, first: int) -> Parameters:
    """The next draws, viable or not."""
    names = (
        ("threat",) if structure.threats == 1 else tuple(f"threat_{k + 1}" for k in range(structure.threats))
    )
    means = ("air", "ground", *(f"means_{k}" for k in range(3, structure.resources + 1)))
    return parameters(
        tuple("abcde"[: structure.patrons]),
        worlds=_DRAWN_AT_ONCE,
        seed=seed,
        first=first,
        threats=names,
        issues=tuple(f"issue_{k + 1}" for k in range(structure.issues)),
        resources=means[: structure.resources],
        client=structure.client,
        quorum=structure.quorum,
        prior=how.prior,
    )
