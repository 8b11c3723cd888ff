"""The verdict of a small run: shares, units and order of no matter, what a cancel leaves, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

import accord
from accord.lenses.endurance import compute, places
from accord.lenses.endurance.population import structure_of
from accord.lenses.endurance.reference import SHIPPED, Key, keys_for
from accord.study import judging
from accord.study.because import tree
from accord.study.effort import EFFORTS, QUICK, USUAL
from accord.study.study import Study
from accord.study.verdict import QUADRANT_NAMES, Reason, Verdict

WORLDS = 64
HEAD = """
accord: 1
title: Northland and Southland on the island
as_of: 2020-06
horizon: 60
actors:
  north: {{kind: state, label: Northland, stakes: {stakes}}}
  south: {{kind: state, label: Southland, stakes: {stakes}}}
  island: {{kind: government}}
  pirates: {{kind: movement}}
  east: {{kind: state}}
  west: {{kind: state}}
resources: {{money: {{}}, ships: {{}}}}
issues:
  fees: {{question: Who gets the fees?, scale: {{low: 0, high: 100, low_means: South, high_means: North}}}}
  patrols: {{question: How long?, scale: {{low: 0, high: 1, low_means: short, high_means: long}}}}
  command: {{question: Who commands?, scale: {{low: 0, high: 1, low_means: South, high_means: North}}}}
stances:
  fees: {{north: {{position: 80, salience: 0.4}}, south: {{position: 20, salience: 0.6}}}}
  patrols: {{north: {{position: 0.7, salience: 0.5}}, south: {{position: 0.6, salience: 0.5}}}}
  command: {{north: {{position: 0.9, salience: 0.3}}, south: {{position: 0.4, salience: 0.2}}}}
sources:
  gazette: {{citation: Northland Gazette, date: 2020-03, reliability: B, credibility: 2}}
"""
PATRON = """
    {name}:
      threats: {{pirates: {{value: {value}}}}}
      standing_interest: {standing_interest}
      material_cost: {material_cost}
      political_weight: {political_weight}
      abandonment_loss: {abandonment_loss}
      breaking_cost: {breaking_cost}
      influence_value: {influence_value}
      dependence_goods: {dependence_goods}
      autonomy_cost: {autonomy_cost}
      help_cost: {help_cost}
"""
TAIL = """
  client: {{actor: island}}
  threats: {{pirates: {{actor: pirates}}}}
  asset_value: {asset_value}
  asset_breaking_cost: {asset_breaking_cost}
  suitors:
    east: {{offers: {{south: {{says: cheap loans, size: {size}}}}}}}
    west: {{offers: {{north: {{says: a seat, size: {size}}}}}}}
"""
# Every number in units of utility that a patron, the partnership or an offer has: low and high.  Standing interests are
# what is most uncertain, so that they carry the verdict.
UTILITIES: dict[str, tuple[float, float]] = {
    "stakes": (0.05, 0.1),
    "value": (0.8, 1.2),
    "standing_interest": (-0.6, 0.9),
    "material_cost": (0.1, 0.15),
    "political_weight": (0.1, 0.2),
    "abandonment_loss": (0.5, 1.0),
    "breaking_cost": (2.0, 2.5),
    "influence_value": (0.1, 0.2),
    "dependence_goods": (0.1, 0.2),
    "autonomy_cost": (0.0, 0.05),
    "help_cost": (0.0, 3.0),
    "asset_value": (0.0, 0.3),
    "asset_breaking_cost": (0.0, 2.0),
    "size": (0.2, 0.4),
}


def written(
    unit: float = 1.0,
    others: Mapping[str, tuple[float, float]] | None = None,
    names: tuple[str, str] = ("north", "south"),
) -> str:
    """The situation file with utilities in another unit (but *others*), patrons written in this order."""
    scaled = {name: (unit * low, unit * high) for name, (low, high) in UTILITIES.items()}
    given = {
        name: f"{{distribution: uniform, low: {low}, high: {high}, source: gazette p. 3}}"
        for name, (low, high) in (scaled | dict(others or {})).items()
    }
    patrons = "".join(PATRON.format(name=name, **given) for name in names)
    return f"{HEAD.format(**given).strip()}\npartnership:\n  patrons:{patrons.rstrip()}{TAIL.format(**given)}"


def study_of(folder: Path, text: str, effort: str = "quick", seed: int = 0) -> Study:
    """A run of few worlds on a file."""
    folder.mkdir(exist_ok=True)
    path = folder / "situation.yaml"
    path.write_text(text)
    return accord.run(path, worlds=WORLDS, effort=effort, seed=seed)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The run that most tests look at."""
    return study_of(tmp_path_factory.mktemp("run"), written())


@pytest.fixture(scope="module")
def verdict(study: Study) -> Verdict:
    """Its verdict."""
    assert study.verdict is not None
    return study.verdict


def test_the_situation_has_the_structure_that_is_shipped(study: Study) -> None:
    assert structure_of(study.situation) == SHIPPED[0]
    assert [one.kind for one in study.problems] == ["no-evidence"], "it states numbers without a reason"


def test_shares_are_those_of_the_worlds_judged(study: Study, verdict: Verdict) -> None:
    assert list(verdict.shares) == list(places.LABELS)
    assert sum(verdict.shares.values()) == pytest.approx(1.0, abs=1e-12)
    assert sum(verdict.population.values()) == pytest.approx(1.0, abs=1e-12)
    cell = compute.default_cell(study.situation)
    stays = study.columns["|endurance|viable"] > 0.0
    index, ratio = (study.columns[f"|endurance|{n}"] for n in ("strategic_index", "log_hazard_ratio"))
    for name in places.LABELS:
        code = list(places.LABELS).index(name)
        share = np.mean(places.place(index, ratio, cell).codes[stays] == code)
        assert verdict.shares[name] == pytest.approx(share, abs=1e-12)
    assert verdict.label == max(QUADRANT_NAMES, key=lambda name: verdict.shares[name])
    assert verdict.runner_up != verdict.label
    top = verdict.shares[verdict.label]
    assert verdict.error == pytest.approx(np.sqrt(top * (1.0 - top) / verdict.judged))
    assert verdict.ratios[verdict.label] == pytest.approx(top / verdict.population[verdict.label])


def test_worlds_that_would_not_have_formed_are_counted_and_not_judged(study: Study, verdict: Verdict) -> None:
    stays = study.columns["|endurance|viable"] > 0.0
    assert 0.1 < verdict.viable < 0.9
    assert verdict.viable == stays.mean()
    assert verdict.judged + verdict.undefined == stays.sum()
    assert verdict.undefined == 0
    assert verdict.durability.worlds == stays.sum()
    assert verdict.ranks.shape == (2, WORLDS)
    np.testing.assert_array_equal(np.isnan(verdict.ranks[0]), ~stays)
    assert verdict.cloud.shape == (2, 2000)


def test_figures_beside_the_verdict_are_those_of_the_columns(study: Study, verdict: Verdict) -> None:
    stays = study.columns["|endurance|viable"] > 0.0
    for key, spread in (
        ("strategic_index", verdict.index),
        ("five_years", verdict.five_years),
        ("gap", verdict.gap),
        ("log_hazard_ratio", verdict.log_hazard_ratio),
    ):
        values = study.columns[f"|endurance|{key}"][stays]
        assert spread.median == pytest.approx(np.median(values)), key
        assert spread.best == study.at_best[f"|endurance|{key}"][0], key
    assert verdict.durability.median == pytest.approx(np.median(verdict.ranks[0, stays]))
    sides = (verdict.ranks[:, stays] > 0.5).mean(axis=1)
    assert verdict.sides == pytest.approx(tuple(sides))
    assert {name for name in verdict.hazard_ratios if "." in name} >= {
        "bilateral.removed",
        "bilateral.tempted",
    }
    assert verdict.calibration["population"] == 2000


def test_a_quick_run_leaves_out_what_takes_long(study: Study, verdict: Verdict) -> None:
    assert study.effort == QUICK.within(WORLDS)
    assert len(verdict.robustness) == 1
    assert verdict.holds.of == 1
    assert (verdict.tornado, verdict.would_change_if, verdict.interest) == ((), (), ())
    assert [mark.name for mark in verdict.marks] == [""]
    assert not study.interrupted
    assert study.left_out == ()


def test_the_unit_of_utility_does_not_matter(verdict: Verdict, tmp_path: Path) -> None:
    doubled = study_of(tmp_path, written(2.0)).verdict
    assert doubled is not None
    assert doubled.shares == verdict.shares
    np.testing.assert_array_equal(doubled.ranks, verdict.ranks)
    assert doubled.digest == verdict.digest


@pytest.mark.parametrize("name", ["help_cost", "size"])
def test_a_utility_that_stays_behind_matters(verdict: Verdict, tmp_path: Path, name: str) -> None:
    """The test above would notice a number that the numeraire forgets; calls for help do not happen here."""
    other = study_of(tmp_path, written(2.0, {name: UTILITIES[name]})).verdict
    assert other is not None
    assert (other.digest == verdict.digest) == (name == "help_cost")


def test_the_order_of_the_file_does_not_matter(study: Study, verdict: Verdict, tmp_path: Path) -> None:
    lines = written(names=("south", "north")).splitlines()
    swapped = (
        ("  north: {kind", "  south: {kind"),
        ("    east: ", "    west: "),
        ("  fees: {q", "  command: {q"),
    )
    for pair in swapped:
        i, j = (next(k for k, line in enumerate(lines) if line.startswith(head)) for head in pair)
        lines[i], lines[j] = lines[j], lines[i]
    other_study = study_of(tmp_path, "\n".join(lines) + "\n")
    assert other_study.verdict is not None
    assert other_study.verdict.digest == verdict.digest
    assert other_study.digest == study.digest


def test_the_same_run_gives_the_same_verdict_and_another_seed_another(
    study: Study, verdict: Verdict, tmp_path: Path
) -> None:
    again = study_of(tmp_path, written())
    other = study_of(tmp_path, written(), seed=1)
    assert again.verdict is not None
    assert other.verdict is not None
    assert again.verdict.digest == verdict.digest
    assert again.digest == study.digest
    assert other.verdict.digest != verdict.digest


def test_the_digest_sees_every_part_that_it_is_made_of(verdict: Verdict) -> None:
    shares = {**verdict.shares, "weak_tie": verdict.shares["weak_tie"] + 0.01}
    held = replace(verdict.robustness[0], shares=shares)
    moved = replace(verdict.index, median=verdict.index.median + 1e-9)
    others = [
        replace(verdict, shares=shares),
        replace(verdict, robustness=(held,)),
        replace(verdict, robustness=()),
        replace(verdict, index=moved),
        replace(verdict, gap=moved),
        replace(verdict, log_hazard_ratio=moved),
        replace(verdict, ranks=verdict.ranks + 1e-9),
    ]
    digests = {one.digest for one in others}
    assert len(digests) == len(others)
    assert verdict.digest not in digests
    assert replace(verdict, notes=("another",)).digest == verdict.digest


# Few worlds of everything that a usual run does.
SMALL = replace(USUAL.within(8), worlds=WORLDS, levers=WORLDS)


def test_a_cancel_while_judging_keeps_the_verdict(
    verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = judging._robustness, list[int]()

    def cancelled(*args: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setitem(EFFORTS, "usual", SMALL)
    monkeypatch.setattr(judging, "_robustness", cancelled)
    found = study_of(tmp_path, written(), effort="usual")
    assert found.interrupted
    assert found.done == WORLDS
    assert found.verdict is not None
    assert found.verdict.shares == verdict.shares
    assert len(found.verdict.robustness) == 1
    assert found.verdict.would_change_if == ()
    assert found.left_out == ("other calibrations (cancelled)", "what would change the label (cancelled)")
    assert found.verdict.cancelled


def test_a_quick_run_that_is_cancelled_misses_only_what_it_would_have_had(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = judging._robustness, list[int]()

    def cancelled(*args: object) -> object:
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "_robustness", cancelled)
    claims = """
claims:
  C1:
    says: It matters.
    kind: input
    source: gazette p. 3
    encoded_by: [partnership.patrons.north.standing_interest]
"""
    found = study_of(tmp_path, written() + claims)
    assert found.situation.claims
    assert found.interrupted
    assert found.left_out == ()
    assert found.verdict is not None
    assert not found.verdict.cancelled, "it would not have tried other calibrations"


def nodes(reason: Reason, depth: int = 0) -> Iterator[tuple[int, Reason]]:
    """Every node with its depth."""
    yield depth, reason
    for child in reason.children:
        yield from nodes(child, depth + 1)


def test_the_reasons_reach_from_the_verdict_to_the_sources(study: Study, verdict: Verdict) -> None:
    found = [(depth, node.path) for depth, node in nodes(verdict.because)]
    assert found[0] == (0, "endurance.quadrant")
    assert {(1, "endurance.durability"), (1, "endurance.conditionality")} <= set(found)
    measures = {path for depth, path in found if depth == 2}
    assert measures >= {"endurance.strategic_index", "endurance.log_hazard_ratio", "endurance.gap"}
    assert measures >= {f"endurance.hazard_ratio.bilateral.{name}" for name in ("removed", "tempted")}
    assert all(path.startswith("endurance.") for path in measures), (
        "a number hangs on a measure, not beside it"
    )
    inputs = [path for depth, path in found if depth == 3]
    assert any(path.endswith(".standing_interest") for path in inputs)
    assert (4, "sources.gazette") in found
    for _, node in nodes(verdict.because):
        assert node.says
        assert node.says[-1] != "."


def test_every_reason_comes_with_its_uncertainty(study: Study, verdict: Verdict) -> None:
    """Shares with their error, medians (not means) with range and error, correlations with their error."""
    reasons = [node for _, node in nodes(verdict.because)]
    assert "standard error" in reasons[0].says
    assert ("split between" in reasons[0].says) == verdict.split
    stays = study.columns["|endurance|viable"] > 0.0
    index = study.columns["|endurance|strategic_index"][stays]
    low, median, high = np.quantile(index, (0.05, 0.5, 0.95))
    [one] = [node for node in reasons if node.path == "endurance.strategic_index"]
    assert f"{median:.2f} in the median world ({low:.2f} to {high:.2f} in nine worlds of ten" in one.says
    for node in reasons[1:]:
        if node.path.startswith("endurance."):
            assert "in nine worlds of ten; the median itself lies between" in node.says
        elif node.children and not node.path.startswith("sources."):
            assert "standard error" in node.says


def test_the_root_of_the_reasons_says_what_it_is_split_between(study: Study) -> None:
    """Four worlds of ten against three, the rest near a border: split in few worlds, clear in many."""
    over = {key.removeprefix("|endurance|"): v for key, v in study.columns.items() if "|endurance|" in key}
    kinds = np.array([(0.9, 0.9)] * 4 + [(0.1, 0.9)] * 3 + [(0.5, 0.5)] * 3)
    heads = {}
    for worlds in (40, 4000):
        ranks = np.tile(kinds, (worlds // 10, 1)).T
        stand, good = places.Places(ranks[0], ranks[1]), np.ones(worlds, dtype=np.bool_)
        wide = {key: np.resize(values, worlds) for key, values in over.items() if values.ndim == 1}
        heads[worlds] = tree(study.situation, wide, stand, good, {}).says
    assert heads[40] == (
        "split between alliance of interest in 40 of 100 worlds (standard error 7.7 points of 100) and marriage of convenience"
        " in 30 of 100 worlds (standard error 7.2 points of 100)"
    )
    assert heads[4000] == "alliance of interest in 40 of 100 worlds (standard error 0.8 points of 100)"


@pytest.mark.parametrize(("judged", "named"), [(1, False), (29, False), (30, True)])
def test_the_root_of_the_reasons_names_no_kind_below_thirty_judged_worlds(
    study: Study, judged: int, named: bool
) -> None:
    over = {key.removeprefix("|endurance|"): v for key, v in study.columns.items() if "|endurance|" in key}
    worlds = 40
    stand = places.Places(np.full(worlds, 0.9), np.full(worlds, 0.9))
    good = np.arange(worlds) < judged
    wide = {key: np.resize(values, worlds) for key, values in over.items() if values.ndim == 1}
    head = tree(study.situation, wide, stand, good, {}).says
    assert ("alliance" in head) is named
    if named:
        assert head == "alliance of interest in every judged world (standard error 0.0 points of 100)"
    else:
        told = "one world is judged" if judged == 1 else f"{judged} worlds are judged"
        assert head == f"{told}, too few to name a kind"


def test_a_measure_leads_to_the_numbers_that_go_with_it(study: Study) -> None:
    """Of planted numbers each measure names its own first, over the worlds in which it is judged (and tried)."""
    over = {key.removeprefix("|endurance|"): v for key, v in study.columns.items() if "|endurance|" in key}
    stand, good = judging.placed(over, compute.default_cell(study.situation))
    keys = ("strategic_index", "log_hazard_ratio", "gap", "hazard_ratio.bilateral.removed")
    names = ("standing_interest", "breaking_cost", "help_cost", "autonomy_cost")
    luck = np.random.default_rng(1)
    draws = {
        f"partnership.patrons.north.{name}": np.nan_to_num(-over[key]) + 0.01 * luck.normal(size=WORLDS)
        for name, key in zip(names, keys, strict=True)
    }
    found = {node.path: node for _, node in nodes(tree(study.situation, over, stand, good, draws))}
    for name, key in zip(names, keys, strict=True):
        first, path = found[f"endurance.{key}"].children[0], f"partnership.patrons.north.{name}"
        assert first.path == path
        rows = good & ~np.isnan(over[key])
        said = float(spearmanr(draws[path][rows], over[key][rows]).statistic)
        assert said < -0.8
        error = 1.0 / np.sqrt(rows.sum() - 1)
        assert (
            f"falls with it (rank correlation \N{MINUS SIGN}{-said:.2f}, standard error {error:.2f})"
            in first.says
        )
        assert [child.path for child in first.children] == ["sources.gazette"]


def test_ratios_of_trials_cover_the_worlds_that_are_judged(study: Study, verdict: Verdict) -> None:
    """Worlds in which somebody would leave at once are no more in them than in the verdict."""
    good = study.columns["|endurance|viable"] > 0.0
    tried = study.columns["|endurance|tried"] > 0.0
    assert 0 < (good & tried).sum() < tried.sum()
    for name, spread in verdict.hazard_ratios.items():
        values = study.columns[f"|endurance|hazard_ratio.{name}"]
        assert spread.worlds == (good & tried).sum()
        known = values[good & tried]
        assert spread.median == pytest.approx(np.nanmedian(known)), name
    removed = study.columns["|endurance|hazard_ratio.bilateral.removed"]
    assert np.nanmedian(removed[tried]) != np.nanmedian(removed[tried & good]), "the two would not differ"


def test_halves_are_the_first_and_the_second_half_of_the_worlds(study: Study, verdict: Verdict) -> None:
    good = study.columns["|endurance|viable"] > 0.0
    first, second = verdict.halves
    assert first.worlds + second.worlds == verdict.judged
    for half, rows in ((first, slice(None, WORLDS // 2)), (second, slice(WORLDS // 2, None))):
        ranks = verdict.ranks[:, rows][:, good[rows]]
        assert (half.durability, half.conditionality) == pytest.approx(tuple(np.median(ranks, axis=1)))
        stand = places.Places(ranks[0], ranks[1])
        assert half.shares == pytest.approx(stand.shares())
        assert half.label == places.label_of(half.shares)


def test_a_usual_run_holds_it_against_every_calibration_and_moves_what_carries_it(
    verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EFFORTS, "usual", SMALL)
    usual = study_of(tmp_path, written(), effort="usual")
    found = usual.verdict
    assert found is not None
    assert (found.label, found.shares) == (verdict.label, verdict.shares)
    rows = {Key(one.variant, one.kind, one.beta): one for one in found.robustness}
    assert set(rows) == set(keys_for("wartime"))
    assert found.robustness[0] == verdict.robustness[0]
    for one in found.robustness[1:]:
        assert one.status == "judged"
        assert sum(one.shares.values()) == pytest.approx(1.0)
        assert 0 < one.worlds <= 8
    assert rows[Key("unfiltered", "wartime", 14.0)].worlds == 8
    assert [by for by, _ in found.interest] == [-0.4, -0.2, 0.0, 0.2, 0.4]
    as_coded = dict(found.interest)[0.0]
    # Without a change the looks say what the run says, though they are few, and have fewer runs of each world.
    assert as_coded.shares == pytest.approx(found.shares, abs=1e-12)
    assert (as_coded.moves_to, as_coded.shift) == ("", 0.0)
    assert 0 < as_coded.worlds <= WORLDS
    for one in found.would_change_if:
        assert (one.value is None) == (one.label == "")
        assert one.looks > 2
        assert one.value is None or (one.lead > 2.0 and one.shift > 3.0)
    for bar in found.tornado:
        for end in (bar.at_low, bar.at_high):
            (low, high), rank = end.ranges[0], end.durability
            assert np.isnan(rank) or low <= rank <= high
    paths = {bar.path for bar in found.tornado}
    assert "partnership.patrons.north.standing_interest" in paths
    assert {one.path for one in found.would_change_if} == paths
    draws = usual.columns["|draws|partnership.patrons.north.standing_interest"]
    [bar] = [b for b in found.tornado if b.path == "partnership.patrons.north.standing_interest"]
    assert (bar.low, bar.high) == tuple(np.quantile(draws, [0.05, 0.95]))
    assert bar.at_high.durability > bar.at_low.durability
    assert usual.left_out == ()


def test_where_nobody_would_have_joined_nothing_is_judged(tmp_path: Path) -> None:
    text = written(others={"standing_interest": (-3.0, -2.5), "breaking_cost": (0.0, 0.1)})
    hopeless = study_of(tmp_path, text)
    found = hopeless.verdict
    assert found is not None
    assert (found.label, found.judged, found.undefined, found.viable) == ("", 0, 0, 0.0)
    assert all(np.isnan(share) for share in found.shares.values())
    assert np.isnan(found.error)
    assert np.isnan(found.ranks).all()
    assert not found.split
    assert found.because.says == "no world can be judged"
    assert found.holds.of == 0, "a calibration without a label is none in which the label holds"
