"""Shipped tables belong to the model as it is; cells that are worked out are kept, and never trusted when damaged."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from accord.engine.store import digest
from accord.lenses.endurance import reference
from accord.lenses.endurance.calibration import KINDS, Calibration
from accord.lenses.endurance.indices import START, WINDOW
from accord.lenses.endurance.population import REFERENCE, Population, Structure, population
from accord.lenses.endurance.reference import SHIPPED, Cell, Key, find, keys_for, replicates_of

FOLDER = files("accord.lenses.endurance").joinpath("populations")
NAMES = ("reference", "case", "no client", "no client, two threats")
# A structure that is not shipped.
OTHER = Structure(issues=1)
KEY = Key("plain", "defence", 14.0)


@pytest.fixture(params=SHIPPED, ids=NAMES)
def structure(request: pytest.FixtureRequest) -> Structure:
    """Each shipped structure."""
    found: Structure = request.param
    return found


def raw_of(structure: Structure) -> tuple[dict[str, Any], NDArray[np.float32]]:
    """Table and arrays as they are shipped."""
    table: dict[str, Any] = json.loads(FOLDER.joinpath(f"{structure.slug}.json").read_text("utf-8"))
    raw = FOLDER.joinpath(f"{structure.slug}.npy").read_bytes()
    arrays: NDArray[np.float32] = np.load(io.BytesIO(raw), allow_pickle=False)
    return table, arrays


def every_key(structure: Structure) -> list[Key]:
    """What a verdict of either default class is held against; without a client that is defence."""
    return sorted({*keys_for("defence"), *(keys_for("wartime") if structure.client else ())})


def test_every_cell_is_shipped(structure: Structure) -> None:
    table, arrays = raw_of(structure)
    assert len(every_key(structure)) == (18 if structure.client else 15)
    assert [Key(**row["key"]) for row in table["cells"]] == every_key(structure)
    reachable = [row for row in table["cells"] if row["calibration"]["nu"] is not None]
    assert arrays.shape == (len(reachable), 2, 2000)
    assert table["population"] == 2000
    assert Structure(**table["structure"]) == structure


def test_every_cell_fits_its_class_or_is_said_not_to(structure: Structure) -> None:
    for key in every_key(structure):
        cell = find(structure, key)
        assert cell is not None
        made, kind = cell.calibration, KINDS[key.kind]
        assert (cell.key, made.kind, made.beta) == (key, key.kind, key.beta)
        assert made.misfit == pytest.approx(made.one_year - kind.one_year, abs=1e-4)
        if not cell.reachable:
            assert cell.index.size == cell.ratio.size == 0
            continue
        assert made.nu is not None
        assert 0.001 <= made.nu <= 1.0
        assert abs(made.five_years - kind.five_years) < 0.005
        assert made.one_year > made.five_years
        assert cell.index.shape == cell.ratio.shape == (2000,)
        assert ((cell.index > 0.0) & (cell.index < 1.0)).all()
        assert np.isfinite(cell.ratio).all()
        assert 0.0 < cell.rejected < 1.0
        assert cell.reliability[0] > 0.95
        assert 0.6 < cell.reliability[1] < 1.0


def test_shipped_digests_are_those_of_the_arrays(structure: Structure) -> None:
    table, arrays = raw_of(structure)
    reachable = [row for row in table["cells"] if row["calibration"]["nu"] is not None]
    named = {str(Key(**row["key"])): pair for row, pair in zip(reachable, arrays, strict=True)}
    assert digest(named) == table["digest"]


# One cell of each structure, and one that is drawn from another prior.
GUARDED = [(SHIPPED[0], Key("plain", "wartime", 14.0)), (SHIPPED[1], Key("plain", "defence", 14.0))]
GUARDED.append((SHIPPED[0], Key("pert", "wartime", 14.0)))
GUARDED += [(one, Key("plain", "defence", 14.0)) for one in SHIPPED[2:]]


@pytest.mark.parametrize(("structure", "key"), GUARDED, ids=["reference", "case", "pert", *NAMES[2:]])
def test_the_model_still_gives_what_is_shipped(structure: Structure, key: Key) -> None:
    """A changed model with old tables: the first members again, numbered from 0, over both halves of the replicates."""
    cell = find(structure, key)
    assert cell is not None
    assert replicates_of(key.beta) == 16
    people = population(50, structure=structure, variant=key.variant)
    halves = [reference.survivals(people.numbers, cell.calibration, 8, seed) for seed in (0, 1)]
    base, both = (np.mean([pair[arm] for pair in halves], axis=0) for arm in (0, 1))
    index, ratio = reference.index_and_ratio(base, both, key.kind)
    np.testing.assert_allclose(index, cell.index[:50], rtol=0.0, atol=1e-6)
    np.testing.assert_allclose(ratio, cell.ratio[:50], rtol=0.0, atol=1e-6)


def test_the_guard_notices_a_changed_number() -> None:
    """A pace that differs in the fourth digit is noticed, so a changed formula is."""
    cell = find(*GUARDED[0])
    assert cell is not None
    assert cell.calibration.nu is not None
    people = population(50)
    other = replace(cell.calibration, nu=cell.calibration.nu * 1.0005)
    _, both = reference.survivals(people.numbers, other, 8, 0)
    _, same = reference.survivals(people.numbers, cell.calibration, 8, 0)
    conditional = [s[:, 1, START + WINDOW] / s[:, 1, START] for s in (both, same)]
    assert np.abs(conditional[0] - conditional[1]).max() > 1e-5


def test_a_cell_is_worked_out_from_both_halves_of_its_replicates() -> None:
    """Survival of the whole is the mean over both halves: numbers of members count from 0, seeds are 0 and 1."""
    people = population(60)
    made = reference.work_out(KEY, people)
    assert made.reachable
    calls = [reference.survivals(people.numbers, made.calibration, 8, seed, first=0) for seed in (0, 1)]
    base, both = (np.mean([pair[arm] for pair in calls], axis=0) for arm in (0, 1))
    index = both[:, 1, START + WINDOW] / both[:, 1, START]
    np.testing.assert_allclose(made.index, index, rtol=0.0, atol=1e-12)
    kept = base[:, 1, START + WINDOW] / base[:, 1, START]
    soft = -0.1 * np.log(0.755) / WINDOW
    ratio = np.log((-np.log(index) / WINDOW + soft) / (-np.log(kept) / WINDOW + soft))
    np.testing.assert_allclose(made.ratio, ratio, rtol=0.0, atol=1e-9)
    assert made.rejected == people.rejected


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache folder; nothing that was found before or here is remembered."""
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(tmp_path))
    reference.forget()
    yield tmp_path
    reference.forget()


def made_up(nu: float | None = 0.02) -> Cell:
    """A cell of three members, or one that no rate fits."""
    calibration = Calibration("defence", 14.0, nu, 0.9301, 0.7552, 0.0021)
    some = np.array([0.25, np.nan, 0.75]) if nu is not None else np.zeros(0)
    return Cell(KEY, calibration, 0.4321, (0.981, 0.8), some, np.flip(some) - 1.0)


def told_of(cell: Cell) -> tuple[object, ...]:
    """All that a cell says, to the last digit."""
    arrays = tuple(values.tobytes() for values in (cell.index, cell.ratio))
    return (asdict(cell.calibration), cell.key, cell.rejected, cell.reliability, *arrays)


@pytest.mark.parametrize("every", [False, True], ids=["one", "all of them"])
def test_whoever_works_a_cell_out_is_told_what_later_runs_read(
    cache: Path, monkeypatch: pytest.MonkeyPatch, every: bool
) -> None:
    """To the last digit: a run names its population by a digest, and the next one must name the same."""
    some = np.array([1.0 / 3.0, 0.1, 2.0 / 7.0])
    calibration = Calibration("defence", 14.0, 0.02, 0.9301, 0.7552, 0.0021)
    monkeypatch.setattr(reference, "_people", lambda structure, variant: None)

    def made(key: Key, people: Population) -> Cell:
        return Cell(key, calibration, 0.7394815683209587, (0.9855653343913335, 0.8671439), some, some - 1.0)

    monkeypatch.setattr(reference, "work_out", made)
    if every:
        reference.complete(OTHER, "defence")
    first = reference.cell(OTHER, KEY)
    reference.forget()
    later = find(OTHER, KEY)
    assert later is not None
    assert told_of(first) == told_of(later)


def kept_file(cache: Path) -> Path:
    """The only file in the cache."""
    [path] = [path for path in cache.rglob("*") if path.is_file()]
    return path


@pytest.mark.parametrize("nu", [0.02, None], ids=["reachable", "not reachable"])
def test_a_cell_comes_back_from_the_cache(cache: Path, nu: float | None) -> None:
    cell = made_up(nu)
    assert find(OTHER, KEY) is None
    reference._keep(OTHER, cell)
    found = find(OTHER, KEY)
    assert found is not None
    assert found.reachable == (nu is not None)
    np.testing.assert_array_equal(found.index, cell.index)
    np.testing.assert_array_equal(found.ratio, cell.ratio)
    plain = [(asdict(one.calibration), one.key, one.rejected, one.reliability) for one in (found, cell)]
    assert plain[0] == plain[1]
    assert kept_file(cache).name == "plain-defence-14.json"
    for other in (replace(KEY, beta=6.0), replace(KEY, kind="all"), replace(KEY, variant="half")):
        assert find(OTHER, other) is None
    assert find(Structure(issues=2), KEY) is None


def test_a_changed_model_never_meets_an_old_cell(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reference._keep(OTHER, made_up())
    monkeypatch.setattr(reference, "kernel_digest", lambda package: "f" * 64)
    reference.forget()
    assert find(OTHER, KEY) is None


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda raw: b"",
    "cut short": lambda raw: raw[:-20],
    "no text": lambda raw: b"\xff\xfe\x00\x01",
    "nothing in it": lambda raw: b"{}",
    "a list": lambda raw: b"[]",
    "a null": lambda raw: b"null",
    "a key missing": lambda raw: raw.replace(b'"misfit"', b'"fit"'),
    "no arrays": lambda raw: raw.replace(b'"arrays"', b'"other"'),
    "a word for a number": lambda raw: raw.replace(b"0.25", b'"x"'),
}


@pytest.mark.parametrize("how", list(DAMAGE))
def test_a_damaged_cell_is_not_there(cache: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """It is worked out anew and kept whole again."""
    cell = made_up()
    reference._keep(OTHER, cell)
    path = kept_file(cache)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    reference.forget()
    assert find(OTHER, KEY) is None
    calls: list[Key] = []

    def anew(key: Key, people: Population) -> Cell:
        calls.append(key)
        return cell

    monkeypatch.setattr(reference, "work_out", anew)
    monkeypatch.setattr(reference, "_people", lambda structure, variant: None)
    assert told_of(reference.cell(OTHER, KEY)) == told_of(cell)
    assert reference.cell(OTHER, KEY).index.tolist()[0] == 0.25
    assert calls == [KEY]


def test_a_folder_that_cannot_be_written_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("ACCORD_CACHE_DIR", str(blocked))
    reference.forget()
    reference._keep(OTHER, made_up())
    assert find(OTHER, KEY) is not None, "what has been worked out serves this process all the same"
    reference.forget()
    assert find(OTHER, KEY) is None
    assert blocked.read_text() == "in the way"
    reference.forget()


def test_tables_are_shipped_as_they_are_read(tmp_path: Path) -> None:
    """What the package holds is what writing its cells gives, so that only a changed number changes a file."""
    cells = [cell for key in every_key(REFERENCE) if (cell := find(REFERENCE, key)) is not None]
    written = reference.ship(REFERENCE, cells, tmp_path)
    assert written == raw_of(REFERENCE)[0]["digest"]
    for ending in ("json", "npy"):
        name = f"{REFERENCE.slug}.{ending}"
        assert (tmp_path / name).read_bytes() == FOLDER.joinpath(name).read_bytes()
