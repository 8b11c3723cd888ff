"""The reference population: the same partnerships every time, all of which would have formed, in every structure."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from numpy.typing import NDArray

import accord
from accord.lenses.endurance.compute import kind_of
from accord.lenses.endurance.fields import FIELDS, Field
from accord.lenses.endurance.inputs import Parameters, parameters
from accord.lenses.endurance.population import (
    REFERENCE,
    VARIANTS,
    Population,
    Structure,
    population,
    structure_of,
    viable,
)
from accord.lenses.endurance.ranges import Prior, hard_limits
from accord.lenses.endurance.reference import SHIPPED, _shipped, keys_for, keys_shipped
from accord.problems import RunError

FloatArray = NDArray[np.float64]
# Of the 2,000 partnerships of the page's structure; rounded, for the last digit of a logarithm differs by processor.
RECORDED = "9646544da3597e9c11b7f82771b25f70ac079c5e2eb318b90d0c4e7e6b4b258b"
WORLDS = 3000


@pytest.fixture(scope="module")
def whole() -> Population:
    """The population of the reference structure."""
    return population()


def rounded_digest(people: Population) -> str:
    """SHA-256 over every number to nine decimals, but for what is settled beforehand, which here nothing is."""
    made, shape = people.numbers, people.numbers.shape
    agreed = [shape.index("agreed", k) for k in range(shape.issues)]
    assert not made.vector[:, agreed].any()
    drawn = np.delete(made.vector, agreed, axis=1)
    numbers = np.round(np.concatenate([drawn, made.scale[:, None]], axis=1), 9)
    return hashlib.sha256((numbers + 0.0).astype("<f8").tobytes()).hexdigest()


def test_the_population_is_the_one_on_record(whole: Population) -> None:
    assert whole.numbers.worlds == 2000
    assert rounded_digest(whole) == RECORDED


def test_the_same_seed_gives_the_same_population_and_another_another(whole: Population) -> None:
    again = population()
    assert again.digest == whole.digest
    assert again.numbers.vector.tobytes() == whole.numbers.vector.tobytes()
    other = population(100, seed=1)
    assert other.digest != population(100).digest
    assert len(whole.digest) == 64


def test_a_smaller_population_is_the_beginning_of_the_whole(whole: Population) -> None:
    small = population(100)
    np.testing.assert_array_equal(small.numbers.vector, whole.numbers.vector[:100])
    np.testing.assert_array_equal(small.numbers.scale, whole.numbers.scale[:100])


def test_every_member_would_have_formed(whole: Population) -> None:
    assert viable(whole.numbers).all()


def test_the_rejected_share_is_that_of_the_draws_used(whole: Population) -> None:
    """Members are the viable draws in their order; all draws up to the last member count, and none after it."""
    drawn = parameters(worlds=8000)
    stays = viable(drawn)
    used = int(np.flatnonzero(stays)[1999]) + 1
    assert 4000 < used < 8000, "the draws used reach into a second helping"
    assert whole.rejected == pytest.approx(1.0 - 2000 / used, abs=1e-12)
    np.testing.assert_array_equal(whole.numbers.vector, drawn.vector[:used][stays[:used]])


def test_without_the_filter_draws_are_kept_that_would_not_have_formed() -> None:
    people = population(400, variant="unfiltered")
    stays = viable(people.numbers)
    np.testing.assert_array_equal(people.numbers.vector, parameters(worlds=400).vector)
    assert not stays.all()
    assert people.rejected == pytest.approx(1.0 - stays.mean(), abs=1e-12)


def test_a_structure_that_hardly_ever_forms_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    where = "accord.lenses.endurance.population"
    monkeypatch.setattr(f"{where}._MOST_DRAWS", 4000)
    monkeypatch.setattr(f"{where}.viable", lambda numbers: np.arange(numbers.worlds) == 17)
    with pytest.raises(RunError, match="only 1 of 4,000 draws of a partnership of 2 partners, 1 client"):
        population(10)


def drawn_field(numbers: Parameters, field: Field) -> FloatArray:
    """Every drawn value of one field, offers as medians and of each patron's own suitor only."""
    values = numbers.of(field.name)
    if field.block == "ps":
        values = values[:, [0, 1], [0, 1]]
    return np.exp(values) if field.name == "size" else values


def spans() -> list[Field]:
    """Fields that are drawn from a range."""
    found = []
    for field in FIELDS:
        limit = hard_limits()[field.name]
        if field.block == "pe" or field.name == "weight" or limit.shape in ("zero", "bernoulli"):
            continue
        assert limit.prior is not None
        if limit.prior[0] < limit.prior[1]:
            found.append(field)
    return found


def evenly(field: Field, values: FloatArray) -> FloatArray:
    """Where values lie in their prior range, 0 to 1, in the measure in which the prior is even."""
    limit = hard_limits()[field.name]
    assert limit.prior is not None
    low, high = limit.prior
    if limit.shape == "log":
        return np.asarray(np.log(values / low) / np.log(high / low))
    if limit.shape == "log1m":
        return np.asarray(np.log((1.0 - values) / (1.0 - low)) / np.log((1.0 - high) / (1.0 - low)))
    assert limit.shape == "uniform", field.name
    return np.asarray((values - low) / (high - low))


# Ends, and variance as a share of the squared range: of even draws, of the middle half, of a beta(3, 3).
EXPECTED: dict[Prior, tuple[float, float, float]] = {
    "uniform": (0.0, 1.0, 1.0 / 12.0),
    "half": (0.25, 0.75, 1.0 / 48.0),
    "pert": (0.0, 1.0, 1.0 / 28.0),
}


@pytest.mark.parametrize("prior", list(EXPECTED))
def test_every_field_keeps_to_its_range_and_spreads_as_the_prior_says(prior: Prior) -> None:
    low, high, variance = EXPECTED[prior]
    numbers = parameters(worlds=WORLDS, seed=5, prior=prior, numeraire=False)
    assert len(spans()) > 40
    for field in spans():
        place = evenly(field, drawn_field(numbers, field))
        if field.name == "trust":
            place = place[:, [0, 1], [1, 0]]
        assert place.min() >= low - 1e-9, field.name
        assert place.max() <= high + 1e-9, field.name
        # Four standard errors of a mean, and of a variance (of which the fourth moment is at most 1/80).
        count = place.size
        assert abs(place.mean() - 0.5) <= 4.0 * np.sqrt(variance / count), field.name
        assert abs(place.var() - variance) <= 4.0 * np.sqrt((0.0125 - variance**2) / count) + 1e-3, field.name
        # Both ends are reached: the support is the whole of it, not a part.
        reach = 0.08 if prior == "pert" else 0.01
        assert place.min() < low + reach, field.name
        assert place.max() > high - reach, field.name


@pytest.mark.parametrize("prior", ["half", "pert"])
def test_variants_share_the_luck_of_the_plain_prior(prior: Prior) -> None:
    """Common random numbers: a variant moves every draw towards the middle and keeps its side."""
    plain, other = (parameters(worlds=200, prior=p, numeraire=False) for p in ("uniform", prior))
    for field in spans():
        before, after = (evenly(field, drawn_field(n, field)) - 0.5 for n in (plain, other))
        off = np.abs(before) > 1e-9
        assert (np.sign(before) == np.sign(after))[off].all(), field.name
        assert (np.abs(after) <= np.abs(before) + 1e-9).all(), field.name


@pytest.mark.parametrize("variant", ["half", "pert"])
def test_the_population_of_a_variant_is_drawn_with_its_prior(variant: str) -> None:
    """Members are viable draws with that prior; what is not in units of utility lies where the prior puts it."""
    people = population(200, variant=variant)
    drawn = parameters(worlds=2000, prior=VARIANTS[variant].prior)
    np.testing.assert_array_equal(people.numbers.vector, drawn.vector[viable(drawn)][:200])
    assert viable(people.numbers).all()


STRUCTURES = {
    "3 partners, 1 client, 1 threat, 2 kinds of means, 3 issues, quorum 2": Structure(patrons=3),
    "3 partners, 1 client, 1 threat, 2 kinds of means, 3 issues, quorum 3": Structure(patrons=3, quorum=3),
    "2 partners, 0 clients, 1 threat, 2 kinds of means, 3 issues, quorum 2": Structure(client=False),
    "2 partners, 1 client, 0 threats, 2 kinds of means, 3 issues, quorum 2": Structure(threats=0),
    "2 partners, 1 client, 2 threats, 2 kinds of means, 3 issues, quorum 2": Structure(threats=2),
    "2 partners, 1 client, 1 threat, 2 kinds of means, 1 issue, quorum 2": Structure(issues=1),
    "2 partners, 1 client, 1 threat, 1 kind of means, 3 issues, quorum 2": Structure(resources=1),
    "2 partners, 0 clients, 0 threats, 3 kinds of means, 0 issues, quorum 2": Structure(2, False, 0, 3, 0),
}


@pytest.mark.parametrize(("said", "structure"), STRUCTURES.items())
def test_every_structure_can_be_drawn_and_is_said_in_words(said: str, structure: Structure) -> None:
    assert str(structure) == said
    people = population(20, structure=structure)
    numbers = people.numbers
    assert numbers.worlds == 20
    assert viable(numbers).all()
    assert 0.0 <= people.rejected < 1.0
    found = (len(numbers.patrons), numbers.client, len(numbers.threats), len(numbers.resources))
    assert found == (structure.patrons, structure.client, structure.threats, structure.resources)
    assert (len(numbers.issues), numbers.quorum) == (structure.issues, structure.quorum)
    for field in FIELDS:
        if field.name != "size":
            assert np.isfinite(numbers.of(field.name)).all(), field.name


def test_everybody_has_one_suitor_of_his_own() -> None:
    numbers = population(50, structure=Structure(patrons=3)).numbers
    offers = np.isfinite(numbers.of("size"))[..., :-1]
    assert (offers == np.eye(3, dtype=bool)).all()
    assert (numbers.of("rate")[..., :-1][:, ~np.eye(3, dtype=bool)] == 0.0).all()
    assert numbers.enters == (0, 0, 0)


def test_structures_have_short_names_of_their_own() -> None:
    every = [REFERENCE, *STRUCTURES.values(), *SHIPPED]
    assert len({one.slug for one in every}) == len(set(every))


def test_the_shipped_case_has_the_second_shipped_structure() -> None:
    assert structure_of(accord.read("tehran-moscow-2015")) == SHIPPED[1]
    assert SHIPPED[0] == REFERENCE


def test_every_shipped_case_starts_without_calibrating() -> None:
    for name in accord.list_cases():
        situation = accord.read(name)
        structure = structure_of(situation)
        assert structure in SHIPPED, name
        assert set(keys_for(kind_of(situation))) <= set(keys_shipped(structure)), name
        assert set(_shipped(structure)) == set(keys_shipped(structure)), name
