"""How much work a run does: worlds for each of its parts."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Effort:
    """Worlds for each part of a run; each part looks at the first so many worlds.  0 leaves a part out.

    Parameters
    ----------
    name : str
    worlds : int
        Base run and strategic index, at the default calibration.
    trials : int
        Further trials.
    scenarios : int
    calibrations : int
        Each other calibration and prior variant.
    claims : int
    levers : int
        Tornado, and what would change the label.
    conflict : int
        Which outcomes would stick.
    bargaining : int
        What they would settle on by models beside the weighted mean.
    """

    name: str
    worlds: int
    trials: int
    scenarios: int
    calibrations: int
    claims: int
    levers: int
    conflict: int
    bargaining: int

    def within(self, worlds: int) -> Effort:
        """The same for a run of so many worlds: no part looks at more of them."""
        judged = (self.calibrations, self.claims, self.levers)
        parts = (self.trials, self.scenarios, *judged, self.conflict, self.bargaining)
        if self.name == THOROUGH.name:
            return Effort(self.name, worlds, *(worlds for _ in parts))
        return Effort(self.name, worlds, *(min(part, worlds) for part in parts))

    def bare(self) -> Effort:
        """The same without looks at other calibrations, claims and levers."""
        return replace(self, calibrations=0, claims=0, levers=0)


QUICK = Effort("quick", 128, 32, 0, 0, 0, 0, 128, 64)
LOOK = Effort("look", 1024, 256, 0, 0, 0, 0, 512, 256)
USUAL = Effort("usual", 2048, 256, 256, 256, 512, 128, 512, 256)
THOROUGH = Effort("thorough", 2048, 0, 0, 0, 0, 0, 0, 0)
EFFORTS: dict[str, Effort] = {effort.name: effort for effort in (QUICK, USUAL, THOROUGH)}
