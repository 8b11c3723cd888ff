"""Variants that take over what they share: to the last bit what drawing them anew gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from accord.situation import Correlation, Estimate, Situation
from accord.worlds import Worlds, draw, drawing, plan
from accord.worlds.drawing import Drawn, redrawn

Build = Callable[..., Situation]
COUNT = 64
BASE: dict[str, Estimate] = {
    "a": Estimate(0.3, 0.1, 0.8, "pert"),
    "b": Estimate(None, 0.0, 1.0, "uniform"),
    "c": Estimate(0.5, 0.2, 0.9, "triangular"),
    "d": Estimate(0.4),
    "e": Estimate(0.6, 0.1, 0.9, "pert"),
}
VARIANTS: dict[str, Mapping[str, Estimate]] = {
    "nothing": {},
    "held": {"a": Estimate(0.2)},
    "another range": {"b": Estimate(None, 0.2, 0.4, "uniform")},
    "freed": {"d": Estimate(0.4, 0.1, 0.7, "pert")},
    "everything": {name: Estimate(0.5, 0.0, 1.0, "pert") for name in BASE},
}


def path_of(name: str) -> str:
    """Where a number stands."""
    return f"stances.{name}.iran.position"


def same(one: Worlds, other: Worlds) -> bool:
    """Whether two stretches of worlds are the same to the last bit, layout included."""
    return (
        one.names == other.names
        and one.array.tobytes(order="F") == other.array.tobytes(order="F")
        and one.array.flags.f_contiguous == other.array.flags.f_contiguous
        and dict(one.fixed) == dict(other.fixed)
        and (one.first, one.seed) == (other.first, other.seed)
    )


def both(
    base: Situation, variant: Situation, method: str, stretch: tuple[int, int], together: bool
) -> tuple[Worlds, Worlds]:
    """A variant taken over and drawn anew."""
    planned = plan(base, variant) if together else plan(base)
    own = plan(base, variant)
    drawn = draw(planned, base, COUNT, 3, method, *stretch)
    return redrawn(Drawn(drawn, planned, base, COUNT, method), own, variant), draw(
        own, variant, COUNT, 3, method, *stretch
    )


@pytest.mark.parametrize("together", [True, False], ids=["one plan", "two plans"])
@pytest.mark.parametrize("method", ["sobol", "latin"])
@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_what_drawing_it_gives(build: Build, name: str, method: str, together: bool) -> None:
    base, variant = build(BASE), build({**BASE, **VARIANTS[name]})
    for stretch in ((1, COUNT + 1), (5, 6), (17, 40), (4, 4)):
        assert same(*both(base, variant, method, stretch, together))


@pytest.mark.parametrize("ties", [{}, {"pair": Correlation((path_of("a"), path_of("b")), 0.7)}])
@pytest.mark.parametrize("name", VARIANTS)
def test_correlated_numbers(build: Build, name: str, ties: dict[str, Correlation]) -> None:
    base = build(BASE, {"pair": Correlation((path_of("a"), path_of("b")), 0.5)})
    variant = build({**BASE, **VARIANTS[name]}, ties)
    assert same(*both(base, variant, "sobol", (1, COUNT + 1), True))


def test_numbers_that_come_and_go(build: Build) -> None:
    base = build(BASE)
    fewer = build({name: one for name, one in BASE.items() if name != "c"})
    more = build({**BASE, "f": Estimate(None, 0.0, 1.0, "uniform")})
    assert same(*both(base, fewer, "sobol", (1, COUNT + 1), True))
    assert same(*both(base, more, "sobol", (1, COUNT + 1), False))
    assert same(*both(more, base, "sobol", (1, COUNT + 1), False))


def test_only_what_differs_is_drawn(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    base, variant = build(BASE), build({**BASE, **VARIANTS["another range"]})
    planned = plan(base, variant)
    like = Drawn(draw(planned, base, COUNT, 0), planned, base, COUNT, "sobol")
    monkeypatch.setattr(drawing, "draw", lambda *_, **__: pytest.fail("all of it was drawn"))
    found = redrawn(like, planned, variant)
    assert np.array_equal(found.of(path_of("a")), like.worlds.of(path_of("a")))
    assert not np.array_equal(found.of(path_of("b")), like.worlds.of(path_of("b")))


def test_what_cannot_be_drawn_is_told(build: Build) -> None:
    base, bad = build(BASE), build({**BASE, "a": Estimate(2.0, 0.0, 1.0, "pert")})
    planned = plan(base, bad)
    like = Drawn(draw(planned, base, COUNT, 0), planned, base, COUNT, "sobol")
    with pytest.raises(ValueError, match=r"stances\.a\.iran\.position"):
        redrawn(like, planned, bad)
    stranger = build({**BASE, "z": Estimate(None, 0.0, 1.0, "uniform")})
    with pytest.raises(ValueError, match="another situation"):
        redrawn(like, planned, stranger)


def test_numbers_that_no_plan_draws_are_left_to_whoever_added_them(build: Build) -> None:
    base, variant = build(BASE), build({**BASE, **VARIANTS["held"]})
    planned = plan(base, variant)
    drawn = draw(planned, base, COUNT, 0)
    more = drawn.with_numbers({"issues.a.policy": np.linspace(0.0, 1.0, COUNT)})
    found = redrawn(Drawn(more, planned, base, COUNT, "sobol"), planned, variant)
    assert same(found, draw(planned, variant, COUNT, 0))
