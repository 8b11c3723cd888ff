"""Reference classes of the user's own, and rates fitted to several facts at once."""

import math
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from accord.calibrating import Target, fit_jointly, own_class, targets_of
from accord.calibrating.jointly import LOW, facts, misfit_of
from accord.calibrating.own_class import calibrate_class, class_text
from accord.cli import main
from accord.data import import_files
from accord.lenses.endurance.population import population
from accord.lenses.precedent import Alliances
from accord.problems import SituationError

HEADER = (
    "atopid,begyr,begmo,begday,endyr,endmo,endday,ineffect,bilat,wartime,speclgth,length,term,"
    "defense,offense,neutral,nonagg,consul,asymm,milaid,mem1,mem2,version\n"
)


def made_up(count: int = 40) -> Alliances:
    """Defence pacts that end after 2, 4, 6 ... years, one in four not at all."""
    durations = np.array([2.0 * (n % 10 + 1) for n in range(count)])
    ended = np.array([0 if n % 4 == 0 else 1 + n % 3 for n in range(count)])
    ones, zeros = np.ones(count), np.zeros(count)
    features = {
        "defense": ones,
        "offense": zeros,
        "neutrality": zeros,
        "nonaggression": zeros,
        "consultation": zeros,
        "bilateral": ones,
        "wartime": np.where(np.arange(count) % 2 == 0, 1.0, 0.0),
        "asymmetric": np.full(count, np.nan),
        "military_aid": zeros,
        "fixed_term": zeros,
        "majors": zeros,
        "year": np.arange(count) + 1900.0,
    }
    ids = np.arange(count)
    return Alliances(ids, features["year"], durations, ended, ((),) * count, features, "4.01", "made up")


@pytest.fixture(scope="module")
def people():
    return population(size=150)


def test_rules() -> None:
    features = made_up().features
    rule = own_class("defense=yes, wartime=no year=1901..1905").rule
    assert np.flatnonzero(rule(features) == 1.0).tolist() == [1, 3, 5]
    assert own_class("wartime").name == "wartime"
    assert np.isnan(own_class("asymmetric=yes").rule(features)).all()  # not known is not no


def test_a_file_of_rules(tmp_path) -> None:
    path = tmp_path / "pacts.txt"
    path.write_text("# pacts of the thirties\ndefense=yes\nyear=1930..1939  # both included\n")
    one = own_class(str(path))
    assert one.name == "pacts"
    assert (one.rule(made_up().features) == 1.0).sum() == 10


def test_every_fault_at_once(tmp_path) -> None:
    with pytest.raises(SituationError) as caught:
        own_class("defens=yes wartime=2 year=1950..1940")
    text = str(caught.value)
    assert "did you mean 'defense'" in text
    assert "'2' is no value of wartime" in text
    assert "'1950..1940' is no value of year" in text
    path = tmp_path / "bad.txt"
    path.write_text("defense=yes\nwar=yes\n")
    with pytest.raises(SituationError, match=r"bad\.txt:2"):
        own_class(str(path))
    with pytest.raises(SituationError, match="neither a class"):
        own_class("wartim")


def test_targets_by_hand() -> None:
    made = targets_of(made_up(), own_class("defense=yes"))
    by = {target.name: target for target in made.targets}
    # At 2 years 4 of 40 leave, of whom 1 or 2 ended; nobody leaves before.
    assert "survival 1" not in by or by["survival 1"].value == 1.0
    early = [1 + n % 3 for n in range(40) if n % 4 and 2 * (n % 10 + 1) <= 10]
    assert by["share fulfilled"].value == pytest.approx(early.count(1) / len(early))
    assert by["share chosen"].value == pytest.approx((early.count(2) + early.count(3)) / len(early))
    assert all(target.error > 0 for target in made.targets)


def test_too_small_a_class_is_refused() -> None:
    with pytest.raises(SituationError, match="at least 10"):
        targets_of(made_up(), own_class("year=1900..1905"))


def test_a_rate_is_found_again(people) -> None:
    true = facts(people, 1, 14.0, 0.03, 4)
    targets = [Target(name, true[name], 0.02) for name in true if name.startswith("survival")]
    (found,) = fit_jointly(people, 1, targets, betas=(14.0,), replicates=4)
    assert found.nu == pytest.approx(0.03, rel=0.15)
    assert found.total < 0.5
    assert not found.at_limit
    assert set(found.misfit) == {target.name for target in targets}


def test_shares_count_only_where_they_are_asked_for(people) -> None:
    targets = [Target("survival 5", 0.4, 0.05), Target("share fulfilled", 0.6, 0.05)]
    (alone,) = fit_jointly(people, 0, targets, betas=(14.0,), shares=False, replicates=4)
    (both,) = fit_jointly(people, 0, targets, betas=(14.0,), replicates=4)
    assert alone.on == ("survival 5",)
    assert alone.total == pytest.approx(alone.misfit["survival 5"] ** 2)
    assert both.total == pytest.approx(sum(value**2 for value in both.misfit.values()))
    assert (
        abs(both.misfit["share fulfilled"]) > 3.0
    )  # the model's causes are not the data's, and that is told
    assert alone.total <= both.misfit["survival 5"] ** 2 + 1e-9


def test_an_answer_at_the_limit_is_told(people) -> None:
    (found,) = fit_jointly(people, 1, [Target("survival 10", 1.0, 0.001)], betas=(14.0,), replicates=2)
    assert found.at_limit
    assert found.nu == pytest.approx(LOW, rel=0.05)


def test_a_share_of_nothing_misses_by_all_of_it() -> None:
    assert misfit_of(Target("share chosen", 0.5, 0.1), {"share chosen": math.nan}) == pytest.approx(-5.0)
    with pytest.raises(ValueError, match="sampling error above 0"):
        fit_jointly(None, 0, [Target("survival 1", 0.5, 0.0)])  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    rows = [
        f"{9000 + n},{1900 + n},1,1,{1902 + n + 2 * (n % 4)},1,1,0,1,0,0,0,{1 + n % 3},1,0,0,0,0,0,0,200,365,4.01"
        for n in range(30)
    ]
    (folder / "a.csv").write_text(HEADER + "\n".join(rows) + "\n")
    import_files([folder / "a.csv"], store=folder / "p.duckdb")
    return folder / "p.duckdb"


def test_from_a_store_to_a_table(store) -> None:
    found = calibrate_class("defense=yes", store, betas=(14.0,), size=100)
    assert (found["n"], found["ended"]) == (30, 30)
    text = class_text(found)
    assert "survival alone, beta 14" in text
    assert "with causes, beta 14" in text
    assert found == calibrate_class("defense=yes", store, betas=(14.0,), size=100)


def test_bad_input_leaves_with_two(store) -> None:
    for words in (["--class", "wartim"], ["--class", "year=1800..1801"]):
        done = CliRunner().invoke(main, ["calibrate", *words, "--store", str(store)])
        assert done.exit_code == 2
        assert not done.stdout.strip() or "class" in done.stdout
    done = CliRunner().invoke(
        main, ["calibrate", "--class", "all", "--store", str(store.with_name("none.duckdb"))]
    )
    assert done.exit_code == 2
